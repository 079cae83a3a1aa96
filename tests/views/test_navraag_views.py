"""Who sees what of a question between partnerships: each bank its own, and nobody a case of another."""

from __future__ import annotations

from typing import Any

from contracts.message import Event
from contracts.navraag import NavraagBeantwoord, NavraagGedaan, Vindplaats
from hub.views.folds import changes, keys_of
from hub.views.rows import NAVRAAG, Stand
from tests.views.verhaal import GEMEENTE, OM, POLITIE, ZORG, id_of, recorded, wie

RIEC, ZVH = "riec.bureau@oost-nederland", "zvh.bureau@gelderland-midden"


def gedaan(door: str = RIEC, treffer: bool = True, coordinator: str | None = POLITIE) -> NavraagGedaan:
    return NavraagGedaan(
        navraag_id=id_of("vraag"),
        casus_id=id_of("zaak"),
        signaal_id=id_of("s1"),
        spoor="riec",
        contactpunt=ZVH,
        noodzaak="dubbel-werk-voorkomen",
        treffer=treffer,
        coordinator=coordinator,
        ontvanger=door,
        doel="riec-handhaving-mensenhandel",
        categorieen=("hit",),
        regels=(),
        grondslagen=(),
        beleidsversie="v1",
        **wie(door, 1),
    )


def plaats(casus: str, coordinator: str, *, gegeven: bool) -> Vindplaats:
    return Vindplaats(casus_id=id_of(casus), signaal_id=id_of("s1"), coordinator=coordinator, gegeven=gegeven)


def beantwoord(*plaatsen: Vindplaats) -> NavraagBeantwoord:
    return NavraagBeantwoord(
        navraag_id=id_of("vraag"),
        spoor="riec",
        van=RIEC,
        noodzaak="dubbel-werk-voorkomen",
        treffer=any(one.gegeven for one in plaatsen),
        vindplaatsen=plaatsen,
        beleidsversie="v1",
        **wie(ZVH, 1),
    )


def seen(*events: Event) -> dict[str, dict[str, Any]]:
    """What each seat sees."""
    batch = recorded(events)
    made = changes(batch, {key: Stand(*key) for key in keys_of(batch)[0]}).rows
    return {one.values[0]: one.unsealed.open for one in made if one.table is NAVRAAG}


def test_who_asked_and_who_has_the_regie_there_see_question_and_answer() -> None:
    shown = seen(gedaan(), beantwoord(plaats("huis", GEMEENTE, gegeven=True)))
    assert {(zetel, one["rol"]) for zetel, one in shown.items()} == {
        (RIEC, "vrager"),
        (POLITIE, "coordinator"),
        (ZVH, "contactpunt"),
        (GEMEENTE, "coordinator"),
    }
    assert (shown[RIEC]["treffer"], shown[RIEC]["contactpunt"]) == (True, ZVH)
    assert shown[POLITIE]["vrager"] == RIEC
    assert str(id_of("huis")) not in str(shown[RIEC]) + str(shown[POLITIE])


def test_the_contact_point_learns_of_no_case_that_is_another_seats() -> None:
    shown = seen(gedaan(), beantwoord(plaats("huis", GEMEENTE, gegeven=True), plaats("eigen", ZVH, gegeven=True)))
    assert [one["casus_id"] for one in shown[ZVH]["vindplaatsen"]] == [str(id_of("eigen"))]
    assert str(id_of("zaak")) not in str(shown[ZVH]) + str(shown[GEMEENTE])


def test_who_kept_silent_is_told_and_sees_no_answer_of_another_case() -> None:
    shown = seen(gedaan(), beantwoord(plaats("huis", GEMEENTE, gegeven=True), plaats("dicht", OM, gegeven=False)))
    assert shown[OM]["treffer"] is False
    assert [one["casus_id"] for one in shown[OM]["vindplaatsen"]] == [str(id_of("dicht"))]
    assert shown[GEMEENTE]["treffer"] is True


def test_a_no_looks_the_same_to_who_asked_whether_it_was_silence_or_absence() -> None:
    absent = seen(gedaan(treffer=False), beantwoord())
    silent = seen(gedaan(treffer=False), beantwoord(plaats("dicht", OM, gegeven=False)))
    assert (absent[RIEC], absent[ZVH]) == (silent[RIEC], silent[ZVH])


def test_who_has_a_seat_on_both_banks_keeps_the_own_question() -> None:
    shown = seen(gedaan(door=POLITIE, coordinator=None), beantwoord(plaats("huis", POLITIE, gegeven=True)))
    assert shown[POLITIE]["rol"] == "vrager"
    assert ZORG not in shown
