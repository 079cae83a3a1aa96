"""Every decision case is asked; those not met yet are listed by rule and fail strictly."""

from collections import Counter

import pytest

from hub.access.beleid import Beleid
from hub.access.gevallen import Geval, lees_gevallen, lees_nog_niet, partners, tekort
from hub.access.permit import Permit

GEVALLEN = lees_gevallen()
PARTNERS = partners(GEVALLEN)
NOG_NIET = {geval: regel for regel, ids in lees_nog_niet().items() for geval in ids}
KERN = frozenset({"indienen", "lezen", "lijsten", "doorzetten", "verrijken", "verstrekken-aan-deelnemer"})
KERNSPOREN = frozenset({"riec", "zvh", "zorg-en-registratie"})


def _params() -> list[object]:
    return [
        pytest.param(
            geval,
            id=geval.id,
            marks=[pytest.mark.xfail(strict=True, reason=f"nog niet: {NOG_NIET[geval.id]}")]
            if geval.id in NOG_NIET
            else [],
        )
        for geval in GEVALLEN
    ]


@pytest.mark.parametrize("geval", _params())
def test_case_is_answered_as_it_must(beleid: Beleid, geval: Geval) -> None:
    assert tekort(beleid, geval, PARTNERS) is None


def test_the_list_of_cases_not_met_is_counted_and_holds_no_core_case() -> None:
    gedeeld = [g for g in GEVALLEN if g.bestand != "eigen"]
    kern = {g.id for g in gedeeld if g.verzoek.spoor in KERNSPOREN and g.verzoek.handeling in KERN}
    print(f"beslisgevallen: {len(gedeeld) - len(NOG_NIET)} beantwoord, {len(NOG_NIET)} nog niet")
    print("nog niet per regel:", dict(sorted(Counter(NOG_NIET.values()).items())))
    assert len(gedeeld) == 495
    assert len(kern) == 202
    assert not kern & NOG_NIET.keys()
    assert NOG_NIET.keys() <= {g.id for g in gedeeld}
    assert len(NOG_NIET) == sum(len(ids) for ids in lees_nog_niet().values())


def test_every_case_not_met_stands_under_its_own_rule() -> None:
    assert {g.id: g.regel for g in GEVALLEN if g.id in NOG_NIET} == NOG_NIET


def test_every_rule_decides_a_permitted_and_a_refused_case(beleid: Beleid) -> None:
    toegestaan: set[str] = set()
    beslist: set[str] = set()
    for geval in GEVALLEN:
        antwoord = beleid.toets(geval.verzoek)
        if isinstance(antwoord, Permit):
            toegestaan |= {r.id for r in beleid.regels if r.over(geval.verzoek.handeling)}
        beslist |= set(antwoord.regels)
    assert {r.id for r in beleid.regels} - beslist == set()
    assert {r.id for r in beleid.regels} - toegestaan == set()


def test_every_permit_has_an_identifier_article_and_sentence(beleid: Beleid) -> None:
    for geval in GEVALLEN:
        antwoord = beleid.toets(geval.verzoek)
        if isinstance(antwoord, Permit):
            assert antwoord.regels
            assert len(antwoord.regels) == len(antwoord.bronnen) == len(antwoord.zinnen)
            assert antwoord.beleidsversie == beleid.versie
