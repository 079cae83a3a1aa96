"""What a projection writes: rows of one seat each, and the rows a seat loses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from hub.views.sealing import Compartment, Unsealed

#: The disclosure of a signal outside any case.
GEEN_CASUS = "00000000-0000-0000-0000-000000000000"


class Table(NamedTuple):
    """A table of a view: its columns before the sealed `inhoud`, of which the first `keys` are its key."""

    name: str
    columns: tuple[str, ...]
    keys: int


SIGNAAL = Table(
    "zicht_signaal",
    ("zetel", "signaal_id", "casus_id", "provider", "spoor", "regio", "status", "sinds", "gewijzigd_positie"),
    3,
)
ONTVANGER = Table("zicht_ontvanger", ("zetel", "signaal_id", "verstrekking_id", "gewijzigd_positie"), 3)
TOESTEMMING = Table("zicht_toestemming", ("zetel", "signaal_id", "toestemming_id", "gewijzigd_positie"), 3)
CASUS = Table("zicht_casus", ("zetel", "casus_id", "spoor", "regio", "status", "gewijzigd_positie"), 2)
TIJDLIJN = Table("zicht_tijdlijn", ("zetel", "casus_id", "volgnummer"), 3)
OVERLEG = Table("zicht_overleg", ("zetel", "overleg_id", "gewijzigd_positie"), 2)
WEIGERING = Table("zicht_weigering", ("zetel", "positie"), 2)
BRUGBERICHT = Table("zicht_brugbericht", ("zetel", "brug_id", "volgnummer", "gewijzigd_positie"), 3)
NOODTOEGANG = Table("zicht_noodtoegang", ("zetel", "noodtoegang_id", "gewijzigd_positie"), 2)
RESULTAAT = Table("zicht_resultaat", ("zetel", "resultaat_id", "gewijzigd_positie"), 2)
TERUGROEPING = Table("zicht_terugroeping", ("zetel", "signaal_id", "terugroeping_id", "status", "gewijzigd_positie"), 3)
TERUGKOPPELING = Table(
    "zicht_terugkoppeling", ("zetel", "signaal_id", "terugkoppeling_id", "status", "gewijzigd_positie"), 3
)
CORRECTIETAAK = Table(
    "zicht_correctietaak", ("zetel", "signaal_id", "correctietaak_id", "status", "gewijzigd_positie"), 3
)
PLICHT = Table("zicht_plicht", ("zetel", "plicht_id", "spoor", "status", "gewijzigd_positie"), 2)
#: The same for the privacy officers, who see all of them and are not told of each.
PLICHTTOEZICHT = Table("zicht_plichttoezicht", ("zetel", "plicht_id", "spoor", "status", "gewijzigd_positie"), 2)
NAVRAAG = Table("zicht_navraag", ("zetel", "navraag_id", "gewijzigd_positie"), 2)
TABLES = (
    SIGNAAL,
    ONTVANGER,
    TOESTEMMING,
    CASUS,
    TIJDLIJN,
    OVERLEG,
    WEIGERING,
    BRUGBERICHT,
    NOODTOEGANG,
    RESULTAAT,
    TERUGROEPING,
    TERUGKOPPELING,
    CORRECTIETAAK,
    PLICHT,
    PLICHTTOEZICHT,
    NAVRAAG,
)


class Row(NamedTuple):
    """One row: the values of the columns of its table, and what is to be sealed.

    `door`: position by which it is written, where that is not its last change; 0 elsewhere.
    """

    table: Table
    values: tuple[Any, ...]
    unsealed: Unsealed
    door: int = 0


class Loss(NamedTuple):
    """A seat loses all its rows of a case, or in these tables all rows whose column `sleutel` has this id.

    `positie`: of what it lost them by. `stil`: nothing may tell the seat that they were there.
    """

    zetel: str
    id: str
    tabellen: tuple[str, ...] = ("zicht_casus", "zicht_tijdlijn")
    sleutel: str = "casus_id"
    positie: int = 0
    stil: bool = False


@dataclass(slots=True)
class Stand:
    """The state of one signal, case or session: what its rows are made from, never shown itself.

    `open`: what survives erasure; JSON values. `geheim`: content, {"inhoud": {}, "stukken": {}}.
    `positie`: last position applied; `geheim_positie`: last one that changed `geheim`.
    """

    soort: str
    id: UUID
    open: dict[str, Any] = field(default_factory=dict)
    geheim: dict[str, Any] = field(default_factory=lambda: {"inhoud": {}, "stukken": {}})
    positie: int = 0
    geheim_positie: int = 0

    @property
    def key(self) -> str:
        return f"bron|{self.soort}|{self.id}"


def row(
    table: Table, values: tuple[Any, ...], stand: Stand, shown: dict[str, Any], parts: Sequence[Compartment] = ()
) -> Row:
    """A row of a view, its content bound to its key."""
    spoor = stand.open.get("spoor", "hub")
    return Row(table, values, Unsealed(row_key(table, values), stand.id, spoor, shown, tuple(parts)))


def row_key(table: Table, values: Sequence[Any]) -> str:
    """The name of a row that its ciphertext is bound to."""
    return "|".join((table.name, *(str(value) for value in values[: table.keys])))
