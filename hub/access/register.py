"""The register of processing activities, as it stands in the policy. Source: AVG art. 30; Wpg art. 31d."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

#: Activities keep one identity through all their versions.
NAAMRUIMTE = UUID("6f1d3c52-0f4e-5a59-9d0b-6f3d0d8f7c11")
#: The register is kept from the day the Act counts; an older activity names its own day.
SINDS = date(2025, 3, 1)


@dataclass(frozen=True, slots=True)
class Maatregel:
    """A safeguard; `soort`: `Technical` or `Organisational` (DPV)."""

    soort: str
    maatregel: str


@dataclass(frozen=True, slots=True)
class Verwerking:
    """One version of one activity. `rechtsgrond`, `betrokkenen`, `bewerkingen`, `rol_ontvangers`: DPV 2.1 terms.

    `bewaartermijn`: ISO 8601 duration, None where no term is set in law. `dpia`: reference, None where none is known.
    """

    id: str
    versie: int
    naam: str
    spoor: str
    grondslag: str
    dpia: str | None
    regels: tuple[str, ...]
    geldig_vanaf: date
    verantwoordelijken: str
    rol_ontvangers: str
    betrokkenen: tuple[str, ...]
    rechtsgrond: tuple[str, ...]
    bewerkingen: tuple[str, ...]
    doelen: tuple[str, ...]
    categorieen: tuple[str, ...]
    bewaartermijn: str | None
    maatregelen: tuple[Maatregel, ...]

    @property
    def kenmerk(self) -> UUID:
        """The identity of the activity, the same for every version."""
        return uuid5(NAAMRUIMTE, self.id)

    @property
    def houder(self) -> UUID:
        """The identity of those who are responsible."""
        return uuid5(NAAMRUIMTE, self.verantwoordelijken)


def verwerkingen(tabellen: Mapping[str, Any]) -> tuple[Verwerking, ...]:
    """Every version of every activity, in the order of the table."""
    register = tabellen["register"]
    maatregelen = tuple(Maatregel(m["soort"], m["maatregel"]) for m in register["maatregelen"])
    return tuple(_verwerking(v, tabellen, maatregelen) for v in register["verwerkingen"])


def _verwerking(v: Mapping[str, Any], tabellen: Mapping[str, Any], maatregelen: tuple[Maatregel, ...]) -> Verwerking:
    spoor = tabellen["sporen"][v["spoor"]]
    hier = {**tabellen["register"]["per_spoor"][v["spoor"]], **v}
    jaren = spoor.get("bewaartermijn_jaren")
    return Verwerking(
        id=v["id"], versie=v["versie"], naam=v["naam"], spoor=v["spoor"], grondslag=v["grondslag"], dpia=v["dpia"],
        regels=tuple(v["regels"]),
        geldig_vanaf=date.fromisoformat(v["geldig_vanaf"]) if "geldig_vanaf" in v else SINDS,
        verantwoordelijken=hier["verantwoordelijken"], rol_ontvangers=hier["rol_ontvangers"],
        betrokkenen=tuple(hier["betrokkenen"]), rechtsgrond=tuple(hier["rechtsgrond"]),
        bewerkingen=tuple(hier["bewerkingen"]), doelen=tuple(hier.get("doelen", spoor["doelen"])),
        categorieen=tuple(_categorieen(v["spoor"], spoor, tabellen["categorieen"])),
        bewaartermijn=f"P{jaren}Y" if jaren else None, maatregelen=maatregelen,
    )  # fmt: skip


def _categorieen(naam: str, spoor: Mapping[str, Any], categorieen: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    for categorie, tabel in categorieen.items():
        hier = tabel.get(naam)
        if (hier is not None or spoor.get("alle_categorieen")) and "verboden" not in (hier or {}):
            yield categorie
