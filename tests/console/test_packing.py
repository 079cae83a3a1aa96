"""A page is packed for who asked for it from a page of ours, and for nobody else."""

from __future__ import annotations

import pytest

from tests.api.hub_world import HubWorld
from tests.console.people import somebody

OURS = {"Sec-Fetch-Site": "same-origin", "Accept-Encoding": "gzip"}


def test_a_page_asked_from_our_own_is_packed_and_says_the_same(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, "fenna.proef", "gemeente.af-oov@ede")
    packed, plain = (fenna.http.get("/console/verwijzen", headers=one) for one in (OURS, {"Accept-Encoding": "gzip"}))
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.text == plain.text


@pytest.mark.parametrize(
    "asked",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"}, {}],
    ids=["cross-site", "same-site", "none", "silent"],
)
def test_a_page_that_another_may_have_asked_for_shows_no_packed_length(
    hub_app: HubWorld, asked: dict[str, str]
) -> None:
    fenna = somebody(hub_app, "fenna.proef", "gemeente.af-oov@ede")
    answer = fenna.http.get("/console/verwijzen", headers={"Accept-Encoding": "gzip", **asked})
    assert "content-encoding" not in answer.headers
    assert "Sec-Fetch-Site" in answer.headers["vary"]


def test_a_browser_that_cannot_unpack_gets_the_page_plain(hub_app: HubWorld) -> None:
    fenna = somebody(hub_app, "fenna.proef", "gemeente.af-oov@ede")
    answer = fenna.http.get("/console/verwijzen", headers=OURS | {"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
