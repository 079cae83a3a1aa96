"""Whatever a subscriber answers, in whatever order: each subject in order, nothing lost, nothing for ever."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.abonnement import Filters
from hub.delivery.bezorgrij import BEZORGD, ONBESTELBAAR, WACHTEND, Afloop, Stand, Wachtend
from hub.delivery.lanes import MOST_SLOTS, Lane
from hub.delivery.outgoing import Answer
from hub.delivery.pace import Pace
from hub.delivery.retry import PATIENCE, TRIES
from hub.domain.abonnement import ACTIEF, Abonnement

ID = UUID(int=1)
NU = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ANSWERS = st.sampled_from([204, 204, 204, 500, 404, None, "429"])


@dataclass
class Queue:
    """The queue in memory: the same questions as to the one in the database. `later`: when a row is due."""

    rows: dict[int, Wachtend]
    later: dict[int, datetime] = field(default_factory=dict)
    status: dict[int, str] = field(default_factory=dict)

    def waiting(self, besides: set[str], limit: int, nu: datetime) -> list[Wachtend]:
        left = [row for row in self.rows.values() if self.status[row.nummer] == WACHTEND]
        held = {row.onderwerp for row in left if self.later.get(row.nummer, nu) > nu}
        return [row for row in left if row.onderwerp not in besides | held][:limit]

    def oldest(self, nu: datetime) -> list[Wachtend]:
        left = [row for row in self.rows.values() if self.status[row.nummer] == WACHTEND]
        return [row for row in left[:1] if self.later.get(row.nummer, nu) <= nu]

    def record(self, ended: Afloop, nu: datetime) -> None:
        before = self.rows[ended.nummer]
        self.status[ended.nummer] = ended.status
        self.later.pop(ended.nummer, None)
        if ended.wacht is not None:
            self.later[ended.nummer] = nu + ended.wacht
        self.rows[ended.nummer] = Wachtend(
            ID, before.nummer, before.onderwerp, ended.pogingen, ended.gewacht, ended.gelukt_voordien, None
        )


def lane_of() -> Lane:
    taken = Abonnement(ID, "z@a", "webhook", Filters(), "https://voorbeeld.nl/", None, ACTIEF)
    return Lane(taken, Stand(ID, "z@a", 0), Pace(None))


def answer_of(drawn: int | str | None) -> Answer:
    if drawn == "429":
        return Answer(429, None, {"retry-after": "60"})
    return Answer(int(drawn) if drawn is not None else None, None if drawn else "te-langzaam", {})


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=40), st.data())
def test_each_subject_in_order_and_everything_ends(subjects: list[str], data: st.DataObject) -> None:
    rows = {n: Wachtend(ID, n, subject, 0, 0.0, None, None) for n, subject in enumerate(subjects, 1)}
    queue, lane, nu = Queue(rows, status=dict.fromkeys(rows, WACHTEND)), lane_of(), NU
    on_their_way: list[Wachtend] = []
    arrived: list[Wachtend] = []
    while WACHTEND in queue.status.values() and lane.stopped is None:
        now = (nu - NU).total_seconds()
        wanted = lane.wants()
        if wanted:
            lane.load(queue.oldest(nu) if lane.is_failing else queue.waiting(lane.in_hand, wanted, nu))
        on_their_way += lane.take(now)
        assert len({row.onderwerp for row in on_their_way}) == len(on_their_way) <= MOST_SLOTS
        if not on_their_way:
            nu += timedelta(minutes=1) if lane.paused_until > now else timedelta(hours=1)
            assert nu - NU < PATIENCE * 2 * len(subjects)
            continue
        row = on_their_way.pop(data.draw(st.integers(0, len(on_their_way) - 1)))
        ended = lane.answered(row, answer_of(data.draw(ANSWERS)), nu, now, 0.5)
        assert ended.pogingen <= TRIES
        if ended.status == BEZORGD:
            arrived.append(row)
        queue.record(ended, nu)
        lane.recorded(row.onderwerp)
    if lane.stopped is None:
        assert set(queue.status.values()) <= {BEZORGD, ONBESTELBAAR}
    for subject in set(subjects):
        numbers = [row.nummer for row in arrived if row.onderwerp == subject]
        assert numbers == sorted(set(numbers))
