"""The table of terms within which a recall is answered: its shape, its faults and what it gives."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from hub.access.bewaarvormen import Duurtekst
from hub.access.plek import Fout, Plek
from hub.access.vormen import Datum, Woord
from hub.domain.bewaartermijn import duur_van
from hub.domain.terugroeptermijn import Terugroeptermijn

SOORTEN = ("rectificatie", "intrekking", "weerlegging", "vernietiging", "vervallen")


class _Rij(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TerugroeptermijnVorm(_Rij):
    id: Woord
    soorten: list[Literal["rectificatie", "intrekking", "weerlegging", "vernietiging", "vervallen"]]
    termijn: Duurtekst
    herinneren_na: Duurtekst | None = None
    geldig_vanaf: Datum
    geldig_tot: Datum | None = None
    bron: Woord
    zin: Woord


class TerugroepenVorm(_Rij):
    termijnen: list[TerugroeptermijnVorm]


def keur_terugroepen(tabel: Mapping[str, Any], plek: Plek) -> Iterator[Fout]:
    """Every fault beyond the shape: an id twice, or a kind without a term that is still in force."""
    rijen: list[dict[str, Any]] = tabel.get("termijnen", [])
    eerder: set[str] = set()
    for nummer, rij in enumerate(rijen):
        if rij.get("id") in eerder:
            yield plek.bij("termijnen", nummer).fout("dit id staat er al")
        eerder.add(str(rij.get("id")))
    open_rijen = [rij for rij in rijen if rij.get("geldig_tot") is None]
    for soort in SOORTEN:
        if not any(soort in rij.get("soorten", ()) for rij in open_rijen):
            yield plek.bij("termijnen").fout(f"voor {soort} is er geen termijn die nog geldt")


def terugroeptermijnen(tabel: Mapping[str, Any]) -> tuple[Terugroeptermijn, ...]:
    """The terms of an examined table."""
    return tuple(_termijn(rij) for rij in tabel["termijnen"])


def _termijn(rij: Mapping[str, Any]) -> Terugroeptermijn:
    tot = rij.get("geldig_tot")
    return Terugroeptermijn(
        id=rij["id"],
        soorten=frozenset(rij["soorten"]),
        duur=duur_van(rij["termijn"]),
        bron=rij["bron"],
        zin=rij["zin"],
        geldig_vanaf=date.fromisoformat(rij["geldig_vanaf"]),
        geldig_tot=date.fromisoformat(tot) if tot else None,
        herinneren_na=duur_van(rij["herinneren_na"]) if rij.get("herinneren_na") else None,
    )
