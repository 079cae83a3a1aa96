"""The officer close by and the municipality's overview in a real browser: narrow, wide, and by the links themselves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import BrowserContext

from hub.access.bundel import BELEIDSMAP
from hub.access.pakket import pak_in
from hub.handling.toezicht import Toezicht
from hub.sealing import utc_now
from tests.api.hub_world import HubWorld
from tests.api.riec import BELASTING, zaak
from tests.console.browser.looking import overflows, sign_in, violations
from tests.console.browser.test_frame import COLLEGE, FENNA, NARROW, WIDE

OFFICER = "Petra Proef"
both = pytest.mark.parametrize("context", [NARROW, WIDE], indirect=True, ids=["320", "1440"])


@both
def test_pages_of_the_officer_are_accessible_and_fit(context: BrowserContext, served: HubWorld) -> None:
    case = zaak(served, BELASTING)
    case.does("sluitingen", {"reden": "niet-in-behandeling"})
    Toezicht(served.services.ledger).run(utc_now())
    page, found = sign_in(context, OFFICER), []
    back = f"terugkijken?casusId={case.id}&zetel={BELASTING}"
    for path in (
        f"casussen/{case.id}",
        back,
        "betrokkene",
        "vernietigen",
        "noodtoegang",
        "onverklaard",
        "raadplegingen",
        "toegangsrechten",
    ):
        page.goto(f"/console/toezicht/{path}")
        found += [f"{path}: {one}" for one in violations(page)]
        found += [f"{path}: overflows"] if overflows(page) else []
    assert found == []


@both
def test_the_overview_is_accessible_and_fits(context: BrowserContext, served: HubWorld) -> None:
    for _ in range(11):
        served.as_seat("gemeente.college-handhaving@ede").registers(served.kenmerk())
    page = sign_in(context, FENNA, COLLEGE)
    page.goto("/console/overzicht")
    page.get_by_role("heading", name="Zelf vastgelegde signalen").wait_for()
    assert violations(page) == []
    assert not overflows(page)


def test_an_emergency_is_reviewed_and_a_draft_is_tried_from_a_file(
    context: BrowserContext, served: HubWorld, tmp_path: Path
) -> None:
    zaak(served, BELASTING)
    signaal, id = served.as_seat("gemeente.college-handhaving@ede").registers(served.kenmerk()), str(served.id())
    served.settle()
    asked = {"noodtoegangId": id, "categorieen": ["signaal-inhoud"], "reden": "acuut gevaar", "gevaar": "acuut"}
    served.as_seat("zc.opvang@ede").act(f"/signalen/{signaal}/noodtoegangen", asked)
    page = sign_in(context, OFFICER)
    page.goto("/console/toezicht/noodtoegang")
    page.get_by_text(f"Oordeel over noodtoegang {id[:8]}").click()
    form = page.locator(f"#daad-toets-{id}")
    form.get_by_label("Terecht, en niet ruimer dan nodig").check()
    form.get_by_role("button", name="Leg het oordeel vast").click()
    page.get_by_role("alert").get_by_role("link").click()
    page.locator(f"#toets-{id}-motivering").fill("Er was gevaar, en er is ingegrepen.")
    assert violations(page) == []
    form.get_by_role("button", name="Leg het oordeel vast").click()
    page.get_by_role("status").wait_for()
    assert page.locator(f"#daad-toets-{id}").count() == 0
    file = tmp_path / "ontwerp.zip"
    file.write_bytes(changed(tmp_path))
    page.goto("/console/toezicht/ontwerp")
    page.get_by_label("Beleidsmap als zip").set_input_files(file)
    page.get_by_role("button", name="Vraag wat er zou veranderen").click()
    page.get_by_role("heading", name="Wat dicht zou gaan").wait_for()
    page.get_by_role("row", name="rol in casus").first.wait_for()
    assert violations(page) == []


def changed(folder: Path) -> bytes:
    """The policy as a zip, under which the role of a person opens later in a RIEC case."""
    draft = folder / "beleid"
    shutil.copytree(BELEIDSMAP, draft)
    path = draft / "categorieen.yaml"
    content = yaml.safe_load(path.read_text())
    content["rol-in-casus"]["riec"] = {"fase": 3}
    path.write_text(yaml.safe_dump(content, allow_unicode=True))
    return pak_in(draft)


def test_from_a_disclosure_to_what_its_recipient_could_see(context: BrowserContext, served: HubWorld) -> None:
    case = zaak(served, BELASTING)
    page = sign_in(context, OFFICER)
    page.goto(f"/console/toezicht/casussen/{case.id}")
    page.get_by_role("link", name="Rijksbelastingdienst (Oost)").first.click()
    page.get_by_role("heading", name="Wat te zien was").wait_for()
    page.get_by_text("Rijksbelastingdienst (Oost)").first.wait_for()
    page.get_by_label("Dag").fill("2020-01-01")
    page.get_by_role("button", name="Kijk terug").click()
    page.get_by_text("Op die dag kon deze zetel niets van deze casus weten.").wait_for()
