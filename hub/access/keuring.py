"""The examination of a policy bundle: anything unbound is a fault, and all faults are told at once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import cedarpy

from hub.access.regel import Regel, entiteiten, woorden
from hub.access.ruw import SPOORBESTAND, Ruw
from hub.access.zetel import STANDEN

PROEF_OIN = "00000099"
WIE = ("partijen-of-wet", "partijen-of-stand", "stand")
SPOORKENMERKEN = frozenset(
    {
        "fase", "bronnen", "behalve", "zetels", "doelen", "activiteiten", "kenmerken", "vormen", "verboden",
        "toestemming", "verzegeld", "deel_een", "schriftelijke_reden",
    }
)  # fmt: skip
GRONDKENMERKEN = ("van", "behalve", "naar", "doelen", "categorieen", "betrokkenen")
CATEGORIEKENMERKEN = frozenset({"naam", "opsporing", "herleidbaar", "resultaat", "geautomatiseerd"})


def keur(ruw: Ruw) -> list[str]:
    """Every fault of a bundle as a Dutch sentence; empty where the bundle may be used."""
    fouten = list(ruw.fouten)
    if any(not ruw.tabellen.get(naam) for naam in ruw.tabellen):
        return fouten
    fouten += _regels(ruw)
    fouten += _zetels(ruw)
    fouten += _sporen(ruw)
    fouten += _categorieen(ruw)
    fouten += _convenanten(ruw)
    fouten += _instanties(ruw)
    fouten += _register(ruw)
    fouten += _gronden(ruw)
    return fouten


def _groepen(ruw: Ruw) -> set[str]:
    zetels = ruw.tabellen["zetels"]
    return set(zetels) | {z.partition(".")[0] for z in zetels if "." in z}


def _onbekend(waar: str, wat: str, gevonden: Iterable[Any], bekend: Iterable[str]) -> Iterator[str]:
    bekende = set(bekend)
    for naam in gevonden:
        if naam not in bekende:
            yield f"{waar}: onbekende {wat} {naam!r}"


def _regels(ruw: Ruw) -> Iterator[str]:
    if not any(regel.toestaan for regel in ruw.regels):
        yield "leeg beleid: geen enkele regel staat iets toe"
    for naam, aantal in Counter(regel.id for regel in ruw.regels).items():
        if aantal > 1:
            yield f"regel {naam!r} komt {aantal} keer voor"
    lijst = ruw.tabellen["woordenlijst"]
    bekend = _woordenschat(ruw)
    for regel in ruw.regels:
        waar = f"{regel.bestand}.cedar, regel {regel.id!r}"
        yield from _annotaties(waar, regel)
        yield from _onbekend(waar, "vorm", [regel.vorm], lijst["vormen"])
        yield from _onbekend(waar, "verplichting", regel.verplichtingen, lijst["verplichtingen"])
        yield from _onbekend(waar, "handeling", regel.handelingen, ruw.tabellen["handelingen"])
        yield from _onbekend(waar, "waarde", woorden(regel.est), bekend)
        for soort, naam in entiteiten(regel.est):
            if soort == "Zetel":
                yield from _onbekend(waar, "zetel", [naam], ruw.tabellen["zetels"])
            elif soort == "Gegeven":
                yield from _onbekend(waar, "categorie", [naam.partition(":")[2]], ruw.tabellen["categorieen"])
    if ruw.schema and ruw.cedar.strip():
        yield from _schema(ruw)


def _annotaties(waar: str, regel: Regel) -> Iterator[str]:
    for naam in ("id", "bron", "zin"):
        if not getattr(regel, naam):
            yield f"{waar}: @{naam} ontbreekt"
    voorvoegsel = f"{regel.bestand}-"
    if regel.id and not regel.id.startswith(voorvoegsel):
        yield f"{waar}: het id begint niet met {voorvoegsel!r}"
    if regel.bestand == "platform" and regel.toestaan:
        yield f"{waar}: een platformregel geeft geen toegang"


def _schema(ruw: Ruw) -> Iterator[str]:
    try:
        uitkomst = cedarpy.validate_policies(ruw.cedar, ruw.schema)
    except ValueError as fout:
        yield f"hub.cedarschema: onleesbaar: {fout}"
        return
    namen = uitkomst.id_annotations_by_policy_id
    for gebrek in uitkomst.errors:
        yield f"regel {namen.get(gebrek.policy_id, gebrek.policy_id)!r} past niet op het schema: {gebrek.error}"


def _woordenschat(ruw: Ruw) -> set[str]:
    tabellen = ruw.tabellen
    bekend = (
        set(tabellen["gronden"]) | set(tabellen["zetels"]) | set(tabellen["categorieen"]) | set(STANDEN) | set("abcde")
    )
    for lijst in tabellen["woordenlijst"].values():
        bekend |= set(lijst)
    for omstandigheid in tabellen["omstandigheden"].values():
        bekend |= set(omstandigheid.get("waarden", ()))
    return bekend


def _zetels(ruw: Ruw) -> Iterator[str]:
    sporen = ruw.tabellen["sporen"]
    regios = ruw.tabellen["woordenlijst"]["regios"]
    for naam, zetel in ruw.tabellen["zetels"].items():
        waar = f"zetel {naam}"
        if not zetel.get("label"):
            yield f"{waar}: label ontbreekt"
        for deel in (zetel, *zetel.get("regionaal", ())):
            yield from _onbekend(waar, "spoor", deel.get("sporen", {}), sporen)
            yield from _onbekend(waar, "stand", deel.get("sporen", {}).values(), STANDEN)
            if "regio" in deel:
                yield from _onbekend(waar, "regio", [deel["regio"]], regios)


def _sporen(ruw: Ruw) -> Iterator[str]:
    lijst = ruw.tabellen["woordenlijst"]
    activiteiten = ruw.tabellen["omstandigheden"]["activiteit"]["waarden"]
    yield from _onbekend("sporen.yaml", "spoor zonder regels", set(SPOORBESTAND), ruw.tabellen["sporen"])
    for naam, spoor in ruw.tabellen["sporen"].items():
        waar = f"spoor {naam}"
        yield from _onbekend(waar, "doel", spoor["doelen"], lijst["doelen"])
        yield from _onbekend(waar, "activiteit", spoor["activiteiten"], activiteiten)
        yield from _onbekend(waar, "rol van betrokkene", spoor["betrokkenen"], lijst["betrokkene_rollen"])
        yield from _onbekend(waar, "wijze van deelnemen", [spoor["wie"]], WIE)
        yield from _datum(waar, spoor, "wet_vanaf")


def _categorieen(ruw: Ruw) -> Iterator[str]:
    lijst = ruw.tabellen["woordenlijst"]
    omstandigheden = ruw.tabellen["omstandigheden"]
    sporen = ruw.tabellen["sporen"]
    groepen = _groepen(ruw)
    for naam, categorie in ruw.tabellen["categorieen"].items():
        waar = f"categorie {naam}"
        yield from _onbekend(waar, "eigenschap", categorie, CATEGORIEKENMERKEN | set(sporen))
        for spoor in sporen.keys() & categorie.keys():
            tabel = categorie[spoor]
            hier = f"{waar} in spoor {spoor}"
            yield from _onbekend(hier, "eigenschap", tabel, SPOORKENMERKEN)
            bronnen = tabel.get("bronnen", [])
            yield from _onbekend(hier, "bron", [*bronnen, *tabel.get("behalve", [])], groepen)
            yield from _onbekend(hier, "zetel", tabel.get("zetels", []), ruw.tabellen["zetels"])
            yield from _onbekend(hier, "doel", tabel.get("doelen", []), lijst["doelen"])
            yield from _onbekend(hier, "kenmerk", tabel.get("kenmerken", []), lijst["kenmerken"])
            for sleutel, wat in (("vormen", "signaalvorm"), ("activiteiten", "activiteit")):
                yield from _onbekend(hier, wat, tabel.get(sleutel, []), omstandigheden[wat]["waarden"])


def _convenanten(ruw: Ruw) -> Iterator[str]:
    groepen = _groepen(ruw)
    lijst = ruw.tabellen["woordenlijst"]
    ids = [c["id"] for c in ruw.convenanten]
    regios = {*lijst["regios"], "alle"}
    for naam, aantal in Counter(ids).items():
        if aantal > 1:
            yield f"convenant {naam} komt {aantal} keer voor"
    for c in ruw.convenanten:
        waar = f"convenant {c['id']}"
        for sleutel in ("naam", "soort", "regio", "bron", "partijen"):
            if sleutel not in c:
                yield f"{waar}: {sleutel} ontbreekt"
        yield from _onbekend(waar, "zetel", _genoemde_zetels(c), groepen)
        yield from _onbekend(waar, "regio", [c.get("regio"), *c.get("ook_regios", [])], regios)
        yield from _onbekend(waar, "spoor", [c["spoor"]] if c.get("spoor") else [], ruw.tabellen["sporen"])
        yield from _onbekend(waar, "convenant", [c[k] for k in ("onder", "partijen_van") if k in c], ids)
        yield from _onbekend(waar, "doel", c.get("doelen", []), lijst["doelen"])
        yield from _onbekend(waar, "rol van betrokkene", c.get("betrokkenen_niet", []), lijst["betrokkene_rollen"])
        yield from _voorwaarden(waar, c, ruw)
        yield from _datum(waar, c, "geldig_vanaf")
        yield from _datum(waar, c, "geldig_tot")


def _genoemde_zetels(c: dict[str, Any]) -> Iterator[str]:
    for sleutel in ("partijen", "niet_partijen", "aanwezig", "schriftelijk", "inbrengers"):
        yield from c.get(sleutel, [])
    for ring in c.get("ringen", {}).values():
        yield from ring
    for voorwaarde in c.get("voorwaardelijk", []):
        yield from voorwaarde["zetels"]
    eisen = c.get("eisen", {})
    yield from eisen.get("alleen_herkomstgemeente", [])
    yield from eisen.get("acuut_naar", [])
    if "toets_vooraf" in eisen:
        yield eisen["toets_vooraf"]
    for eis in eisen.get("alleen_bij_ernstig_risico", []):
        yield from (eis["zetel"], *eis["naar"])


def _voorwaarden(waar: str, c: dict[str, Any], ruw: Ruw) -> Iterator[str]:
    omstandigheden = ruw.tabellen["omstandigheden"]
    for voorwaarde in c.get("voorwaardelijk", []):
        naam = voorwaarde["omstandigheid"]
        if naam not in omstandigheden:
            yield f"{waar}: onbekende omstandigheid {naam!r}"
        elif "waarden" in omstandigheden[naam]:
            yield from _onbekend(waar, f"waarde van {naam}", [voorwaarde["waarde"]], omstandigheden[naam]["waarden"])


def _register(ruw: Ruw) -> Iterator[str]:
    toestaan = [regel.id for regel in ruw.regels if regel.toestaan]
    geteld: Counter[str] = Counter()
    for verwerking in ruw.tabellen["register"].get("verwerkingen", []):
        waar = f"verwerking {verwerking['id']}"
        yield from _onbekend(waar, "spoor", [verwerking["spoor"]], ruw.tabellen["sporen"])
        yield from _onbekend(waar, "regel die toestaat", verwerking["regels"], toestaan)
        if not verwerking.get("grondslag"):
            yield f"{waar}: grondslag ontbreekt"
        geteld.update(verwerking["regels"])
    for regel in toestaan:
        if geteld[regel] != 1:
            yield f"regel {regel!r} staat {geteld[regel]} keer in het register van verwerkingen"


def _gronden(ruw: Ruw) -> Iterator[str]:
    groepen, lijst = _groepen(ruw), ruw.tabellen["woordenlijst"]
    regels = {regel.id for regel in ruw.regels if regel.toestaan}
    for naam, grond in ruw.tabellen["gronden"].items():
        waar = f"grond {naam}"
        yield from _onbekend(waar, "eigenschap", grond, GRONDKENMERKEN)
        for sleutel in ("van", "naar", "doelen"):
            if not grond.get(sleutel):
                yield f"{waar}: {sleutel} ontbreekt"
        for sleutel in ("van", "naar", "behalve"):
            namen = grond.get(sleutel, [])
            yield from _onbekend(waar, "zetel", [] if namen == "*" else namen, groepen)
        yield from _onbekend(waar, "doel", grond.get("doelen", []), lijst["doelen"])
        yield from _onbekend(waar, "categorie", grond.get("categorieen", []), ruw.tabellen["categorieen"])
        yield from _onbekend(waar, "rol van betrokkene", grond.get("betrokkenen", []), lijst["betrokkene_rollen"])
        yield from _onbekend(waar, "regel", [f"bilateraal-{naam}"], regels)


def _datum(waar: str, houder: dict[str, Any], sleutel: str) -> Iterator[str]:
    waarde = houder.get(sleutel)
    try:
        if waarde is not None:
            date.fromisoformat(waarde)
    except (TypeError, ValueError):
        yield f"{waar}: {sleutel} {waarde!r} is geen datum"


def _instanties(ruw: Ruw) -> Iterator[str]:
    houders: dict[str, str] = {}
    for naam, instantie in ruw.tabellen["instanties"].items():
        waar = f"instantie {naam}"
        soort, _, gebied = naam.partition("@")
        yield from _onbekend(waar, "zetel", [soort], ruw.tabellen["zetels"])
        yield from _onbekend(waar, "regio", [instantie.get("regio")], ruw.tabellen["woordenlijst"]["regios"])
        oin = str(instantie.get("oin", ""))
        if not gebied:
            yield f"{waar}: gebied ontbreekt"
        if len(oin) != 20 or not oin.isdigit() or not oin.startswith(PROEF_OIN):
            yield f"{waar}: OIN {oin!r} is geen proefnummer van 20 cijfers"
        elif houders.setdefault(oin, instantie.get("organisatie", "")) != instantie.get("organisatie", ""):
            yield f"{waar}: OIN {oin} hoort al bij een andere organisatie"
