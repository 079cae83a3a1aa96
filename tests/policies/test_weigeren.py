"""Whatever the policy does not know, cannot read or cannot work out is refused."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from hub.access.beleid import Beleid
from hub.access.bundel import Bundel
from hub.access.gevallen import Geval
from hub.access.permit import Permit, Weigering
from hub.access.regel import Regel
from hub.access.verzoek import Verzoek

TOEGESTAAN = "D20-01a"
# Rules whose first condition looks at a circumstance, so that it is worked out for every question.
ALTIJD_UITGEREKEND = (
    "platform-geen-logboek-geen-gegevens", "platform-screening", "platform-een-zetel-tegelijk",
    "platform-doel-van-de-casus", "platform-bewaartermijn", "riec-deelnemer-raadpleegt", "riec-fase",
    "riec-aangewezen-voor-activiteit", "riec-niet-opgepakt", "riec-bezwaar-van-bron",
)  # fmt: skip


@pytest.fixture
def verzoek(gevallen: Mapping[str, Geval]) -> Verzoek:
    return gevallen[TOEGESTAAN].verzoek


def _met(verzoek: Verzoek, **omstandigheden: object) -> Verzoek:
    return replace(verzoek, omstandigheden={**verzoek.omstandigheden, **omstandigheden})


def test_the_question_itself_is_permitted(beleid: Beleid, verzoek: Verzoek) -> None:
    assert isinstance(beleid.toets(verzoek), Permit)


@pytest.mark.parametrize(
    "veld", ["zetel", "rol", "handeling", "spoor", "regio", "categorie", "bron_zetel", "doel", "betrokkene_rol"]
)
def test_unknown_word_is_refused_and_not_repeated(beleid: Beleid, verzoek: Verzoek, veld: str) -> None:
    antwoord = beleid.toets(replace(verzoek, **{veld: "verzonnen-waarde"}))
    assert isinstance(antwoord, Weigering)
    assert antwoord.vorm == "probleem-400"
    assert "verzonnen-waarde" not in antwoord.reden


@pytest.mark.parametrize("veld", ["zetel", "handeling", "bron_zetel", "doel"])
@pytest.mark.parametrize("waarde", [None, 1, ["politie.avim"]])
def test_field_that_is_no_text_is_refused(beleid: Beleid, verzoek: Verzoek, veld: str, waarde: object) -> None:
    assert isinstance(beleid.toets(replace(verzoek, **{veld: waarde})), Weigering)


@pytest.mark.parametrize("datum", [None, "2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)])
def test_moment_that_is_no_day_is_refused(beleid: Beleid, verzoek: Verzoek, datum: object) -> None:
    assert isinstance(beleid.toets(replace(verzoek, datum=datum)), Weigering)


@pytest.mark.parametrize("veld", ["bijzonder", "kenmerken"])
def test_unknown_flag_is_refused(beleid: Beleid, verzoek: Verzoek, veld: str) -> None:
    assert isinstance(beleid.toets(replace(verzoek, **{veld: frozenset({"verzonnen"})})), Weigering)


@pytest.mark.parametrize("fase", [-1, 4, True, 1.0, 1.5, "1", None])
def test_unknown_phase_is_refused(beleid: Beleid, verzoek: Verzoek, fase: object) -> None:
    assert isinstance(beleid.toets(replace(verzoek, fase=fase)), Weigering)


def test_unknown_circumstance_is_refused(beleid: Beleid, verzoek: Verzoek) -> None:
    assert isinstance(beleid.toets(_met(verzoek, verzonnen=True)), Weigering)


@pytest.mark.parametrize(
    ("naam", "waarde"),
    [
        ("casus_lid", "ja"), ("casus_lid", 1), ("casus_lid", None), ("laag", "1"), ("laag", True),
        ("embargo", "misschien"), ("embargo", ["actief"]), ("herkomst", "politie.avim"), ("herkomst", [1]),
        ("herkomst", {"a": {}}), ("ontvanger", "verzonnen"), ("ontvanger", 3), ("eerste_verwerking", "gisteren"),
        ("tafel", 7), ("ondertekenaar", True), ("laag", 10**30), ("actieve_zetels", 1.0),
    ],
)  # fmt: skip
def test_circumstance_of_the_wrong_kind_is_refused(beleid: Beleid, verzoek: Verzoek, naam: str, waarde: object) -> None:
    assert isinstance(beleid.toets(_met(verzoek, **{naam: waarde})), Weigering)


def test_true_and_one_are_not_confused_in_the_cache(beleid: Beleid, verzoek: Verzoek) -> None:
    assert isinstance(beleid.toets(_met(verzoek, casus_lid=True)), Permit)
    assert isinstance(beleid.toets(_met(verzoek, casus_lid=1)), Weigering)


def test_every_missing_fault_is_named_at_once(beleid: Beleid, verzoek: Verzoek) -> None:
    antwoord = beleid.toets(replace(verzoek, zetel="x", doel="y", fase=9))
    assert isinstance(antwoord, Weigering)
    assert antwoord.reden.count("Onbekend") == 3


def test_empty_policy_set_refuses(bundel: Bundel, gevallen: Mapping[str, Geval]) -> None:
    leeg = Beleid(replace(bundel, regels=()))
    assert all(isinstance(leeg.toets(geval.verzoek), Weigering) for geval in gevallen.values())


def test_prohibitions_alone_permit_nothing(bundel: Bundel, gevallen: Mapping[str, Geval]) -> None:
    zonder = Beleid(replace(bundel, regels=tuple(r for r in bundel.regels if not r.toestaan)))
    assert all(isinstance(zonder.toets(geval.verzoek), Weigering) for geval in gevallen.values())


@pytest.mark.parametrize("gesloten", ["zvh", "bilateraal", "hub"])
def test_a_track_without_rules_refuses_everything(beleid: Beleid, verzoek: Verzoek, gesloten: str) -> None:
    for handeling in ("lezen", "lijsten", "indienen", "verrijken", "uitvoeren"):
        assert isinstance(beleid.toets(replace(verzoek, spoor=gesloten, handeling=handeling)), Weigering)


def _met_ontbrekend_gegeven(regel: Regel) -> Regel:
    est = re.sub(r'("left": \{"Var": "context"\}, "attr": )"[a-z_]+"', r'\1"bestaat_niet"', regel.est)
    return replace(regel, est=est, context=frozenset({"bestaat_niet"}))


def test_missing_attribute_in_any_rule_refuses(bundel: Bundel, beleid: Beleid, verzoek: Verzoek) -> None:
    # A prohibition that fails is skipped by Cedar itself; the answer must still be a refusal.
    altijd = [r for r in bundel.regels if r.id in ALTIJD_UITGEREKEND]
    assert len(altijd) == len(ALTIJD_UITGEREKEND)
    for regel in altijd:
        kapot = _met_ontbrekend_gegeven(regel)
        gebroken = Beleid(replace(bundel, regels=tuple(kapot if r is regel else r for r in bundel.regels)))
        antwoord = gebroken.toets(verzoek)
        assert isinstance(antwoord, Weigering), regel.id
        assert antwoord.regels == ("standaard-geweigerd",)


def test_other_area_of_the_same_seat_type_is_a_stranger(beleid: Beleid, gevallen: Mapping[str, Geval]) -> None:
    eigen = gevallen["D21-01a"].verzoek
    hier, daar = "politie.avim@noord", "politie.avim@limburg"
    assert isinstance(beleid.toets(replace(eigen, zetel=hier, bron_zetel=hier)), Permit)
    assert isinstance(beleid.toets(replace(eigen, zetel=hier, bron_zetel=daar)), Weigering)


def test_outsider_looks_the_same_whatever_else_is_wrong(beleid: Beleid, verzoek: Verzoek) -> None:
    buiten = replace(verzoek, zetel="zc.opvang")
    vormen = {
        beleid.toets(vraag).vorm  # type: ignore[union-attr]
        for vraag in (
            buiten, replace(buiten, categorie="gezondheid"), replace(buiten, doel="wmo-indicatie"),
            _met(buiten, doel_past_bij_casus=False), _met(buiten, screening="verlopen"),
        )
    }  # fmt: skip
    assert vormen == {"niet-gevonden"}


def test_mask_shows_exactly_what_is_permitted_one_by_one(beleid: Beleid, gevallen: Mapping[str, Geval]) -> None:
    beeld = gevallen["V02"].verzoek
    masker = beleid.masker(beeld, beleid.categorieen)
    los = {naam for naam in beleid.categorieen if isinstance(beleid.toets(replace(beeld, categorie=naam)), Permit)}
    assert masker.zichtbaar == los
    assert set(masker.antwoorden) == set(beleid.categorieen)


def test_reading_and_listing_agree_for_participants(beleid: Beleid, gevallen: Mapping[str, Geval]) -> None:
    for geval in gevallen.values():
        vraag = geval.verzoek
        if vraag.handeling == "lezen" and vraag.spoor == "riec" and geval.id not in ("V10", "D13-02d"):
            lijst = beleid.toets(replace(vraag, handeling="lijsten"))
            assert isinstance(lijst, Permit) == isinstance(beleid.toets(vraag), Permit), geval.id


def test_answer_is_the_same_when_asked_again_or_elsewhere(bundel: Bundel, gevallen: Mapping[str, Geval]) -> None:
    een, twee = Beleid(bundel), Beleid(bundel, geheugen=1)
    for geval in gevallen.values():
        assert een.toets(geval.verzoek) == twee.toets(geval.verzoek) == een.toets(geval.verzoek)


def test_explanation_names_sentence_article_and_alternative(beleid: Beleid, gevallen: Mapping[str, Geval]) -> None:
    uitleg = beleid.uitleg(gevallen["D23-01d"].verzoek)
    assert uitleg.startswith("Geweigerd.")
    assert "WGS 2.23 lid 6" in uitleg
    assert "Wat wel kan:" in uitleg
    assert beleid.uitleg(gevallen["D23-01a"].verzoek).startswith("Toegestaan.")


def test_covenants_of_a_region_follow_their_dates(beleid: Beleid) -> None:
    oud = {c.id for c in beleid.convenanten("noord-holland", date(2012, 12, 31))}
    nieuw = {c.id for c in beleid.convenanten("noord-holland", date(2013, 1, 1))}
    assert "riec-regionaal-voor-2013" in oud - nieuw
    assert "riec-2013" in nieuw - oud


def test_contradictions_in_a_covenant_stay_visible(beleid: Beleid) -> None:
    tilburg = {c.id: c for c in beleid.convenanten("tilburg", date(2021, 6, 1))}
    assert tilburg["bit-tilburg"].tegenstrijdigheden
