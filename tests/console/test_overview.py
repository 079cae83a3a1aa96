"""The monthly overview at the console: by form, without small figures, and more in view is never shown as worse."""

from __future__ import annotations

import re

from tests.api.hub_world import HubWorld
from tests.console.people import somebody

MO = "mo.proef"


def test_it_is_shown_by_form_of_exploitation_without_small_figures(hub_app: HubWorld) -> None:
    hub_app.as_seat("gemeente.ondermijning@ede").registers(hub_app.kenmerk())
    hub_app.settle()
    text = somebody(hub_app, MO, "gemeente.ondermijning@ede").get("/overzicht", maanden="6").text
    forms = text.partition("In beeld, naar vorm van uitbuiting")[2].partition("</section>")[0]
    assert "Arbeidsuitbuiting: weggelaten" in forms
    assert "Meer in beeld is winst." in forms
    assert not re.search(r"<td>[1-9]</td>", forms)
    assert "<option selected>6</option>" in text
