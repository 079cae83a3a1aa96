"""After a policy comes into force: every disclosure that it would decide otherwise is decided anew, and no other.

Follows the decision records, which hold everything that counted; only where the answer differs is the signal itself
looked at. How far it came is kept, and deciding anew changes nothing twice, so it may stop anywhere and go on. It goes
on for ever: a process that notices the new version late may still record decisions under the old one.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import orjson

from contracts.afscherming import VertrouwelijkheidVervallen, VertrouwelijkVerklaard, ZetelsUitgesloten
from contracts.beleid import BeleidGeactiveerd
from contracts.casus import CasusGeopend, DeelnemersBepaald
from contracts.message import Acted
from contracts.signaal import SignaalGeherclassificeerd, SignaalGerectificeerd, SignaalVerrijkt
from contracts.toestemming import ToestemmingGegeven, ToestemmingIngetrokken
from contracts.verstrekking import SignaalVerstrekt, VerstrekkingGeweigerd, VerstrekkingVervallen
from hub.domain import beleidsversie
from hub.domain.casus import Casus
from hub.domain.toestemming import Toestemmingen
from hub.handling.beleidsversies import BELEIDSSTROOM, Beleidsversies
from hub.handling.disclose import HUBZETEL, Disclosing
from hub.handling.execute import Ledger
from hub.handling.questions import Questions
from hub.handling.step import Step
from hub.handling.vergelijken import Comparing, Row, row_of
from hub.handling.work import Work, consents_of
from hub.ledger.envelope import opened
from hub.ledger.store import Decided, LedgerStore

DISCLOSURES = (SignaalVerstrekt.TYPE, VerstrekkingGeweigerd.TYPE, VerstrekkingVervallen.TYPE)
#: After one of these the record of an earlier disclosure no longer says everything that counts.
CHANGES = tuple(
    cls.TYPE
    for cls in (
        SignaalVerrijkt,
        SignaalGerectificeerd,
        SignaalGeherclassificeerd,
        ZetelsUitgesloten,
        VertrouwelijkVerklaard,
        VertrouwelijkheidVervallen,
        ToestemmingGegeven,
        ToestemmingIngetrokken,
    )
)
PAGE = 4_000
CASES = 200
HANDS = 4
REASON = "beleid-gewijzigd"
LOOK_SECONDS = 1.0
#: How far the clocks of two processes may be apart, generously.
CLOCKS = timedelta(days=1)

#: Position reached, and head.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reviewing:
    """One activation that is in force, and the names under which progress is kept."""

    activering: BeleidGeactiveerd
    questions: Questions
    nu: datetime

    @property
    def begin(self) -> str:
        return f"herzien-begin:{self.activering.volgnummer}"

    @property
    def signals(self) -> str:
        return f"herzien:{self.activering.volgnummer}"

    @property
    def cases(self) -> str:
        return f"herzien-casussen:{self.activering.volgnummer}"


class Reviser:
    """Keeps what is disclosed in line with the policy in force. One thread uses it; several processes may have one."""

    def __init__(self, store: LedgerStore, ledger: Ledger, policy: Beleidsversies, work: Callable[[], Work]) -> None:
        self._store, self._ledger, self._policy, self._work = store, ledger, policy, work
        self._changed: dict[UUID, int] = {}
        self._changed_until = 0

    def run(self, nu: datetime, progress: Progress = lambda position, head: None) -> int:
        """Bring everything up to the head in line; the number of signals and cases looked at anew.

        Nothing to do before a first activation. Raises LedgerError.
        """
        reviewing = self._reviewing(nu)
        if reviewing is None:
            return 0
        if not self._store.cursor(reviewing.begin):
            self._store.move_cursor(reviewing.begin, self._store.head())
        done = self._members(reviewing) + self._disclosures(reviewing, progress)
        if reviewing.activering.volgnummer not in self._policy.versies().herzien:
            self._ledger.perform(partial(self._finished, reviewing), HUBZETEL, nu)
        return done

    def follow(self, stop: threading.Event, clock: Callable[[], datetime], failed: Callable[[Exception], None]) -> None:
        """Keep up until `stop`. `failed` is told what went wrong; it is tried again."""
        while not stop.is_set():
            try:
                self.run(clock())
            except Exception as error:  # whatever it was, what is not done yet is done at the next try
                failed(error)
            stop.wait(LOOK_SECONDS)

    def _reviewing(self, nu: datetime) -> Reviewing | None:
        """The activation in force. None where this process cannot load it: another one does the work then."""
        in_force = self._policy.versies().in_kracht(nu)
        questions = self._policy.at(nu)
        if not in_force or questions.beleid.versie != in_force[0].versie:
            return None
        return Reviewing(in_force[0], questions, nu)

    def _members(self, reviewing: Reviewing) -> int:
        """Participants whom the policy would not admit any more leave their cases."""
        since, head = self._store.cursor(reviewing.cases), self._store.head()
        found = sorted(self._store.last_of((CasusGeopend.TYPE, DeelnemersBepaald.TYPE), since), key=str)
        left = 0
        for at in range(0, len(found), CASES):
            cases = self._cases(found[at : at + CASES])
            gone = {
                id: seats
                for id, casus in cases.items()
                if (seats := _not_admitted(reviewing.questions, casus, reviewing.nu))
            }
            left += self._perform(reviewing, [partial(_leave, casus_id=id) for id in gone])
        self._store.move_cursor(reviewing.cases, head)
        return left

    def _disclosures(self, reviewing: Reviewing, progress: Progress) -> int:
        comparing = Comparing(reviewing.questions, self._policy, reviewing.nu.date())
        ours = _begin_of(reviewing.questions.beleid.versie)
        at, ahead = self._store.cursor(reviewing.signals), self._ahead(reviewing)
        done: dict[UUID, int] = {}
        while True:
            head = self._store.head()
            until = min(at + PAGE, head)
            page = self._store.decided(at, until, DISCLOSURES, ours)
            self._look_for_changes(head)
            affected = self._affected([one for one in page if not one.decision.startswith(ahead)], comparing, done)
            self._perform(reviewing, [partial(_decide_anew, signaal_id=id, rows=rows) for id, rows in affected.items()])
            done |= dict.fromkeys(affected, head)
            at = max(at, until)
            self._store.move_cursor(reviewing.signals, at)
            progress(at, head)
            if at >= head:
                return len(done)

    def _affected(
        self, page: Sequence[Decided], comparing: Comparing, done: Mapping[UUID, int]
    ) -> dict[UUID, list[Row]]:
        """The signals with a disclosure that would be decided otherwise, and those disclosures."""
        rows = [row for row in map(row_of, page) if row.positie > done.get(row.signaal_id, 0)]
        cases = self._cases({row.casus_id for row in rows if row.casus_id})
        consents = self._consents({row.signaal_id for row in rows if row.on_consent})
        affected: dict[UUID, list[Row]] = {}
        for row in rows:
            casus = cases[row.casus_id] if row.casus_id else None
            if self._outdated(row) or comparing.differs(row, casus, consents.get(row.signaal_id)):
                affected.setdefault(row.signaal_id, []).append(row)
        return affected

    def _outdated(self, row: Row) -> bool:
        """Whether what counted has changed since it was recorded."""
        if self._changed.get(row.signaal_id, 0) > row.positie:
            return True
        if not self._changed:
            return False
        return row.casus_id is None and self._changed.get(consents_of(row.signaal_id), 0) > row.positie

    def _look_for_changes(self, head: int) -> None:
        if head > self._changed_until:
            self._changed |= self._store.last_of(CHANGES, self._changed_until)
            self._changed_until = head

    def _cases(self, ids: Iterable[UUID]) -> dict[UUID, Casus]:
        work, wanted = self._work(), list(ids)
        work.load(wanted)
        return {id: work.casus(id) for id in wanted}

    def _consents(self, ids: Iterable[UUID]) -> dict[UUID, Toestemmingen]:
        work, wanted = self._work(), list(ids)
        work.load([consents_of(id) for id in wanted])
        return {id: work.toestemmingen(id) for id in wanted}

    def _ahead(self, reviewing: Reviewing) -> tuple[bytes, ...]:
        """How decisions begin of versions that another process, whose clock is ahead, may have in force already."""
        number, soon = reviewing.activering.volgnummer, (reviewing.nu + CLOCKS).date()
        later = [one for one in self._policy.versies().activeringen if one.volgnummer > number]
        return tuple(_begin_of(one.versie) for one in later if one.ingangsdatum <= soon)

    def _perform(self, reviewing: Reviewing, acts: Sequence[Callable[[Step], None]]) -> int:
        """Each act whole or not at all; together they share commits."""
        with ThreadPoolExecutor(HANDS, thread_name_prefix="herzien") as hands:
            outcomes = list(hands.map(lambda act: self._ledger.perform(act, HUBZETEL, reviewing.nu), acts))
        return sum(1 for outcome in outcomes if outcome.events)

    def _finished(self, reviewing: Reviewing, step: Step) -> None:
        versies = beleidsversie.replay(step.work.events(BELEIDSSTROOM, beleidsversie.BeleidEvent))
        counts = self._counts(self._store.cursor(reviewing.begin))
        until = self._store.cursor(reviewing.signals)
        who = Acted(step.zetel, step.nu)
        step.work.add(BELEIDSSTROOM, beleidsversie.herzien(versies, reviewing.activering, who, until, **counts), "hub")

    def _counts(self, since: int) -> dict[str, int]:
        """What the hub itself recorded on disclosures, from the ledger: a crash changes nothing of it."""
        found: Counter[str] = Counter()
        while page := self._store.read(since, PAGE):
            since = page[-1].position
            for one in page:
                if one.topic in DISCLOSURES and orjson.loads(opened(one.state)[0])["zetel"] == HUBZETEL:
                    found[one.topic] += 1
        return dict(zip(("verstrekt", "geweigerd", "vervallen"), (found[topic] for topic in DISCLOSURES), strict=True))


def _begin_of(versie: str) -> bytes:
    """How a decision record of this version begins; its fields stand in order."""
    return orjson.dumps({"beleidsversie": versie})[:-1]


def _decide_anew(step: Step, signaal_id: UUID, rows: Sequence[Row]) -> None:
    disclosing = _disclosing(step)
    disclosing.anew(signaal_id)
    for row in rows:
        if row.gebonden_aan is not None:
            disclosing.end_bound(signaal_id, row.gebonden_aan, REASON, row.ontvanger)


def _not_admitted(questions: Questions, casus: Casus, nu: datetime) -> tuple[str, ...]:
    """An embargo or objection keeps data from participants, not the participants from the case."""
    without = replace(casus, embargo=False, bezwaren={})
    return tuple(seat for seat in sorted(casus.deelnemers) if not questions.admission(seat, without, nu.date()))


def _leave(step: Step, casus_id: UUID) -> None:
    before = step.work.casus(casus_id)
    gone = _not_admitted(step.questions, before, step.nu)
    if not gone:
        return
    event = DeelnemersBepaald(
        casus_id=casus_id,
        deelnemers=tuple(sorted(before.deelnemers.difference(gone))),
        niet_toegelaten=gone,
        zetel=step.zetel,
        tijdstip=step.nu,
    )
    step.work.add(casus_id, [event], before.spoor)
    _disclosing(step).members_left(casus_id, before, step.work.casus(casus_id))


def _disclosing(step: Step) -> Disclosing:
    return Disclosing(step.questions, step.work, step.zetel, step.nu, REASON)
