"""The examination of a policy bundle: anything unbound is a fault, and all faults are told at once.

The shape of the tables was examined when they were read (`vormen`); here every name in them is looked up.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import cedarpy

from contracts.codelijst import codelijst
from hub.access.bewaarvormen import keur_bewaartermijnen
from hub.access.bewijs.nooit import keur_nooit
from hub.access.convenantkeuring import keur_convenanten
from hub.access.plek import Fout, onbekend
from hub.access.plichtvormen import keur_plichten
from hub.access.regel import Regel, entiteiten, woorden
from hub.access.routevormen import keur_verwijsroutes
from hub.access.ruw import NOOIT, SCHEMA, SPOORBESTAND, Ruw
from hub.access.terugkoppelvormen import keur_terugkoppelen
from hub.access.terugroepvormen import keur_terugroepen
from hub.access.zetel import STANDEN

PROEF_OIN = "00000099"
WIE = ("partijen-of-wet", "partijen-of-stand", "stand")


def keur(ruw: Ruw, op: date | None = None) -> list[str]:
    """Every fault of a bundle as `bestand:regel: reden`; empty where the bundle may be used.

    `op`: the day it is to be activated; a covenant that has then ended must say that it is history.
    """
    return [str(fout) for fout in sorted(set(fouten_van(ruw, op)))]


def fouten_van(ruw: Ruw, op: date | None = None) -> Iterator[Fout]:
    """Every fault of a bundle, in the order of the examination."""
    yield from ruw.fouten
    if any(not tabel for tabel in ruw.tabellen.values()):
        return
    yield from _regels(ruw)
    yield from _zetels(ruw)
    yield from _sporen(ruw)
    yield from _categorieen(ruw)
    yield from keur_convenanten(ruw, op)
    yield from _instanties(ruw)
    yield from _gronden(ruw)
    redenen = frozenset(waarde.code for waarde in codelijst("sluitingsreden").waarden)
    yield from keur_bewaartermijnen(ruw.tabellen, ruw.plek("bewaartermijnen"), redenen)
    yield from keur_terugroepen(ruw.tabellen["terugroepen"], ruw.plek("terugroepen"))
    yield from keur_terugkoppelen(ruw.tabellen, ruw.plek("terugkoppelen"))
    yield from keur_plichten(ruw.tabellen, ruw.plek("plichten"))
    yield from keur_verwijsroutes(ruw.tabellen, ruw.alle_regios, ruw.plek("verwijsroutes"))
    yield from _nooit(ruw)
    if ruw.compleet:
        yield from _register(ruw)
        yield from _schema(ruw)


def _lijst(ruw: Ruw, naam: str) -> list[str]:
    woordenlijst: dict[str, list[str]] = ruw.tabellen["woordenlijst"]
    return woordenlijst.get(naam, [])


def _waarden(ruw: Ruw, omstandigheid: str) -> list[str]:
    waarden: list[str] = ruw.tabellen["omstandigheden"].get(omstandigheid, {}).get("waarden", [])
    return waarden


def _regels(ruw: Ruw) -> Iterator[Fout]:
    if ruw.compleet and not any(regel.toestaan for regel in ruw.regels):
        yield Fout("platform.cedar", 1, "leeg beleid: geen enkele regel staat iets toe")
    eerder: dict[str, Regel] = {}
    bekend = _woordenschat(ruw)
    for regel in ruw.regels:
        plek = ruw.van_regel(regel)
        yield from _annotaties(ruw, regel)
        eerste = eerder.setdefault(regel.id, regel)
        if eerste is not regel and regel.id:
            yield plek.fout(f"dit id staat ook in {eerste.bestand}.cedar:{eerste.plaats}")
        yield from onbekend(plek, "vorm", [regel.vorm], _lijst(ruw, "vormen"))
        yield from onbekend(plek, "verplichting", regel.verplichtingen, _lijst(ruw, "verplichtingen"))
        yield from onbekend(plek, "handeling", regel.handelingen, ruw.tabellen["handelingen"])
        yield from onbekend(plek, "waarde", woorden(regel.est), bekend)
        for soort, naam in entiteiten(regel.est):
            if soort == "Zetel":
                yield from onbekend(plek, "zetel", [naam], ruw.tabellen["zetels"])
            elif soort == "Gegeven":
                yield from onbekend(plek, "categorie", [naam.partition(":")[2]], ruw.tabellen["categorieen"])
                yield from onbekend(plek, "spoor", [naam.partition(":")[0]], ruw.tabellen["sporen"])


def _annotaties(ruw: Ruw, regel: Regel) -> Iterator[Fout]:
    plek = ruw.van_regel(regel)
    for naam in ("id", "bron", "zin"):
        if not getattr(regel, naam).strip():
            yield plek.fout(f"@{naam} ontbreekt")
    voorvoegsel = f"{regel.bestand}-"
    if regel.id and not regel.id.startswith(voorvoegsel):
        yield plek.fout(f"het id begint niet met {voorvoegsel!r}")
    if regel.bestand == "platform" and regel.toestaan:
        yield plek.fout("een platformregel geeft geen toegang")


def _schema(ruw: Ruw) -> Iterator[Fout]:
    if not ruw.cedar.strip():
        return
    try:
        uitkomst = cedarpy.validate_policies(ruw.cedar, ruw.schema)
    except ValueError as fout:
        yield Fout(SCHEMA, 1, f"onleesbaar: {' '.join(str(fout).split())}")
        return
    namen = uitkomst.id_annotations_by_policy_id
    regels = {regel.id: regel for regel in ruw.regels}
    for gebrek in uitkomst.errors:
        reden = f"past niet op {SCHEMA}: {' '.join(str(gebrek.error).split())}"
        regel = regels.get(namen.get(gebrek.policy_id) or "")
        yield ruw.van_regel(regel).fout(reden) if regel else Fout(SCHEMA, 1, f"regel {gebrek.policy_id!r} {reden}")


def _woordenschat(ruw: Ruw) -> set[str]:
    tabellen = ruw.tabellen
    bekend = {*tabellen["gronden"], *tabellen["zetels"], *tabellen["categorieen"], *STANDEN, *"abcde"}
    bekend |= {str(woord) for lijst in tabellen["woordenlijst"].values() for woord in lijst}
    for naam in tabellen["omstandigheden"]:
        bekend |= set(_waarden(ruw, naam))
    return bekend


def _zetels(ruw: Ruw) -> Iterator[Fout]:
    for naam, zetel in ruw.tabellen["zetels"].items():
        plek = ruw.plek("zetels", naam)
        yield from _standen(ruw, plek, zetel)
        for nummer, deel in enumerate(zetel.get("regionaal", ())):
            hier = plek.bij("regionaal", nummer)
            yield from _standen(ruw, hier, deel)
            yield from onbekend(hier, "regio", [deel["regio"]] if "regio" in deel else [], ruw.alle_regios)
            yield from onbekend(hier.bij("tafels"), "tafel", deel.get("tafels", ()), ruw.tafels_in(deel.get("regio")))


def _standen(ruw: Ruw, plek: Any, deel: dict[str, Any]) -> Iterator[Fout]:
    sporen = deel.get("sporen", {})
    yield from onbekend(plek.bij("sporen"), "spoor", sporen, ruw.tabellen["sporen"])
    for spoor, stand in sporen.items():
        yield from onbekend(plek.bij("sporen", spoor), "stand", [stand], STANDEN)


def _sporen(ruw: Ruw) -> Iterator[Fout]:
    yield from onbekend(ruw.plek("sporen"), "spoor zonder regels", sorted(SPOORBESTAND), ruw.tabellen["sporen"])
    for naam, spoor in ruw.tabellen["sporen"].items():
        plek = ruw.plek("sporen", naam)
        rollen = _lijst(ruw, "betrokkene_rollen")
        bij = spoor.get("doelen_bij", {})
        doelen = _lijst(ruw, "doelen")
        yield from onbekend(plek.bij("doelen"), "doel", spoor.get("doelen", ()), doelen)
        activiteiten = spoor.get("activiteiten", ())
        yield from onbekend(plek.bij("activiteiten"), "activiteit", activiteiten, _waarden(ruw, "activiteit"))
        yield from onbekend(plek.bij("betrokkenen"), "rol van betrokkene", spoor.get("betrokkenen", ()), rollen)
        yield from onbekend(plek.bij("wie"), "wijze van deelnemen", [spoor["wie"]] if "wie" in spoor else [], WIE)
        yield from onbekend(plek.bij("doelen_bij"), "handeling", bij, ruw.tabellen["handelingen"])
        for handeling, genoemd in bij.items():
            yield from onbekend(plek.bij("doelen_bij", handeling), "doel", genoemd, doelen)


def _categorieen(ruw: Ruw) -> Iterator[Fout]:
    groepen = ruw.groepen
    sporen = ruw.tabellen["sporen"]
    for naam, categorie in ruw.tabellen["categorieen"].items():
        plek = ruw.plek("categorieen", naam)
        tabellen = {sleutel: deel for sleutel, deel in categorie.items() if isinstance(deel, dict)}
        yield from onbekend(plek, "sleutel of spoor", tabellen, sporen)
        for spoor, tabel in tabellen.items():
            hier = plek.bij(spoor).genaamd(f"categorie {naam} in spoor {spoor}")
            for sleutel, wat, bekend in (
                ("bronnen", "bron", groepen),
                ("behalve", "bron", groepen),
                ("zetels", "zetel", ruw.tabellen["zetels"]),
                ("doelen", "doel", _lijst(ruw, "doelen")),
                ("kenmerken", "kenmerk", _lijst(ruw, "kenmerken")),
                ("handelingen", "handeling", ruw.tabellen["handelingen"]),
                ("vormen", "signaalvorm", _waarden(ruw, "signaalvorm")),
                ("activiteiten", "activiteit", _waarden(ruw, "activiteit")),
            ):
                yield from onbekend(hier.bij(sleutel), wat, tabel.get(sleutel, ()), bekend)


def _register(ruw: Ruw) -> Iterator[Fout]:
    toestaan = {regel.id: regel for regel in ruw.regels if regel.toestaan}
    geteld: Counter[str] = Counter()
    for nummer, verwerking in enumerate(ruw.tabellen["register"].get("verwerkingen", [])):
        plek = ruw.plek("register").bij("verwerkingen", nummer).genaamd(f"verwerking {verwerking.get('id', '')}")
        spoor = [verwerking["spoor"]] if "spoor" in verwerking else []
        yield from onbekend(plek, "spoor", spoor, ruw.tabellen["sporen"])
        yield from onbekend(plek.bij("regels"), "regel die toestaat", verwerking.get("regels", ()), toestaan)
        geteld.update(verwerking.get("regels", ()))
    for regel in toestaan.values():
        if regel.id and geteld[regel.id] != 1:
            yield ruw.van_regel(regel).fout(f"staat {geteld[regel.id]} keer in het register van verwerkingen")


def _gronden(ruw: Ruw) -> Iterator[Fout]:
    regels = {regel.id for regel in ruw.regels if regel.toestaan}
    for naam, grond in ruw.tabellen["gronden"].items():
        plek = ruw.plek("gronden", naam)
        for sleutel in ("van", "naar", "behalve"):
            namen: Iterable[str] = grond.get(sleutel, ())
            if sleutel in grond and not namen and sleutel != "behalve":
                yield plek.bij(sleutel).fout(f"{sleutel} is leeg")
            yield from onbekend(plek.bij(sleutel), "zetel", () if namen == "*" else namen, ruw.groepen)
        for sleutel, wat, bekend in (
            ("doelen", "doel", _lijst(ruw, "doelen")),
            ("categorieen", "categorie", ruw.tabellen["categorieen"]),
            ("betrokkenen", "rol van betrokkene", _lijst(ruw, "betrokkene_rollen")),
        ):
            yield from onbekend(plek.bij(sleutel), wat, grond.get(sleutel, ()), bekend)
        if ruw.compleet:
            yield from onbekend(plek, "regel", [f"bilateraal-{naam}"], regels)


def _nooit(ruw: Ruw) -> Iterator[Fout]:
    if NOOIT in ruw.bestanden:
        for nummer, zin in keur_nooit(ruw.nooit, ruw.tabellen, ruw.schema, _woordenschat(ruw)):
            yield ruw.plekken[NOOIT].bij(nummer).fout(zin)


def _instanties(ruw: Ruw) -> Iterator[Fout]:
    houders: dict[str, str] = {}
    for naam, instantie in ruw.tabellen["instanties"].items():
        plek = ruw.plek("instanties", naam)
        soort, _, gebied = naam.partition("@")
        yield from onbekend(plek, "zetel", [soort], ruw.tabellen["zetels"])
        regio = [instantie["regio"]] if "regio" in instantie else []
        yield from onbekend(plek.bij("regio"), "regio", regio, ruw.alle_regios)
        oin = instantie.get("oin", "")
        if not gebied:
            yield plek.fout("gebied ontbreekt")
        if len(oin) != 20 or not oin.isdigit() or not oin.startswith(PROEF_OIN):
            yield plek.bij("oin").fout(f"OIN {oin!r} is geen proefnummer van 20 cijfers")
        elif houders.setdefault(oin, instantie.get("organisatie", "")) != instantie.get("organisatie", ""):
            yield plek.bij("oin").fout(f"OIN {oin} hoort al bij een andere organisatie")
