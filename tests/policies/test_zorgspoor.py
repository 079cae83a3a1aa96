"""Care and registration: what no combination of seat, category, day and circumstances may open.

Every question is made favourable first; what is drawn is then free, so that a permit would show the hole.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access.beleid import Beleid
from hub.access.bundel import laad_bundel
from hub.access.permit import Permit
from hub.access.termijnen import bedenktijd_voorbij, over_maanden
from hub.access.verzoek import Verzoek
from hub.access.zetel import hoort_bij

BUNDEL = laad_bundel()
BELEID = Beleid(BUNDEL)
ZORG = "zorg-en-registratie"
NOOD: Mapping[str, tuple[object, object]] = {
    "gevaar": ("acuut", "doorlopend-gevaarlijk"),
    "reden_vastgelegd": (True, False),
    "tijdelijk": (True, False),
    "toetsing_gepland": (True, False),
}
GEEN_TOESTEMMING = ("geen", "ingetrokken")
KIJKEN = ("lezen", "lijsten", "zoeken", "berichten", "deelnemen", "noodtoegang")
HERLEIDBAAR = tuple(naam for naam, c in BUNDEL.categorieen.items() if c.get("herleidbaar"))
BUITENRING = tuple(sorted({zetel for c in BUNDEL.convenanten for zetel in c.secundair}))
DAGEN = st.dates(date(2008, 1, 1), date(2030, 12, 31))
ZETELS = st.sampled_from(sorted(BUNDEL.zetels))
CATEGORIEEN = st.sampled_from(sorted(BUNDEL.categorieen))
REGIOS = st.sampled_from(sorted(BUNDEL.woordenlijst["regios"]))
KENMERKEN = st.frozensets(st.sampled_from(["gepseudonimiseerd", "geanonimiseerd", "zonder-namen"]))


@st.composite
def vragen(draw: st.DrawFn, handeling: str, spoor: str = ZORG) -> Verzoek:
    """A question in which all that usually stands in the way is out of it."""
    zetel = draw(ZETELS)
    categorie = draw(CATEGORIEEN)
    tabel = BUNDEL.categorieen[categorie].get(spoor) or {}
    doelen = tabel.get("doelen") or BUNDEL.sporen[spoor].doelen or ("techniek",)
    return Verzoek(
        zetel=zetel, rol="deelnemer", handeling=handeling, spoor=spoor, regio=draw(REGIOS), datum=draw(DAGEN),
        categorie=categorie, bron_zetel=draw(st.sampled_from([zetel, "politie.avim", "opvang"])), fase=3,
        doel=draw(st.sampled_from(sorted(doelen))), betrokkene_rol="vermoedelijk-slachtoffer",
        minderjarig=draw(st.booleans()), kenmerken=draw(KENMERKEN),
        omstandigheden={
            "casus_lid": True, "reden_vastgelegd": True, "tijdelijk": True, "toetsing_gepland": True,
            "gevaar": "acuut", "toestemming": "schriftelijk", "toestemming_door": "slachtoffer",
            "ontvanger": draw(st.sampled_from(["comensha", "politie.avim", "opvang", ""])),
            "ondertekenaar": draw(st.sampled_from(["ja", "uit-convenant"])), "mens_beoordeelde": True,
            "besluit_vastgelegd": True, "belang_slachtoffer": True,
        },
    )  # fmt: skip


def _met(verzoek: Verzoek, **omstandigheden: object) -> Verzoek:
    return replace(verzoek, omstandigheden={**verzoek.omstandigheden, **omstandigheden})


def _mag(verzoek: Verzoek) -> bool:
    return isinstance(BELEID.toets(verzoek), Permit)


class TestNoodtoegang:
    @given(vragen("noodtoegang"), st.sets(st.sampled_from(sorted(NOOD)), min_size=1))
    def test_it_is_never_permitted_when_any_condition_is_missing(self, vraag: Verzoek, weg: set[str]) -> None:
        vraag = replace(vraag, doel="veiligheid-slachtoffer")
        assert not _mag(_met(vraag, **{naam: NOOD[naam][1] for naam in weg}))

    @pytest.mark.parametrize("gevaar", ["geen", "voorbij", "doorlopend-zonder-gevaar", "doorlopend-gevaarlijk"])
    @given(vragen("noodtoegang"))
    def test_only_acute_danger_opens_it(self, gevaar: str, vraag: Verzoek) -> None:
        assert not _mag(_met(replace(vraag, doel="veiligheid-slachtoffer"), gevaar=gevaar))

    @given(vragen("noodtoegang"))
    def test_every_use_is_reviewed_by_the_privacy_officer(self, vraag: Verzoek) -> None:
        antwoord = BELEID.toets(replace(vraag, doel="veiligheid-slachtoffer"))
        if isinstance(antwoord, Permit):
            assert "toetsing-privacy-officer" in antwoord.verplichtingen

    def test_with_all_conditions_every_participant_may(self) -> None:
        deelnemers = {z.id for z in BUNDEL.zetels.values() if z.stand(ZORG, "utrecht") == "deelnemer"}
        mogen = {zetel for zetel in BUNDEL.zetels if _mag(_nood(zetel))}
        assert mogen == deelnemers
        assert "opvang" in mogen


def _nood(zetel: str) -> Verzoek:
    omstandigheden = {naam: goed for naam, (goed, _) in NOOD.items()}
    return Verzoek(
        zetel=zetel, rol="deelnemer", handeling="noodtoegang", spoor=ZORG, regio="utrecht", datum=date(2026, 1, 1),
        categorie="identificerend", bron_zetel="gemeente.af-oov", fase=0, doel="veiligheid-slachtoffer",
        omstandigheden=omstandigheden,
    )  # fmt: skip


class TestAanmelden:
    PLICHT = next(grond for grond in BUNDEL.gronden if grond.id == "bpg-comensha")

    @given(
        st.sampled_from(sorted(BUNDEL.sporen)).flatmap(lambda spoor: vragen("slachtoffer-aanmelden", spoor)),
        st.sampled_from(GEEN_TOESTEMMING),
    )
    def test_nobody_is_registered_by_name_without_consent_outside_the_duty(self, vraag: Verzoek, geen: str) -> None:
        vraag = _met(replace(vraag, doel="registratie-comensha"), toestemming=geen)
        plicht = vraag.spoor == "bilateraal" and hoort_bij(vraag.zetel, self.PLICHT.van or ())
        pseudoniem = vraag.kenmerken & {"gepseudonimiseerd", "geanonimiseerd"} and vraag.categorie not in HERLEIDBAAR
        assert not _mag(vraag) or plicht or pseudoniem

    def test_with_consent_or_under_a_pseudonym_it_goes(self) -> None:
        vraag = replace(
            _nood("opvang"), handeling="slachtoffer-aanmelden", bron_zetel="opvang", doel="registratie-comensha",
            betrokkene_rol="vermoedelijk-slachtoffer", omstandigheden={"ontvanger": "comensha"},
        )  # fmt: skip
        assert _mag(_met(vraag, toestemming="mondeling", toestemming_door="slachtoffer"))
        onder = replace(vraag, categorie="slachtoffer-registratie", kenmerken=frozenset({"gepseudonimiseerd"}))
        assert _mag(onder)
        assert not _mag(replace(onder, kenmerken=frozenset()))

    @given(vragen("slachtoffer-aanmelden"), st.sampled_from(["verdachte", "betrokkene", "getuige", "derde", "geen"]))
    def test_only_a_presumed_victim_is_registered(self, vraag: Verzoek, rol: str) -> None:
        assert not _mag(replace(vraag, doel="registratie-comensha", betrokkene_rol=rol))

    @pytest.mark.parametrize("handeling", ["berichten", "verstrekken-aan-derde"])
    @given(data=st.data(), toestemming=st.sampled_from(["geen", "mondeling", "uitdrukkelijk", "ingetrokken"]))
    def test_nothing_on_a_return_goes_out_without_written_consent(
        self, handeling: str, data: st.DataObject, toestemming: str
    ) -> None:
        vraag = data.draw(vragen(handeling))
        for categorie in ("terugkeer-melding", "terugkeer-contact", "terugkeerreden", "terugkeerdossier"):
            assert not _mag(_met(replace(vraag, categorie=categorie), toestemming=toestemming))


class TestBuitenring:
    @given(st.sampled_from(KIJKEN).flatmap(vragen), st.sampled_from(BUITENRING), st.sampled_from(HERLEIDBAAR))
    def test_it_never_sees_a_category_that_identifies_a_person(
        self, vraag: Verzoek, zetel: str, categorie: str
    ) -> None:
        assert not _mag(_met(replace(vraag, categorie=categorie), ring="secundair"))
        assert not _mag(replace(vraag, categorie=categorie, zetel=zetel, regio="breda"))

    @given(vragen("doorzetten"), st.sampled_from(BUITENRING), st.sampled_from(HERLEIDBAAR))
    def test_nobody_passes_such_a_category_on_to_it(self, vraag: Verzoek, ontvanger: str, categorie: str) -> None:
        convenant = {"convenant": "breda-dpia-rings", "ontvanger": ontvanger}
        assert not _mag(_met(replace(vraag, categorie=categorie, regio="breda"), **convenant))

    def test_it_gets_feedback(self) -> None:
        vraag = replace(_nood("school"), handeling="berichten", regio="breda", categorie="terugkoppeling")
        assert _mag(replace(vraag, doel="terugkoppeling"))


class TestWegen:
    GUNSTIG: Mapping[str, object] = {
        "casus_lid": True, "aangewezen_deelnemer": True, "criteria_vastgelegd": True, "bij_amvb_aangewezen": True,
        "mens_beoordeelde": True, "geautomatiseerd": True,
    }  # fmt: skip

    @given(st.sampled_from(sorted(BUNDEL.sporen)).flatmap(lambda spoor: vragen("wegen", spoor)))
    def test_a_score_of_a_victim_is_never_the_outcome(self, vraag: Verzoek) -> None:
        for categorie in ("indicatoren", "risicoscore", vraag.categorie):
            assert not _mag(_met(replace(vraag, categorie=categorie), **self.GUNSTIG, uitkomst="slachtofferscore"))

    def test_otherwise_indicators_are_weighed_and_scores_too(self) -> None:
        zorg = replace(_nood("systeem"), handeling="wegen", categorie="indicatoren")
        riec = replace(
            zorg, zetel="riec.bureau", spoor="riec", categorie="risicoscore", doel="riec-handhaving-mensenhandel"
        )
        assert _mag(_met(zorg, mens_beoordeelde=True))
        assert _mag(_met(riec, **self.GUNSTIG, uitkomst="vraag-aan-mens"))
        assert not _mag(_met(riec, **self.GUNSTIG, uitkomst="slachtofferscore"))

    @given(vragen("wegen"))
    def test_one_indicator_or_no_human_is_never_enough(self, vraag: Verzoek) -> None:
        assert not _mag(_met(vraag, grondslag_melding="een-indicator"))
        assert not _mag(_met(vraag, mens_beoordeelde=False))


class TestOpplussen:
    def test_who_is_named_may(self) -> None:
        vraag = replace(_nood("politie.avim"), handeling="opplussen", regio="s-hertogenbosch")
        assert _mag(replace(vraag, doel="riec-handhaving-mensenhandel"))

    @given(vragen("opplussen"))
    def test_only_a_seat_that_a_route_of_the_region_names(self, vraag: Verzoek) -> None:
        vraag = replace(vraag, doel="riec-handhaving-mensenhandel")
        genoemd = {zetel for c in BUNDEL.van_regio(vraag.regio, vraag.datum) for zetel in c.opplussen}
        assert not _mag(vraag) or vraag.zetel in genoemd

    def test_no_care_seat_is_named_anywhere(self) -> None:
        genoemd = {zetel for c in BUNDEL.convenanten for zetel in c.opplussen}
        assert {"gemeente.af-oov", "politie.avim"} <= genoemd
        assert [zetel for zetel in genoemd if BUNDEL.zetels[zetel].zorg] == []


class TestBedenktijd:
    @pytest.mark.parametrize(
        ("datum", "dagen", "dublin", "voorbij"),
        [
            (date(2026, 4, 3), 90, False, False),
            (date(2026, 4, 3), 91, False, True),
            (date(2026, 4, 30), 89, False, False),  # 31 January and three months
            (date(2026, 5, 1), 90, False, True),
            (date(2026, 4, 3), 30, True, False),
            (date(2026, 4, 3), 31, True, True),
            (date(2023, 6, 18), 31, True, False),  # began on 18 May 2023 itself
            (date(2023, 6, 19), 31, True, True),
            (date(2026, 4, 3), -1, False, True),
        ],
    )
    def test_it_ends_on_the_calendar(self, datum: date, dagen: int, dublin: bool, voorbij: bool) -> None:
        assert bedenktijd_voorbij(datum, dagen, dublin=dublin) is voorbij

    @given(DAGEN, st.integers(-(2**31), 2**31))
    def test_a_dublin_case_never_has_longer(self, datum: date, dagen: int) -> None:
        assert bedenktijd_voorbij(datum, dagen, dublin=True) >= bedenktijd_voorbij(datum, dagen, dublin=False)

    @pytest.mark.parametrize("dublin", [True, False])
    @given(st.dates(date(2008, 1, 1), date(2030, 12, 31)), st.integers(0, 400))
    def test_once_over_it_stays_over(self, dublin: bool, begin: date, dagen: int) -> None:
        eerder = bedenktijd_voorbij(date.fromordinal(begin.toordinal() + dagen), dagen, dublin=dublin)
        later = bedenktijd_voorbij(date.fromordinal(begin.toordinal() + dagen + 1), dagen + 1, dublin=dublin)
        assert later or not eerder

    def test_a_month_without_such_a_day_ends_on_its_last(self) -> None:
        assert over_maanden(date(2025, 11, 30), 3) == date(2026, 2, 28)
        assert over_maanden(date(2023, 11, 30), 3) == date(2024, 2, 29)
        assert over_maanden(date(2025, 10, 15), 3) == date(2026, 1, 15)
