"""News to a municipality while its abonnee and the hub are killed: each permitted notice once, in order, on record."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest

from adapters.abonnee.journal import Voortgang
from adapters.abonnee.working import OPGEHAALD
from hub.access.beleid import Beleid
from hub.ledger.database import EmbeddedServer
from hub.main import Hub, open_hub
from hub.settings import Settings
from tests.e2e.load import HubProcess, Partner
from tests.e2e.news import READER, SENDER, WAIT_SECONDS, AbonneeProcess, Teller, is_withdrawn, signal_id
from tests.e2e.world import client_key, free_port

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("bezorging")]

#: A few in every run of the tests; more by the environment. The seed names the moments, so that they come again.
KILLS = int(os.environ.get("SIGNAALHUB_TEST_KILLS", "4"))
SEED = int(os.environ.get("SIGNAALHUB_TEST_SEED", "20260210"))
SIGNALS = 6 * (KILLS + 1)
LONGEST_LIFE = 1.5
Notice = tuple[str, int, str]


#: As access records name what leaves by each way.
ASKED = {"webhook": "bezorging/webhook", "stroom": "gebeurtenissen/stroom", "ophalen": "gebeurtenissen"}


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is left: a hub without a door, what the abonnee did, and what it holds.

    `done`: subject, place and id in the order in which they were done. `copies`: by address. `recalls`: of the seat.
    `trouble`: what was refused to the one who told the news.
    """

    way: str
    hub: Hub
    oin: str
    done: list[Notice]
    outcomes: Counter[tuple[str, str]]
    copies: dict[str, str]
    progress: Voortgang
    recalls: list[dict[str, Any]]
    trouble: list[str]
    exit_code: int


def ways() -> dict[str, tuple[str, ...]]:
    """How notices may come in."""
    return {
        "webhook": ("--ontvang", f"127.0.0.1:{free_port()}", "--elke", "5"),
        "stroom": ("--stroom", "--elke", "5"),
        "ophalen": ("--ophalen", "--elke", "0.2"),
    }


@contextmanager
def a_folder() -> Iterator[Path]:
    """A data folder that the database's own user may enter; its database ends with it."""
    path = Path(tempfile.mkdtemp(prefix="signaalhub-test-"))
    path.chmod(0o711)
    try:
        yield path
    finally:
        server = EmbeddedServer(path)
        server.start()
        server.close()
        shutil.rmtree(path)


@pytest.fixture(scope="module", params=["webhook", "stroom", "ophalen"])
def aftermath(request: pytest.FixtureRequest) -> Iterator[Aftermath]:
    """Signals told while both sides are killed, at seeded moments; then everything comes to rest."""
    with a_folder() as folder:
        yield from _after(folder, request.param)


def _after(folder: Path, name: str) -> Iterator[Aftermath]:
    seats = Beleid.laad().instanties
    oins = {zetel: seats[zetel].oin for zetel in (SENDER, READER)}
    keys = {zetel: client_key(folder, oin) for zetel, oin in oins.items()}
    hub = HubProcess(folder, free_port())
    way = ways()[name]
    abonnee = AbonneeProcess(hub.url, READER, oins[READER], keys[READER], folder / "abonnee", way)
    try:
        hub.start()
        teller = Teller(Partner(hub.url, SENDER, oins[SENDER], keys[SENDER].read_bytes()))
        reader = Partner(hub.url, READER, oins[READER], keys[READER].read_bytes())
        abonnee.start()
        _crash(hub, abonnee, teller, random.Random(f"{SEED} {name}"))
        _rest(abonnee, reader, folder)
        recalls = _recalls(reader)
        exit_code = abonnee.stop()
    finally:
        abonnee.kill()
        hub.stop()
    with abonnee.journal() as journal, open_hub(Settings(data_folder=folder)) as opened:
        yield Aftermath(
            name,
            opened,
            oins[SENDER],
            [(subject, place, str(id)) for subject, place, id, _ in journal.verwerkt()],
            Counter((subject, outcome) for subject, _, _, outcome in journal.verwerkt()),
            journal.kopieen(),
            journal.voortgang(),
            recalls,
            teller.faults,
            exit_code,
        )


def _crash(hub: HubProcess, abonnee: AbonneeProcess, teller: Teller, chance: random.Random) -> None:
    """Tell all signals, and kill meanwhile: each side in turn, now and then both."""
    gone = threading.Event()
    thread = threading.Thread(target=teller.tell, args=(SIGNALS, gone.is_set))
    thread.start()
    try:
        for kill in range(KILLS):
            time.sleep(chance.uniform(0, LONGEST_LIFE))
            sides = [(abonnee,), (hub,), (hub, abonnee)][min(kill, 2) if kill < 3 else chance.randrange(3)]
            for side in sides:
                side.kill()
            for side in sides:
                side.start()
        _until(lambda: teller.told == SIGNALS or bool(teller.faults), "not all signals were told")
    finally:
        gone.set()
        thread.join(timeout=30)


def _until(done: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not done():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)


def _rest(abonnee: AbonneeProcess, reader: Partner, folder: Path) -> None:
    """Until the abonnee did all that the feed gives, and all recalls were answered."""

    def caught_up() -> bool:
        assert abonnee.is_running(), (folder / "abonnee.log").read_text()[-2000:]
        wanted = {one["id"] for one in _feed(reader)}
        with abonnee.journal() as journal:
            return bool(wanted) and wanted <= {str(id) for _, _, id, _ in journal.verwerkt()}

    _until(caught_up, "the abonnee does not catch up")
    _until(lambda: all(one["bevestigdOp"] for one in _recalls(reader)), "not all recalls are answered")
    _until(caught_up, "the abonnee does not catch up")


def _feed(reader: Partner) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = -1
    while (page := _get(reader, "/v1/gebeurtenissen", na=max(cursor, 0), aantal=200))["volgende"] > cursor:
        found, cursor = [*found, *page["gebeurtenissen"]], page["volgende"]
    return found


def _recalls(reader: Partner) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _get(reader, "/v1/terugroepingen", aantal=500)["terugroepingen"]
    return [one for one in found if one["rol"] == "ontvanger"]


def _get(reader: Partner, path: str, **query: Any) -> dict[str, Any]:
    answer = reader.http.get(path, params=query, headers=reader.headers())
    assert answer.is_success, answer.text
    return dict(answer.json())


def test_the_news_was_told_and_the_abonnee_ended_well(aftermath: Aftermath) -> None:
    assert aftermath.trouble == []
    assert aftermath.exit_code == 0
    assert (aftermath.progress.wachtend, aftermath.progress.hiaten_open, aftermath.progress.tegenstrijdig) == (0, 0, 0)


def test_every_notice_of_the_seat_was_done_once(aftermath: Aftermath) -> None:
    counted = Counter(id for _, _, id in aftermath.done)
    assert set(counted.values()) == {1}
    assert set(_notices(aftermath)) >= set(aftermath.done)
    # What was withdrawn before it was brought is not brought: of such a subject only its end arrives.
    missed = set(_notices(aftermath)) - set(aftermath.done)
    withdrawn = {f"signaal:{signal_id(at, aftermath.oin)}" for at in range(SIGNALS) if is_withdrawn(at)}
    assert {subject for subject, _, _ in missed} <= withdrawn


def test_each_subject_was_done_in_its_order(aftermath: Aftermath) -> None:
    places: dict[str, list[int]] = {}
    for subject, place, _ in aftermath.done:
        places.setdefault(subject, []).append(place)
    assert sum(subject.startswith("signaal:") for subject in places) == SIGNALS
    assert {subject: found for subject, found in places.items() if found != sorted(set(found))} == {}


def test_nothing_is_held_of_what_was_withdrawn(aftermath: Aftermath) -> None:
    for at in range(SIGNALS):
        copies = [text for text in aftermath.copies.values() if str(signal_id(at, aftermath.oin)) in text]
        assert not (is_withdrawn(at) and copies), at
        assert is_withdrawn(at) or any(f"Toch anders gezien, tip {at}." in text for text in copies) or not copies, at


def test_every_recall_was_answered_once(aftermath: Aftermath) -> None:
    rectified = SIGNALS
    withdrawn = sum(map(is_withdrawn, range(SIGNALS)))
    assert Counter(one["aard"] for one in aftermath.recalls) == {"rectificatie": rectified, "intrekking": withdrawn}
    assert {one["status"] for one in aftermath.recalls} == {"bevestigd"}
    confirmed = [one.topic for one in aftermath.hub.store.read(0, 1_000_000) if "terugroeping-bevestigd" in one.topic]
    assert len(confirmed) == len(aftermath.recalls)


def test_the_access_log_names_each_delivery_and_each_fetch(aftermath: Aftermath) -> None:
    looked: Counter[str] = Counter()
    ways_used: Counter[str] = Counter()
    brought: set[str] = set()
    for _, record in aftermath.hub.store.access_records(0, 1_000_000):
        one = orjson.loads(record)
        if READER not in (one["zetel"], *one.get("ontvangers", ())) or one["resultaat"] != "toegestaan":
            continue
        if one["vraag"].startswith(("bezorging/", "gebeurtenissen")):
            brought.update(one["objecten"])
            ways_used[one["vraag"]] += bool(one["objecten"])
        else:
            looked.update(one["objecten"])
    for (subject, outcome), times in aftermath.outcomes.items():
        assert outcome != OPGEHAALD or looked[subject] >= times, subject
    assert {subject for subject, _, _ in aftermath.done} <= brought
    assert ways_used[ASKED[aftermath.way]]


def _notices(aftermath: Aftermath) -> list[Notice]:
    """All notices of the seat, as the hub has them."""
    with psycopg.connect(aftermath.hub.database.dsn) as connection:
        connection.execute("select set_config('hub.projector', 'aan', true)")
        rows = connection.execute(
            "select onderwerp, reeks, id::text from gebeurtenis where zetel = %s order by nummer", (READER,)
        ).fetchall()
    return [(str(subject), int(place), str(id)) for subject, place, id in rows]
