"""An error pointed out is the provider's task, open until it is put right and everybody concerned knows."""

from uuid import UUID

import pytest

from contracts.correctietaak import (
    CorrectietaakGeopend,
    CorrectietaakGesloten,
    CorrectietaakGeweigerd,
    SluitCorrectietaak,
    WijsCorrectieAf,
    WijsOpFout,
)
from contracts.terugroeping import BevestigTerugroeping
from hub.domain.oordeel import Onbekend, Strijdig
from tests.handling.executing import AVIM, NLA, OVJ, TAX, ZC, World, doorzetten, id_of, riec_case, signaal
from tests.handling.test_execute import DANGER
from tests.handling.test_terugroepen import S, corrected, told

TASK = id_of("taak")


@pytest.fixture
def world() -> World:
    world = World()
    riec_case(world, "c", AVIM, OVJ, NLA, fase=2)
    return world


def error(categorieen: tuple[str, ...] = ("signaal-inhoud",), **more: UUID) -> WijsOpFout:
    known = {"signaal_id": S, "correctietaak_id": TASK, "bijdrage_id": S} | more
    return WijsOpFout(**known, categorieen=categorieen, toelichting="dat was een ander pand")


def closing() -> SluitCorrectietaak:
    return SluitCorrectietaak(signaal_id=S, correctietaak_id=TASK, eigen_bron_bericht=True)


def answers(world: World) -> None:
    for one in told(world):
        answer = BevestigTerugroeping(signaal_id=S, terugroeping_id=one.terugroeping_id, gevolg="verwerkt")
        world.ask(one.ontvanger, answer)


def test_who_holds_it_points_the_provider_at_it(world: World) -> None:
    [opened] = world.ask(OVJ, error()).events
    assert isinstance(opened, CorrectietaakGeopend)
    assert (opened.zetel, opened.voor) == (OVJ, AVIM)


def test_nobody_points_at_what_it_does_not_hold(world: World) -> None:
    for zetel, command in (
        (TAX, error()),
        (OVJ, error(("medisch-geheim",))),
        (OVJ, error(bijdrage_id=id_of("iets-anders"))),
    ):
        with pytest.raises(Onbekend):
            world.ask(zetel, command)
    with pytest.raises(Strijdig):
        world.ask(AVIM, error())


def test_it_closes_once_it_is_put_right_and_everybody_answered(world: World) -> None:
    world.ask(OVJ, error())
    with pytest.raises(Strijdig, match="Rectificeer eerst"):
        world.ask(AVIM, closing())
    world.ask(AVIM, corrected())
    [refused] = world.ask(AVIM, closing()).events
    assert isinstance(refused, CorrectietaakGeweigerd)
    assert "riec-eerst-ontvangers-berichten" in refused.regels
    answers(world)
    with pytest.raises(Strijdig, match="eigen bron"):
        world.ask(AVIM, closing().model_copy(update={"eigen_bron_bericht": False}))
    [closed] = world.ask(AVIM, closing()).events
    assert isinstance(closed, CorrectietaakGesloten)
    with pytest.raises(Strijdig):
        world.ask(AVIM, closing())


def test_only_the_provider_closes_it_or_says_that_there_is_no_error(world: World) -> None:
    world.ask(OVJ, error())
    for command in (closing(), WijsCorrectieAf(signaal_id=S, correctietaak_id=TASK, motivering="klopt")):
        for zetel in (OVJ, NLA, TAX):
            with pytest.raises(Onbekend):
                world.ask(zetel, command)
    world.ask(AVIM, WijsCorrectieAf(signaal_id=S, correctietaak_id=TASK, motivering="klopt"))
    with pytest.raises(Strijdig):
        world.ask(AVIM, closing())


def test_outside_a_case_the_same_holds() -> None:
    world = World()
    world.ask(ZC, signaal("b"))
    world.ask(ZC, doorzetten("b", AVIM, "bilateraal", "veiligheid-slachtoffer", **DANGER))
    held = world.held(AVIM, "b")
    assert held
    bee = id_of("b")
    task = WijsOpFout(
        signaal_id=bee, correctietaak_id=TASK, bijdrage_id=bee, categorieen=(min(held),), toelichting="onjuist"
    )
    world.ask(AVIM, task)
    changed = corrected().model_copy(update={"signaal_id": bee})
    world.ask(ZC, changed)
    close = SluitCorrectietaak(signaal_id=bee, correctietaak_id=TASK, eigen_bron_bericht=True)
    assert any(isinstance(event, CorrectietaakGeweigerd) for event in world.ask(ZC, close).events)
    for one in told(world):
        answer = BevestigTerugroeping(signaal_id=bee, terugroeping_id=one.terugroeping_id, gevolg="vernietigd")
        world.ask(one.ontvanger, answer)
    [closed] = world.ask(ZC, close).events
    assert isinstance(closed, CorrectietaakGesloten)
