"""What must never happen, asked for every seat, category and standing instead of for chosen cases.

Each question is made as favourable as it can be: every circumstance that opens a door is set, so that a refusal
rests on who asks and what is asked, not on something forgotten.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product

import pytest

from hub.access.beleid import Beleid
from hub.access.bundel import Bundel
from hub.access.permit import Permit
from hub.access.ruw import SPOORBESTAND
from hub.access.verzoek import Verzoek
from hub.access.zetel import hoort_bij

WET = date(2025, 3, 1)
DAGEN = (date(2013, 6, 1), date(2025, 2, 28), WET, date(2026, 6, 30))
# What a rule may ask for, all at once; these are the values that open doors.
GUNSTIG: Mapping[str, object] = {
    "casus_lid": True,
    "aangewezen_deelnemer": True,
    "criteria_toegelicht": ("a", "b", "c", "d", "e"),
    "criteria_vastgelegd": True,
    "herkomstgemeente": True,
    "besluit_vastgelegd": True,
    "bevoegd_gezag_stemt_in": True,
    "om_geeft_vrij": True,
    "om_stemt_in": True,
    "politie_stemt_in": True,
    "besluit_ovj": True,
    "reden_vastgelegd": True,
    "schriftelijke_reden": True,
    "gesprek_vastgelegd": True,
    "belang_slachtoffer": True,
    "toestemming": "uitdrukkelijk",
    "toestemming_door": "slachtoffer",
    "gevaar": "acuut",
    "herkenning": True,
    "ernstig_risico": True,
    "mens_beoordeelde": True,
    "bij_amvb_aangewezen": True,
    "wettelijke_grond": "awr-67-2-a",
}
KENMERKEN = frozenset({"naast-strafrechtelijk"})


def _doelen(bundel: Bundel, spoor: str, categorie: str) -> tuple[str, ...]:
    """The purposes a category may serve in a track; one outside them changes nothing in these rules."""
    tabel = bundel.categorieen[categorie].get(spoor) or {}
    return tuple(tabel.get("doelen", ())) or bundel.sporen[spoor].doelen or ("techniek",)


def _verzoek(
    zetel: str, handeling: str, spoor: str, categorie: str, doel: str, *,
    datum: date = WET, bron: str | None = None, rol: str = "vermoedelijk-slachtoffer", **omstandigheden: object,
) -> Verzoek:  # fmt: skip
    return Verzoek(
        zetel=zetel, rol="deelnemer", handeling=handeling, spoor=spoor, regio="breda", datum=datum,
        categorie=categorie, bron_zetel=bron or zetel, fase=3, doel=doel, betrokkene_rol=rol,
        kenmerken=KENMERKEN, omstandigheden={**GUNSTIG, **omstandigheden},
    )  # fmt: skip


def _toegestaan(beleid: Beleid, verzoeken: Iterator[Verzoek]) -> list[Verzoek]:
    return [verzoek for verzoek in verzoeken if isinstance(beleid.toets(verzoek), Permit)]


def _handelingen(bundel: Bundel, spoor: str) -> list[str]:
    """The actions some rule of the track allows; for every other action there is nothing that could say yes."""
    bestanden = SPOORBESTAND.get(spoor, ())
    regels = [regel for regel in bundel.regels if regel.toestaan and regel.bestand in bestanden]
    return [naam for naam in bundel.handelingen if any(regel.over(naam) for regel in regels)]


def _overal(bundel: Bundel, categorie: str) -> Iterator[Verzoek]:
    """One category in every track, for every seat, allowed action and day, own data and another's."""
    for spoor, zetel, datum in product(bundel.sporen, bundel.zetels, DAGEN):
        for handeling, bron in product(_handelingen(bundel, spoor), (None, "politie.avim")):
            doel = _doelen(bundel, spoor, categorie)[0]
            yield _verzoek(zetel, handeling, spoor, categorie, doel, datum=datum, bron=bron)


def _op_elke_grond(bundel: Bundel, categorie: str) -> Iterator[Verzoek]:
    """One category on every ground, from every seat that may use it to every seat it may go to."""
    for grond in bundel.gronden:
        van = [z for z in bundel.zetels if grond.van is None or hoort_bij(z, grond.van)]
        naar = [z for z in bundel.zetels if grond.naar is None or hoort_bij(z, grond.naar)]
        for afzender, ontvanger, doel in product(van, naar, sorted(grond.doelen)[:1]):
            yield _verzoek(afzender, "doorzetten", "bilateraal", categorie, doel, ontvanger=ontvanger)


def test_these_circumstances_open_the_doors_that_should_open(beleid: Beleid) -> None:
    lezen = _verzoek("politie.avim", "lezen", "riec", "politie-9", "riec-handhaving-mensenhandel")
    doel = "veiligheid-slachtoffer"
    geven = _verzoek("politie.avim", "doorzetten", "bilateraal", "politie-8", doel, ontvanger="opvang")
    assert isinstance(beleid.toets(lezen), Permit)
    assert isinstance(beleid.toets(geven), Permit)


def test_an_action_no_rule_allows_is_refused_to_every_seat(beleid: Beleid, bundel: Bundel) -> None:
    vragen = (
        _verzoek(zetel, handeling, spoor, "geen", _doelen(bundel, spoor, "geen")[0])
        for spoor, zetel in product(bundel.sporen, bundel.zetels)
        for handeling in sorted(bundel.handelingen.keys() - set(_handelingen(bundel, spoor)))
    )
    assert _toegestaan(beleid, vragen) == []


@pytest.mark.parametrize("laag", [0, 1])
def test_nobody_without_standing_reads_in_the_riec_since_the_statute(beleid: Beleid, bundel: Bundel, laag: int) -> None:
    buiten = [z.id for z in bundel.zetels.values() if z.stand("riec", None) != "deelnemer"]
    assert len(buiten) > 50
    vragen = (
        _verzoek(zetel, "lezen", "riec", categorie, doel, datum=datum, bron="politie.avim", laag=laag, **meer)
        for zetel, categorie in product(buiten, bundel.categorieen)
        for doel in _doelen(bundel, "riec", categorie)[:1]
        for datum, meer in ((WET, {}), (DAGEN[-1], {"ondertekenaar": "ja"}))
    )
    assert _toegestaan(beleid, vragen) == []


def test_health_is_never_in_the_riec(beleid: Beleid, bundel: Bundel) -> None:
    vragen = (
        _verzoek(zetel, handeling, "riec", categorie, doel, datum=datum, laag=laag, ondertekenaar="ja", ontvanger="nla")
        for zetel, handeling, datum in product(bundel.zetels, _handelingen(bundel, "riec"), DAGEN)
        for categorie in ("gezondheid", "begeleiding-zorg-hulp")
        for doel, laag in (("riec-handhaving-mensenhandel", 0), ("riec-thematische-scan", 1))
    )
    assert _toegestaan(beleid, vragen) == []


def test_ethnicity_is_nowhere_but_in_an_own_record(beleid: Beleid, bundel: Bundel) -> None:
    gevonden = _toegestaan(beleid, _overal(bundel, "etniciteit"))
    assert {(v.spoor, v.handeling) for v in gevonden} == {("intern", "indienen")}
    assert all(v.eigen for v in gevonden)


def test_informant_data_never_leave_the_seat_that_holds_them(beleid: Beleid, bundel: Bundel) -> None:
    gevonden = _toegestaan(beleid, _overal(bundel, "politie-12"))
    assert {(v.spoor, v.handeling) for v in gevonden} <= {("intern", "indienen")}
    assert all(v.eigen for v in gevonden)


def test_an_own_record_is_open_to_nobody_else(beleid: Beleid, bundel: Bundel) -> None:
    vragen = (
        _verzoek(zetel, handeling, "intern", categorie, "techniek", bron="onderzoeker")
        for zetel, categorie, handeling in product(bundel.zetels, bundel.categorieen, ("indienen", "wissen"))
        if zetel != "onderzoeker"
    )
    assert _handelingen(bundel, "intern") == ["indienen", "wissen"]
    assert _toegestaan(beleid, vragen) == []


@pytest.mark.parametrize("categorie", ["politie-12", "etniciteit"])
def test_no_ground_whatever_discloses_it(beleid: Beleid, bundel: Bundel, categorie: str) -> None:
    assert any(isinstance(beleid.toets(verzoek), Permit) for verzoek in _op_elke_grond(bundel, "signaal-inhoud"))
    assert _toegestaan(beleid, _op_elke_grond(bundel, categorie)) == []


def test_investigation_data_reach_only_investigation_and_prosecution(beleid: Beleid, bundel: Bundel) -> None:
    doelen = sorted({doel for grond in bundel.gronden for doel in grond.doelen})
    houders = ("politie.recherche", "kmar", "gemeente.af-oov", "comensha")
    vragen = (
        _verzoek(van, "doorzetten", "bilateraal", "politie-9", doel, bron="politie.recherche", ontvanger=naar)
        for van, naar, doel in product(houders, bundel.zetels, doelen)
    )
    bereikt = {str(v.omstandigheden["ontvanger"]) for v in _toegestaan(beleid, vragen)}
    assert bereikt
    assert {z for z in bereikt if not bundel.zetels[z].opsporing} == {"nla"}


def test_care_never_reports_along_the_road_of_supervisors(beleid: Beleid, bundel: Bundel) -> None:
    zorg = [z.id for z in bundel.zetels.values() if z.zorg]
    doelen = sorted({doel for grond in bundel.gronden for doel in grond.doelen})
    vragen = (
        _verzoek(
            van, "doorzetten", "bilateraal", "signaal-inhoud", doel, ontvanger=naar, toestemming="geen", gevaar="geen"
        )
        for van, naar, doel in product(zorg, bundel.zetels, doelen)
    )
    wegen = {(v.zetel, v.omstandigheden["ontvanger"]) for v in _toegestaan(beleid, vragen)}
    assert {naar for _, naar in wegen} == {"veilig-thuis", "gi"}
    assert {van for van, naar in wegen if naar == "gi"} == {"jeugdzorg"}


def test_comensha_gets_victims_and_listed_categories_only_from_police(beleid: Beleid, bundel: Bundel) -> None:
    rollen = sorted(bundel.woordenlijst["betrokkene_rollen"])
    doel = "registratie-comensha"
    vragen = (
        _verzoek("politie.avim", handeling, "bilateraal", categorie, doel, rol=rol, ontvanger="comensha")
        for handeling, categorie, rol in product(("doorzetten", "slachtoffer-aanmelden"), bundel.categorieen, rollen)
    )
    gevonden = _toegestaan(beleid, vragen)
    lijst = next(grond for grond in bundel.gronden if grond.id == "bpg-comensha").categorieen or frozenset()
    assert {v.betrokkene_rol for v in gevonden} == {"vermoedelijk-slachtoffer"}
    assert frozenset(v.categorie for v in gevonden) == lijst


def _in_de_casus(bundel: Bundel, zetels: list[str], **omstandigheden: object) -> Iterator[Verzoek]:
    """Every category a case of the ZVH could hold, for some seats, since the statute."""
    for zetel, categorie, handeling in product(zetels, bundel.categorieen, ("lezen", "lijsten", "verrijken")):
        doel = _doelen(bundel, "zvh", categorie)[0]
        yield _verzoek(zetel, handeling, "zvh", categorie, doel, **omstandigheden)


def test_nobody_without_standing_is_in_a_case_of_the_zvh(beleid: Beleid, bundel: Bundel) -> None:
    buiten = [z.id for z in bundel.zetels.values() if z.stand("zvh", "breda") != "deelnemer"]
    assert {"comensha", "kmar", "ind", "nla", "belastingdienst", "opvang"} <= set(buiten)
    assert _toegestaan(beleid, _in_de_casus(bundel, buiten, ondertekenaar="ja")) == []


def test_every_participant_of_the_zvh_is_admitted_to_its_case(beleid: Beleid, bundel: Bundel) -> None:
    binnen = {z.id for z in bundel.zetels.values() if z.stand("zvh", "breda") == "deelnemer"}
    vragen = (_verzoek(zetel, "lezen", "zvh", "casus-status", "zvh-casus") for zetel in binnen)
    assert {verzoek.zetel for verzoek in _toegestaan(beleid, vragen)} == binnen


def test_an_incidental_third_party_is_never_in_the_system(beleid: Beleid, bundel: Bundel) -> None:
    meer = {"incidenteel": True, "geheimhoudingsverklaring": True}
    assert _toegestaan(beleid, _in_de_casus(bundel, list(bundel.zetels), **meer)) == []


@pytest.mark.parametrize(
    "categorie",
    ["seksueel-gedrag", "seksuele-gerichtheid", "etniciteit", "fiscaal", "politie-9", "politie-10-1-a", "politie-12"],
)
def test_what_the_table_of_the_zvh_leaves_out_is_never_there(beleid: Beleid, bundel: Bundel, categorie: str) -> None:
    vragen = (
        _verzoek(zetel, handeling, "zvh", categorie, "zvh-casus", datum=datum, ontvanger="rvdk")
        for zetel, handeling, datum in product(bundel.zetels, _handelingen(bundel, "zvh"), DAGEN)
    )
    assert _toegestaan(beleid, vragen) == []


def test_nobody_passes_on_care_without_consent_in_the_care_track(beleid: Beleid, bundel: Bundel) -> None:
    vragen = (
        _verzoek(zetel, "doorzetten", "zorg-en-registratie", categorie, "veiligheid-slachtoffer", toestemming="geen")
        for zetel, categorie in product(bundel.zetels, ("gezondheid", "begeleiding-zorg-hulp", "opvangadres"))
    )
    assert _toegestaan(beleid, vragen) == []
