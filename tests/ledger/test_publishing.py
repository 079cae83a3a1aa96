"""Checkpoints go out with what witnesses signed in time; what lacks its quorum is an alarm, and a lie has a name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.audit.access import Entry
from hub.audit.checkpoint import COSIGNATURE, NoteSigner, cosign_checkpoint, parse_checkpoint
from hub.audit.proof import write_proof
from hub.audit.proving import verify_proof
from hub.audit.quorum import TrustPolicy, parse_policy
from hub.audit.witness import Refused, Witness, server
from hub.audit.witnesses import Asking, Cosigned, Elsewhere, HttpAsking, Stand, read_answer
from hub.ledger.checkpoints import Checkpoints, Signed, Signers
from hub.ledger.memory import MemoryLedger
from hub.ledger.published import MemoryPublished, PostgresPublished, Published, PublishedStore, Standing
from hub.ledger.publisher import PATIENCE_SECONDS, ROUND_SECONDS, Publisher
from hub.ledger.store import ACCESS_LOG
from hub.ledger.vouching import Alarm, verifier, vouched
from hub.log import Log

ORIGIN = f"hub.example/{ACCESS_LOG}"
KEY = NoteSigner(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"1" * 32))
BEGIN = datetime(2026, 11, 21, 8, tzinfo=UTC)


class Away(Asking):
    """A way to witnesses that may be cut, or held up until `go`."""

    def __init__(self, inner: Asking, names: dict[str, str]) -> None:
        self.inner, self.names, self.go = inner, names, threading.Event()
        self.cut, self.slow = set[str](), set[str]()

    def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        name = self.names[url.removesuffix("/add-checkpoint")]
        if name in self.cut:
            raise OSError("away")
        if name in self.slow:
            self.go.wait(10)
        return self.inner.post(url, body)


class Direct(Asking):
    """Witnesses in this process; the twin of those over HTTP."""

    def __init__(self) -> None:
        self.witnesses: dict[str, Witness] = {}

    def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        try:
            return 200, self.witnesses[url.removesuffix("/add-checkpoint")].add_checkpoint(body)
        except Refused as refused:
            return refused.status, refused.body


@dataclass
class World:
    """A log, three witnesses of which two are needed, and a publisher with a clock of its own."""

    ask: Away
    store: PublishedStore
    policy: TrustPolicy
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    now: datetime = BEGIN
    lines: StringIO = field(default_factory=StringIO)
    patience: float = 10.0

    def __post_init__(self) -> None:
        self.start()

    def start(self, ledger: MemoryLedger | None = None) -> None:
        """A hub that begins, with nothing in memory."""
        self.ledger = ledger or self.ledger
        self.checkpoints = Checkpoints(self.ledger, {ACCESS_LOG: Signers(KEY)})
        log = Log(self.lines, "debug", self.clock)
        self.publisher = Publisher(
            self.checkpoints, self.store, self.policy, self.ask, self.clock, log, patience=self.patience
        )

    def clock(self) -> datetime:
        return self.now

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def grow(self, count: int = 1, word: str = "eerlijk") -> None:
        self.ledger.append_access([Entry(orjson.dumps({"woord": word}))] * count)

    def round(self, count: int = 0) -> None:
        self.grow(count)
        self.publisher.round()

    @property
    def alarms(self) -> set[Alarm]:
        return set(vouched(self.store, ACCESS_LOG, self.policy, self.now).alarms)

    def said(self) -> list[str]:
        return [orjson.loads(line)["gebeurtenis"] for line in self.lines.getvalue().splitlines()]

    def latest(self) -> Published:
        found = self.store.latest(ACCESS_LOG)
        assert found is not None
        return found

    def witnessed(self) -> Published:
        found = self.store.witnessed(ACCESS_LOG)
        assert found is not None
        return found

    def stands(self) -> list[str]:
        state = vouched(self.store, ACCESS_LOG, self.policy, self.now)
        return [one.stand.value if one else "" for one in state.standings.values()]


def three_witnesses(folder: Path) -> dict[str, Witness]:
    return {name: Witness(folder / name, f"{name}.example/getuige", [KEY.verifier.vkey]) for name in ("w1", "w2", "w3")}


def policy_of(witnesses: dict[str, Witness], urls: dict[str, str]) -> TrustPolicy:
    lines = [f"witness {name} {one.vkey} {urls[name]}" for name, one in witnesses.items()]
    return parse_policy("\n".join([f"log {KEY.verifier.vkey}", *lines, "group g 2 w1 w2 w3", "quorum g"]).encode())


@pytest.fixture(params=["direct", "http"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Away, TrustPolicy]]:
    witnesses = three_witnesses(tmp_path)
    if request.param == "direct":
        direct, urls = Direct(), {name: f"mem://{name}" for name in witnesses}
        direct.witnesses = {urls[name]: one for name, one in witnesses.items()}
        yield Away(direct, {url: name for name, url in urls.items()}), policy_of(witnesses, urls)
        return
    doors = {name: server(one, "127.0.0.1", 0) for name, one in witnesses.items()}
    for door in doors.values():
        threading.Thread(target=door.serve_forever, daemon=True).start()
    ask = HttpAsking(10)
    urls = {name: f"http://127.0.0.1:{door.server_port}" for name, door in doors.items()}
    yield Away(ask, {url: name for name, url in urls.items()}), policy_of(witnesses, urls)
    ask.close()
    for door in doors.values():
        door.shutdown()
        door.server_close()


@pytest.fixture
def store() -> PublishedStore:
    return MemoryPublished()


@pytest.fixture
def world(way: tuple[Away, TrustPolicy], store: PublishedStore) -> Iterator[World]:
    world = World(way[0], store, way[1])
    yield world
    world.ask.go.set()
    world.publisher.close()


class TestPublishing:
    def test_what_was_added_is_witnessed_after_one_round_and_proven_without_a_network(self, world: World) -> None:
        world.round(300)
        assert world.latest() == world.witnessed()
        point = world.witnessed()
        proof = world.checkpoints.inclusion_at(ACCESS_LOG, 299, Signed(point.size, point.note))
        assert proof is not None
        text = write_proof(proof.index, proof.hashes, proof.checkpoint, proof.leaf_data)
        assert verify_proof(text.encode(), world.policy) == []
        assert (world.alarms, world.said(), world.stands()) == (set(), [], ["getekend"] * 3)

    def test_proofs_of_many_records_at_once_are_those_of_each_alone(self, world: World) -> None:
        world.ledger.append_access([Entry(b"%d" % n, (f"casus:{n % 3}",)) for n in range(600)])
        point, numbers = world.checkpoints.signed(ACCESS_LOG), range(598, 0, -3)
        alone = [world.checkpoints.inclusion_at(ACCESS_LOG, number - 1, point) for number in numbers]
        for asked, proofs in ((numbers, alone), ((597, 601), [None, None]), ((), [])):
            assert world.checkpoints.access_inclusions("casus:0", asked, point) == proofs

    def test_a_round_and_its_patience_fit_in_the_second_in_which_an_entry_is_provable(self) -> None:
        assert ROUND_SECONDS + PATIENCE_SECONDS < 1

    def test_a_log_that_did_not_grow_is_not_published_anew_until_cosignatures_grow_old(self, world: World) -> None:
        world.round(5)
        first = world.latest()
        world.later(59)
        world.round()
        assert world.latest() == first
        world.later(1)
        world.round()
        assert world.latest().at == world.now
        assert world.alarms == set()

    def test_an_empty_log_is_published_and_grows(self, world: World) -> None:
        for count in (0, 1, 255, 300):
            world.round(count)
            assert world.witnessed().size == world.checkpoints.size(ACCESS_LOG)

    def test_a_hub_that_starts_again_learns_from_the_witness_where_it_was(self, world: World) -> None:
        world.round(10)
        world.start()
        world.round(10)
        assert (world.witnessed().size, world.stands()) == (20, ["getekend"] * 3)

    def test_a_hub_that_starts_again_publishes_at_once(self, world: World) -> None:
        world.round(10)
        world.start()
        world.later(1)
        world.round()
        assert world.latest().at == world.now

    def test_a_thread_that_meets_a_fault_goes_on(self, world: World) -> None:
        stop, faults = threading.Event(), list[Exception]()
        world.checkpoints.keys = {}

        def failed(error: Exception) -> None:
            faults.append(error)
            stop.set()

        world.publisher.follow(stop, failed)
        assert [type(fault) for fault in faults] == [KeyError]

    def test_two_hubs_on_one_database_do_not_hinder_each_other(self, world: World) -> None:
        world.round(10)
        first = world.publisher
        world.start()
        world.round(10)
        first.round()
        world.grow(5)
        first.round()
        world.round()
        assert (world.witnessed().size, world.alarms) == (25, set())


class TestQuorum:
    def test_one_witness_away_is_no_alarm_and_two_are(self, world: World) -> None:
        world.round(5)
        world.ask.cut = {"w3"}
        world.later(20)
        world.round(5)
        assert (world.alarms, world.stands()[2]) == (set(), "onbereikbaar")
        world.ask.cut = {"w2", "w3"}
        world.later(20)
        world.round(5)
        assert world.alarms == {Alarm.ONDER_QUORUM}
        assert world.said() == ["OnderQuorum"]
        assert (world.latest().size, world.witnessed().size) == (15, 10)

    def test_an_alarm_goes_on_being_said_and_says_when_it_is_over(self, world: World) -> None:
        world.ask.cut = {"w2", "w3"}
        for _ in range(5):
            world.round(1)
            world.later(40)
        assert world.said() == ["OnderQuorum", "OnderQuorum"]
        world.ask.cut = set()
        world.round()
        assert world.alarms == set()
        assert world.said()[-1] == "QuorumGehaald"

    def test_a_log_that_does_not_grow_is_watched_too(self, world: World) -> None:
        world.round(5)
        world.ask.cut = {"w1", "w2", "w3"}
        for _ in range(20):
            world.later(10)
            world.round()
        assert world.alarms == {Alarm.VEROUDERD}
        assert "OnderQuorum" in world.said()

    def test_a_cosignature_stays_on_its_checkpoint_when_the_witness_goes(self, world: World) -> None:
        world.ask.cut = {"w2", "w3"}
        world.round(5)
        world.ask.cut = {"w1", "w3"}
        world.later(5)
        world.round()
        assert world.witnessed().size == 5

    def test_a_hub_that_stopped_publishing_is_an_alarm(self, world: World) -> None:
        world.round(5)
        world.later(181)
        assert world.alarms == {Alarm.VEROUDERD}

    def test_without_witnesses_there_is_no_quorum_to_miss(self, store: PublishedStore) -> None:
        world = World(Away(Direct(), {}), store, TrustPolicy())
        world.round(5)
        assert (world.witnessed().size, world.alarms, world.said()) == (5, set(), [])


def test_a_slow_witness_delays_nobody_and_what_it_signs_later_counts(tmp_path: Path) -> None:
    witnesses, direct = three_witnesses(tmp_path), Direct()
    urls = {name: f"mem://{name}" for name in witnesses}
    direct.witnesses = {urls[name]: one for name, one in witnesses.items()}
    world = World(
        Away(direct, {url: name for name, url in urls.items()}), MemoryPublished(), policy_of(witnesses, urls)
    )
    world.patience = 0.0
    world.start()
    world.ask.slow = {"w1", "w2", "w3"}
    world.round(5)
    assert world.latest().size == 5
    assert world.store.witnessed(ACCESS_LOG) is None
    world.round(5)
    assert world.latest().size == 10
    world.ask.go.set()
    world.publisher._pool.shutdown(wait=True)
    assert world.store.witnessed(ACCESS_LOG) is None
    world.publisher._land(ACCESS_LOG, world.publisher._kept[ACCESS_LOG].flights[0])
    assert (world.latest().size, world.witnessed().size) == (10, 5)


class TestLies:
    def test_a_database_that_was_set_back_is_named(self, world: World) -> None:
        world.round(10)
        world.start(MemoryLedger())
        world.later(60)
        world.round(4)
        assert world.stands() == ["teruggedraaid"] * 3
        assert Alarm.TERUGGEDRAAID in world.alarms
        assert "GetuigeWeerspreekt" in world.said()

    def test_one_that_was_set_back_and_grew_on_is_named_a_split(self, world: World) -> None:
        world.round(10)
        world.start(MemoryLedger())
        world.grow(25, "anders")
        world.later(60)
        world.round()
        assert world.stands() == ["gesplitst"] * 3
        assert {Alarm.GESPLITST, Alarm.ONDER_QUORUM} == world.alarms
        assert world.latest().size == 25
        assert world.witnessed().size == 10


SIGNED = f"{ORIGIN}\n1\n{'A' * 43}=\n\n" + KEY.sign(f"{ORIGIN}\n1\n{'A' * 43}=\n")
WITNESS = NoteSigner("w.example/getuige", Ed25519PrivateKey.from_private_bytes(b"2" * 32), COSIGNATURE)
OTHER = NoteSigner("w.example/ander", Ed25519PrivateKey.from_private_bytes(b"3" * 32), COSIGNATURE)


def lines(*signers: NoteSigner) -> bytes:
    return "".join(cosign_checkpoint(SIGNED, one, 7)[len(SIGNED) :] for one in signers).encode()


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, lines(WITNESS), Cosigned(lines(WITNESS).decode())),
        (200, lines(OTHER, WITNESS), Cosigned(lines(WITNESS).decode())),
        (200, lines(OTHER), Stand.ONGELDIG),
        (200, b"", Stand.ONGELDIG),
        (200, b"\xff", Stand.ONGELDIG),
        (200, WITNESS.cosign("iets anders\n", 7).encode(), Stand.ONGELDIG),
        (409, b"12\n", Elsewhere(12)),
        (409, b"0\n", Elsewhere(0)),
        (409, b"twaalf\n", Stand.ONGELDIG),
        (409, b"9" * 40 + b"\n", Stand.ONGELDIG),
        (403, b"", Stand.ONBEKEND),
        (404, b"", Stand.ONBEKEND),
        (422, b"", Stand.GESPLITST),
        (500, b"", Stand.ONGELDIG),
        (302, b"", Stand.ONGELDIG),
    ],
)
def test_what_a_witness_answers_is_taken_for_no_more_than_it_is(status: int, body: bytes, outcome: object) -> None:
    assert read_answer(status, body, SIGNED, WITNESS.verifier) == outcome


@pytest.fixture(params=["memory", "postgres"])
def kept(request: pytest.FixtureRequest) -> Iterator[PublishedStore]:
    if request.param == "memory":
        yield MemoryPublished()
        return
    found = PostgresPublished(request.getfixturevalue("migrated_dsn"))
    yield found
    found.close()


def test_a_store_keeps_the_newest_and_the_newest_witnessed(kept: PublishedStore) -> None:
    log = f"proef-{id(kept)}"
    assert (kept.latest(log), kept.witnessed(log), kept.standings(log)) == (None, None, {})
    first, second, third = (Published(f"n{size}", size, BEGIN) for size in (5, 9, 7))
    kept.put(log, first, True, [])
    kept.put(log, second, False, [])
    kept.put(log, third, True, [])
    assert (kept.latest(log), kept.witnessed(log)) == (second, third)


def test_a_store_remembers_what_a_witness_last_cosigned(kept: PublishedStore) -> None:
    log, point = f"stand-{id(kept)}", Published("n", 5, BEGIN)
    kept.put(log, point, False, [Standing("w", Stand.GETEKEND, BEGIN, 5, BEGIN)])
    later = BEGIN + timedelta(seconds=9)
    kept.put(log, point, False, [Standing("w", Stand.ONBEREIKBAAR, later)])
    assert kept.standings(log) == {"w": Standing("w", Stand.ONBEREIKBAAR, later, 5, BEGIN)}


def test_what_is_published_reads_back(world: World) -> None:
    world.round(3)
    assert parse_checkpoint(world.latest().note).origin == ORIGIN
    assert set(world.store.standings(ACCESS_LOG)) == {verifier(one.key).vkey for one in world.policy.witnesses.values()}
