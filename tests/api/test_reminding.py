"""The command line of duties: who must still do what, with what is late in its exit code, and no subject."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO

from rich.console import Console

from hub.main import Hub
from hub.reminding import Reminding
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld, inhoud, persoon

AVIM = "politie.avim@noord"


def shell(world: HubWorld, out: StringIO, looked: list[str], now: datetime) -> Reminding:
    @contextmanager
    def opened() -> Iterator[Hub]:
        yield world.hub

    def look(hub: Hub, command: str, zetel: str, objecten: tuple[str, ...]) -> None:
        looked.append(f"{command} {zetel} {objecten}")

    return Reminding(opened, look, lambda: now, Console(file=out, width=200))


def test_what_a_seat_must_do_is_listed_and_what_is_late_ends_with_one(hub_app: HubWorld) -> None:
    out, looked = StringIO(), list[str]()
    person = persoon(hub_app.id(), rollen=[{"rol": "vermoedelijk-slachtoffer"}])
    words = inhoud(betrokkenen=[person])
    number = hub_app.as_seat(AVIM).registers(hub_app.kenmerk(), wpgArtikel="8", inhoud=words)
    shell(hub_app, out, looked, utc_now()).listed(zetel=AVIM)
    assert "comensha-melden" in out.getvalue()
    assert str(number) not in out.getvalue()
    assert looked == [f"plichten lijst {AVIM} ()"]
    assert shell(hub_app, out, looked, utc_now() + timedelta(days=30)).listed(zetel=AVIM) == 1
    assert "te-laat" in out.getvalue()


def test_the_duties_of_the_policy_are_listed_with_their_source(hub_app: HubWorld) -> None:
    out = StringIO()
    assert shell(hub_app, out, [], utc_now()).rules() == 0
    assert "Vc B8/3" in out.getvalue()
    assert "(eigen)" in out.getvalue()
