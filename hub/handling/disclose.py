"""What follows from a change: who may hold what from now on. Every answer is recorded, refusals too."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contracts.message import Event
from contracts.verstrekking import SignaalVerstrekt
from hub.domain import verstrekking
from hub.domain.casus import Casus
from hub.domain.oordeel import Oordeel
from hub.domain.signaal import Signaal
from hub.domain.verstrekking import Verstrekkingen, Voorstel
from hub.handling.questions import PERSONAL, Questions
from hub.handling.work import Work, consents_of, disclosures_of


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
    """Decides disclosures inside one unit of work. `zetel`: who caused them; `nu`: when."""

    questions: Questions
    work: Work
    zetel: str
    nu: datetime

    def forward(self, voorstel: Voorstel, categorieen: tuple[str, ...] | None) -> list[Event]:
        """Disclose to one seat outside a case, no wider than what the sender holds and asks for."""
        signaal = self.work.signaal(voorstel.signaal_id)
        state = self.work.verstrekkingen(voorstel.signaal_id)
        consents = self.work.toestemmingen(voorstel.signaal_id)
        held = held_by(self.zetel, signaal, state)
        if categorieen is not None:
            held = {provider: has & frozenset(categorieen) for provider, has in held.items()}
        answered = self.questions.forward(voorstel, signaal, held, consents, self.nu.date())
        named = [category for category in answered.oordeel.categorieen if category in PERSONAL]
        if named:
            persons = self.questions.persons_allowed(voorstel, signaal, named[0], self.nu.date(), consents)
            voorstel = replace(voorstel, betrokkenen=persons)
        return self._record(voorstel, state, signaal, answered.record, answered.oordeel, gevraagd=True)

    def case(self, casus_id: UUID, before: Casus, casus: Casus) -> list[Event]:
        """Decide anew for every contribution and participant; who left the case loses what it held in it."""
        self.work.load([id for s in casus.signalen for id in (s, disclosures_of(s), consents_of(s))])
        events: list[Event] = []
        for signaal_id in casus.signalen:
            left = before.deelnemers - casus.deelnemers
            events += self._lapse(signaal_id, casus_id, left)
            if not casus.embargo:
                for deelnemer in sorted(casus.deelnemers):
                    events += self._participant(signaal_id, casus_id, casus, deelnemer)
        return events

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
                events += self._again(given, signaal, state)
        return events

    def _again(self, given: SignaalVerstrekt, signaal: Signaal, state: Verstrekkingen) -> list[Event]:
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
        return self._record(voorstel, state, signaal, answered.record, answered.oordeel)

    def _participant(self, signaal_id: UUID, casus_id: UUID, casus: Casus, deelnemer: str) -> list[Event]:
        signaal = self.work.signaal(signaal_id)
        if signaal.eigenaar is None or signaal.ingetrokken:
            return []
        state = self.work.verstrekkingen(signaal_id)
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
        oordeel = replace(answered.oordeel, per_bron={p: c for p, c in narrowed.items() if c})
        return self._record(voorstel, state, signaal, answered.record, oordeel)

    def _record(
        self,
        voorstel: Voorstel,
        state: Verstrekkingen,
        signaal: Signaal,
        record: bytes,
        oordeel: Oordeel,
        gevraagd: bool = False,
    ) -> list[Event]:
        stream = disclosures_of(voorstel.signaal_id)
        self.work.load((stream,))
        events = verstrekking.verstrek(state, voorstel, oordeel, self.zetel, self.nu, gevraagd=gevraagd)
        self.work.add(stream, events, signaal.spoor, record)
        return list(events)

    def _lapse(self, signaal_id: UUID, casus_id: UUID, seats: frozenset[str]) -> list[Event]:
        state = self.work.verstrekkingen(signaal_id)
        gone = [one for one in state.geldig.values() if one.casus_id == casus_id and one.ontvanger in seats]
        return self._end(signaal_id, gone, "geen-deelnemer")

    def _end(self, signaal_id: UUID, held: Iterable[SignaalVerstrekt], reden: str) -> list[Event]:
        events = verstrekking.vervallen(list(held), reden, self.zetel, self.nu)
        self.work.load((disclosures_of(signaal_id),))
        self.work.add(disclosures_of(signaal_id), events, "hub")
        return list(events)
