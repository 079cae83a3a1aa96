"""The access log: what was asked and what left, written before it leaves.

Fields follow BIO2 8.15.01 (action, object, result, origin, actor, moment) and Wpg art. 32a (reason, recipient),
with purpose, ground, rules, policy version and categories. A record names objects of the hub, never content; persons
by pseudonym. Where data on health are read it also holds what NEN 7513 asks of a source in care.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, Protocol
from uuid import UUID

import orjson

Handeling = Literal["verzamelen", "wijzigen", "raadplegen", "verstrekken", "combineren", "vernietigen"]
Resultaat = Literal["toegestaan", "leeg", "geweigerd"]
#: Data categories about somebody's health or care. Source: AVG art. 4 onder 15.
GEZONDHEID = frozenset({"gezondheid", "begeleiding-zorg-hulp"})
#: What an object of these kinds is called in `objecten`: `signaal:<id>`.
CASUS = "casus:"
SIGNAAL = "signaal:"
BETROKKENE = "betrokkene:"


@dataclass(frozen=True, slots=True)
class Entry:
    """A record on its way into the access log.

    `data`: JSON object. `sleutels`: what it is found by, such as `signaal:<id>`. `casussen`: cases in whose series it
    counts.
    """

    data: bytes
    sleutels: tuple[str, ...] = ()
    casussen: tuple[UUID, ...] = ()


#: Waits until records are durable and answers their numbers.
Pending = Callable[[], list[int]]


class AccessLog(Protocol):
    """Where access records go; durable when `append_access`, or what `begin_access` answers, returns."""

    def append_access(self, records: Sequence[Entry]) -> list[int]: ...

    def begin_access(self, records: Sequence[Entry]) -> Pending: ...


class Pseudonyms:
    """Names of persons for one log: without the key nobody tells whose they are, or links them to another log."""

    def __init__(self, secret: bytes, log: str = "toegang") -> None:
        self._secret, self._log = secret, log.encode()
        self._of = lru_cache(maxsize=20_000)(self._digest)

    def of(self, betrokkene_id: UUID | str) -> str:
        """24 hexadecimal digits, the same for the same person of the same source."""
        return self._of(str(betrokkene_id))

    def _digest(self, betrokkene_id: str) -> str:
        named = betrokkene_id.encode()
        return hashlib.blake2b(named, key=self._secret, digest_size=12, person=self._log).hexdigest()

    def all(self, betrokkenen: Iterable[UUID | str]) -> tuple[str, ...]:
        """Of several persons, each once, in the order of their pseudonyms."""
        return tuple(sorted({self.of(one) for one in betrokkenen}))


@dataclass(frozen=True, slots=True)
class Access:
    """One access. `zetel`: the seat, being organisation and task; `actor`: the system or person in it.

    `objecten`: `signaal:<id>` and the like. `betrokkenen`: pseudonyms. `velden`: data categories. `ontvangers`: the
    seats it went to; `bronnen`: the seats whose data it was. `trace`, `ouder`: W3C trace id and the span of the
    caller, hexadecimal. `verwerkingen`: activities of the register (`<id>@<version>`).
    Source: BIO2 8.15.01; Wpg art. 32a; WGS art. 1.8 lid 4.
    """

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
    ontvangers: tuple[str, ...] = ()
    betrokkenen: tuple[str, ...] = ()
    regels: tuple[str, ...] = ()
    verwerkingen: tuple[str, ...] = ()
    ouder: str = ""
    bronnen: tuple[str, ...] = ()

    def entry(self) -> Entry:
        """The record as the log takes it."""
        return Entry(self._to_bytes(), self._sleutels(), self._casussen())

    def _to_bytes(self) -> bytes:
        record: Any = self
        if not GEZONDHEID.isdisjoint(self.velden):
            record = asdict(self) | {"nen7513": self._nen7513()}
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)

    def _nen7513(self) -> dict[str, Any]:
        """User, role, purpose and source, by the names of the extension of the Logboek Dataverwerkingen."""
        user = {
            "userID": self.actor,
            "userIsRequestor": True,
            "roleIDCode": self.zetel,
            "purposeOfUse": self.doel,
            "networkAccessPointID": self.herkomst,
        }
        return {"users": [user], "AuditEnterpriseSiteID": self.oin, "AuditSourceId": "signaalhub"}

    def _sleutels(self) -> tuple[str, ...]:
        found = keys_of({name: getattr(self, name) for name in _FOUND_BY})
        if self.handeling == "raadplegen":
            # Who looked at a person is found by the signals that name the person: a page names hundreds.
            return tuple(key for key in found if not key.startswith(BETROKKENE))
        return tuple(found)

    def _casussen(self) -> tuple[UUID, ...]:
        named = [one.removeprefix(CASUS) for one in self.objecten if one.startswith(CASUS)]
        if self.casus:
            named.append(self.casus)
        return tuple(dict.fromkeys(map(UUID, named)))


_FOUND_BY = ("objecten", "zetel", "actor", "casus", "bronnen", "betrokkenen")


def keys_of(record: Mapping[str, Any]) -> dict[str, None]:
    """What a record can be found by: its objects, `zetel:`, `actor:`, `casus:`, `bron:` and `betrokkene:`; in order."""
    found = dict.fromkeys(record.get("objecten") or ())
    for name, kind in (("bronnen", "bron"), ("betrokkenen", "betrokkene")):
        found |= dict.fromkeys(f"{kind}:{one}" for one in record.get(name) or ())
    for name in ("zetel", "actor", "casus"):
        if record.get(name):
            found[f"{name}:{record[name]}"] = None
    return found
