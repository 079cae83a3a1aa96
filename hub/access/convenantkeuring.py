"""The examination of the covenants: who is named in them, since when and until when, and what hangs under what."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hub.access.plek import Fout, onbekend
from hub.access.ruw import Ruw, Stuk

# The ways in which one covenant takes its force or its parties from another.
DELEGATIES = ("onder", "partijen_van")
ZETELLIJSTEN = (
    "niet_partijen", "aanwezig", "schriftelijk", "inbrengers", "brug_naar", "opplussen", "ringen", "voorzitter",
)  # fmt: skip
EISEN = ("alleen_herkomstgemeente", "acuut_naar", "toets_vooraf")
AAN_TAFEL = ("tafels", "aanwezig")
EEN_DAG = timedelta(days=1)


def keur_convenanten(ruw: Ruw, op: date | None = None) -> Iterator[Fout]:
    """Every fault of the covenants; `op`: the day on which an ended one must say that it is history."""
    for stuk in ruw.convenanten:
        yield from _namen(ruw, stuk)
        yield from _zetels(ruw, stuk)
        yield from _datums(stuk, op)
        yield from _leden(ruw, stuk)
    yield from _versies(ruw)
    yield from _delegaties(ruw)
    yield from _kringen(ruw)


def periode(houder: Mapping[str, Any], vanaf: str = "geldig_vanaf", tot: str = "geldig_tot") -> tuple[date, date]:
    """The days on which something counts, both ends included; an unknown date is open."""
    return _dag(houder.get(vanaf)) or date.min, _dag(houder.get(tot)) or date.max


def _dag(waarde: object) -> date | None:
    return date.fromisoformat(waarde) if isinstance(waarde, str) else None


def _namen(ruw: Ruw, stuk: Stuk) -> Iterator[Fout]:
    c, plek = stuk.inhoud, stuk.plek
    lijst = ruw.tabellen["woordenlijst"]
    ids = {ander.id for ander in ruw.convenanten}
    for sleutel, wat, bekend in (
        ("regio", "regio", {*ruw.alle_regios, "alle"}),
        ("ook_regios", "regio", ruw.alle_regios),
        ("spoor", "spoor", ruw.tabellen["sporen"]),
        ("onder", "convenant", ids),
        ("partijen_van", "convenant", ids),
        ("doelen", "doel", lijst.get("doelen", ())),
        ("categorieen", "categorie", ruw.tabellen["categorieen"]),
        ("betrokkenen_niet", "rol van betrokkene", lijst.get("betrokkene_rollen", ())),
    ):
        yield from onbekend(plek.bij(sleutel), wat, _als_lijst(c.get(sleutel)), bekend)
    for nummer, mededeling in enumerate(c.get("mededelingen", ())):
        hier = plek.bij("mededelingen", nummer)
        yield from onbekend(hier, "categorie", mededeling.get("categorieen", ()), ruw.tabellen["categorieen"])
        yield from onbekend(hier, "doel", mededeling.get("doelen", ()), lijst.get("doelen", ()))
    yield from _omstandigheden(ruw, stuk)
    tafels = [tafel.get("id") for tafel in c.get("tafels", ())]
    for nummer, tafel in enumerate(tafels):
        if tafel in tafels[:nummer]:
            yield plek.bij("tafels", nummer).fout(f"tafel {tafel!r} staat er twee keer")


def _omstandigheden(ruw: Ruw, stuk: Stuk) -> Iterator[Fout]:
    omstandigheden = ruw.tabellen["omstandigheden"]
    for nummer, voorwaarde in enumerate(stuk.inhoud.get("voorwaardelijk", ())):
        plek = stuk.plek.bij("voorwaardelijk", nummer)
        naam = voorwaarde.get("omstandigheid")
        yield from onbekend(plek, "omstandigheid", [naam] if naam else (), omstandigheden)
        waarden = omstandigheden.get(naam, {}).get("waarden")
        if waarden and "waarde" in voorwaarde:
            yield from onbekend(plek, f"waarde van {naam}", [voorwaarde["waarde"]], waarden)


def _zetels(ruw: Ruw, stuk: Stuk) -> Iterator[Fout]:
    c, plek, bekend = stuk.inhoud, stuk.plek, ruw.groepen
    for sleutel in ZETELLIJSTEN:
        waarde = c.get(sleutel)
        lijsten = waarde.values() if isinstance(waarde, dict) else [_als_lijst(waarde)]
        for lijst in lijsten:
            yield from onbekend(plek.bij(sleutel), "zetel", lijst, bekend)
    for sleutel, namen in (
        ("voorwaardelijk", ("zetels",)),
        ("mededelingen", ("door", "aan")),
        ("tafels", ("aanwezig",)),
    ):
        for nummer, deel in enumerate(c.get(sleutel, ())):
            for naam in namen:
                yield from onbekend(plek.bij(sleutel, nummer), "zetel", deel.get(naam, ()), bekend)
    eisen = c.get("eisen") or {}
    for sleutel in EISEN:
        yield from onbekend(plek.bij("eisen", sleutel), "zetel", _als_lijst(eisen.get(sleutel)), bekend)
    for eis in eisen.get("alleen_bij_ernstig_risico", ()):
        genoemd = [*_als_lijst(eis.get("zetel")), *eis.get("naar", ())]
        yield from onbekend(plek.bij("eisen", "alleen_bij_ernstig_risico"), "zetel", genoemd, bekend)
    partijen = {_zetel_van(partij) for partij in c.get("partijen", ())}
    for zetel in sorted(partijen & set(c.get("niet_partijen", ()))):
        yield plek.bij("niet_partijen").waarde(zetel).fout(f"{zetel!r} is partij en staat bij niet_partijen")


def _datums(stuk: Stuk, op: date | None) -> Iterator[Fout]:
    c, plek = stuk.inhoud, stuk.plek
    vanaf, tot = periode(c)
    if tot < vanaf:
        yield plek.bij("geldig_tot").fout(f"eindigt op {tot}, voor het begin op {vanaf}")
    if c.get("historisch") and tot == date.max:
        yield plek.bij("historisch").fout("is historisch en heeft geen einddatum")
    if op is not None and tot < op and not c.get("historisch"):
        yield plek.bij("geldig_tot").fout(
            f"is verlopen op {tot} en heet niet historisch; verleng het, of zet 'historisch: true'"
        )


def _leden(ruw: Ruw, stuk: Stuk) -> Iterator[Fout]:
    begin, einde = periode(stuk.inhoud)
    gezien: list[tuple[str, str | None, date, date, int]] = []
    for nummer, partij in enumerate(stuk.inhoud.get("partijen", ())):
        plek = stuk.plek.bij("partijen", nummer)
        lid = partij if isinstance(partij, dict) else {"zetel": partij}
        zetel = lid.get("zetel", "")
        vanaf, tot = periode(lid, "vanaf", "tot")
        yield from onbekend(plek, "zetel", [zetel] if zetel else (), ruw.groepen)
        yield from onbekend(plek, "gebied", lid.get("gebieden") or (), _gebieden(ruw, stuk, zetel))
        if tot < vanaf:
            yield plek.fout(f"lidmaatschap van {zetel!r} eindigt op {tot}, voor het begin op {vanaf}")
        if ("vanaf" in lid and vanaf < begin) or ("tot" in lid and tot > einde):
            yield plek.fout(f"lidmaatschap van {zetel!r} valt buiten de geldigheid van het convenant")
        for gebied in lid.get("gebieden") or (None,):
            if any(_zelfde(eerder, (zetel, gebied, vanaf, tot)) for eerder in gezien):
                bij = f" in {gebied}" if gebied else ""
                yield plek.fout(f"lidmaatschap van {zetel!r}{bij} overlapt met een ander lidmaatschap")
            gezien.append((zetel, gebied, vanaf, tot, nummer))


def _zelfde(een: tuple[Any, ...], ander: tuple[Any, ...]) -> bool:
    gebied = een[1] is None or ander[1] is None or een[1] == ander[1]
    return bool(een[0] == ander[0] and gebied and een[2] <= ander[3] and ander[2] <= een[3])


def _gebieden(ruw: Ruw, stuk: Stuk, zetel: str) -> set[str]:
    """The areas a party may be in: those of the regions of the covenant, and of seats of its kind that exist."""
    bekend = {gebied for soort, gebied in ruw.plaatsen if soort == zetel or soort.partition(".")[0] == zetel}
    for regio in (stuk.inhoud.get("regio"), *stuk.inhoud.get("ook_regios", ())):
        bekend |= set(ruw.regios.get(str(regio), {}).get("gebieden", ()))
    return bekend


def _versies(ruw: Ruw) -> Iterator[Fout]:
    for naam, versies in _per_id(ruw).items():
        op_volgorde = sorted(versies, key=lambda stuk: periode(stuk.inhoud))
        for eerder, later in pairwise(op_volgorde):
            if periode(later.inhoud)[0] <= periode(eerder.inhoud)[1]:
                waar = f"{eerder.plek.bestand}:{eerder.plek.regel}"
                yield later.plek.fout(f"overlapt in geldigheid met een andere versie van {naam!r} ({waar})")


def _delegaties(ruw: Ruw) -> Iterator[Fout]:
    per_id = _per_id(ruw)
    for stuk in ruw.convenanten:
        for sleutel in DELEGATIES:
            boven = per_id.get(stuk.inhoud.get(sleutel, ""), ())
            if boven and not _gedekt(periode(stuk.inhoud), sorted(periode(b.inhoud) for b in boven)):
                yield stuk.plek.bij(sleutel).fout(
                    f"hangt onder {boven[0].id!r}, dat niet geldt in de hele eigen geldigheid"
                )


def _gedekt(eigen: tuple[date, date], boven: list[tuple[date, date]]) -> bool:
    begin, einde = eigen
    for vanaf, tot in boven:
        if vanaf <= begin <= tot:
            if einde <= tot:
                return True
            begin = tot + EEN_DAG
    return False


def _kringen(ruw: Ruw) -> Iterator[Fout]:
    naar = {
        naam: {versie.inhoud[sleutel] for versie in versies for sleutel in DELEGATIES if versie.inhoud.get(sleutel)}
        for naam, versies in _per_id(ruw).items()
    }
    for stuk in ruw.convenanten:
        for sleutel in DELEGATIES:
            doel = stuk.inhoud.get(sleutel)
            weg = _weg(naar, doel, stuk.id) if doel else None
            if weg:
                yield stuk.plek.bij(sleutel).fout(f"kringverwijzing: {' -> '.join((stuk.id, *weg))}")


def _weg(naar: Mapping[str, set[str]], begin: str, einde: str) -> tuple[str, ...] | None:
    """The shortest way from one covenant to another along the delegations."""
    wegen: list[tuple[str, ...]] = [(begin,)]
    gezien = {begin}
    for weg in wegen:
        if weg[-1] == einde:
            return weg
        for volgend in sorted(naar.get(weg[-1], set()) - gezien):
            gezien.add(volgend)
            wegen.append((*weg, volgend))
    return None


def _per_id(ruw: Ruw) -> dict[str, list[Stuk]]:
    per_id: dict[str, list[Stuk]] = {}
    for stuk in ruw.convenanten:
        if stuk.id:
            per_id.setdefault(stuk.id, []).append(stuk)
    return per_id


def _als_lijst(waarde: object) -> list[Any]:
    if waarde is None:
        return []
    return waarde if isinstance(waarde, list) else [waarde]


def _zetel_van(partij: object) -> str:
    return str(partij.get("zetel", "")) if isinstance(partij, dict) else str(partij)
