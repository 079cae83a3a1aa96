"""The only writer of facts: load, ask the policy, decide, append; all of a command is durable or nothing is."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from contracts.casus import BepaalDeelnemers, OpenCasus
from contracts.message import Command, Event, categories_in
from contracts.overleg import OpenOverleg
from contracts.register import REFUSALS
from contracts.signaal import (
    DoorzetSignaal,
    KenRolToe,
    RegistreerSignaal,
    SignaalGeregistreerd,
    SignaalIngetrokken,
    TrekSignaalIn,
    VernietigBetrokkene,
    VerrijkSignaal,
)
from contracts.toestemming import ToestemmingIngetrokken
from contracts.verstrekking import BevestigOntvangst
from hub.domain import betrokkene, casus, overleg, signaal, toestemming, verstrekking
from hub.domain.oordeel import Onbekend
from hub.domain.verstrekking import Voorstel
from hub.handling.disclose import Disclosing, held_by
from hub.handling.questions import Answered, Questions
from hub.handling.work import Work, consents_of, disclosures_of, person_of, refusals_of
from hub.ledger.keys import Destroyed, SubjectKeys
from hub.ledger.mapper import MessageMapper
from hub.ledger.store import (
    Change,
    DuplicateSource,
    KeyConflict,
    KeyId,
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
    """A command of a seat. `source`, `id`: where the message came from, for idempotency; None for a form."""

    command: Command
    zetel: str
    source: str | None = None
    id: str | None = None

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


class Ledger:
    """Executes commands. `secret`: 32 bytes under which digests of messages are kept."""

    def __init__(
        self, store: LedgerStore, mapper: MessageMapper, keys: SubjectKeys, questions: Questions, secret: bytes
    ) -> None:
        self.store, self._mapper, self._keys, self._questions = store, mapper, keys, questions
        self._secret = secret

    def execute(self, request: Request, nu: datetime) -> Outcome:
        """Execute one command. Raises Onbekend, Strijdig, SourceConflict, LedgerUnavailable, keys.Destroyed."""
        source = request.source_key(self._secret)
        for attempt in range(TRIES):
            work = self._work(assume_new=attempt == 0)
            try:
                handle(work, self._questions, request.command, request.zetel, nu)
                change = work.change(self._key(source, work))
            except Exception:
                # A repeat of an accepted message gets its first answer, also where the state has moved on.
                if repeat := self._repeat(source):
                    return repeat
                raise
            if (not work.added or _refused(work)) and (repeat := self._repeat(source)):
                return repeat
            if not change.appends:
                return Outcome((), None)
            try:
                receipt = self.store.append(change)
            except DuplicateSource as duplicate:
                return self._repeated(work, duplicate.receipt)
            except KeyConflict as conflict:
                self._keys.forget(conflict.ids)
                continue
            except VersionConflict:
                continue
            work.committed()
            return Outcome(tuple(work.added), receipt)
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
        prepared = self._sealed([self._decided(request, nu) for request in requests], requests)
        receipts = iter(self.store.append_many([one[1] for one in prepared if not isinstance(one, Exception)]))
        outcomes: list[Outcome | Exception] = []
        for request, one in zip(requests, prepared, strict=True):
            if isinstance(one, Exception):
                outcomes.append(self._repeat(request.source_key(self._secret)) or one)
                continue
            receipt = next(receipts)
            if isinstance(receipt, Receipt):
                one[0].committed()
                outcomes.append(Outcome(tuple(one[0].added), receipt))
            else:
                outcomes.append(self._second_try(request, one[0], receipt, nu))
        return outcomes

    def _decided(self, request: Request, nu: datetime) -> Work | Exception:
        work = self._work()
        try:
            handle(work, self._questions, request.command, request.zetel, nu)
            work.draft()
        except Exception as error:  # each message of a batch gets its own answer
            return error
        return work

    def _sealed(
        self, decided: Sequence[Work | Exception], requests: Sequence[Request]
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
                sealed.append((work, work.change(self._key(request.source_key(self._secret), work))))
            except Exception as error:
                sealed.append(error)
        return sealed

    def _second_try(self, request: Request, work: Work, error: LedgerError, nu: datetime) -> Outcome | Exception:
        if isinstance(error, DuplicateSource):
            return self._repeated(work, error.receipt)
        if not isinstance(error, KeyConflict | VersionConflict):
            return error
        if isinstance(error, KeyConflict):
            self._keys.forget(error.ids)
        try:
            return self.execute(request, nu)
        except Exception as final:
            return final

    def _key(self, source: SourceKey | None, work: Work) -> SourceKey | None:
        """A refusal counts for this content under this policy only: a repaired message may come under the same id."""
        if source is None or not _refused(work):
            return source
        judged = hashlib.sha256(source.digest + self._questions.beleid.versie.encode()).hexdigest()[:32]
        return SourceKey(source.source, f"{source.id}#{judged}", source.digest)

    def _repeated(self, work: Work, receipt: Receipt) -> Outcome:
        """The answer to a repeat: that it was accepted before, or the refusal again."""
        return Outcome(tuple(work.added) if _refused(work) else (), receipt, repeated=True)

    def _repeat(self, source: SourceKey | None) -> Outcome | None:
        """The first answer to this message, if it came before with the same content."""
        known = self.store.sourced(source.source, source.id) if source else None
        if source is None or known is None or known[0] != source.digest:
            return None
        return Outcome((), known[1], repeated=True)

    def _work(self, assume_new: bool = True) -> Work:
        return Work(self.store, self._mapper, self._keys, assume_new)


def handle(work: Work, questions: Questions, command: Command, zetel: str, nu: datetime) -> None:
    """Decide on one command and add what follows to the work. Raises Onbekend, Strijdig."""
    disclosing = Disclosing(questions, work, zetel, nu)
    if isinstance(command, RegistreerSignaal):
        _register(work, questions, command, zetel, nu)
    elif isinstance(command, OpenCasus):
        opened = casus.open_casus(work.casus(command.casus_id), command, zetel, nu)
        allowed = questions.admission(zetel, casus.replay(opened), nu.date())
        if not allowed:
            raise Onbekend
        work.add(command.casus_id, opened, command.spoor)
    elif isinstance(command, casus.CasusCommand):
        _case(work, questions, disclosing, command, zetel, nu)
    elif isinstance(command, toestemming.ToestemmingCommand):
        _consent(work, disclosing, command, zetel, nu)
    elif isinstance(command, betrokkene.BetrokkeneCommand):
        _person(work, command, zetel, nu)
    elif isinstance(command, OpenOverleg | overleg.OverlegCommand):
        session = overleg.decide(work.overleg(command.overleg_id), command, zetel, nu)
        work.add(command.overleg_id, session, "hub")
    elif isinstance(command, BevestigOntvangst):
        stream = disclosures_of(command.signaal_id)
        work.add(stream, verstrekking.bevestig(work.verstrekkingen(command.signaal_id), command, zetel, nu), "hub")
    elif isinstance(command, signaal.SignaalCommand):
        _signal(work, questions, disclosing, command, zetel, nu)
    else:
        raise Onbekend


def _register(work: Work, questions: Questions, command: RegistreerSignaal, zetel: str, nu: datetime) -> None:
    melding = command.melding
    probe = SignaalGeregistreerd.model_construct(
        signaal_id=command.signaal_id, melding=melding, zetel=zetel, tijdstip=nu
    )
    contribution = signaal.replay([probe]).bijdragen[command.signaal_id]
    explained = "".join(sorted({criterion.letter for criterion in melding.criteria if criterion.toelichting}))
    answered = questions.intake(zetel, melding.spoor, melding.regio, contribution, explained, nu.date())
    work.fresh(command.signaal_id)
    events = signaal.registreer(work.signaal(command.signaal_id), command, zetel, nu, answered.oordeel)
    _brought_in(work, command, events, melding.spoor, answered)


def _brought_in(
    work: Work, command: RegistreerSignaal | VerrijkSignaal, events: Sequence[Event], spoor: str, answered: Answered
) -> None:
    refused = answered.oordeel.geweigerd
    stream = refusals_of(command.signaal_id) if refused else command.signaal_id
    work.load((stream,))
    work.add(stream, events, spoor, answered.record)


def _signal(work: Work, questions: Questions, disclosing: Disclosing, command: Any, zetel: str, nu: datetime) -> None:
    key = command.signaal_id
    work.load((key, disclosures_of(key), consents_of(key)))
    state, given = work.signaal(key), work.verstrekkingen(key)
    holder = given.houder(zetel)
    if isinstance(command, VerrijkSignaal):
        answered = _enrichment(questions, state, command, zetel, nu)
        events = signaal.decide(state, command, zetel, nu, houder=holder, oordeel=answered.oordeel)
        _brought_in(work, command, events, state.spoor, answered)
        _cases_again(work, disclosing, key)
        return
    events = signaal.decide(state, command, zetel, nu, houder=holder)
    if isinstance(command, DoorzetSignaal):
        voorstel = Voorstel(
            key, zetel, command.naar, command.spoor, command.doel, None, command.betrokkenen, command.omstandigheden
        )
        disclosing.forward(voorstel, command.categorieen)
        if voorstel.verstrekking_id not in work.verstrekkingen(key).geldig:
            return  # refused whole: the refusal is recorded, nothing was passed on
    work.add(key, events, state.spoor)
    if isinstance(command, TrekSignaalIn) and any(isinstance(event, SignaalIngetrokken) for event in events):
        disclosing.withdraw_all(key, "signaal-ingetrokken")


def _enrichment(
    questions: Questions, state: signaal.Signaal, command: VerrijkSignaal, zetel: str, nu: datetime
) -> Answered:
    contribution = signaal.Bijdrage(
        zetel,
        frozenset(categories_in(command)),
        command.wpg_artikel,
        {},
    )
    return questions.intake(zetel, state.spoor, state.regio, contribution, "abcde", nu.date())


def _cases_again(work: Work, disclosing: Disclosing, signaal_id: Any) -> None:
    linked = {given.casus_id for given in work.verstrekkingen(signaal_id).geldig.values() if given.casus_id}
    for casus_id in sorted(linked):
        state = work.casus(casus_id)
        disclosing.case(casus_id, state, state)


def _case(work: Work, questions: Questions, disclosing: Disclosing, command: Any, zetel: str, nu: datetime) -> None:
    key = command.casus_id
    before = work.casus(key)
    admitted = None
    if isinstance(command, BepaalDeelnemers):
        wanted = {zetel, *command.deelnemers}
        admitted = frozenset(seat for seat in wanted if questions.admission(seat, before, nu.date()))
    if hasattr(command, "signaal_id"):
        _must_hold(work, command.signaal_id, zetel)
    events = casus.decide(before, command, zetel, nu, toegelaten=admitted)
    work.add(key, events, before.spoor)
    after = work.casus(key)
    if _disclosing_matters(before, after):
        disclosing.case(key, before, after)


def _disclosing_matters(before: casus.Casus, after: casus.Casus) -> bool:
    def relevant(state: casus.Casus) -> tuple[object, ...]:
        return (state.deelnemers, state.signalen, state.criteria_voldaan, state.fase, state.embargo)

    return relevant(before) != relevant(after)


def _must_hold(work: Work, signaal_id: Any, zetel: str) -> None:
    work.load((signaal_id, disclosures_of(signaal_id)))
    state = work.signaal(signaal_id)
    if not held_by(zetel, state, work.verstrekkingen(signaal_id)) or state.ingetrokken:
        raise Onbekend


def _consent(work: Work, disclosing: Disclosing, command: Any, zetel: str, nu: datetime) -> None:
    _must_hold(work, command.signaal_id, zetel)
    before = work.toestemmingen(command.signaal_id)
    events = toestemming.decide(before, command, zetel, nu)
    work.add(consents_of(command.signaal_id), events, work.signaal(command.signaal_id).spoor)
    for event in events:
        if isinstance(event, ToestemmingIngetrokken):
            disclosing.consent_lapsed(command.signaal_id, before.gegeven[command.toestemming_id].ontvangers)


def _person(work: Work, command: KenRolToe | VernietigBetrokkene, zetel: str, nu: datetime) -> None:
    state = work.signaal(command.signaal_id)
    own = [c for c in state.bijdragen.values() if c.zetel == zetel and command.betrokkene_id in c.personen]
    holder = work.verstrekkingen(command.signaal_id).houder(zetel)
    named = any(command.betrokkene_id in c.personen for c in state.bijdragen.values())
    if not (own or (isinstance(command, KenRolToe) and holder and named)):
        raise Onbekend
    events = betrokkene.decide(work.betrokkene(command.betrokkene_id), command, zetel, nu)
    work.add(person_of(command.betrokkene_id), events, state.spoor)
    if isinstance(command, VernietigBetrokkene) and events:
        work.to_destroy.append((KeyId(command.betrokkene_id, state.spoor), nu))


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
