"""What a seat could see of a case on a day, field category by field category, and under which rule."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from hub.access.permit import Permit
from hub.domain import casus as cases
from hub.domain import signaal as signals
from hub.domain import verstrekking as disclosures
from hub.domain.oordeel import Onbekend
from hub.handling.beleidsversies import Policy
from hub.handling.disclose import held_by
from hub.handling.questions import Questions, asked_as
from hub.handling.work import Work, disclosures_of
from hub.handling.zetels import is_closed


@dataclass(frozen=True, slots=True)
class Uitleg:
    """One line: what the recorded disclosures say, and what the rules of that day say of it."""

    signaal_id: UUID
    verstrekker: str
    categorie: str
    zichtbaar: bool
    regels: tuple[str, ...]
    grondslagen: tuple[str, ...]
    zin: str
    alternatief: str | None


class Explainer:
    """Answers from the ledger alone, so also for a day long past: under the policy that was in force then."""

    def __init__(self, work: Callable[[], Work], policy: Policy) -> None:
        self._work, self._policy = work, policy

    def casus(self, casus_id: UUID, zetel: str, op: date) -> list[Uitleg] | None:
        """Explain a case for a seat at the end of a day; None where the seat could not know the case."""
        work = self._work()
        moment = datetime.combine(op, time.max, tzinfo=UTC)
        try:
            casus = cases.replay(_until(work.events(casus_id, cases.CasusEvent), moment))
        except Onbekend:
            return None
        if casus.opener is None or zetel not in casus.deelnemers:
            return None
        questions = self._policy.at(moment)
        work.load([id for signaal_id in casus.signalen for id in (signaal_id, disclosures_of(signaal_id))])
        lines: list[Uitleg] = []
        for signaal_id in casus.signalen:
            recorded = work.events(signaal_id, signals.SignaalEvent)
            signaal = signals.replay(_until(recorded, moment))
            given = disclosures.replay(
                _until(work.events(disclosures_of(signaal_id), disclosures.VerstrekkingEvent), moment)
            )
            shown = self._signaal(questions, signaal_id, signaal, given, casus, zetel, op)
            # Who may not know of a signal today is not told of it by way of an earlier day either.
            closed = is_closed(questions.beleid, signals.replay(recorded), zetel)
            lines += [line for line in shown if not closed or line.verstrekker == zetel]
        return lines

    def _signaal(
        self,
        questions: Questions,
        signaal_id: UUID,
        signaal: signals.Signaal,
        given: disclosures.Verstrekkingen,
        casus: cases.Casus,
        zetel: str,
        op: date,
    ) -> Iterator[Uitleg]:
        held = held_by(zetel, signaal, given)
        for contribution in signaal.bijdragen.values():
            asked = questions.asked_in_case(zetel, casus, signaal, op)
            for category in sorted(contribution.categorieen):
                shown = category in held.get(contribution.zetel, frozenset())
                if contribution.zetel == zetel:
                    own = "Eigen gegeven van deze zetel."
                    yield Uitleg(signaal_id, contribution.zetel, category, True, ("eigen-gegeven",), (), own, None)
                    continue
                known_as = asked_as(category, contribution.wpg_artikel or "", casus.spoor)
                answer = questions.beleid.toets(asked.about(known_as, contribution.zetel))
                permitted = isinstance(answer, Permit)
                sentence = _sentence(answer)
                yield Uitleg(
                    signaal_id,
                    contribution.zetel,
                    category,
                    shown,
                    answer.regels,
                    answer.bronnen,
                    sentence if permitted == shown else f"{sentence} (De verstrekking is anders vastgelegd.)",
                    None if isinstance(answer, Permit) else answer.alternatief,
                )


def _sentence(answer: object) -> str:
    return " ".join(answer.zinnen) if isinstance(answer, Permit) else str(getattr(answer, "reden", ""))


def _until(events: list[Any], moment: datetime) -> list[Any]:
    return [event for event in events if event.tijdstip <= moment]
