"""What a sender may still state: the smallest thing that helps, and nothing that does not."""

from __future__ import annotations

from collections.abc import Mapping

from hub.handling.aanvulling import VERKLARINGEN, aanvullingen

ALLES = frozenset({"naam", "inhoud"})
DOELEN = ("zorg", "opsporing", "register")
Feiten = Mapping[str, str | bool | int]


def belang(doel: str, feiten: Feiten) -> frozenset[str]:
    """With one statement, for one purpose."""
    return ALLES if doel == "zorg" and feiten.get("belang_slachtoffer") else frozenset()


def samen(doel: str, feiten: Feiten) -> frozenset[str]:
    """With two statements at once, for every purpose."""
    return ALLES if feiten.get("besluit_vastgelegd") and feiten.get("bevoegd_gezag_stemt_in") else frozenset()


def test_one_statement_is_enough() -> None:
    (one,) = aanvullingen(belang, "zorg", {}, DOELEN)
    assert (one.doelen, one.verklaringen) == (("zorg",), ("belang",))
    assert one.omstandigheden == {"belang_slachtoffer": True}
    assert one.categorieen == ("inhoud", "naam")


def test_what_helps_for_another_purpose_is_named_with_that_purpose() -> None:
    (one,) = aanvullingen(belang, "opsporing", {}, DOELEN)
    assert (one.doelen, one.verklaringen) == (("zorg",), ("belang",))


def test_another_purpose_alone_may_be_all_it_takes() -> None:
    def register(doel: str, feiten: Feiten) -> frozenset[str]:
        return ALLES if doel == "register" else frozenset()

    (one,) = aanvullingen(register, "zorg", {}, DOELEN)
    assert (one.doelen, one.verklaringen) == (("register",), ())


def test_two_at_once_where_nothing_less_helps() -> None:
    (one,) = aanvullingen(samen, "zorg", {}, DOELEN)
    assert (one.doelen, set(one.verklaringen)) == (("zorg",), {"besluit", "gezag"})


def test_what_was_said_is_not_asked_again_and_the_rest_is() -> None:
    (one,) = aanvullingen(samen, "zorg", {"besluit_vastgelegd": True}, DOELEN)
    assert one.verklaringen == ("gezag",)
    assert one.omstandigheden == {"bevoegd_gezag_stemt_in": True}


def test_what_nothing_opens_gives_no_hope() -> None:
    assert aanvullingen(lambda doel, feiten: frozenset({"naam"}), "zorg", {}, DOELEN) == ()


def test_two_statements_of_one_fact_are_never_made_together() -> None:
    def both(doel: str, feiten: Feiten) -> frozenset[str]:
        return ALLES if feiten.get("gevaar") and feiten.get("toestemming") else frozenset()

    for one in aanvullingen(both, "zorg", {}, DOELEN):
        facts = [fact for name in one.verklaringen for fact in VERKLARINGEN[name]]
        assert len(facts) == len(set(facts))
