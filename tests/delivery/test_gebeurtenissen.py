"""Notices come from permitted views: never of what a seat does not hold, once, in order, and without content."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg_pool import ConnectionPool

from contracts.aankondiging import Aankondiging
from contracts.afscherming import CasusVertrouwelijkVerklaard, VertrouwelijkheidVervallen, VertrouwelijkVerklaard
from contracts.message import Event
from contracts.verstrekking import VerstrekkingVervallen
from hub.access.beleid import Beleid
from hub.delivery.gebeurtenissen import Gebeurtenissen, aankondiging
from hub.delivery.snoeien import Snoei
from hub.delivery.uitgang import Uitgang
from hub.ledger.database import migrate
from hub.main import MIGRATIONS
from hub.views.nieuws import Nieuws
from hub.views.projector import Projector
from tests.delivery.meldingen import Melding, emptied, held, meldingen, projector, told
from tests.views.lot import lot
from tests.views.verhaal import (
    GEMEENTE,
    POLITIE,
    START,
    geregistreerd,
    id_of,
    recorded,
    verrijkt,
    verstrekt,
    vervallen,
    wie,
)

histories = given(seed=st.integers(0, 10_000), count=st.integers(1, 45))
bounded = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SILENT = (VertrouwelijkVerklaard, VertrouwelijkheidVervallen, CasusVertrouwelijkVerklaard)


def without_silence(seed: int, count: int) -> list[Event]:
    """A history in which nothing becomes confidential, so that nothing told is taken back."""
    events = [one for one in lot(seed, count) if not isinstance(one, SILENT)]
    return [one for one in events if getattr(one, "reden", "") != "vertrouwelijk"] or [geregistreerd("s")]


@pytest.fixture(scope="module")
def dsn(postgres_dsn: str) -> str:
    """A database with all tables."""
    migrate(postgres_dsn, MIGRATIONS)
    return postgres_dsn


@pytest.fixture
def notices(dsn: str) -> Iterator[Gebeurtenissen]:
    """The reading side; every seat is in force except one that is told to be away."""
    emptied(dsn)
    with ConnectionPool(dsn, min_size=1, max_size=2, open=True) as pool:
        found = Gebeurtenissen(pool, dsn, lambda zetel: zetel != "weg")
        yield found
        found.close()


@bounded
@histories
def test_a_seat_is_told_only_of_rows_that_it_has_or_had(dsn: str, seed: int, count: int) -> None:
    events = recorded(lot(seed, count))
    emptied(dsn)
    one, seen, before = projector(dsn, events, batch=1), 0, dict[str, Any]()
    while one.run_once():
        now, news = held(dsn), meldingen(dsn)
        fresh = [told for told in news if told.positie == one.position]
        for melding in fresh:
            assert melding.rij.split("|")[1] == melding.zetel
            assert melding.rij in (before if melding.actie == "destroy" and melding.rij not in now else now)
            assert (melding.actie == "create") <= (melding.rij not in before)
        assert not [rij for rij in now if rij not in before and rij not in {told.rij for told in fresh}]
        seen, before = len(news), now
    one.close()
    assert seen == len(meldingen(dsn))


@bounded
@histories
def test_what_becomes_confidential_tells_nothing_to_who_does_not_know(dsn: str, seed: int, count: int) -> None:
    events = recorded(lot(seed, count))
    emptied(dsn)
    one, before = projector(dsn, events, batch=1), dict[str, Any]()
    while one.run_once():
        event, now = events[one.position - 1].event, held(dsn)
        ends = isinstance(event, VerstrekkingVervallen) and event.reden == "vertrouwelijk"
        if ends or isinstance(event, SILENT):
            for melding in [told for told in meldingen(dsn) if told.positie == one.position]:
                assert now.get(melding.rij, ()) != before.get(melding.rij, ())
                assert melding.rij in now
            gone = {rij for rij in before if rij not in now}
            assert not [told for told in meldingen(dsn) if told.rij in gone]
        before = now
    one.close()


@bounded
@histories
def test_numbers_have_no_gaps_and_every_subject_is_a_chain(dsn: str, seed: int, count: int) -> None:
    events = without_silence(seed, count)
    numbers, chains = Counter[str](), dict[tuple[str, str], tuple[int, str | None]]()
    for one in told(dsn, recorded(events), batch=7):
        numbers[one.zetel] += 1
        place, last = chains.get((one.zetel, one.onderwerp), (0, None))
        assert (one.nummer, one.reeks, one.vorige) == (numbers[one.zetel], place + 1, last)
        chains[one.zetel, one.onderwerp] = one.reeks, one.id
    assert len({one.id for one in meldingen(dsn)}) == numbers.total()


@bounded
@histories
def test_making_the_views_anew_tells_nothing_again(dsn: str, seed: int, count: int) -> None:
    events = recorded(without_silence(seed, count))
    half = len(events) // 2
    first = told(dsn, events[:half], batch=7)
    again = projector(dsn, events, batch=5)
    again.rebuild(lambda position, head: None, len(events))
    again.close()
    found = meldingen(dsn)
    assert found[: len(first)] == first
    assert all(one.positie > half for one in found[len(first) :])
    assert last_of(dsn, found) == last_of(dsn, told(dsn, events, batch=5))


def last_of(dsn: str, found: Sequence[Melding]) -> dict[str, int]:
    """Of each row that is there the position of its last notice: however the ledger is cut, how it ends is told."""
    rows = held(dsn)
    return {one.rij: one.positie for one in found if one.rij in rows}


class Breaking(Uitgang):
    """Breaks the connection before or after the news of a batch is written, or lets it be."""

    def __init__(self, faults: Sequence[str]) -> None:
        self._faults = iter(faults)

    def write(self, connection: Any, news: Sequence[Nieuws], unsaid: Any, until: int) -> None:
        drawn = next(self._faults, "none")
        if drawn == "before":
            connection.close()
        super().write(connection, news, unsaid, until)
        if drawn == "after":
            connection.close()


@bounded
@given(seed=st.integers(0, 10_000), faults=st.lists(st.sampled_from(("before", "after", "none")), max_size=12))
def test_a_crash_between_any_two_writes_changes_nothing(dsn: str, seed: int, faults: list[str]) -> None:
    events = recorded(lot(seed, 40))
    expected = told(dsn, events, batch=6)
    emptied(dsn)
    one: Projector = projector(dsn, events, batch=6, outbox=Breaking(faults))
    done = 1
    while done:
        try:
            done = one.run_once()
        except psycopg.OperationalError:
            continue
    one.close()
    assert meldingen(dsn) == expected


def test_killed_in_the_middle_it_tells_the_rest(dsn: str) -> None:
    events = recorded(lot(11, 120))
    expected = told(dsn, events, batch=3)
    emptied(dsn)
    command = [sys.executable, "-m", "tests.delivery.killed", dsn, "11", "120"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(9):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    rest = projector(dsn, events, batch=3)
    while rest.run_once():
        pass
    rest.close()
    assert meldingen(dsn) == expected


def test_a_provider_is_not_told_that_its_signal_became_confidential_to_others(dsn: str) -> None:
    events = [
        geregistreerd("s", POLITIE, "a"),
        verrijkt("s", "v", GEMEENTE, "a"),
        _declared("s"),
    ]
    assert [(one.zetel, one.positie) for one in told(dsn, recorded(events), batch=1) if one.positie == 3] == []


def test_what_is_confidential_was_never_said_to_who_may_not_know(dsn: str) -> None:
    events = [geregistreerd("s", POLITIE, "a"), verstrekt("s", GEMEENTE, "signaal-inhoud"), _declared("s")]
    found = told(dsn, recorded(events[:2]), batch=1)
    assert [one.actie for one in found if one.zetel == GEMEENTE] == ["create"]
    assert not [one for one in told(dsn, recorded(events), batch=1) if one.zetel == GEMEENTE]


def _declared(signaal: str) -> VertrouwelijkVerklaard:
    ground = {"letter": "d-strafbare-feiten", "deelnemer": POLITIE, "afweging": "afweging"}
    until = (START + timedelta(days=90)).date()
    return VertrouwelijkVerklaard(signaal_id=geregistreerd(signaal).signaal_id, tot=until, **ground, **wie(POLITIE, 5))


class TestReading:
    """What is kept, as the channels read it."""

    HISTORY = (
        geregistreerd("s", POLITIE, "a"),
        verstrekt("s", GEMEENTE, "signaal-inhoud"),
        vervallen("s", GEMEENTE),
    )

    def test_a_seat_reads_its_own(self, dsn: str, notices: Gebeurtenissen) -> None:
        told(dsn, recorded(self.HISTORY), batch=1)
        assert [one.actie for one in notices.van_zetel(GEMEENTE, 0, 10)] == ["create", "destroy"]
        assert [one.nummer for one in notices.van_zetel(GEMEENTE, 1, 10)] == [2]
        assert notices.van_zetel("niemand", 0, 10) == []

    def test_all_follow_the_order_of_commits(self, dsn: str, notices: Gebeurtenissen) -> None:
        told(dsn, recorded(lot(3, 60)))
        found = notices.na(0, 1_000)
        assert [one.volgorde for one in found] == sorted(one.volgorde for one in found)
        assert notices.laatste() == found[-1].volgorde
        assert notices.na(found[4].volgorde, 2) == found[5:7]
        assert notices.zetels_na(found[-2].volgorde) == {found[-1].zetel}

    def test_what_is_over_may_not_be_told_and_that_it_is_over_may(self, dsn: str, notices: Gebeurtenissen) -> None:
        told(dsn, recorded(self.HISTORY[:2]), batch=1)
        assert notices.toegestaan(notices.na(0, 10), START) == [True] * len(notices.na(0, 10))
        told(dsn, recorded(self.HISTORY), batch=1)
        found = notices.van_zetel(GEMEENTE, 0, 10)
        assert notices.toegestaan(found, START) == [False, True]

    def test_what_ends_by_itself_is_over_at_that_moment(self, dsn: str, notices: Gebeurtenissen) -> None:
        until = {"gebonden_aan": id_of("n"), "tot": START + timedelta(hours=1)}
        bound = verstrekt("s", GEMEENTE, "signaal-inhoud").model_copy(update=until)
        told(dsn, recorded([self.HISTORY[0], bound]), batch=1)
        found = notices.van_zetel(GEMEENTE, 0, 10)
        assert notices.toegestaan(found, START) == [True]
        assert notices.toegestaan(found, START + timedelta(hours=1)) == [False]

    def test_a_seat_that_is_not_in_force_is_told_nothing(self, dsn: str, notices: Gebeurtenissen) -> None:
        told(dsn, recorded([geregistreerd("s", "weg", "a")]))
        assert notices.toegestaan(notices.na(0, 10), START) == [False]

    def test_who_waits_hears_of_another_connection(self, dsn: str, notices: Gebeurtenissen) -> None:
        assert notices.wait(0, 0.01) == 0
        told(dsn, recorded(self.HISTORY))
        assert notices.wait(0, 30) > 0

    def test_row_level_security_shows_a_seat_its_own(self, dsn: str, notices: Gebeurtenissen) -> None:
        told(dsn, recorded(lot(3, 60)))
        with psycopg.connect(dsn) as connection:
            connection.execute("set role hub_lezer")
            for table in ("gebeurtenis", "gebeurtenis_zetel", "gebeurtenis_reeks"):
                connection.execute("select set_config('hub.zetel', '', false)")
                assert connection.execute(f"select count(*) from {table}").fetchone() == (0,)  # type: ignore[arg-type]
                connection.execute("select set_config('hub.zetel', %s, false)", (GEMEENTE,))
                query = f"select distinct zetel from {table}"
                assert connection.execute(query).fetchall() == [(GEMEENTE,)]  # type: ignore[arg-type]
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("delete from gebeurtenis")

    def test_a_notice_travels_without_content_and_keeps_its_contract(self, dsn: str, notices: Gebeurtenissen) -> None:
        told(dsn, recorded(lot(5, 80)))
        for one in notices.na(0, 1_000):
            made = aankondiging(one, "https://hub.example", "00000001111111111000")
            Aankondiging.model_validate(made)
            assert "kanarie" not in repr(made)
            assert set(made["data"]["kenmerken"]) <= {"spoor", "regio"}
            assert made["data"]["resourceUrl"].startswith("https://hub.example/v1/")


class TestPruning:
    """Notices go after their term."""

    def test_what_is_over_its_term_goes_and_the_seat_can_tell(self, dsn: str, notices: Gebeurtenissen) -> None:
        told(dsn, recorded([geregistreerd("s", GEMEENTE, "a"), verrijkt("s", "v", GEMEENTE)]), batch=1)
        assert Snoei(dsn, Policy()).run(START + timedelta(days=89)) == 0
        assert notices.gesnoeid(GEMEENTE) == 0
        assert Snoei(dsn, Policy()).run(START + timedelta(days=91)) == 2
        assert (notices.van_zetel(GEMEENTE, 0, 10), notices.gesnoeid(GEMEENTE)) == ([], 2)

    def test_numbers_go_on_and_a_subject_that_was_silent_begins_anew(self, dsn: str, notices: Gebeurtenissen) -> None:
        events = recorded([geregistreerd("s", GEMEENTE, "a"), verrijkt("s", "v", GEMEENTE)])
        told(dsn, events[:1])
        Snoei(dsn, Policy()).run(START + timedelta(days=91))
        one = projector(dsn, events)
        one.run_once()
        one.close()
        (found,) = notices.van_zetel(GEMEENTE, 0, 10)
        assert (found.nummer, found.reeks, found.vorige, found.actie) == (2, 1, None, "update")


class Policy:
    """The policy of the tree, at every moment."""

    beleid = Beleid.laad()

    def at(self, moment: datetime) -> Any:
        return self
