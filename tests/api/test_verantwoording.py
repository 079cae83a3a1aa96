"""The annual report and the impact assessment, as data and as a page that needs nothing from elsewhere."""

from __future__ import annotations

from dataclasses import replace

from hub.api.paper import Part, page
from hub.api.verantwoording import jaarpagina
from hub.domain.statistiek import onderdruk
from hub.handling.jaarverslag import Jaarcijfers
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld

COLLEGE = "gemeente.college-handhaving@ede"


def test_a_year_that_still_runs_has_no_report(hub_app: HubWorld) -> None:
    year = utc_now().year
    for path in (f"/jaarverslagen/{year}", f"/jaarverslagen/{year}/pagina", f"/jaarverslagen/{year + 1}"):
        assert hub_app.as_seat(COLLEGE).get(path).status_code == 404
    answer = hub_app.as_seat(COLLEGE).get(f"/jaarverslagen/{year - 1}")
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"jaar": year - 1, "drempel": 10, "tabellen": [], "afwijkingen": []}


def test_the_report_is_a_page_too(hub_app: HubWorld) -> None:
    answer = hub_app.as_seat(COLLEGE).get(f"/jaarverslagen/{utc_now().year - 1}/pagina")
    assert answer.status_code == 200
    assert "Er is niet van een advies afgeweken." in answer.text


def test_a_page_says_that_a_figure_is_left_out(hub_app: HubWorld) -> None:
    hub_app.as_seat(COLLEGE).registers(hub_app.kenmerk())
    now, questions = utc_now(), hub_app.hub.policy.at(utc_now())
    report = Jaarcijfers(hub_app.hub.store).verslag(now.year, COLLEGE, questions, now.date())
    few = replace(report, tabellen={"Signalen per spoor": onderdruk({"riec": 2, "intern": 40, "zvh": 11})})
    made = jaarpagina(few)
    assert made.count("weggelaten") == 2 + 1
    assert "<td>intern</td><td>40</td>" in made
    assert "<td>totaal</td><td>53</td>" in made


def test_the_assessment_says_what_is_still_open(hub_app: HubWorld) -> None:
    body = hub_app.as_seat(COLLEGE).get("/dpia").json()
    assert [one["nummer"] for one in body["onderdelen"]] == list(range(1, 18))
    assert "14. Noodzaak en evenredigheid" in body["nogOpen"]
    filled = {one["nummer"] for one in body["onderdelen"] if one["rijen"]}
    assert filled >= {2, 3, 4, 5, 9, 10, 11, 13, 17}
    known = {one.id for one in hub_app.hub.beleid.register}
    assert {row[0].split()[0] for row in body["onderdelen"][1]["rijen"]} == known


def test_the_assessment_is_a_page_too(hub_app: HubWorld) -> None:
    answer = hub_app.as_seat(COLLEGE).get("/dpia/pagina")
    assert answer.status_code == 200
    assert answer.text.count("<h2>") == 17
    assert "http" not in answer.text.split("<body>")[0]


def test_what_stands_in_a_page_is_only_text() -> None:
    made = page("<b>", "&", [Part("<i>", "<script>", ("<th>",), [("<td>",)], "<p>")])
    assert "<script>" not in made
    assert "&lt;script&gt;" in made
