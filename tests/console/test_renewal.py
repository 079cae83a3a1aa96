"""While she works: her organisation is asked again what she may wear, can sign her out, and then nothing goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

import httpx
import jwt
import pytest

from hub.api.app import create_app
from hub.api.doors import partner_routers
from hub.api.stroom import Stroomduur
from hub.console.entrance.renewal import CONFIRM
from hub.console.entrance.sessions import IDLE
from hub.console.entrance.signin import LOGOUT, LOGOUT_LIFE
from hub.console.page.visit import Console
from hub.delivery.omroep import Omroep
from tests.api.hub_world import NOBODY, HubWorld
from tests.console.people import FORM, Browser, browser, somebody
from tests.console.test_signin_attacks import CLIENT, COLLEGE, ISSUER, Attempt, Claims, attempt, private_key

__all__ = ["attempt", "private_key"]
FENNA, AF = "fenna.proef", "gemeente.af-oov@ede"
OTHER = "gemeente.ondermijning@ede"
SIGNED_OUT = "/console/afgemeld-door-organisatie"


def later(world: HubWorld, by: timedelta = CONFIRM) -> None:
    """The clock of the console goes on."""
    console: Console = world.app.state.console
    world.app.state.console = replace(console, clock=lambda: console.clock() + by)


@dataclass(slots=True)
class Desk:
    """Somebody at work, at a provider that renews as a test tells it to."""

    attempt: Attempt
    asked: list[str]
    answer: Any = None

    @property
    def page(self) -> httpx.Response:
        return self.attempt.http.get("/console/signalen")

    @property
    def inside(self) -> bool:
        return self.attempt.inside

    def renew(self, request: httpx.Request) -> httpx.Response:
        """The token endpoint, for a sign-in and for a renewal."""
        form = dict(httpx.QueryParams(request.content.decode()))
        if form["grant_type"] != "refresh_token":
            self.attempt.provider.answer = None
            token = self.attempt.provider.token(request).json()
            self.attempt.provider.answer = self.renew
            return httpx.Response(200, json=token | {"refresh_token": "r0"})
        self.asked.append(form["refresh_token"])
        return self.answer if self.answer is not None else self.says()

    def says(self, **changed: Any) -> httpx.Response:
        """An answer to a renewal."""
        now = int(self.attempt.world.app.state.console.sign_in.clock().timestamp())
        claims: Claims = self.attempt.provider.claims | {"iat": now, "exp": now + 300} | changed
        signed = jwt.encode({k: v for k, v in claims.items() if k != "nonce"}, self.attempt.provider.key, "RS256", KID)
        token = {"access_token": "geen", "token_type": "Bearer", "id_token": signed}
        return httpx.Response(200, json=token | {"refresh_token": f"r{len(self.asked)}"})


KID = {"kid": "een"}


@pytest.fixture
def desk(attempt: Attempt) -> Desk:
    made = Desk(attempt, [])
    attempt.provider.answer = made.renew
    attempt.provider.claims |= {"zetels": [COLLEGE], "sid": "s1"}
    assert attempt.come_back() == 303
    assert made.inside
    return made


def test_the_provider_is_not_asked_for_every_page_but_always_in_time(desk: Desk) -> None:
    assert desk.page.status_code == 200
    assert desk.asked == []
    for number in range(3):
        later(desk.attempt.world)
        assert desk.page.status_code == 200
        assert desk.page.status_code == 200
        assert desk.asked == [f"r{one}" for one in range(number + 1)]


def test_a_hat_that_was_withdrawn_is_gone_within_the_bound(desk: Desk) -> None:
    desk.answer = desk.says(zetels=[OTHER])
    looks = desk.attempt.world.looks()
    later(desk.attempt.world)
    assert "Onder welke pet werkt u?" in desk.page.text
    assert "College" not in desk.page.text.partition("<main")[2]
    assert desk.attempt.world.looks() == looks


WRONG: dict[str, Any] = {
    "no hats": {"zetels": []},
    "hats that do not exist": {"zetels": ["gemeente.koning@ede"]},
    "another person": {"sub": "zita"},
    "another issuer": {"iss": "https://elders.example"},
    "another client": {"aud": "een-ander"},
    "over": {"exp": 1_700_000_000},
}


@pytest.mark.parametrize("changed", WRONG.values(), ids=list(WRONG))
def test_an_answer_that_says_something_else_ends_it(desk: Desk, changed: Claims) -> None:
    desk.answer = desk.says(**changed)
    later(desk.attempt.world)
    assert not desk.inside
    desk.answer = None
    assert not desk.inside


def test_who_is_refused_by_the_provider_is_out(desk: Desk) -> None:
    desk.answer = httpx.Response(400, json={"error": "invalid_grant"})
    later(desk.attempt.world)
    assert not desk.inside


def test_a_provider_that_is_away_shows_nothing_and_ends_nothing(desk: Desk) -> None:
    desk.answer = httpx.Response(503, text="weg")
    looks = desk.attempt.world.looks()
    later(desk.attempt.world)
    answer = desk.page
    assert answer.status_code == 503
    assert "Uw organisatie kan nu niet zeggen" in answer.text
    assert desk.attempt.world.looks() == looks
    desk.answer = None
    assert desk.page.status_code == 200


def test_requests_that_come_together_ask_once(desk: Desk) -> None:
    later(desk.attempt.world)
    cookies = dict(desk.attempt.http.cookies)
    with browser(desk.attempt.world).http as together, ThreadPoolExecutor(4) as threads:
        together.cookies.update(cookies)
        answers = list(threads.map(lambda _: together.get("/console/pet").status_code, range(8)))
    assert set(answers) == {200}
    assert desk.asked == ["r0"]


def test_in_development_the_hats_of_the_list_count(hub_app: HubWorld) -> None:
    """The issuer of the hub itself, by its own refresh grant; its tokens count once."""
    kept = hub_app.app.state.console
    fenna = somebody(hub_app, FENNA, AF)
    for _ in range(3):
        later(hub_app)
        assert fenna.get("/signalen").status_code == 200
    hub_app.app.state.console = kept


def logout(desk: Desk, **changed: Any) -> str:
    now = int(desk.attempt.world.app.state.console.clock().timestamp())
    claims: Claims = {
        "iss": ISSUER,
        "aud": CLIENT,
        "iat": now,
        "exp": now + 60,
        "jti": str(desk.attempt.world.id()),
        "events": {LOGOUT: {}},
        "sub": "fenna",
        "sid": "s1",
    } | changed
    known = {name: one for name, one in claims.items() if one is not None}
    return jwt.encode(known, desk.attempt.provider.key, "RS256", KID | {"typ": "logout+jwt"})


def told(desk: Desk, token: str) -> int:
    """What the provider hears when it signs somebody out."""
    answer = browser(desk.attempt.world).http.post(SIGNED_OUT, data={"logout_token": token})
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code


@pytest.mark.parametrize("whom", [{}, {"sub": None}, {"sid": None}], ids=["both", "the sign-in", "the person"])
def test_the_provider_signs_somebody_out(desk: Desk, whom: Claims) -> None:
    assert told(desk, logout(desk, **whom)) == 200
    assert not desk.inside


@pytest.mark.parametrize("whom", [{"sid": "s2"}, {"sub": "zita", "sid": None}], ids=["another sign-in", "another"])
def test_only_who_is_named_is_out(desk: Desk, whom: Claims) -> None:
    assert told(desk, logout(desk, **whom)) == 200
    assert desk.inside


def test_a_logout_token_counts_once(desk: Desk) -> None:
    token = logout(desk, sid="s2")
    assert told(desk, token) == 200
    assert told(desk, token) == 400


FORGED: dict[str, Claims] = {
    "an id token": {"events": None, "nonce": "n"},
    "with a nonce": {"nonce": "n"},
    "no event": {"events": {}},
    "an event that is no object": {"events": {LOGOUT: "ja"}},
    "events that are no object": {"events": [LOGOUT]},
    "nobody": {"sub": None, "sid": None},
    "a number": {"sid": 7},
    "no jti": {"jti": None},
    "another client": {"aud": "een-ander"},
    "another issuer": {"iss": "https://elders.example"},
    "over": {"exp": 1_700_000_000},
    "old": {"iat": 1_700_000_000},
    "of tomorrow": {"iat": 4_000_000_000},
}


@pytest.mark.parametrize("changed", FORGED.values(), ids=list(FORGED))
def test_a_logout_token_that_is_wrong_signs_nobody_out(desk: Desk, changed: Claims) -> None:
    assert told(desk, logout(desk, **changed)) == 400
    assert desk.inside


@pytest.mark.parametrize("token", ["", "onzin", "a.b.c", "x" * 10_000])
def test_nonsense_signs_nobody_out(desk: Desk, token: str) -> None:
    assert told(desk, token) == 400
    assert desk.inside


def test_a_logout_token_is_fresh(desk: Desk) -> None:
    token = logout(desk)
    signer = desk.attempt.world.app.state.console.sign_in
    now = signer.clock() + LOGOUT_LIFE + timedelta(seconds=1)
    desk.attempt.world.app.state.console = replace(
        desk.attempt.world.app.state.console, sign_in=replace(signer, clock=lambda: now)
    )
    assert told(desk, token) == 400


def test_she_signs_out_everywhere(hub_app: HubWorld) -> None:
    here, there, petra = (somebody(hub_app, sub) for sub in (FENNA, FENNA, "petra.proef"))
    answer = here.post("/afmelden", overal="ja")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert not signed_in(here)
    assert not signed_in(there)
    assert signed_in(petra)


def test_signing_in_anew_ends_what_this_browser_had(hub_app: HubWorld) -> None:
    fenna, stale = somebody(hub_app, FENNA), browser(hub_app)
    stale.http.cookies.set("sessie", fenna.http.cookies["sessie"])
    asked = fenna.http.get("/console/aanmelden")
    fenna.http.post(str(asked.url), content=f"persoon={FENNA}", headers=FORM)
    assert signed_in(fenna)
    assert not signed_in(stale)


def test_a_form_that_was_open_under_another_hat_does_nothing(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, AF)
    page = fenna.get("/melden").text
    key = page.partition('name="sleutel" value="')[2].partition('"')[0]
    fenna.post("/pet", zetel=COLLEGE)
    before = hub_app.hub.store.head()
    answer = fenna.send("/melden", sleutel=key, daad="vastleggen", toelichting="onder de andere pet getypt")
    assert answer.status_code == 403
    assert hub_app.hub.store.head() == before


def signed_in(who: Browser) -> bool:
    return who.http.get("/console/pet", follow_redirects=False).status_code == 200


@dataclass(slots=True)
class Hand:
    """A clock that can be put forward while it is read."""

    clock: Callable[[], datetime]
    by: timedelta = timedelta()

    def __call__(self) -> datetime:
        return self.clock() + self.by


@dataclass(slots=True)
class Announced:
    """Tells when a stream has begun to listen; else what it stands before."""

    omroep: Omroep
    begun: threading.Event

    @contextmanager
    def listen(self, zetel: str) -> Iterator[Any]:
        with self.omroep.listen(zetel) as waker:
            self.begun.set()
            yield waker

    def full(self, zetel: str) -> bool:
        return self.omroep.full(zetel)

    @property
    def closed(self) -> bool:
        return self.omroep.closed


@pytest.fixture
def begun(hub_app: HubWorld) -> Iterator[threading.Event]:
    """The console before doors whose streams last long and beat fast; set when one has begun."""
    kept: Console = hub_app.app.state.console
    omroep = Announced(hub_app.services.omroep, threading.Event())
    services = replace(hub_app.services, stroomduur=Stroomduur(60.0, 0.01), omroep=cast(Omroep, omroep))
    app = create_app(services, hub_app.settings, partner_routers(services))
    hub_app.app.state.console = replace(kept, app=app, clock=Hand(kept.clock))
    yield omroep.begun
    hub_app.app.state.console = kept


def another_hat(fenna: Browser, _: HubWorld) -> None:
    fenna.post("/pet", zetel=AF)


def signs_out(fenna: Browser, _: HubWorld) -> None:
    fenna.post("/afmelden")


def everywhere(fenna: Browser, world: HubWorld) -> None:
    somebody(world, FENNA).post("/afmelden", overal="ja")


def idle(_: Browser, world: HubWorld) -> None:
    world.app.state.console.clock.by = IDLE


@pytest.mark.parametrize("ending", [another_hat, signs_out, everywhere, idle])
def test_a_stream_of_news_ends_with_the_session_in_that_hat(
    hub_app: HubWorld, begun: threading.Event, ending: Any
) -> None:
    fenna, listener = somebody(hub_app, FENNA, COLLEGE), browser(hub_app)
    listener.http.cookies.set("sessie", fenna.http.cookies["sessie"])
    heard: list[httpx.Response] = []
    accept = {"Accept": "text/event-stream"}
    thread = threading.Thread(
        target=lambda: heard.append(listener.http.get("/console/nieuws/stroom", headers=accept, follow_redirects=False))
    )
    thread.start()
    assert begun.wait(30)
    ending(fenna, hub_app)
    thread.join(30)
    assert heard
    assert heard[0].text.rstrip().endswith("event: einde\ndata: 401")


def test_unknown_and_not_for_her_look_the_same(hub_app: HubWorld) -> None:
    """The same page to the byte but for the number asked and its own key, and as much on record."""
    hidden = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk())
    hub_app.settle()
    zita, seen = somebody(hub_app, "zita.proef"), []
    for number in (hidden, NOBODY):
        before = hub_app.looks()
        answer = zita.get(f"/signalen/{number}")
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        text = answer.text.replace(str(number), "nummer")
        seen.append((answer.status_code, headers, text, hub_app.looks() - before))
    assert seen[0] == seen[1]
    assert seen[0][0] == 404
