"""The table of feedback: its shape, its faults and what it gives."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from hub.access.bewaarvormen import Duurtekst
from hub.access.plek import Fout, Plek
from hub.access.vormen import Datum, NietLeeg, Woord
from hub.domain.bewaartermijn import duur_van
from hub.domain.terugkoppelregel import Aanhoudgrond, Escalatieregel, Geldigheid, Stapregel, Terugkoppelregels

LIJSTEN = ("stappen", "escalaties", "aanhoudgronden")


class _Rij(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _MetDatums(_Rij):
    geldig_vanaf: Datum
    geldig_tot: Datum | None = None
    herkomst: Literal["eigen", "bron"]
    bron: Woord
    zin: Woord


class StapVorm(_MetDatums):
    id: Woord
    stap: Literal["ontvangst", "opvolging", "afronding"]
    sporen: NietLeeg
    termijn: Duurtekst


class EscalatieVorm(_MetDatums):
    id: Woord
    sporen: NietLeeg
    na: Duurtekst
    naar: NietLeeg


class AanhoudgrondVorm(_MetDatums):
    reden: Literal["onthouden-strafrechtelijk-onderzoek", "onthouden-privacy"]
    alleen_opsporing: bool
    langstens: Duurtekst


class TerugkoppelenVorm(_Rij):
    stappen: list[StapVorm]
    escalaties: list[EscalatieVorm]
    aanhoudgronden: list[AanhoudgrondVorm]


def keur_terugkoppelen(tabellen: Mapping[str, Any], plek: Plek) -> Iterator[Fout]:
    """Every fault beyond the shape: an id twice, an unknown track or seat, a track with terms but no escalation."""
    tabel = tabellen["terugkoppelen"]
    for lijst in LIJSTEN[:2]:
        eerder: set[str] = set()
        for nummer, rij in enumerate(tabel.get(lijst, [])):
            hier = plek.bij(lijst, nummer)
            if rij.get("id") in eerder:
                yield hier.fout("dit id staat er al")
            eerder.add(str(rij.get("id")))
            for spoor in set(rij.get("sporen", ())) - set(tabellen["sporen"]):
                yield hier.fout(f"spoor {spoor!r} bestaat niet")
            for zetel in set(rij.get("naar", ())) - set(tabellen["zetels"]):
                yield hier.fout(f"zetel {zetel!r} bestaat niet")
    gevolgd = {spoor for rij in tabel.get("escalaties", []) for spoor in rij.get("sporen", ())}
    for spoor in sorted({spoor for rij in tabel.get("stappen", []) for spoor in rij.get("sporen", ())} - gevolgd):
        yield plek.bij("escalaties").fout(f"voor spoor {spoor!r} is er een termijn en niemand die erop toeziet")


def terugkoppelregels(tabel: Mapping[str, Any]) -> Terugkoppelregels:
    """The rules of an examined table."""
    return Terugkoppelregels(
        stappen=tuple(
            Stapregel(rij["id"], rij["stap"], frozenset(rij["sporen"]), duur_van(rij["termijn"]), **_gedeeld(rij))
            for rij in tabel["stappen"]
        ),
        escalaties=tuple(
            Escalatieregel(
                rij["id"], frozenset(rij["sporen"]), duur_van(rij["na"]), tuple(rij["naar"]), **_gedeeld(rij)
            )
            for rij in tabel["escalaties"]
        ),
        gronden=tuple(
            Aanhoudgrond(rij["reden"], rij["alleen_opsporing"], duur_van(rij["langstens"]), **_gedeeld(rij))
            for rij in tabel["aanhoudgronden"]
        ),
    )


def _gedeeld(rij: Mapping[str, Any]) -> dict[str, Any]:
    tot = rij.get("geldig_tot")
    geldig = Geldigheid(date.fromisoformat(rij["geldig_vanaf"]), date.fromisoformat(tot) if tot else None)
    return {"bron": rij["bron"], "zin": rij["zin"], "geldig": geldig, "eigen": rij["herkomst"] == "eigen"}
