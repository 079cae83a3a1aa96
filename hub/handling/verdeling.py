"""Who may hold what of a result: asked for every participant, and again for everybody when the case changes."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contracts.message import Event
from hub.domain import resultaat
from hub.domain.casus import Casus
from hub.domain.oordeel import Oordeel, Strijdig
from hub.domain.resultaat import DEELNEMER, DERDE, VERBAND, Resultaat, Voorstel
from hub.domain.signaal import Bijdrage
from hub.handling.personen import together
from hub.handling.questions import Answered, Asked, Questions, case_facts, freeze, seat_type
from hub.handling.work import Work
from hub.handling.zetels import is_closed

HANDELING = {DEELNEMER: "lezen", DERDE: "verstrekken-aan-derde", VERBAND: "verstrekken-aan-verband"}


@dataclass(frozen=True, slots=True)
class Sharing:
    """Decides on results inside one unit of work. `zetel`: who caused it; `nu`: when."""

    questions: Questions
    work: Work
    zetel: str
    nu: datetime

    def case(self, before: Casus, casus: Casus) -> list[Event]:
        """Decide anew on every result of a case, for its participants and for who holds it outside."""
        events: list[Event] = []
        self.work.load(casus.resultaten)
        for id in casus.resultaten:
            left = before.deelnemers - casus.deelnemers
            state = self.work.resultaat(id)
            gone = [one for one in state.geldig.values() if one.soort == DEELNEMER and one.ontvanger in left]
            events += self._add(id, casus, resultaat.vervallen(gone, "geen-deelnemer", self.zetel, self.nu), None)
            events += self.participants(id, casus)
            events += self.outside(id, casus)
        return events

    def participants(self, id: UUID, casus: Casus) -> list[Event]:
        """Every participant but the maker; under an embargo nothing opens. Source: WGS art. 1.7 lid 1."""
        events: list[Event] = []
        maker = self.work.resultaat(id).maker or ""
        for seat in sorted(casus.deelnemers - {maker}):
            state = self.work.resultaat(id)
            proposal = Voorstel(id, seat, DEELNEMER, maker, casus.doel)
            if self._closed(state, seat):
                events += self._end(proposal, state, casus)
                continue
            answered = self._asked(proposal, state, casus, state.onderdelen)
            if casus.embargo:
                answered = replace(answered, oordeel=_at_most(answered.oordeel, state.houdt(seat)))
            events += self._record(proposal, state, casus, answered)
        return events

    def outside(self, id: UUID, casus: Casus) -> list[Event]:
        """Whoever holds it outside the case, on what was vouched for then."""
        events: list[Event] = []
        for given in [one for one in self.work.resultaat(id).geldig.values() if one.soort != DEELNEMER]:
            state = self.work.resultaat(id)
            proposal = Voorstel(id, given.ontvanger, given.soort, given.afzender, given.doel, given.vooraf)
            if self._closed(state, given.ontvanger):
                events += self._end(proposal, state, casus)
                continue
            held = {bron: frozenset(categories) for bron, categories in given.per_bron.items()}
            answered = self._asked(proposal, state, casus, held)
            events += self._record(proposal, state, casus, answered)
        return events

    def give(self, proposal: Voorstel, casus: Casus) -> list[Event]:
        """To a seat outside the case, no wider than what the sender holds. Raises Strijdig."""
        state = self.work.resultaat(proposal.resultaat_id)
        if self._closed(state, proposal.ontvanger):
            raise Strijdig("Dit resultaat gaat niet naar deze zetel.")
        answered = self._asked(proposal, state, casus, state.houdt(self.zetel))
        return self._record(proposal, state, casus, answered, gevraagd=True)

    def _closed(self, state: Resultaat, zetel: str) -> bool:
        """Whether the seat is the subject of a contribution in the ancestry, or may not know of one."""
        self.work.load(list(state.herkomst.signalen))
        beleid = self.questions.beleid
        return any(is_closed(beleid, self.work.signaal(one), zetel) for one in state.herkomst.signalen)

    def _end(self, proposal: Voorstel, state: Resultaat, casus: Casus) -> list[Event]:
        held = state.geldig.get(proposal.verstrekking_id)
        ended = resultaat.vervallen([held] if held else [], "grondslag-vervallen", self.zetel, self.nu)
        return self._add(proposal.resultaat_id, casus, ended, None)

    def _asked(self, proposal: Voorstel, state: Resultaat, casus: Casus, held: dict[str, frozenset[str]]) -> Answered:
        """One question; the asking seat is who reads, or who sends out."""
        seat = proposal.ontvanger if proposal.soort == DEELNEMER else proposal.afzender
        facts = case_facts(casus, seat) | self._lineage(state, casus, seat)
        if proposal.soort != DEELNEMER:
            facts |= proposal.vooraf | {
                "ontvanger": seat_type(proposal.ontvanger),
                "instemming_van_bron": state.instemming(proposal.ontvanger, seat),
                "bezwaar_open": bool(casus.bezwaren),
                "rac_besluit": bool(proposal.vooraf.get("rac_besluit")),
            }
        self.work.load(list(state.herkomst.signalen))
        signals = [self.work.signaal(one) for one in sorted(state.herkomst.signalen)]
        persons = [p for one in signals for part in one.bijdragen.values() for p in part.personen.values()]
        asked = Asked(
            seat,
            HANDELING[proposal.soort],
            casus.spoor,
            casus.regio,
            self.nu.date(),
            proposal.doel,
            fase=casus.fase,
            **together(persons, self.nu.date()),
            omstandigheden=freeze(facts),
        )
        return self.questions.judge(asked, {bron: Bijdrage(bron, held[bron], None, {}) for bron in held})

    def _lineage(self, state: Resultaat, casus: Casus, seat: str) -> dict[str, object]:
        """What the ledger knows of the ancestry; nobody claims it. Source: WGS art. 1.7 lid 1, 3 and 6."""
        return {
            "herkomst": sorted({seat_type(one) for one in state.herkomst.zetels}),
            "herkomst_stappen": state.herkomst.stappen,
            "bezwaar_van_bron": any(one in state.herkomst.zetels for one in casus.bezwaren if one != seat),
        }

    def _record(
        self, proposal: Voorstel, state: Resultaat, casus: Casus, answered: Answered, gevraagd: bool = False
    ) -> list[Event]:
        events = resultaat.verstrek(state, proposal, answered.oordeel, self.zetel, self.nu, gevraagd=gevraagd)
        return self._add(proposal.resultaat_id, casus, events, answered.record)

    def _add(self, id: UUID, casus: Casus, events: list[resultaat.ResultaatEvent], record: bytes | None) -> list[Event]:
        self.work.load((id,))
        self.work.add(id, events, casus.spoor, record)
        return list(events)


def _at_most(oordeel: Oordeel, held: dict[str, frozenset[str]]) -> Oordeel:
    """What is allowed, no wider than what is held now."""
    allowed = {bron: tuple(c for c in cs if c in held.get(bron, ())) for bron, cs in oordeel.per_bron.items()}
    return replace(oordeel, per_bron={bron: categories for bron, categories in allowed.items() if categories})
