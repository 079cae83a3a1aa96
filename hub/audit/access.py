"""The access log: what was asked and what left, written before it leaves.

Fields follow BIO2 8.15.01 (action, object, result, origin, actor, moment) and Wpg art. 32a (reason, recipient),
with purpose, ground, policy version and categories. A record names objects of the hub, never content.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import orjson

Handeling = Literal["verzamelen", "wijzigen", "raadplegen", "verstrekken", "combineren", "vernietigen"]
Resultaat = Literal["toegestaan", "leeg", "geweigerd"]


class AccessLog(Protocol):
    """Where access records go; durable when `append_access` returns."""

    def append_access(self, records: Sequence[bytes]) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class Access:
    """One access. `objecten`: `signaal:<id>` and the like; `velden`: data categories; `spoor_id`: trace id."""

    handeling: Handeling
    vraag: str
    resultaat: Resultaat
    zetel: str
    oin: str
    actor: str
    herkomst: str
    tijdstip: datetime
    doel: str
    trace: str
    objecten: tuple[str, ...] = ()
    velden: tuple[str, ...] = ()
    grondslagen: tuple[str, ...] = ()
    beleidsversie: str = ""
    casus: str | None = None

    def to_bytes(self) -> bytes:
        return orjson.dumps(self, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)
