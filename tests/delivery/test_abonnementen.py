"""Which notices a subscription is told of: never one outside its filters, and only of its own seat."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.abonnement import Filters
from contracts.codelijst import codelijst
from hub.delivery.abonnementen import past
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.delivery.vormen import KEPT, vormen_uit
from hub.domain.abonnement import ACTIEF, Abonnement

EDE, ARNHEM = "gemeente.af-oov@ede", "gemeente.af-oov@arnhem"
CASES = [UUID(int=number) for number in range(1, 4)]
CHANNELS, ACTS = ("signalen", "casussen", "terugroepingen"), ("create", "update", "destroy")
AREAS = ("ede", "arnhem", "utrecht", "landelijk")
OUDER = {waarde.code: waarde.ouder for waarde in codelijst("uitbuitingsvorm").waarden}
CHILD = next(code for code, ouder in OUDER.items() if ouder is not None)
FORMS = (CHILD, str(OUDER[CHILD]), "onbekend")
NU = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


def some(values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


def notice(**more: Any) -> Gebeurtenis:
    known: dict[str, Any] = {
        "volgorde": 1,
        "zetel": EDE,
        "nummer": 1,
        "id": UUID(int=9),
        "onderwerp": f"casus:{CASES[0]}",
        "reeks": 1,
        "vorige": None,
        "kanaal": "casussen",
        "resource": "casus",
        "resource_id": CASES[0],
        "actie": "create",
        "kenmerken": {"regio": "ede", "spoor": "riec"},
        "tijdstip": NU,
        "positie": 1,
    }
    return Gebeurtenis(**known | more)


def subscription(filters: Filters, own: frozenset[str] | None = frozenset({"ede", "landelijk"})) -> Abonnement:
    return Abonnement(UUID(int=5), EDE, "ophalen", filters, None, None, ACTIEF, grondgebied=own)


def tells(one: Gebeurtenis, own: frozenset[str] | None = frozenset({"ede"}), forms: Any = None, **filters: Any) -> bool:
    return past(subscription(Filters(**filters), own), one, lambda _: forms)


notices = st.builds(
    notice,
    zetel=st.sampled_from([EDE, ARNHEM]),
    onderwerp=st.sampled_from([*(f"casus:{id}" for id in CASES), f"signaal:{CASES[0]}", f"overleg:{CASES[1]}"]),
    kanaal=st.sampled_from(CHANNELS),
    actie=st.sampled_from(ACTS),
    kenmerken=st.sampled_from([{}, *({"regio": area} for area in AREAS)]),
)
filtered = st.builds(
    Filters,
    kanalen=some(CHANNELS),
    casussen=some(CASES),
    gebieden=some(AREAS),
    vormen=some(FORMS),
    acties=some(ACTS),
)
territory = st.one_of(st.none(), st.frozensets(st.sampled_from(AREAS)))
forms_seen = st.one_of(st.none(), st.frozensets(st.sampled_from(FORMS), min_size=1))


@given(one=notices, filters=filtered, own=territory, forms=forms_seen)
def test_a_notice_outside_the_filters_is_never_told(
    one: Gebeurtenis, filters: Filters, own: frozenset[str] | None, forms: frozenset[str] | None
) -> None:
    if not past(subscription(filters, own), one, lambda _: forms):
        return
    regio, of_case = one.kenmerken.get("regio"), one.onderwerp.startswith("casus:")
    assert one.zetel == EDE
    assert not filters.kanalen or one.kanaal in filters.kanalen
    assert not filters.acties or one.actie in filters.acties
    assert not filters.casussen or (of_case and UUID(one.onderwerp[6:]) in filters.casussen)
    assert not filters.gebieden or regio is None or regio in filters.gebieden
    assert not of_case or regio is None or own is None or regio in own
    assert not filters.vormen or forms is None or any({form, OUDER.get(form)} & set(filters.vormen) for form in forms)


@given(one=notices, own=territory)
def test_without_filters_a_seat_is_told_of_all_that_is_meant_for_it(
    one: Gebeurtenis, own: frozenset[str] | None
) -> None:
    of_case, regio = one.onderwerp.startswith("casus:"), one.kenmerken.get("regio")
    elsewhere = of_case and own is not None and regio is not None and regio not in own
    assert past(subscription(Filters(), own), one, lambda _: None) == (one.zetel == EDE and not elsewhere)


def test_a_case_elsewhere_is_left_out_and_a_signal_from_elsewhere_is_told() -> None:
    away = {"kenmerken": {"regio": "utrecht"}}
    assert not tells(notice(**away))
    assert not tells(notice(**away), gebieden=("utrecht", "ede"))
    assert tells(notice(**away), own=None)
    assert tells(notice(onderwerp=f"signaal:{CASES[0]}", **away))
    assert not tells(notice(onderwerp=f"signaal:{CASES[0]}", **away), gebieden=("ede",))


def test_a_form_is_told_of_with_every_form_under_it() -> None:
    parent = str(OUDER[CHILD])
    assert tells(notice(), forms=frozenset({CHILD}), vormen=(parent,))
    assert not tells(notice(), forms=frozenset({parent}), vormen=(CHILD,))
    assert not tells(notice(), forms=frozenset({"onbekend"}), vormen=(CHILD,))


def test_of_what_the_hub_cannot_tell_the_form_the_seat_is_told() -> None:
    assert tells(notice(actie="destroy"), forms=None, vormen=(CHILD,))


class FakeViews:
    """The view of one seat, which counts how often it is looked into."""

    def __init__(self) -> None:
        self.at, self.looks = 1, Counter[str]()
        self.signal: dict[str, Any] | None = {
            "bijdragen": [{"inhoud": {"vormen": [CHILD], "feiten": [{"vorm": "mondeling"}]}}],
            "stukken": [{"inhoud": {"vormen": ["onbekend"]}}, {"inhoud": {"vorm": "schriftelijk"}}],
        }

    def position(self) -> int:
        return self.at

    def signaal(self, zetel: str, signaal_id: UUID) -> dict[str, Any] | None:
        self.looks[f"{zetel} signaal {signaal_id}"] += 1
        return self.signal if zetel == EDE else None

    def casusvorm(self, zetel: str, casus_id: UUID) -> str | None:
        self.looks[f"{zetel} casus {casus_id}"] += 1
        return "seksuele-uitbuiting" if zetel == EDE else None


def test_forms_are_read_from_the_seat_s_own_view_and_again_once_it_moved() -> None:
    views = FakeViews()
    read, about = vormen_uit(views), f"signaal:{CASES[0]}"
    signal = notice(resource="signaal", onderwerp=f"casus:{CASES[1]}")
    recall = notice(resource="terugroeping", resource_id=UUID(int=77), onderwerp=about)
    assert read(signal) == read(recall) == frozenset({CHILD, "onbekend"})
    assert views.looks.total() == 1
    views.at, views.signal = 2, None
    assert read(signal) is None
    assert read(notice(zetel=ARNHEM, resource="signaal")) is None
    assert views.looks.total() == 3


def test_forms_of_a_case_and_of_what_has_none() -> None:
    views = FakeViews()
    read = vormen_uit(views)
    assert read(notice(resource="resultaat", resource_id=UUID(int=7))) == frozenset({"seksuele-uitbuiting"})
    assert read(notice(resource="overleg", onderwerp=f"overleg:{CASES[0]}")) is None
    assert views.looks.total() == 1


@pytest.mark.parametrize("many", [KEPT + 5])
def test_what_is_remembered_does_not_grow_without_end(many: int) -> None:
    views = FakeViews()
    read = vormen_uit(views)
    for number in range(many):
        read(notice(resource="signaal", resource_id=UUID(int=number)))
    read(notice(resource="signaal", resource_id=UUID(int=0)))
    assert views.looks[f"{EDE} signaal {UUID(int=0)}"] == 2
