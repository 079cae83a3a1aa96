"""Messages from agency topics on their way into the ledger: the same checks and answers as through HTTP."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.cloudevents import CloudEvent
from contracts.problems import Problem, niet_bevoegd
from hub.access.beleid import Beleid
from hub.audit.access import Access, AccessLog
from hub.delivery.kafka_events import event_of
from hub.delivery.kafka_topics import Aanlevertopic
from hub.handling.aanleveren import Aanleveraar, Brought, Rest, take_in
from hub.handling.beleidsversies import Policy
from hub.handling.execute import Ledger
from hub.handling.uitslagen import Resultaat, result
from hub.handling.vastleggen import GEEN_DOEL, MAX_OBJECTEN, Herkomst, activities
from hub.ledger.database import STORE_AWAY

VRAAG = "aanleveringen"
TAKEN = frozenset({"aanvaard", "herhaald"})
Failed = Callable[[Exception], None]


@dataclass(frozen=True, slots=True)
class Answered:
    """A message (`record`: as kafka-python gives it) and what it came to."""

    topic: Aanlevertopic
    record: Any
    resultaat: Resultaat

    @property
    def taken(self) -> bool:
        """Whether the ledger has it, now or before."""
        return self.resultaat.status in TAKEN


class Taker:
    """Takes in what was polled. `maximum`: bytes of one message; `new_trace`: 32 hexadecimal digits."""

    def __init__(
        self, ledger: Ledger, access_log: AccessLog, policy: Policy, maximum: int, new_trace: Callable[[], str]
    ) -> None:
        self._ledger, self._access_log, self._policy = ledger, access_log, policy
        self._maximum, self._new_trace = maximum, new_trace

    def take(
        self, topics: Mapping[str, Aanlevertopic], records: Sequence[Any], nu: datetime, failed: Failed
    ) -> list[Answered]:
        """The answers, in order; what was taken is durable. Raises where the ledger is away: then nothing is skipped.

        `failed` hears of faults of ours in a single message, which is answered as such.
        """
        who = {name: self._who(topics[name]) for name in {record.topic for record in records}}
        refused = {name: self._refused(topics[name], nu) for name in who}
        judged = [refused[one.topic] or self._event(one) for one in records]
        brought = [(who[r.topic], one) for r, one in zip(records, judged, strict=True) if isinstance(one, CloudEvent)]
        results = iter(self._taken_in(brought, nu, failed))
        for sender in {who[r.topic] for r, one in zip(records, judged, strict=True) if isinstance(one, Problem)}:
            self._record(Rest(sender, (), True), nu)
        return [
            Answered(
                topics[record.topic],
                record,
                result("", one, topics[record.topic].zetel) if isinstance(one, Problem) else next(results),
            )
            for record, one in zip(records, judged, strict=True)
        ]

    def _who(self, topic: Aanlevertopic) -> Aanleveraar:
        origin = Herkomst(topic.oin, f"kafka:{topic.naam}", self._new_trace())
        return Aanleveraar(topic.zetel, topic.oin, topic.client, origin)

    def _refused(self, topic: Aanlevertopic, nu: datetime) -> Problem | None:
        """The seat must exist now, and be of this organisation."""
        seat = self._policy.at(nu).beleid.instanties.get(topic.zetel)
        if seat is None or seat.oin != topic.oin:
            return niet_bevoegd("Deze zetel is niet bekend of niet van deze organisatie.")
        return None

    def _event(self, record: Any) -> CloudEvent | Problem:
        try:
            return event_of(record.value, record.headers, self._maximum)
        except Problem as problem:
            return problem

    def _taken_in(self, brought: Sequence[Brought], nu: datetime, failed: Failed) -> list[Resultaat]:
        try:
            return take_in(self._ledger, brought, nu, lambda rest: self._record(rest, nu))
        except STORE_AWAY:
            raise
        except Exception as error:
            # One message that we fail on must not hold up the others; failing on all is no fault of a message.
            found = [self._alone(one, nu) for one in brought]
            if len(found) > 1 and all(one is None for one in found):
                raise
            failed(error)
            return [one or _our_fault(event, who.zetel) for one, (who, event) in zip(found, brought, strict=True)]

    def _alone(self, one: Brought, nu: datetime) -> Resultaat | None:
        try:
            return take_in(self._ledger, [one], nu, lambda rest: self._record(rest, nu))[0]
        except STORE_AWAY:
            raise
        except Exception:
            return None

    def _record(self, rest: Rest, nu: datetime) -> None:
        entries = [one.entry() for one in _accesses(rest, self._policy.at(nu).beleid, nu)]
        self._access_log.append_access(entries)


def _accesses(rest: Rest, beleid: Beleid, nu: datetime) -> Iterator[Access]:
    """The records of what led to nothing on the ledger. Source: Wpg art. 32a; BIO2 8.15.01."""
    for start in range(0, max(len(rest.objecten), 1), MAX_OBJECTEN):
        yield Access(
            handeling="verzamelen",
            vraag=VRAAG,
            resultaat="geweigerd" if rest.geweigerd else "leeg",
            zetel=rest.who.zetel,
            oin=rest.who.oin,
            actor=rest.who.client,
            herkomst=rest.who.herkomst.adres,
            tijdstip=nu,
            doel=GEEN_DOEL,
            trace=rest.who.herkomst.trace,
            objecten=rest.objecten[start : start + MAX_OBJECTEN],
            verwerkingen=activities(beleid, ()),
            beleidsversie=beleid.versie,
        )


def _our_fault(event: CloudEvent, zetel: str) -> Resultaat:
    sentence = "De hub kon dit bericht niet verwerken; het kan na herstel opnieuw worden aangeboden."
    document = Problem("interne-fout", 500, "Interne fout", sentence).document
    return Resultaat(id=event.id, status="mislukt", probleem=document)
