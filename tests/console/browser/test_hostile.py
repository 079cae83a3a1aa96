"""Hostile text by every way in, and a real browser on every page that may show it: it stays text, nothing runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page

from hub.console.entrance.seats import Hats
from hub.console.page.visit import Console
from tests.api.hub_world import HubWorld, criteria, inhoud, persoon
from tests.api.riec import AVIM, BELASTING, COLLEGE, zaak
from tests.console.browser.looking import sign_in
from tests.console.browser.test_frame import FENNA

OFFICER, MOST = "Petra Proef", 60
#: Breaks out of text, of attributes in either quote, of a title, a field, a script, a comment and a template.
HOSTILE = (
    "kanarie\"'></title></textarea></script>--><script>window.kanarie=1;alert(1)</script>"
    "<img src=x onerror=window.kanarie=1><svg onload=window.kanarie=1>"
    "<iframe srcdoc='<script>parent.kanarie=1</script>'>"
    "<a href=javascript:window.kanarie=1 autofocus onfocus=window.kanarie=1>{{7*7}}{% raise %}</a>"
)
#: A file, not a page; its cells are tested where it is made.
DOWNLOAD = re.compile(r"/(tabel|download|[a-z-]+\.(csv|json|zip))(\?|$)")
WATCH = """
document.addEventListener("securitypolicyviolation", one => (window.gezien ||= []).push(one.violatedDirective));
"""


class HostileHats(Hats):
    """Seats whose names were written by an enemy."""

    def label(self, zetel: str) -> str:
        return super().label(zetel) + HOSTILE


@dataclass
class Watcher:
    """What a page did that it should not."""

    page: Page
    found: list[str] = field(default_factory=list)
    shown: int = 0

    def __post_init__(self) -> None:
        self.page.add_init_script(WATCH)
        self.page.on("dialog", self._dialog)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.found.append(f"error: {error}"))

    def _dialog(self, dialog: Dialog) -> None:
        self.found.append(f"dialog at {self.page.url}")
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.found.append(f"{self.page.url}: {message.text}")

    def visit(self, address: str) -> list[str]:
        """Open a page, all that folds out of it too; where it leads to."""
        self.page.goto(address)
        self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        ran = self.page.evaluate("[window.kanarie, window.gezien].filter(one => one !== undefined)")
        made = self.page.locator("iframe, img, a[href^='javascript'], main script:not([src])").count()
        self.found += [f"{address}: {ran}"] if ran else []
        self.found += [f"{address}: {made} elements"] if made else []
        self.shown += "onerror=window.kanarie" in self.page.inner_text("main")
        links: list[str] = self.page.locator("nav a, main a").evaluate_all("all => all.map(one => one.href)")
        return [one for one in links if "/console" in one and "#" not in one and not DOWNLOAD.search(one)]


@pytest.fixture(scope="module")
def case(served: HubWorld) -> str:
    """A case into which everybody wrote what she could, by the API and by messages as adapters send them."""
    made, college, session = zaak(served, BELASTING), served.as_seat(COLLEGE), served.id()
    things = inhoud(
        persoon(served.id(), naam=HOSTILE, bereikbaar=None),
        toelichting=HOSTILE,
        locaties=[{"adres": HOSTILE, "plaats": HOSTILE}],
        organisaties=[{"naam": HOSTILE}],
    )
    own = college.registers(served.kenmerk(), spoor="riec", criteria=criteria(), inhoud=things)
    name = served.kenmerk()
    college.results(college.event(name, "registreer-signaal", college.signaal(name, inhoud=things)))
    made.does("signalen", {"signaalId": str(own)})
    made.does(
        "interventies",
        {"interventieId": str(served.id()), "uitvoerder": COLLEGE, "beschrijving": HOSTILE[:200]},
    )
    opened = {"overlegId": str(session), "tafel": "casustafel", "regio": "ede", "casussen": [str(made.id)]}
    college.act("/overleggen", opened)
    college.act(f"/overleggen/{session}/aanwezigen", {"deelnemer": AVIM})
    college.act(f"/overleggen/{session}/acties", {"eigenaar": AVIM, "actie": HOSTILE[:200], "gereedOp": "2027-01-15"})
    served.settle()
    return str(made.id)


@pytest.fixture
def hostile_names(served: HubWorld) -> Iterator[None]:
    kept: Console = served.app.state.console
    served.app.state.console = replace(kept, hats=HostileHats(kept.hats.beleid))
    yield
    served.app.state.console = kept


@pytest.mark.usefixtures("hostile_names")
@pytest.mark.parametrize(("naam", "pet"), [(FENNA, "handhaving"), (OFFICER, "")], ids=["participant", "officer"])
def test_nothing_runs_on_any_page(context: BrowserContext, case: str, naam: str, pet: str) -> None:
    watcher = Watcher(sign_in(context, naam, pet, anew=True))
    todo = ["/console", f"/console/casussen/{case}", f"/console/casussen/{case}/samenhang"]
    todo += [f"/console/toezicht/casussen/{case}"] if naam == OFFICER else []
    seen: set[str] = set()
    while todo and len(seen) < MOST:
        address = todo.pop(0)
        kind = address.partition("?")[0].partition("/console")[2]
        if kind in seen:
            continue
        seen.add(kind)
        links = watcher.visit(address)
        todo += links if len(seen) < MOST // 4 else []
    assert watcher.found == []
    assert watcher.shown > 1
    assert len(seen) > 12


def test_a_script_that_gets_in_all_the_same_does_not_run(context: BrowserContext) -> None:
    """The policy of the page is the second wall: no script, handler, frame, form or sheet of somebody else."""
    page = sign_in(context, FENNA, "handhaving")
    ran = page.evaluate("""async () => {
      const put = html => document.body.insertAdjacentHTML("beforeend", html);
      const script = document.createElement("script");
      script.textContent = "window.kanarie = 1";
      document.body.append(script);
      put("<button id=knop onclick='window.kanarie = 2'>x</button><p id=alinea style='position: fixed'>x</p>");
      document.getElementById("knop").click();
      put("<iframe srcdoc='<script>parent.kanarie = 3</script>'></iframe>");
      put("<a id=lokaas href='javascript:window.kanarie=4'>x</a>");
      document.getElementById("lokaas").click();
      const elsewhere = await fetch("https://elders.example/").then(() => 5, () => undefined);
      await new Promise(done => setTimeout(done, 50));
      return [window.kanarie, elsewhere, getComputedStyle(document.getElementById("alinea")).position];
    }""")
    assert ran == [None, None, "static"]
    page.evaluate("""() => {
      document.body.insertAdjacentHTML("beforeend", "<form id=weg action='https://elders.example/'></form>");
      document.getElementById("weg").submit();
    }""")
    assert "elders" not in page.url


def test_no_page_is_shown_within_another(context: BrowserContext, served: HubWorld) -> None:
    sign_in(context, FENNA, "handhaving")
    page, frame = context.new_page(), "<iframe src='/console'></iframe>"
    page.route("**/lokaas", lambda route: route.fulfill(body=frame, content_type="text/html"))
    page.goto(served.settings.public_url + "/lokaas")
    assert page.frames[-1].url.startswith("chrome-error:")
