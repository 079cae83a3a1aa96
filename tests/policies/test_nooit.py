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
from hub.access.verzoek import Verzoek

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


def _overal(bundel: Bundel, categorie: str, zetels: tuple[str, ...]) -> Iterator[Verzoek]:
    """One category in every track, for every seat, action, purpose of the track and day, own data and another's."""
    for spoor, handeling, zetel in product(bundel.sporen, bundel.handelingen, zetels):
        for doel, datum in product(_doelen(bundel, spoor, categorie), DAGEN):
            yield _verzoek(zetel, handeling, spoor, categorie, doel, datum=datum)
            yield _verzoek(zetel, handeling, spoor, categorie, doel, datum=datum, bron="politie.avim", ontvanger="nla")


def _aan_ieder(bundel: Bundel, categorie: str) -> Iterator[Verzoek]:
    """One category bilaterally from every seat to every seat, under every action that can disclose."""
    doelen = sorted({doel for grond in bundel.gronden for doel in grond.doelen})
    disclosing = ("doorzetten", "verstrekken-aan-derde", "slachtoffer-aanmelden")
    for van, naar, doel in product(bundel.zetels, bundel.zetels, doelen):
        if any(doel in grond.doelen for grond in bundel.gronden):
            for handeling in disclosing:
                yield _verzoek(van, handeling, "bilateraal", categorie, doel, ontvanger=naar)


def test_these_circumstances_open_the_doors_that_should_open(beleid: Beleid) -> None:
    lezen = _verzoek("politie.avim", "lezen", "riec", "politie-9", "riec-handhaving-mensenhandel")
    geven = _verzoek("politie.avim", "doorzetten", "bilateraal", "politie-8", "veiligheid-slachtoffer", ontvanger="opvang")
    assert isinstance(beleid.toets(lezen), Permit)
    assert isinstance(beleid.toets(geven), Permit)


@pytest.mark.parametrize("laag", [0, 1, 2])
def test_nobody_without_standing_reads_in_the_riec_since_the_statute(beleid: Beleid, bundel: Bundel, laag: int) -> None:
    buiten = [z.id for z in bundel.zetels.values() if z.stand("riec", None) != "deelnemer"]
    assert len(buiten) > 50
    vragen = (
        _verzoek(zetel, handeling, "riec", categorie, doel, datum=datum, bron="politie.avim", laag=laag, **meer)
        for zetel, handeling, categorie in product(buiten, ("lezen", "lijsten"), bundel.categorieen)
        for doel in _doelen(bundel, "riec", categorie)[:1]
        for datum, meer in ((WET, {}), (DAGEN[-1], {"ondertekenaar": "ja", "tafel": "persoonsgericht"}))
    )
    assert _toegestaan(beleid, vragen) == []


def test_health_is_never_in_the_riec(beleid: Beleid, bundel: Bundel) -> None:
    vragen = (
        _verzoek(zetel, handeling, "riec", categorie, doel, datum=datum, laag=laag, ondertekenaar="ja", ontvanger="nla")
        for zetel, handeling, datum in product(bundel.zetels, bundel.handelingen, DAGEN)
        for categorie in ("gezondheid", "begeleiding-zorg-hulp")
        for doel, laag in product(bundel.sporen["riec"].doelen, (0, 1))
    )
    assert _toegestaan(beleid, vragen) == []


def test_ethnicity_is_nowhere_but_in_an_own_record(beleid: Beleid, bundel: Bundel) -> None:
    gevonden = _toegestaan(beleid, _overal(bundel, "etniciteit", tuple(bundel.zetels)))
    assert {(v.spoor, v.handeling) for v in gevonden} == {("intern", "indienen")}
    assert all(v.eigen for v in gevonden)


def test_informant_data_never_leave_the_seat_that_holds_them(beleid: Beleid, bundel: Bundel) -> None:
    gevonden = _toegestaan(beleid, _overal(bundel, "politie-12", tuple(bundel.zetels)))
    assert {(v.spoor, v.handeling) for v in gevonden} <= {("intern", "indienen")}
    assert all(v.eigen for v in gevonden)


def test_an_own_record_is_open_to_nobody_else(beleid: Beleid, bundel: Bundel) -> None:
    vragen = (
        _verzoek(zetel, handeling, "intern", categorie, "techniek", bron=bron)
        for zetel, categorie in product(bundel.zetels, bundel.categorieen)
        for handeling, bron in (("lezen", None), ("lijsten", None), ("doorzetten", None), ("indienen", "onderzoeker"))
        if zetel != "onderzoeker"
    )
    assert _toegestaan(beleid, vragen) == []


@pytest.mark.parametrize("categorie", ["politie-12", "etniciteit"])
def test_no_ground_whatever_discloses_it(beleid: Beleid, bundel: Bundel, categorie: str) -> None:
    vragen = (v for v in _aan_ieder(bundel, categorie) if v.handeling == "doorzetten")
    assert _toegestaan(beleid, vragen) == []


def test_investigation_data_reach_only_investigation_and_prosecution(beleid: Beleid, bundel: Bundel) -> None:
    doelen = sorted({doel for grond in bundel.gronden for doel in grond.doelen})
    vragen = (
        _verzoek(van, "doorzetten", "bilateraal", "politie-9", doel, bron="politie.recherche", ontvanger=naar)
        for van, naar, doel in product(("politie.recherche", "kmar", "gemeente.af-oov", "comensha"), bundel.zetels, doelen)
    )
    bereikt = {str(v.omstandigheden["ontvanger"]) for v in _toegestaan(beleid, vragen)}
    assert bereikt
    assert {z for z in bereikt if not bundel.zetels[z].opsporing} == {"nla"}


def test_care_never_reports_along_the_road_of_supervisors(beleid: Beleid, bundel: Bundel) -> None:
    zorg = [z.id for z in bundel.zetels.values() if z.zorg]
    zonder = {"toestemming": "geen", "gevaar": "geen"}
    doelen = sorted({doel for grond in bundel.gronden for doel in grond.doelen})
    vragen = (
        _verzoek(van, "doorzetten", "bilateraal", "signaal-inhoud", doel, ontvanger=naar, **zonder)
        for van, naar, doel in product(zorg, bundel.zetels, doelen)
    )
    wegen = {(v.zetel, v.omstandigheden["ontvanger"]) for v in _toegestaan(beleid, vragen)}
    assert {naar for _, naar in wegen} == {"veilig-thuis", "gi"}
    assert {van for van, naar in wegen if naar == "gi"} == {"jeugdzorg"}


def test_comensha_gets_victims_and_listed_categories_only_from_police(beleid: Beleid, bundel: Bundel) -> None:
    rollen = sorted(bundel.woordenlijst["betrokkene_rollen"])
    vragen = (
        _verzoek("politie.avim", handeling, "bilateraal", categorie, "registratie-comensha", rol=rol, ontvanger="comensha")
        for handeling, categorie, rol in product(("doorzetten", "slachtoffer-aanmelden"), bundel.categorieen, rollen)
    )
    gevonden = _toegestaan(beleid, vragen)
    grond = next(grond for grond in bundel.gronden if grond.id == "bpg-comensha")
    assert {v.betrokkene_rol for v in gevonden} == {"vermoedelijk-slachtoffer"}
    assert {v.categorie for v in gevonden} == grond.categorieen
