"""The console attacked: forged forms, borrowed sessions, scripts in every field, and what a browser would keep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import unescape
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

import orjson
import pytest
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts

from hub.access.beleid import Beleid
from hub.api.identity import INNER
from hub.console.entrance.seats import Hats
from hub.console.entrance.sessions import IDLE, Sessions
from hub.console.page.visit import MAX_FIELDS, Console
from hub.handling.disclose import HUBZETEL
from hub.ledger.store import ACCESS_LOG, LedgerUnavailable
from tests.api.hub_world import ADDRESS, NOBODY, HubWorld, inhoud, persoon
from tests.api.riec import zaak
from tests.console.people import FORM, Browser, browser, somebody

FENNA, PETRA = "fenna.proef", "petra.proef"
AF, COLLEGE, OFFICER = "gemeente.af-oov@ede", "gemeente.college-handhaving@ede", "privacy-officer@landelijk"
ELSEWHERE = {**FORM, "Origin": "https://elders.example"}
#: Breaks out of text, of attributes in either quote, of a title and of a comment.
SCRIPT = """kanarie"'></title></textarea>--><script>alert(1)</script><img src=x onerror=alert(1)>"""
OPEN = {"/console/aanmelden", "/console/terugkeer", "/console/sleutels", "/console/static/{digest}/{naam}"}
OPEN |= {"/console/afgemeld-door-organisatie"}  # of the provider; see test_renewal.py
KEY = re.compile(r'name="sleutel" value="([^"]+)"')


def addresses(world: HubWorld, method: str) -> list[str]:
    """Every address of the console for a method, its parts filled in with what nothing carries."""
    found = []
    for route in iter_route_contexts(world.app.routes):
        path = route.path or ""
        if path.startswith("/console") and method in (route.methods or ()) and path not in OPEN:
            numbered = re.sub(r"\{(nummer|volgnummer|positie)[^}]*\}", "1", path)
            found.append(re.sub(r"\{[^}]*\}", str(NOBODY), numbered).removeprefix("/console"))
    return found


@dataclass(slots=True)
class Untouched:
    """Nobody did anything and nobody looked at anything in here; the hub itself may go on with its work."""

    world: HubWorld
    before: tuple[int, int] = field(init=False)

    def __enter__(self) -> None:
        self.before = self.world.hub.store.head(), self.world.looks()

    def __exit__(self, *_: object) -> None:
        head, looks = self.before
        done = [one.event.zetel for one in self.world.hub.read(head, 1_000)]
        seen = [orjson.loads(one)["zetel"] for one in self.world.hub.store.leaf_data(ACCESS_LOG, looks, 1_000)]
        assert {*done, *seen} <= {HUBZETEL}


@pytest.fixture
def console(hub_app: HubWorld) -> Iterator[Console]:
    """The console, set back as it was."""
    kept: Console = hub_app.app.state.console
    yield kept
    hub_app.app.state.console = kept


def test_there_are_pages_and_forms_to_attack(hub_app: HubWorld) -> None:
    assert len(addresses(hub_app, "GET")) > 10
    assert {"/pet", "/taal", "/afmelden", "/melden"} <= set(addresses(hub_app, "POST"))


@pytest.mark.parametrize(("sub", "zetel"), [(FENNA, COLLEGE), (PETRA, OFFICER)])
def test_no_form_does_anything_without_its_key_or_from_elsewhere(hub_app: HubWorld, sub: str, zetel: str) -> None:
    somebody_there = somebody(hub_app, sub, zetel)
    key = KEY.search(somebody_there.get("/pet").text)
    assert key is not None
    other = somebody(hub_app, sub, zetel).get("/pet")
    strange = KEY.search(other.text)
    assert strange is not None
    for path in addresses(hub_app, "POST"):
        with Untouched(hub_app):
            assert somebody_there.send(path).status_code == 403, path
            assert somebody_there.send(path, sleutel=unescape(strange[1])).status_code == 403, path
            assert somebody_there.send(path, ELSEWHERE, sleutel=unescape(key[1])).status_code == 403, path
    assert somebody_there.get("/pet").status_code == 200


def test_a_form_of_nobody_does_nothing(hub_app: HubWorld) -> None:
    for path in addresses(hub_app, "POST"):
        with Untouched(hub_app):
            assert browser(hub_app).send(path, sleutel="geraden").status_code == 403, path


def test_a_form_too_big_or_not_readable_is_refused(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    many = urlencode([("a", str(number)) for number in range(MAX_FIELDS + 1)])
    for body in (many.encode(), b"\xff\xfe=\x00%zz&&&&"):
        assert fenna.http.post("/console/melden", content=body, headers=FORM).status_code == 403


def test_no_page_is_there_for_nobody(hub_app: HubWorld) -> None:
    for path in addresses(hub_app, "GET"):
        with Untouched(hub_app):
            answer = browser(hub_app).http.get(f"/console{path}", follow_redirects=False)
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/console/aanmelden?"), path


def test_a_session_is_never_one_that_was_there_before(hub_app: HubWorld) -> None:
    fenna = browser(hub_app)
    fenna.http.cookies.set("sessie", "gekozen-door-een-ander")
    fenna.sign_in(FENNA)
    names = {one.value for one in fenna.http.cookies.jar if one.name == "sessie"}
    victim = browser(hub_app)
    victim.http.cookies.set("sessie", "gekozen-door-een-ander")
    assert names - {"gekozen-door-een-ander"}
    assert victim.http.get("/console", follow_redirects=False).status_code == 303


def test_cookies_are_for_this_host_alone_and_not_for_scripts(hub_app: HubWorld, console: Console) -> None:
    hub_app.app.state.console = replace(console, address="https://hub.example")
    answer = browser(hub_app).http.get("/console/aanmelden", follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-aanmelding=")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= {one.strip() for one in cookie.split(";")}


def without(console: Console, *zetels: str) -> Console:
    """The console under a policy that no longer has these seats."""
    beleid = console.hats.beleid()
    kept = {name: one for name, one in beleid.instanties.items() if name not in zetels}
    lesser = SimpleNamespace(instanties=kept, zetels=beleid.zetels, sporen=beleid.sporen)
    return replace(console, hats=Hats(lambda: cast(Beleid, lesser)))


def test_a_hat_that_was_taken_away_is_gone_at_the_next_page(hub_app: HubWorld, console: Console) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    hub_app.app.state.console = without(console, COLLEGE)
    with Untouched(hub_app):
        answer = fenna.get("/signalen")
        assert "Onder welke pet werkt u?" in answer.text
        assert COLLEGE not in answer.text
    hub_app.app.state.console = without(console, COLLEGE, AF)
    assert fenna.http.get("/console", follow_redirects=False).headers["location"].startswith("/console/aanmelden")


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(hub_app: HubWorld, console: Console) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    name = fenna.http.cookies["sessie"]
    later = console.clock() + IDLE
    fenna.http.get("/console/pet", headers={"Accept": "text/event-stream"})
    sessions: Sessions = console.sessions
    until = sessions.find(name, console.clock(), stays=False)
    assert until is not None
    assert sessions.find(name, later + (later - console.clock()), stays=False) is None


def test_nothing_from_outside_makes_a_request_an_inner_one(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    said = {
        INNER: f"{FENNA};{COLLEGE}",
        "X-Forwarded-User": FENNA,
        "Forwarded": "for=hub.console",
        "Host": "hub.console",
    }
    query = {INNER: COLLEGE, "doel": "toezicht-arbeid"}
    for who in (fenna, browser(hub_app)):
        for headers in ({}, said):
            with Untouched(hub_app):
                assert who.http.get("/v1/signalen", params=query, headers=headers).status_code == 401


@pytest.mark.parametrize(
    "naar",
    ["https://elders.example", "//elders.example", "/\\elders.example", "/console/../../elders", "/console@elders",
     "/console\r\nSet-Cookie: a=b", "/console?naar=//elders", "/console//elders.example", "javascript:alert(1)"],
)  # fmt: skip
def test_the_way_on_is_never_elsewhere(hub_app: HubWorld, naar: str) -> None:
    fenna = browser(hub_app)
    asked = fenna.http.get("/console/aanmelden", params={"naar": naar})
    back = fenna.http.post(str(asked.url), content=f"persoon={FENNA}", headers=FORM, follow_redirects=False)
    arrived = fenna.http.get(back.headers["location"], follow_redirects=False)
    assert arrived.headers["location"] == "/console"
    spoken = fenna.http.get("/console/pet")
    key = KEY.search(spoken.text)
    assert key is not None
    fields = urlencode({"sleutel": unescape(key[1]), "taal": "nl", "terug": naar})
    answer = fenna.http.post("/console/taal", content=fields, headers=FORM, follow_redirects=False)
    assert answer.headers["location"] == "/console"


def harmless(text: str) -> bool:
    return "<script>alert" not in text and "<img src=x" not in text


def test_a_script_in_any_field_of_a_signal_is_shown_as_text(hub_app: HubWorld) -> None:
    person = persoon(hub_app.id(), naam=SCRIPT, bereikbaar=None)
    content = inhoud(person, toelichting=SCRIPT, locaties=[{"adres": SCRIPT, "plaats": SCRIPT}])
    signaal = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk(), inhoud=content)
    hub_app.settle()
    fenna = somebody(hub_app, FENNA, COLLEGE)
    leaf = fenna.get(f"/signalen/{signaal}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in leaf
    for path in ("/signalen", f"/signalen/{signaal}", "/nieuws", "/casussen"):
        assert harmless(fenna.get(path).text), path


def test_a_script_typed_into_a_form_comes_back_as_text(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    names = ("toelichting", "adres", "plaats", "naam-0", "leeftijd-0", "bsn-0", "regio", "spoor", "vormen", "naar-0",
             "naar-spoor-0", "kenmerk", "personen", "urgentie", "rol-0", "geslacht-0", "indicatoren")  # fmt: skip
    for daad in ("toets", "persoon", "vastleggen"):
        answer = fenna.post("/melden", daad=daad, **dict.fromkeys(names, SCRIPT))
        assert "alert(1)" in answer.text
        assert harmless(answer.text), daad
    for path in ("/abonnementen", "/taal", "/pet"):
        fields = dict.fromkeys(
            ("terugbeladres", "gebieden", "kanalen", "bezorgwijze", "taal", "terug", "zetel"), SCRIPT
        )
        assert harmless(fenna.post(path, **fields).text), path


def test_a_script_in_an_address_comes_back_as_text(hub_app: HubWorld) -> None:
    names = ("doel", "na", "zetel", "actor", "signaalId", "casusId", "status", "regio", "fase", "naar", "state", "code")
    for who in (somebody(hub_app, FENNA, COLLEGE), somebody(hub_app, PETRA, OFFICER)):
        for path in addresses(hub_app, "GET"):
            if not path.endswith("/stroom"):
                answer = who.get(path, **dict.fromkeys(names, SCRIPT))
                assert answer.status_code < 500, path
                assert harmless(answer.text), path


def test_nobody_is_in_an_address_or_title_or_stays_in_a_browser(hub_app: HubWorld) -> None:
    signaal = hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk(), inhoud=inhoud(persoon(hub_app.id())))
    hub_app.settle()
    fenna = somebody(hub_app, FENNA, COLLEGE)
    assert "Testowicz" in fenna.get(f"/signalen/{signaal}").text
    paths = [path for path in addresses(hub_app, "GET") if not path.endswith("/stroom")]
    for path in (*paths, f"/signalen/{signaal}"):
        _keeps_nothing(fenna, path)


CASE_PAGES = [
    (FENNA, COLLEGE, "/casussen/{}"),
    (FENNA, COLLEGE, "/casussen/{}/samenhang"),
    ("petra.proef", OFFICER, "/toezicht/casussen/{}"),
]


@pytest.mark.parametrize(("sub", "zetel", "path"), CASE_PAGES)
def test_nobody_of_a_case_is_in_an_address_or_title_or_stays_in_a_browser(
    hub_app: HubWorld, sub: str, zetel: str, path: str
) -> None:
    case = zaak(hub_app)
    hub_app.settle()
    _keeps_nothing(somebody(hub_app, sub, zetel), path.format(case.id))


def _keeps_nothing(who: Browser, path: str) -> None:
    answer = who.get(path)
    for one in (*answer.history, answer):
        assert one.headers["cache-control"] == "no-store", path
        assert one.headers.get("referrer-policy", "no-referrer") == "no-referrer", path
        assert not re.search("Testowicz|Anka|9999|proef", one.headers.get("location", "")), path
    title = re.search("<title>(.*?)</title>", answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8", path
    assert title is not None, path
    assert not re.search("Testowicz|Anka|Proef|9999", title[1]), path
    for address in re.findall(r'(?:href|action|src)="([^"]*)"', answer.text):
        assert not re.search("Testowicz|Anka|Proef|9999|sleutel", address), (path, address)


@pytest.mark.parametrize("path", ["/bestaat-niet", "/signalen/geen-nummer", "/toezicht/geen", "/a/b/c", "/%00"])
def test_what_does_not_exist_is_a_page(hub_app: HubWorld, path: str) -> None:
    answer = somebody(hub_app, FENNA, COLLEGE).get(path)
    assert answer.status_code == 404
    assert "Niet gevonden" in answer.text
    assert "Afmelden" in answer.text


def raising(error: Exception) -> Any:
    def call(*_: object, **__: object) -> Any:
        raise error

    return call


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_a_problem_that_quotes_a_script_is_shown_as_text(hub_app: HubWorld, console: Console, status: int) -> None:
    """Whatever an answer of the API repeats: title, reason, rule, alternative and every input error."""
    error = {"veld": f"/{SCRIPT}", "melding": SCRIPT}
    problem = dict.fromkeys(("title", "detail", "alternatief"), SCRIPT) | {"regels": [SCRIPT], "fouten": [error]}
    fenna = somebody(hub_app, FENNA, COLLEGE)
    hub_app.app.state.console = replace(console, app=JSONResponse(problem, status))
    for path in ("/signalen", "/nieuws", "/casussen", f"/casussen/{NOBODY}", f"/signalen/{NOBODY}"):
        answer = fenna.get(path)
        assert answer.status_code == status, path
        assert "alert(1)" in answer.text
        assert harmless(answer.text), path


def test_a_fault_of_ours_is_a_page_with_a_number_only(hub_app: HubWorld, console: Console) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    hub_app.app.state.console = replace(console, hats=Hats(raising(RuntimeError("kanarie"))))
    answer = fenna.http.get("/console/signalen", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    assert answer.status_code == 500
    assert "a" * 32 in answer.text
    assert "kanarie" not in answer.text + hub_app.log_lines.getvalue()
    assert f'"trace":"{"a" * 32}"' in hub_app.log_lines.getvalue().replace(" ", "")


def test_a_store_that_is_away_is_a_page_too(hub_app: HubWorld, console: Console) -> None:
    fenna = somebody(hub_app, FENNA, COLLEGE)
    away = cast(Sessions, SimpleNamespace(find=raising(LedgerUnavailable("weg"))))
    hub_app.app.state.console = replace(console, sessions=away)
    answer = fenna.get("/signalen")
    assert answer.status_code == 503
    assert answer.text.startswith("<!doctype html>")


def test_the_address_in_a_request_is_not_believed(hub_app: HubWorld) -> None:
    headers = {"Host": "elders.example", "X-Forwarded-Host": "elders.example"}
    answer = browser(hub_app).http.get("/console/aanmelden", headers=headers, follow_redirects=False)
    assert answer.headers["location"].startswith(ADDRESS)
    assert "elders" not in answer.headers["location"]
    assert isinstance(hub_app.app.state.console.clock(), datetime)
