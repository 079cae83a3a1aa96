"""What a handler of a command works with: the unit of work, the policy, who asks and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.message import Command
from hub.domain.oordeel import Onbekend
from hub.handling.disclose import Disclosing, held_by
from hub.handling.questions import Questions
from hub.handling.work import Work, disclosures_of


@dataclass(frozen=True, slots=True)
class Step:
    """One command under way. `zetel`: the seat that asks; `nu`: the moment that counts.

    `pseudonym`: the name of a case towards one seat, which neither knows the case by. `persoon`: who acts in the
    seat, as the token says; empty where nobody does.
    """

    work: Work
    questions: Questions
    zetel: str
    nu: datetime
    pseudonym: Callable[[UUID, str], UUID]
    persoon: str = ""

    @property
    def op(self) -> date:
        """The day whose rules count."""
        return self.nu.date()

    @property
    def disclosing(self) -> Disclosing:
        """Decides who may hold what in consequence."""
        return Disclosing(self.questions, self.work, self.zetel, self.nu)

    def must_hold(self, signaal_id: UUID) -> None:
        """Raises Onbekend where the seat holds nothing of the signal."""
        self.work.load((signaal_id, disclosures_of(signaal_id)))
        state = self.work.signaal(signaal_id)
        if not held_by(self.zetel, state, self.work.verstrekkingen(signaal_id)) or state.ingetrokken:
            raise Onbekend


#: Decides on one command and adds what follows to the work. Raises Onbekend, Strijdig.
Handler = Callable[[Step, Any], None]
Handlers = Mapping[type[Command], Handler]
