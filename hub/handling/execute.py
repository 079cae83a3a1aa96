"""The only writer of facts: load, ask the policy, decide, append; all of a command is durable or nothing is."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import compress
from uuid import UUID

import orjson

from contracts.message import Command, Event
from contracts.register import REFUSALS
from contracts.signaal import RegistreerSignaal
from hub.audit.access import Pseudonyms
from hub.handling.beleidsversies import Policy
from hub.handling.disclose import HUBZETEL
from hub.handling.handle import handle
from hub.handling.questions import Questions
from hub.handling.step import Handlers, Step
from hub.handling.terugkoppelen import oblige
from hub.handling.terugroepen import recall
from hub.handling.vastleggen import HUB_ACTOR, HUB_ZELF, Daad, Herkomst, batch_entries, entries, naam_van, soort_van
from hub.handling.work import Work
from hub.ledger.envelope import opened
from hub.ledger.keys import Destroyed, SubjectKeys
from hub.ledger.mapper import MessageMapper
from hub.ledger.store import (
    Change,
    DuplicateSource,
    KeyConflict,
    LedgerError,
    LedgerStore,
    LedgerUnavailable,
    Receipt,
    SourceKey,
    VersionConflict,
)

TRIES = 6


@dataclass(frozen=True, slots=True)
class Request:
    """A command of a seat. `source`, `id`: where the message came from, for idempotency; None for a form.

    `persoon`: who acts in the seat: person or system, as the token says. `herkomst`: where it came from.
    """

    command: Command
    zetel: str
    source: str | None = None
    id: str | None = None
    persoon: str = ""
    herkomst: Herkomst = HUB_ZELF

    def daad(self, nu: datetime) -> Daad:
        """What the access log says of it."""
        kind = type(self.command)
        return Daad(naam_van(kind), soort_van(kind), self.zetel, self.persoon or HUB_ACTOR, self.herkomst, nu)

    def source_key(self, secret: bytes) -> SourceKey | None:
        """The identity of the message; its digest is keyed, for content of a few words could be guessed from a hash."""
        if self.source is None or self.id is None:
            return None
        content = orjson.dumps(
            [self.zetel, self.command.TYPE, self.command.model_dump(mode="json")], option=orjson.OPT_SORT_KEYS
        )
        return SourceKey(self.source, self.id, hashlib.blake2b(content, key=secret, digest_size=32).digest())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was recorded. `events`: empty when nothing changed or the message was a repeat."""

    events: tuple[Event, ...]
    receipt: Receipt | None
    repeated: bool = False

    @property
    def logged(self) -> bool:
        """Whether the access log holds it: whatever was recorded is there as well."""
        return bool(self.events) and not self.repeated


class Ledger:
    """Executes commands. `secret`: 32 bytes under which digests are kept; `own`: handlers beside the usual."""

    def __init__(
        self,
        store: LedgerStore,
        mapper: MessageMapper,
        keys: SubjectKeys,
        policy: Policy,
        secret: bytes,
        own: Handlers | None = None,
    ) -> None:
        self.store, self._mapper, self._keys, self._policy = store, mapper, keys, policy
        self._secret, self._own = secret, own or {}
        self.pseudonyms = Pseudonyms(secret)

    def execute(self, request: Request, nu: datetime) -> Outcome:
        """Execute one command. Raises Onbekend, Strijdig, SourceConflict, LedgerUnavailable, keys.Destroyed."""
        act = partial(handle, command=request.command, own=self._own)
        return self._perform(act, request.daad(nu), request.source_key(self._secret), request.persoon)

    def perform(self, act: Callable[[Step], None], zetel: str, nu: datetime) -> Outcome:
        """What the hub does of itself, recorded as whole as a command. Raises as `act` does, and LedgerUnavailable."""
        return self._perform(act, Daad(HUB_ACTOR, "wijzigen", zetel, HUB_ACTOR, HUB_ZELF, nu), None)

    def _perform(self, act: Callable[[Step], None], daad: Daad, source: SourceKey | None, persoon: str = "") -> Outcome:
        zetel, nu = daad.zetel, daad.nu
        for attempt in range(TRIES):
            work = self._work(assume_new=attempt == 0)
            try:
                step = Step(work, self._policy.at(nu), zetel, nu, self._pseudonym, persoon)
                act(step)
                recall(step)
                oblige(step)
                change = self._change(daad, work, source)
            except Exception:
                # A repeat of an accepted message gets its first answer, also where the state has moved on.
                if repeat := self._repeat(source, zetel):
                    return repeat
                raise
            if (not work.added or _refused(work)) and (repeat := self._repeat(source, zetel)):
                return repeat
            if not change.appends:
                return Outcome((), None)
            try:
                receipt = self.store.append(change)
            except DuplicateSource as duplicate:
                return self._repeated(work, duplicate.receipt, zetel)
            except KeyConflict as conflict:
                self._keys.forget(conflict.ids)
                continue
            except VersionConflict:
                continue
            work.committed()
            self._policy.committed(work.added)
            return Outcome(work.in_order(), receipt)
        raise LedgerUnavailable("the same streams kept changing")

    def execute_many(self, requests: Sequence[Request], nu: datetime) -> list[Outcome | Exception]:
        """Execute commands in order; runs of new signals share one commit. A failure stands in place of its outcome."""
        outcomes: list[Outcome | Exception] = []
        at = 0
        while at < len(requests):
            run = _run_of_new_signals(requests, at)
            if len(run) > 1:
                outcomes += self._register(run, nu)
                at += len(run)
                continue
            try:
                outcomes.append(self.execute(requests[at], nu))
            except Exception as error:  # each message of a batch gets its own answer
                outcomes.append(error)
            at += 1
        return outcomes

    def _register(self, requests: Sequence[Request], nu: datetime) -> list[Outcome | Exception]:
        questions = self._policy.at(nu)
        prepared = self._sealed([self._decided(request, questions, nu) for request in requests], requests, nu)
        changes = [one[1] for one in prepared if not isinstance(one, Exception)]
        receipts = iter(self.store.append_many([*changes, *self._batch_access(requests, prepared, nu)]))
        outcomes: list[Outcome | Exception] = []
        for request, one in zip(requests, prepared, strict=True):
            if isinstance(one, Exception):
                outcomes.append(self._repeat(request.source_key(self._secret), request.zetel) or one)
                continue
            receipt = next(receipts)
            if isinstance(receipt, Receipt):
                one[0].committed()
                outcomes.append(Outcome(one[0].in_order(), receipt))
            else:
                outcomes.append(self._second_try(request, one[0], receipt, nu))
        return outcomes

    def _decided(self, request: Request, questions: Questions, nu: datetime) -> Work | Exception:
        work = self._work()
        try:
            step = Step(work, questions, request.zetel, nu, self._pseudonym, request.persoon)
            handle(step, request.command, self._own)
            work.draft()
        except Exception as error:  # each message of a batch gets its own answer
            return error
        return work

    def _sealed(
        self, decided: Sequence[Work | Exception], requests: Sequence[Request], nu: datetime
    ) -> list[tuple[Work, Change] | Exception]:
        # A message with a destroyed key is refused on its own, below.
        with suppress(Destroyed):
            self._keys.get_many({id for work in decided if isinstance(work, Work) for id in work.used}, create=True)
        sealed: list[tuple[Work, Change] | Exception] = []
        for request, work in zip(requests, decided, strict=True):
            if isinstance(work, Exception):
                sealed.append(work)
                continue
            try:
                sealed.append((work, work.change(self._key(request.source_key(self._secret), work, nu))))
            except Exception as error:
                sealed.append(error)
        return sealed

    def _second_try(self, request: Request, work: Work, error: LedgerError, nu: datetime) -> Outcome | Exception:
        if isinstance(error, DuplicateSource):
            return self._repeated(work, error.receipt, request.zetel)
        if not isinstance(error, KeyConflict | VersionConflict):
            return error
        if isinstance(error, KeyConflict):
            self._keys.forget(error.ids)
        try:
            return self.execute(request, nu)
        except Exception as final:
            return final

    def _change(self, daad: Daad, work: Work, source: SourceKey | None) -> Change:
        """The change with its records for the access log."""
        work.draft()
        records = entries(daad, work, self._policy.at(daad.nu).beleid, self.pseudonyms) if work.added else ()
        return work.change(self._key(source, work, daad.nu), records)

    def _batch_access(
        self, requests: Sequence[Request], prepared: Sequence[tuple[Work, Change] | Exception], nu: datetime
    ) -> list[Change]:
        """One change with the access records of many signals: a record names those of one asker together."""
        done = [
            (request.daad(nu), one[0])
            for request, one in zip(requests, prepared, strict=True)
            if not isinstance(one, Exception)
        ]
        records = batch_entries(done, self._policy.at(nu).beleid, self.pseudonyms)
        return [Change((), access=records)] if records else []

    def _pseudonym(self, casus_id: UUID, zetel: str) -> UUID:
        """The same for the same case and seat; two seats cannot tell that theirs are of one case."""
        named = casus_id.bytes + zetel.encode()
        return UUID(bytes=hashlib.blake2b(named, key=self._secret, digest_size=16, person=b"brug").digest(), version=4)

    def _key(self, source: SourceKey | None, work: Work, nu: datetime) -> SourceKey | None:
        """A refusal counts for this content under this policy only: a repaired message may come under the same id."""
        if source is None or not _refused(work):
            return source
        judged = hashlib.sha256(source.digest + self._policy.at(nu).beleid.versie.encode()).hexdigest()[:32]
        return SourceKey(source.source, f"{source.id}#{judged}", source.digest)

    def _repeated(self, work: Work, receipt: Receipt, zetel: str) -> Outcome:
        """The answer to a repeat: that it was accepted before, or the refusal again."""
        if _refused(work):
            return Outcome(tuple(work.added), receipt, repeated=True)
        return Outcome((), self._own_part(receipt, zetel), repeated=True)

    def _repeat(self, source: SourceKey | None, zetel: str) -> Outcome | None:
        """The first answer to this message, if it came before with the same content."""
        known = self.store.sourced(source.source, source.id) if source else None
        if source is None or known is None or known[0] != source.digest:
            return None
        return Outcome((), self._own_part(known[1], zetel), repeated=True)

    def _own_part(self, receipt: Receipt, zetel: str) -> Receipt:
        """The receipt without what is on record as another's act: of that this seat may not know."""
        if len(receipt.positions) == 1:
            return receipt
        stored = self.store.read(receipt.positions[0] - 1, len(receipt.positions))
        own = [orjson.loads(opened(one.state)[0])["zetel"] in (zetel, HUBZETEL) for one in stored]
        return replace(
            receipt,
            positions=tuple(compress(receipt.positions, own)),
            leaf_hashes=tuple(compress(receipt.leaf_hashes, own)),
        )

    def reading(self) -> Work:
        """A unit of work to read with; what is added to it goes nowhere."""
        return self._work(assume_new=False)

    def looking(self, zetel: str, nu: datetime) -> Step:
        """What a handler works with, to read with; what is added to its work goes nowhere."""
        return Step(self.reading(), self._policy.at(nu), zetel, nu, self._pseudonym)

    def _work(self, assume_new: bool = True) -> Work:
        return Work(self.store, self._mapper, self._keys, assume_new)


def _refused(work: Work) -> bool:
    """Nothing but refusals came of it: the message may be offered again under its own id."""
    return bool(work.added) and all(isinstance(event, REFUSALS) for event in work.added)


def _run_of_new_signals(requests: Sequence[Request], start: int) -> list[Request]:
    run: list[Request] = []
    seen: set[object] = set()
    for request in requests[start:]:
        if not isinstance(request.command, RegistreerSignaal) or request.command.signaal_id in seen:
            break
        seen.add(request.command.signaal_id)
        run.append(request)
    return run
