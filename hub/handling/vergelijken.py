"""Whether a recorded disclosure would be decided otherwise by another policy, from its decision record alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson

from contracts.verstrekking import VerstrekkingVervallen
from hub.access.permit import Permit
from hub.domain.casus import Casus
from hub.domain.toestemming import Toestemmingen
from hub.handling.beleidsversies import Beleidsversies
from hub.handling.questions import PERSONAL, Asked, Questions, case_facts, consent_facts, freeze
from hub.handling.simulate import Gevraagd, recorded_answer, recorded_question
from hub.ledger.envelope import opened
from hub.ledger.store import Decided

ROLES = ("vermoedelijk-slachtoffer", "getuige", "verdachte", "betrokkene")
KEPT = 200_000
#: What a case or a consent may have said at the time and says no longer.
PASSING = frozenset({"bezwaar_van_bron", "herkomst", "tafel", "toestemming", "toestemming_door"})
#: Phase and circumstances as they are now.
Facts = tuple[int, tuple[tuple[str, object], ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """A disclosure, refusal or lapse with its decision. `gebonden_aan`: an emergency access or session.

    `omstandigheden`: what the sender vouched for.
    """

    positie: int
    vervallen: bool
    signaal_id: UUID
    casus_id: UUID | None
    gebonden_aan: UUID | None
    ontvanger: str
    omstandigheden: Mapping[str, object]
    decision: bytes

    @property
    def on_consent(self) -> bool:
        """Whether it was decided outside a case with a consent in view, which may have ended with the day."""
        return self.casus_id is None and self.gebonden_aan is None and b'"toestemming":' in self.decision


def row_of(decided: Decided) -> Row:
    """What its open part says; no key is needed."""
    data = orjson.loads(opened(decided.state)[0])
    return Row(
        decided.position,
        decided.topic == VerstrekkingVervallen.TYPE,
        UUID(data["signaalId"]),
        _id(data.get("casusId")),
        _id(data.get("gebondenAan")),
        data["ontvanger"],
        data.get("omstandigheden", {}),
        decided.decision,
    )


class Comparing:
    """Asks recorded questions of one policy on one day; equal questions are asked once."""

    def __init__(self, questions: Questions, policy: Beleidsversies, op: date) -> None:
        self._questions, self._policy, self._op = questions, policy, op
        self._known: dict[tuple[object, ...], bool] = {}

    def differs(self, row: Row, casus: Casus | None, consents: Toestemmingen | None = None) -> bool:
        """Whether it would be decided otherwise now; outside a case nothing opens, so that only less counts.

        `casus`: the case it was made in; `consents`: where it was decided on consent. Both as they stand now.
        """
        if casus is not None and (row.ontvanger not in casus.deelnemers or row.signaal_id not in casus.signalen):
            return False  # what was decided then has no bearing any more
        facts: Facts | None = None
        if casus is not None:
            facts = (casus.fase, freeze(case_facts(casus, row.ontvanger)))
        elif consents is not None and row.on_consent:
            facts = (0, freeze(dict(row.omstandigheden) | consent_facts(consents, row.ontvanger, self._op)))
        key = (blake2b(row.decision, digest_size=16).digest(), facts)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            kept = orjson.loads(row.decision)
            known = self._lapsed(kept) if row.vervallen else self._compare(kept, facts, casus is not None)
            self._known[key] = known
        return known

    def _lapsed(self, kept: Mapping[str, Any]) -> bool:
        """What lapsed in a case may open again, and its event does not name the case: that is for the signal to say."""
        return bool(kept["handeling"] == "lezen")

    def _compare(self, kept: Mapping[str, Any], facts: Facts | None, in_case: bool) -> bool:
        asked, per_provider = recorded_question(kept)
        asked, recorded = replace(asked, datum=self._op), recorded_answer(kept)
        if facts is not None:
            around = {name: value for name, value in asked.omstandigheden if name not in PASSING} | dict(facts[1])
            asked = replace(asked, fase=facts[0], omstandigheden=freeze(around))
        answer = self._answer(asked, per_provider)
        if in_case:
            return answer != recorded
        less = any(not set(categories) <= set(answer.get(seat, ())) for seat, categories in recorded.items())
        return less or self._names_others(kept, asked, per_provider)

    def _answer(self, asked: Asked, per_provider: Gevraagd) -> dict[str, tuple[str, ...]]:
        return self._questions.judge_recorded(asked, per_provider).oordeel.per_bron

    def _names_others(self, kept: Mapping[str, Any], asked: Asked, per_provider: Gevraagd) -> bool:
        """Outside a case each person is asked for by role, which is not in the record: ask for every role there is."""
        personal = sorted({c for categories in recorded_answer(kept).values() for c in categories} & PERSONAL)
        if not personal:
            return False
        before = self._policy.of(kept["beleidsversie"])
        if before is None:
            return True
        then = replace(asked, datum=date.fromisoformat(kept["datum"]))
        return any(
            self._allowed(self._questions, asked, role, minor, personal[0], seat)
            != self._allowed(before, then, role, minor, personal[0], seat)
            for role in ROLES
            for minor in (False, True)
            for seat, _, _ in per_provider
        )

    def _allowed(self, questions: Questions, asked: Asked, role: str, minor: bool, category: str, seat: str) -> bool:
        question = replace(asked, betrokkene_rol=role, minderjarig=minor).about(category, seat)
        return isinstance(questions.beleid.toets(question), Permit)


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None
