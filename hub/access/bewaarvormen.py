"""The table of retention terms: its shape, its faults and what it gives. Source: WGS art. 1.8 lid 7; Bgs art. 1.16."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from hub.access.plek import Fout, Plek, onbekend
from hub.access.vormen import Datum, NietLeeg, Woord, Woorden
from hub.domain.bewaartermijn import BEGINNEN, NOOIT, Bewaartermijn, Bewaartermijnen, Uitstelreden, duur_van


def _een_duur(waarde: str) -> str:
    duur_van(waarde)
    return waarde


Duurtekst = Annotated[str, AfterValidator(_een_duur)]


class _Rij(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TermijnVorm(_Rij):
    id: Woord
    sporen: NietLeeg
    soorten: list[Literal["signaal", "casus", "toegangslog", "grootboek"]]
    vanaf: Woord
    termijn: Duurtekst
    uitvoering: Literal["vanzelf", "na-beoordeling", "verstrekker", "nooit"]
    geldig_vanaf: Datum
    geldig_tot: Datum | None = None
    maximum: bool = False
    instelling: bool = False
    bron: Woord
    vindplaats: Woorden = []
    zin: Woord


class UitstelVorm(_Rij):
    tegen_maximum: bool
    tegen_wissing: bool
    bron: Woord
    zin: Woord


class VernieuwingVorm(_Rij):
    sporen: NietLeeg
    maanden: int
    bron: Woord


class SleutelVorm(_Rij):
    tijdvak: Duurtekst
    na_vernietiging: Duurtekst
    bron: Woord


class AankondigingVorm(_Rij):
    bewaren: Duurtekst
    bron: Woord


class BewaartermijnenVorm(_Rij):
    termijnen: list[TermijnVorm]
    sluitingsredenen: dict[Woord, Woord]
    uitstel: dict[Woord, UitstelVorm]
    vernieuwing: VernieuwingVorm
    sleutels: SleutelVorm
    aankondigingen: AankondigingVorm | None = None


def keur_bewaartermijnen(tabellen: Mapping[str, Any], plek: Plek, redenen: frozenset[str]) -> Iterator[Fout]:
    """Every fault beyond the shape. `redenen`: the codes with which a case may be closed.

    The longest term of a track is that of `sporen.yaml`: the policy refuses after it what is destroyed by it.
    """
    tabel, sporen = tabellen["bewaartermijnen"], tabellen["sporen"]
    rijen: list[dict[str, Any]] = tabel.get("termijnen", [])
    eerder: set[str] = set()
    for nummer, rij in enumerate(rijen):
        hier = plek.bij("termijnen", nummer).genaamd(f"termijn {rij.get('id', '')!r}")
        yield from onbekend(hier.bij("sporen"), "spoor", rij.get("sporen", []), sporen)
        yield from onbekend(hier.bij("vanaf"), "begin", [rij.get("vanaf")], BEGINNEN)
        if rij.get("id") in eerder:
            yield hier.fout("dit id staat er al")
        eerder.add(str(rij.get("id")))
    yield from onbekend(plek.bij("sluitingsredenen"), "sluitingsreden", tabel.get("sluitingsredenen", {}), redenen)
    beginnen = tabel.get("sluitingsredenen", {}).values()
    yield from onbekend(plek.bij("sluitingsredenen"), "begin", beginnen, BEGINNEN)
    yield from onbekend(plek.bij("vernieuwing"), "spoor", tabel.get("vernieuwing", {}).get("sporen", []), sporen)
    for naam, spoor in sporen.items():
        jaren = spoor.get("bewaartermijn_jaren")
        langste = {r.get("termijn") for r in rijen if r.get("maximum") and naam in r.get("sporen", [])}
        if langste != ({f"P{jaren}Y"} if jaren else set()):
            yield plek.bij("termijnen").fout(f"spoor {naam!r} heeft in sporen.yaml een andere uiterste termijn")
        eigen = [r for r in rijen if naam in r.get("sporen", []) and r.get("uitvoering") != NOOIT]
        if naam != "hub" and not eigen:
            yield plek.bij("termijnen").fout(f"spoor {naam!r} heeft geen enkele termijn")


def bewaartermijnen(tabel: Mapping[str, Any]) -> Bewaartermijnen:
    """The terms of an examined table."""
    return Bewaartermijnen(
        termijnen=tuple(_termijn(rij) for rij in tabel["termijnen"]),
        sluitingsredenen=dict(tabel["sluitingsredenen"]),
        uitstel={naam: Uitstelreden(naam, **reden) for naam, reden in tabel["uitstel"].items()},
        vernieuwbaar=frozenset(tabel["vernieuwing"]["sporen"]),
        vernieuwing_maanden=tabel["vernieuwing"]["maanden"],
        tijdvak=duur_van(tabel["sleutels"]["tijdvak"]),
        na_vernietiging=duur_van(tabel["sleutels"]["na_vernietiging"]),
        **({"aankondigingen": duur_van(kept["bewaren"])} if (kept := tabel.get("aankondigingen")) else {}),
    )


def _termijn(rij: Mapping[str, Any]) -> Bewaartermijn:
    tot = rij.get("geldig_tot")
    return Bewaartermijn(
        id=rij["id"],
        sporen=frozenset(rij["sporen"]),
        soorten=frozenset(rij["soorten"]),
        vanaf=rij["vanaf"],
        duur=duur_van(rij["termijn"]),
        uitvoering=rij["uitvoering"],
        bron=rij["bron"],
        zin=rij["zin"],
        geldig_vanaf=date.fromisoformat(rij["geldig_vanaf"]),
        geldig_tot=date.fromisoformat(tot) if tot else None,
        maximum=rij.get("maximum", False),
        instelling=rij.get("instelling", False),
    )
