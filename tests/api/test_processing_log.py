"""Where the Logboek Dataverwerkingen must be acknowledged, nothing is shown before its keeper has every line."""

from __future__ import annotations

import pytest

from hub.api.register import address_of
from hub.audit.processing import ACTIVITY, SUBJECT
from hub.processing_log import processing_log
from tests.api.hub_world import HubWorld, inhoud, persoon
from tests.ledger.otlp import keeping

COLLEGE = "gemeente.college-handhaving@ede"
OWN = "interne-controle"
TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def test_a_read_waits_for_the_keeper_and_is_refused_without_it(hub_app: HubWorld) -> None:
    person, college = hub_app.id(), hub_app.as_seat(COLLEGE)
    id = college.registers(hub_app.kenmerk(), inhoud=inhoud(persoon(person)))
    hub_app.settle()
    with keeping() as keeper:
        chosen = {"processing_log_url": keeper.url, "processing_log_required": True, "processing_log_seconds": 20.0}
        settings = hub_app.settings.model_copy(update=chosen)
        with processing_log(hub_app.hub.store, settings, hub_app.services.log) as access_log:
            http = hub_app.with_access_log(access_log)
            headers = {**college.headers, "traceparent": f"00-{TRACE}-{SPAN}-01"}
            assert http.get(f"/v1/signalen/{id}", params={"doel": OWN}, headers=headers).status_code == 200
            (span,) = (span for span in keeper.spans if span.trace_id.hex() == TRACE)
            attributes = {pair.key: pair.value.string_value for pair in span.attributes}
            assert span.parent_span_id.hex() == SPAN
            assert attributes[SUBJECT] == hub_app.services.ledger.pseudonyms.of(person)
            assert attributes[ACTIVITY] == address_of(settings.public_url, "V06@1")
            path = attributes[ACTIVITY].removeprefix(settings.public_url)
            assert http.get(path).json()["version"] == 1
            assert "Anka" not in repr(keeper.spans)


@pytest.mark.parametrize("status", [429, 503])
def test_a_keeper_that_does_not_acknowledge_stops_reading(hub_app: HubWorld, status: int) -> None:
    college = hub_app.as_seat(COLLEGE)
    with keeping() as keeper:
        keeper.status = status
        chosen = {"processing_log_url": keeper.url, "processing_log_required": True, "processing_log_seconds": 0.5}
        settings = hub_app.settings.model_copy(update=chosen)
        with processing_log(hub_app.hub.store, settings, hub_app.services.log) as access_log:
            http = hub_app.with_access_log(access_log)
            answer = http.get("/v1/signalen", params={"doel": OWN}, headers=college.headers)
            assert answer.status_code == 503
            assert college.post("/signalen", college.signaal(hub_app.kenmerk())).status_code == 201
