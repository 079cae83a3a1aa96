"""The document of the channels: made from the contract, the same as the file, valid, and what breaks is seen."""

from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.aankondiging import Aankondiging
from contracts.register import COMMANDS
from deploy import check_asyncapi
from deploy.asyncapi import FILE, TOLD, document, main
from deploy.asyncapi_breaks import allowed, breaks

DOCUMENT: dict[str, Any] = orjson.loads(orjson.dumps(document()))


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][name]
    return found


def test_the_file_is_what_the_contract_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_the_file_is_valid_asyncapi() -> None:
    assert check_asyncapi.main([str(FILE)]) == check_asyncapi.CONFORMS


def test_every_command_can_be_pushed_and_every_kind_of_news_is_told() -> None:
    messages = DOCUMENT["components"]["messages"]
    pushed = [messages[name]["name"] for name in DOCUMENT["channels"]["aanleveringen"]["messages"]]
    assert pushed == list(COMMANDS)
    assert list(DOCUMENT["channels"]["gebeurtenissen"]["messages"]) == list(TOLD)


def test_every_channel_is_described_and_used() -> None:
    used = {one["channel"]["$ref"].rpartition("/")[2] for one in DOCUMENT["operations"].values()}
    assert used == set(DOCUMENT["channels"])
    for one in DOCUMENT["channels"].values():
        assert one["title"]
        assert one["description"]


def test_a_notice_has_no_field_for_content() -> None:
    data = schema("Aankondigingsgegevens")
    assert data["additionalProperties"] is False
    assert set(data["properties"]) == {
        *("kanaal", "hoofdObject", "resource", "resourceUrl", "actie", "aanmaakdatum", "kenmerken")
    }
    assert set(schema("Aankondiging")["properties"]) == set(Aankondiging.model_fields)


class TestWhatBreaks:
    def test_nothing_between_equals(self) -> None:
        assert breaks(DOCUMENT, deepcopy(DOCUMENT)) == []

    @given(st.sampled_from(sorted(DOCUMENT["channels"])))
    def test_a_channel_that_is_gone(self, name: str) -> None:
        new = {**DOCUMENT, "channels": {key: one for key, one in DOCUMENT["channels"].items() if key != name}}
        assert breaks(DOCUMENT, new) == [f"channel {name} is gone"]
        assert breaks(new, DOCUMENT) == []

    def test_a_channel_that_moved(self) -> None:
        new = deepcopy(DOCUMENT)
        new["channels"]["stroom"]["address"] = "/elders"
        assert breaks(DOCUMENT, new) == ["channel stroom is at another address: /elders"]

    def test_a_message_that_is_gone(self) -> None:
        new = deepcopy(DOCUMENT)
        del new["channels"]["aanleveringen"]["messages"]["open-casus.v1"]
        assert breaks(DOCUMENT, new) == ["message open-casus.v1 of channel aanleveringen is gone"]

    def test_a_field_that_is_gone_wherever_it_is_used(self) -> None:
        new = deepcopy(DOCUMENT)
        del new["components"]["schemas"]["Signaalmelding"]["properties"]["kenmerk"]
        (fault,) = {one.partition(": ")[2] for one in breaks(DOCUMENT, new)}
        assert fault == "field data.melding.kenmerk is gone"

    def test_what_must_be_given_now(self) -> None:
        new = deepcopy(DOCUMENT)
        command = new["components"]["schemas"]["TrekSignaalIn"]
        command["properties"]["reden"] = {"type": "string"}
        assert breaks(DOCUMENT, new) == []
        command["required"].append("reden")
        assert breaks(DOCUMENT, new) == [
            "message trek-signaal-in.v1 of channel aanleveringen: field data.reden must be given now"
        ]

    def test_what_the_hub_sends_may_grow_but_not_become_uncertain(self) -> None:
        new = deepcopy(DOCUMENT)
        notice = new["components"]["schemas"]["Aankondiging"]
        notice["properties"]["nieuw"] = {"type": "string"}
        notice["required"].append("nieuw")
        assert breaks(DOCUMENT, new) == []
        assert "field nieuw is gone" in breaks(new, DOCUMENT)[0]
        notice["required"].remove("sequence")
        assert all("field sequence need not be there any longer" in one for one in breaks(DOCUMENT, new))
        assert breaks(DOCUMENT, new)

    @pytest.mark.parametrize(
        ("old", "new", "may"),
        [
            ("0.1.0", "0.1.1", False),
            ("0.1.0", "0.2.0", True),
            ("1.1.0", "1.2.0", False),
            ("1.9.0", "2.0.0", True),
            ("1.0.0", "0.9.0", False),
        ],
    )
    def test_a_break_needs_a_higher_version(self, old: str, new: str, may: bool) -> None:
        assert allowed(old, new) is may
