"""What follows from a change: who may hold what from now on. Every answer is recorded, refusals too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contracts.message import Event
from contracts.verstrekking import SignaalVerstrekt
from hub.domain import verstrekking
from hub.domain.casus import Casus
from hub.domain.oordeel import Oordeel
from hub.domain.signaal import Signaal
from hub.domain.toestemming import Toestemmingen
from hub.domain.verstrekking import VERTROUWELIJK, Verstrekkingen, Voorstel
from hub.handling.beperken import limited
from hub.handling.questions import PERSONAL, Answered, Questions
from hub.handling.verdeling import Sharing
from hub.handling.work import Work, consents_of, disclosures_of
from hub.handling.zetels import is_closed, is_withheld

#: The seat of the hub itself, where nobody asked for what it does.
HUBZETEL = "systeem@landelijk"


def held_by(zetel: str, signaal: Signaal, verstrekkingen: Verstrekkingen) -> dict[str, frozenset[str]]:
    """The categories per provider that a seat holds of a signal: its own whole, others as disclosed to it."""
    held: dict[str, frozenset[str]] = {}
    for contribution in signaal.bijdragen.values():
        if contribution.zetel == zetel:
            held[zetel] = held.get(zetel, frozenset()) | contribution.categorieen
    for given in verstrekkingen.van(zetel):
        for provider, categories in given.per_bron.items():
            held[provider] = held.get(provider, frozenset()) | frozenset(categories)
    return held


@dataclass(frozen=True, slots=True)
class Disclosing:
    """Decides disclosures inside one unit of work. `zetel`: who caused them; `nu`: when; `reden`: why some end."""

    questions: Questions
    work: Work
    zetel: str
    nu: datetime
    reden: str = "grondslag-vervallen"

    def forward(self, voorstel: Voorstel, categorieen: tuple[str, ...] | None) -> list[Event]:
        """Disclose to one seat outside a case, no wider than what the sender holds and asks for."""
        signaal = self.work.signaal(voorstel.signaal_id)
        state = self.work.verstrekkingen(voorstel.signaal_id)
        consents = self.work.toestemmingen(voorstel.signaal_id)
        held = held_by(self.zetel, signaal, state)
        if categorieen is not None:
            held = {provider: has & frozenset(categorieen) for provider, has in held.items()}
        answered = self.questions.forward(voorstel, signaal, held, consents, self.nu.date())
        voorstel = self._named(voorstel, signaal, answered.oordeel, consents)
        return self.record(voorstel, signaal, answered, gevraagd=True)

    def case(self, casus_id: UUID, before: Casus, casus: Casus) -> list[Event]:
        """Decide anew for every contribution and participant; who left the case loses what it held in it."""
        self.work.load([id for s in casus.signalen for id in (s, disclosures_of(s), consents_of(s))])
        events: list[Event] = []
        left = before.deelnemers - casus.deelnemers
        reden = VERTROUWELIJK if casus.vertrouwelijk_tot is not None else "geen-deelnemer"
        for signaal_id in self._in_order(casus):
            events += self._lapse(signaal_id, casus_id, left, reden)
            for deelnemer in sorted(casus.deelnemers):
                events += self._participant(signaal_id, casus_id, casus, deelnemer, wider=not casus.embargo)
        return events + Sharing(self.questions, self.work, self.zetel, self.nu).case(before, casus)

    def shut_out(self, signaal_id: UUID) -> None:
        """End what seats hold that may not know of the signal any longer, each in the way that tells it least.

        A subject of the signal is told that its ground lapsed, as anybody is, so that it destroys what it copied.
        """
        signaal = self.work.signaal(signaal_id)
        for given in list(self.work.verstrekkingen(signaal_id).geldig.values()):
            if is_withheld(signaal, given.ontvanger):
                self._end(signaal_id, [given], VERTROUWELIJK)
            elif is_closed(self.questions.beleid, signaal, given.ontvanger):
                self._end(signaal_id, [given], "grondslag-vervallen")

    def reopen(self, signaal_id: UUID) -> None:
        """Decide again on what ended when the signal became confidential, for whoever may know of it now."""
        signaal, state = self.work.signaal(signaal_id), self.work.verstrekkingen(signaal_id)
        for given in state.verzwegen.values():
            outside = given.casus_id is None and given.gebonden_aan is None
            if outside and not is_withheld(signaal, given.ontvanger):
                self._again(given, signaal)
        for casus_id in sorted({given.casus_id for given in state.verzwegen.values() if given.casus_id}):
            casus = self.work.casus(casus_id)
            self.case(casus_id, casus, casus)

    def end_bound(self, signaal_id: UUID, id: UUID, reden: str, ontvanger: str | None = None) -> None:
        """End what lives with an emergency access or a session, of one seat or of all."""
        held = self.work.verstrekkingen(signaal_id).gebonden(id)
        self._end(signaal_id, [one for one in held if ontvanger in (None, one.ontvanger)], reden)

    def withdraw_all(self, signaal_id: UUID, reden: str) -> list[Event]:
        """End every disclosure of a signal. Source: AVG art. 19; Bgs art. 1.7."""
        state = self.work.verstrekkingen(signaal_id)
        return self._end(signaal_id, state.geldig.values(), reden)

    def consent_lapsed(self, signaal_id: UUID, ontvangers: Iterable[str]) -> list[Event]:
        """Ask again for disclosures outside a case to seats whose consent ended."""
        signaal = self.work.signaal(signaal_id)
        events: list[Event] = []
        for ontvanger in ontvangers:
            state = self.work.verstrekkingen(signaal_id)
            for given in [one for one in state.van(ontvanger) if one.casus_id is None]:
                events += self._again(given, signaal)
        return events

    def anew(self, signaal_id: UUID) -> None:
        """Decide every disclosure of a signal again: in a case as it stands, outside one never wider than it was."""
        stream = disclosures_of(signaal_id)
        self.work.load((signaal_id, stream, consents_of(signaal_id)))
        signaal = self.work.signaal(signaal_id)
        if signaal.eigenaar is None or signaal.ingetrokken:
            return
        recorded = self.work.events(stream, verstrekking.VerstrekkingEvent)
        for given in self.work.verstrekkingen(signaal_id).geldig.values():
            if given.casus_id is None and given.gebonden_aan is None:
                self._again(_as_passed_on(recorded, given), signaal, persons=True)
        self.in_cases(signaal_id)

    def in_cases(self, signaal_id: UUID) -> None:
        """Decide a signal again in every case it was brought into."""
        recorded = self.work.events(disclosures_of(signaal_id), verstrekking.VerstrekkingEvent)
        for casus_id in dict.fromkeys(getattr(event, "casus_id", None) for event in recorded):
            casus = self.work.casus(casus_id) if casus_id else Casus()
            if casus_id and signaal_id in casus.signalen:
                self._everybody(signaal_id, casus_id, casus)

    def members_left(self, casus_id: UUID, before: Casus, casus: Casus) -> None:
        """Who may not take part any longer loses what it held in the case, and others what rested on it."""
        self.work.load([id for s in casus.signalen for id in (s, disclosures_of(s), consents_of(s))])
        for signaal_id in casus.signalen:
            self._lapse(signaal_id, casus_id, before.deelnemers - casus.deelnemers, self.reden)
            self._everybody(signaal_id, casus_id, casus)
        Sharing(self.questions, self.work, self.zetel, self.nu).case(before, casus)

    def _everybody(self, signaal_id: UUID, casus_id: UUID, casus: Casus) -> None:
        """Every participant again; where an embargo lies or the case is closed, nothing opens."""
        for deelnemer in sorted(casus.deelnemers):
            self._participant(signaal_id, casus_id, casus, deelnemer, wider=not (casus.embargo or casus.gesloten))

    def _in_order(self, casus: Casus) -> list[UUID]:
        """The contributions, those last that the acting seat may not know of: its receipt ends before them."""

        def hidden(signaal_id: UUID) -> bool:
            return is_closed(self.questions.beleid, self.work.signaal(signaal_id), self.zetel)

        return sorted(casus.signalen, key=hidden)

    def _again(self, given: SignaalVerstrekt, signaal: Signaal, persons: bool = False) -> list[Event]:
        voorstel = Voorstel(
            given.signaal_id,
            given.zetel,
            given.ontvanger,
            given.spoor,
            given.doel,
            None,
            given.betrokkenen,
            given.omstandigheden,
        )
        held = {provider: frozenset(categories) for provider, categories in given.per_bron.items()}
        consents = self.work.toestemmingen(given.signaal_id)
        answered = self.questions.forward(voorstel, signaal, held, consents, self.nu.date())
        if persons:
            voorstel = self._named(voorstel, signaal, answered.oordeel, consents)
        return self.record(voorstel, signaal, answered)

    def _named(self, voorstel: Voorstel, signaal: Signaal, oordeel: Oordeel, consents: Toestemmingen) -> Voorstel:
        """The proposal with the persons who may be named in it."""
        named = [category for category in oordeel.categorieen if category in PERSONAL]
        if not named:
            return voorstel
        allowed = self.questions.persons_allowed(voorstel, signaal, named[0], self.nu.date(), consents)
        return replace(voorstel, betrokkenen=allowed)

    def _participant(
        self, signaal_id: UUID, casus_id: UUID, casus: Casus, deelnemer: str, wider: bool = True
    ) -> list[Event]:
        signaal = self.work.signaal(signaal_id)
        if signaal.eigenaar is None or signaal.ingetrokken:
            return []
        state = self.work.verstrekkingen(signaal_id)
        if is_withheld(signaal, deelnemer):
            held = [one for one in state.geldig.values() if (one.casus_id, one.ontvanger) == (casus_id, deelnemer)]
            return self._end(signaal_id, held, VERTROUWELIJK)
        linked = held_by(casus.signalen[signaal_id], signaal, state)
        providers = frozenset(linked) | (signaal.verstrekkers & casus.deelnemers)
        others = providers - {deelnemer}
        voorstel = Voorstel(signaal_id, casus.signalen[signaal_id], deelnemer, casus.spoor, casus.doel, casus_id)
        answered = self.questions.participant(voorstel, casus, signaal, others, self.nu.date())
        narrowed = {p: c for p, c in answered.oordeel.per_bron.items() if p in others}
        for provider, categories in narrowed.items():
            if provider in linked and provider not in casus.deelnemers:
                narrowed[provider] = tuple(c for c in categories if c in linked[provider])
        if not others:
            return []
        if not wider:
            narrowed = _at_most(narrowed, state.geldig.get(voorstel.verstrekking_id))
        oordeel = replace(answered.oordeel, per_bron={p: c for p, c in narrowed.items() if c})
        return self.record(voorstel, signaal, replace(answered, oordeel=oordeel))

    def record(self, voorstel: Voorstel, signaal: Signaal, answered: Answered, gevraagd: bool = False) -> list[Event]:
        """Record the answer to a proposed disclosure, without persons whose data are restricted."""
        stream = disclosures_of(voorstel.signaal_id)
        self.work.load((stream,))
        state = self.work.verstrekkingen(voorstel.signaal_id)
        by = self._by(signaal)
        voorstel, oordeel = limited(voorstel, answered.oordeel, signaal, state)
        events = verstrekking.verstrek(state, voorstel, oordeel, by, self.nu, gevraagd=gevraagd, reden=self.reden)
        self.work.add(stream, events, signaal.spoor, answered.record)
        return list(events)

    def _by(self, signaal: Signaal) -> str:
        """Who is on record as having caused it: never a seat that would learn of the signal by that."""
        if signaal.eigenaar is not None and is_closed(self.questions.beleid, signaal, self.zetel):
            return signaal.eigenaar
        return self.zetel

    def _lapse(self, signaal_id: UUID, casus_id: UUID, seats: frozenset[str], reden: str) -> list[Event]:
        state = self.work.verstrekkingen(signaal_id)
        gone = [one for one in state.geldig.values() if one.casus_id == casus_id and one.ontvanger in seats]
        return self._end(signaal_id, gone, reden)

    def _end(self, signaal_id: UUID, held: Iterable[SignaalVerstrekt], reden: str) -> list[Event]:
        self.work.load((signaal_id, disclosures_of(signaal_id)))
        by = self._by(self.work.signaal(signaal_id))
        events = verstrekking.vervallen(list(held), reden, by, self.nu)
        self.work.add(disclosures_of(signaal_id), events, "hub")
        return list(events)


def _as_passed_on(recorded: Iterable[Event], given: SignaalVerstrekt) -> SignaalVerstrekt:
    """The disclosure as the seat's that last asked for it; what the hub itself narrowed since was asked by nobody."""
    asked = given
    for event in recorded:
        if isinstance(event, SignaalVerstrekt) and event.verstrekking_id == given.verstrekking_id:
            asked = event if event.zetel != HUBZETEL else asked
    return given.model_copy(update={"zetel": asked.zetel})


def _at_most(allowed: Mapping[str, tuple[str, ...]], held: SignaalVerstrekt | None) -> dict[str, tuple[str, ...]]:
    """What is allowed, no wider than what is held now."""
    per_bron = {} if held is None else held.per_bron
    return {p: tuple(c for c in categories if c in per_bron.get(p, ())) for p, categories in allowed.items()}
