"""Subscriptions: whether a seat may have one is asked of the policy when it asks, and again while it runs.

What is brought of it is decided by the permitted view alone: a subscription gives no right to see anything.
Source: WGS art. 2.23 lid 5, 2.31 lid 4; WGS art. 1.8 lid 4.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from contracts.abonnement import (
    AbonnementGeweigerd,
    BeeindigAbonnement,
    Filters,
    HervatAbonnement,
    NeemAbonnement,
    SchorsAbonnement,
    WijzigAbonnement,
)
from contracts.message import Acted
from hub.domain import abonnement
from hub.domain.abonnement import RECHT_VERVALLEN, Abonnement, AbonnementCommand, AbonnementEvent
from hub.domain.casus import Casus
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig
from hub.handling.grondgebied import grondgebied, in_grondgebied
from hub.handling.questions import Answered, Asked, case_facts, freeze
from hub.handling.step import Handlers, Step
from hub.handling.work import refusals_of
from hub.views.nieuws import BRONNEN

CATEGORIE, CASUSCATEGORIE, DOEL = "aankondiging", "casus-status", "techniek"
KANALEN = frozenset(bron.kanaal for bron in BRONNEN.values())
OVER_CASUSSEN = frozenset({"casussen", "overleggen"})


class Recht:
    """What the policy says of subscriptions of one seat in one step; keeps the decision record of what decided."""

    def __init__(self, step: Step, zetel: str) -> None:
        self._step, self._zetel = step, zetel
        self._own = grondgebied(step.questions.beleid, zetel, step.op)
        self.record: bytes | None = None

    def oordeel(self, filters: Filters) -> Oordeel:
        """Whether the seat may have these filters. Raises Onbekend for a case it takes no part in, Strijdig."""
        cases = self._cases(filters.casussen)
        self._known(filters)
        territory = in_grondgebied(self._own, (*filters.gebieden, *(casus.regio for casus in cases)))
        answers = [self._on_news(filters, territory), *(self._on_case(casus) for casus in cases)]
        self.record = next((one.record for one in answers if one.oordeel.geweigerd), answers[0].record)
        return _together([one.oordeel for one in answers])

    def houdt_stand(self, filters: Filters) -> bool:
        """Whether anything of these filters is still allowed; what is not any more, is left out by itself."""
        if self._zetel not in self._step.questions.beleid.instanties:
            return False
        cases = [casus for casus in self._own_cases(filters.casussen) if not self._on_case(casus).oordeel.geweigerd]
        areas = [one for one in filters.gebieden if in_grondgebied(self._own, (one,))]
        gone = (filters.casussen and not cases) or (filters.gebieden and not areas)
        return not gone and not self._on_news(filters, territory=True).oordeel.geweigerd

    def _cases(self, ids: Iterable[UUID]) -> list[Casus]:
        """A case the seat takes no part in is as one that does not exist. Raises Onbekend."""
        found, wanted = self._own_cases(ids), len(tuple(ids))
        if len(found) < wanted:
            raise Onbekend
        return found

    def _own_cases(self, ids: Iterable[UUID]) -> list[Casus]:
        wanted = list(ids)
        self._step.work.load(wanted)
        cases = []
        for id in wanted:
            try:
                casus = self._step.work.casus(id)
            except Onbekend:
                continue
            if self._zetel in casus.deelnemers:
                cases.append(casus)
        return cases

    def _known(self, filters: Filters) -> None:
        """Raises Strijdig."""
        areas = self._step.questions.beleid.gebieden
        wrong = [f"onbekend kanaal: {one}" for one in filters.kanalen if one not in KANALEN]
        wrong += [f"onbekend gebied: {one}" for one in filters.gebieden if one not in areas]
        if wrong:
            raise Strijdig(f"Dit kan niet: {'; '.join(wrong)}. Kanalen zijn: {', '.join(sorted(KANALEN))}.")

    def _on_news(self, filters: Filters, territory: bool) -> Answered:
        facts = {"eigen_grondgebied": territory, "over_casussen": not OVER_CASUSSEN.isdisjoint(filters.kanalen)}
        asked = Asked(self._zetel, "abonneren", "hub", "landelijk", self._step.op, DOEL, omstandigheden=freeze(facts))
        return self._judge(asked, CATEGORIE)

    def _on_case(self, casus: Casus) -> Answered:
        territory = in_grondgebied(self._own, (casus.regio,))
        asked = Asked(
            self._zetel,
            "abonneren",
            casus.spoor,
            casus.regio,
            self._step.op,
            casus.doel,
            fase=casus.fase,
            betrokkene_rol="betrokkene",
            omstandigheden=freeze(case_facts(casus, self._zetel) | {"eigen_grondgebied": territory}),
        )
        return self._judge(asked, CASUSCATEGORIE)

    def _judge(self, asked: Asked, categorie: str) -> Answered:
        return self._step.questions.judge_recorded(asked, ((self._zetel, "", (categorie,)),))


def _together(answers: Sequence[Oordeel]) -> Oordeel:
    """Allowed where every part is; all reasons at once."""

    def every(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for one in answers for value in getattr(one, name)))

    return replace(
        answers[0],
        geweigerd=every("geweigerd"),
        regels=every("regels"),
        grondslagen=every("grondslagen"),
        redenen=every("redenen"),
        weigerregels=every("weigerregels"),
        alternatief=next((one.alternatief for one in answers if one.alternatief), None),
    )


def _handle(step: Step, command: AbonnementCommand) -> None:
    stream, refusals = command.abonnement_id, refusals_of(command.abonnement_id)
    step.work.load((stream, refusals))
    recht = Recht(step, step.zetel)
    events = abonnement.decide(_state(step, stream), command, Acted(step.zetel, step.nu), recht.oordeel)
    refused = any(isinstance(event, AbonnementGeweigerd) for event in events)
    step.work.add(refusals if refused else stream, events, "hub", recht.record)


def herzie(step: Step, abonnement_id: UUID) -> None:
    """Suspend a subscription to which its seat has no right left: a covenant ended, it left a case, a new policy."""
    state = _state(step, abonnement_id)
    if state is not None and not Recht(step, state.zetel).houdt_stand(state.filters):
        events = abonnement.schors(state, RECHT_VERVALLEN, Acted(step.zetel, step.nu))
        step.work.add(abonnement_id, events, "hub")


def _state(step: Step, id: UUID) -> Abonnement | None:
    return abonnement.replay(step.work.events(id, AbonnementEvent))


HANDLERS: Handlers = dict.fromkeys(
    (NeemAbonnement, WijzigAbonnement, BeeindigAbonnement, SchorsAbonnement, HervatAbonnement), _handle
)
