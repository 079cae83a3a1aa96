"""Which seats had to do with an object, and from when until when: read from the open parts of recorded events.

No key is needed, and nothing of a person is read.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from hub.audit.verklaring import Band
from hub.domain.bewaring import bewaring_of
from hub.domain.brug import brug_of
from hub.domain.plicht import plichten_of
from hub.domain.verhoor import verhoren_of
from hub.handling.work import consents_of, disclosures_of, emergencies_of, refusals_of
from hub.ledger.envelope import opened
from hub.ledger.store import LedgerStore

#: After a case is closed or a request answered, who took part may finish the work.
AFRONDING = timedelta(days=30)
UUID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Data = Mapping[str, Any]


class Feit(NamedTuple):
    """An event: its name, such as `signaal-verstrekt`, and what can be read of it without keys."""

    naam: str
    data: Data

    @property
    def op(self) -> datetime:
        return _moment(self.data["tijdstip"])


class Stromen:
    """Streams of some objects, read in one query."""

    def __init__(self, store: LedgerStore, ids: Iterable[UUID]) -> None:
        wanted = list(dict.fromkeys(ids))
        self._found = store.streams(wanted) if wanted else {}

    def van(self, id: UUID) -> Iterator[Feit]:
        """The events of a stream, oldest first."""
        for event in self._found.get(id, ()):
            yield Feit(event.topic.rpartition(".v")[0].rpartition(".")[2], orjson.loads(opened(event.state)[0]))


def banden(store: LedgerStore, objecten: Iterable[str]) -> dict[str, tuple[Band, ...]]:
    """The ties to each object of a kind that is known; others are left out."""
    named = [(one, *one.partition(":")[::2]) for one in dict.fromkeys(objecten)]
    ids = {name: (kind, UUID(id)) for name, kind, id in named if kind in SOORTEN and UUID_FORM.fullmatch(id)}
    own = ((*SOORTEN[kind].stromen(id), plichten_of(id)) for kind, id in ids.values())
    streams = Stromen(store, (stream for one in own for stream in one))
    cases = Stromen(store, _cases_of(streams, ids.values()))
    return {
        name: (
            *SOORTEN[kind].lees(streams, cases, id),
            *_own_refusals(streams, SOORTEN[kind].stromen(id)),
            *_own_duties(streams, id),
        )
        for name, (kind, id) in ids.items()
    }


def _own_refusals(streams: Stromen, of: Iterable[UUID]) -> Iterator[Band]:
    """What a seat asked and was refused stands in its list of refusals, and explains a look at that list alone."""
    for stream in of:
        for fact in streams.van(stream):
            if fact.naam.endswith("-geweigerd"):
                yield Band("weigering", fact.data["zetel"], fact.op, vraag="weigeringen")


def _own_duties(streams: Stromen, id: UUID) -> Iterator[Band]:
    """What a seat must do about something stands in its list of duties, and explains a look at that list alone."""
    for fact in streams.van(plichten_of(id)):
        if fact.naam == "plicht-ontstaan":
            yield Band("plicht", fact.data["plichthouder"], fact.op, vraag="plichten")


def _cases_of(streams: Stromen, ids: Iterable[tuple[str, UUID]]) -> Iterator[UUID]:
    """The cases in which signals were disclosed: their closing ends what was seen through them."""
    for kind, id in ids:
        if kind == "signaal":
            for fact in streams.van(disclosures_of(id)):
                if fact.data.get("casusId"):
                    yield UUID(fact.data["casusId"])


def _signaal(streams: Stromen, cases: Stromen, id: UUID) -> Iterator[Band]:
    for fact in streams.van(id):
        if fact.naam in ("signaal-geregistreerd", "signaal-verrijkt"):
            yield Band("eigen-inbreng", fact.data["zetel"], fact.op)
    yield from _verstrekt(streams.van(disclosures_of(id)), cases)
    yield from _vernietigd(streams, id)
    for fact in streams.van(emergencies_of(id)):
        for zetel in fact.data.get("toezicht", ()):
            yield Band("toezicht-noodtoegang", zetel, fact.op)
    for fact in streams.van(consents_of(id)):
        for zetel in (fact.data["zetel"], *(fact.data.get("ontvangers") or ())):
            yield Band("toestemming", zetel, fact.op, vraag="toestemmingen")


def _vernietigd(streams: Stromen, id: UUID) -> Iterator[Band]:
    """That its term was over is on record with the destruction, and explains that and nothing after it."""
    for fact in streams.van(bewaring_of(id)):
        if fact.naam in ("signaal-vernietigd", "casus-vernietigd"):
            yield Band("bewaartermijn", fact.data["zetel"], fact.op, fact.op)


def _verstrekt(facts: Iterable[Feit], cases: Stromen) -> Iterator[Band]:
    """Disclosures, each until it was replaced, lapsed, ran out, or its case was closed."""
    open_ones: dict[tuple[str, str], tuple[str, Feit]] = {}
    for fact in facts:
        if fact.naam == "verstrekking-geweigerd":
            # A page of a case says of each contribution that it is there, also of what was refused.
            yield Band("weigering", fact.data["ontvanger"], fact.op, vraag="casussen/{casusId}")
        if fact.naam not in (
            "signaal-verstrekt",
            "verstrekking-vervallen",
            "resultaat-verstrekt",
            "resultaat-vervallen",
        ):
            continue
        key = (fact.data["ontvanger"], fact.data["verstrekkingId"])
        if before := open_ones.pop(key, None):
            yield _band(*before, cases, fact.op)
            # Who loses it is told so, and may look at that.
            yield Band("verval", key[0], fact.op, zonder_inhoud=True)
        if fact.naam.endswith("verstrekt"):
            open_ones[key] = (_soort(fact.data), fact)
    for soort, fact in open_ones.values():
        yield _band(soort, fact, cases, None)


def _soort(data: Data) -> str:
    if data.get("gebondenAan"):
        return "overleg-of-noodtoegang"
    return "casus" if data.get("casusId") else "verstrekking"


def _band(soort: str, fact: Feit, cases: Stromen, ended: datetime | None) -> Band:
    ends = [ended, _moment(fact.data["tot"]) if fact.data.get("tot") else None]
    if fact.data.get("casusId"):
        ends.append(_gesloten(cases.van(UUID(fact.data["casusId"]))))
    return Band(soort, fact.data["ontvanger"], fact.op, min((one for one in ends if one), default=None))


def _gesloten(facts: Iterable[Feit]) -> datetime | None:
    return next((fact.op + AFRONDING for fact in facts if fact.naam == "casus-gesloten"), None)


def _casus(streams: Stromen, _: Stromen, id: UUID) -> Iterator[Band]:
    """Who took part, by the events that say who does from then on."""
    facts, inside = list(streams.van(id)), dict[str, datetime]()
    for fact in facts:
        if fact.naam == "casus-geopend":
            inside = {fact.data["zetel"]: fact.op}
            continue
        now = fact.data.get("deelnemers" if "deelnemers" in fact.data else "blijft")
        if not isinstance(now, list):
            continue
        for zetel in inside.keys() - set(now):
            yield Band("deelnemer", zetel, inside.pop(zetel), fact.op)
        for zetel in now:
            inside.setdefault(zetel, fact.op)
    closed = _gesloten(facts)
    for zetel, since in inside.items():
        yield Band("deelnemer", zetel, since, closed)
    yield from _vernietigd(streams, id)


def _overleg(streams: Stromen, _: Stromen, id: UUID) -> Iterator[Band]:
    """Who was in the room may look back on what was agreed there."""
    for fact in streams.van(id):
        if fact.naam == "overleg-geopend":
            yield Band("overleg", fact.data["zetel"], fact.op)
        elif fact.naam == "deelnemer-binnengekomen":
            yield Band("overleg", fact.data["deelnemer"], fact.op)
        elif fact.naam == "actie-afgesproken":
            yield Band("open-actie", fact.data["eigenaar"], fact.op)


def _resultaat(streams: Stromen, cases: Stromen, id: UUID) -> Iterator[Band]:
    facts = list(streams.van(id))
    for fact in facts:
        if fact.naam == "resultaat-gemaakt":
            for zetel in {fact.data["zetel"], *fact.data["herkomst"]}:
                yield Band("bron-van-resultaat", zetel, fact.op)
    yield from _verstrekt(facts, cases)


def _brugbericht(streams: Stromen, cases: Stromen, id: UUID) -> Iterator[Band]:
    yield from _brug(streams, cases, brug_of(id))


def _brug(streams: Stromen, _: Stromen, id: UUID) -> Iterator[Band]:
    for fact in streams.van(id):
        if fact.naam == "brugbericht-gestuurd":
            for zetel in (fact.data["zetel"], fact.data["naar"]):
                yield Band("brugbericht", zetel, fact.op)


def _verzoek(streams: Stromen, _: Stromen, id: UUID) -> Iterator[Band]:
    """The contact point handles it until some time after its end, and whoever was asked or has a task in it."""
    facts = list(streams.van(id))
    last = {"verzoek-beantwoord", "verzoek-geweigerd", "verzoek-gesloten"}
    done = next((fact.op + AFRONDING for fact in reversed(facts) if fact.naam in last), None)
    if facts and facts[-1].naam not in last:
        done = None
    for fact in facts:
        tasks = [task["zetel"] for task in fact.data.get("taken") or ()]
        asked = fact.data.get("deelnemers") or ()
        own = (fact.data["zetel"],) if fact.naam == "verzoek-ontvangen" else ()
        for zetel in (*own, *tasks, *asked):
            yield Band("verzoek", zetel, fact.op, done)


def _datalek(streams: Stromen, _: Stromen, id: UUID) -> Iterator[Band]:
    for fact in streams.van(id):
        if fact.naam == "datalek-vastgesteld":
            for zetel in {fact.data["zetel"], fact.data["bij"], *fact.data["contactpunten"]}:
                yield Band("datalek", zetel, fact.op)


def _abonnement(streams: Stromen, _: Stromen, id: UUID) -> Iterator[Band]:
    """Whoever took it; who was refused it tried for itself."""
    for stream in (id, refusals_of(id)):
        for fact in streams.van(stream):
            if fact.naam in ("abonnement-genomen", "abonnement-geweigerd"):
                yield Band("abonnement", fact.data["zetel"], fact.op)


class Soort(NamedTuple):
    """A kind of object: its streams, and how its ties are read from them."""

    stromen: Callable[[UUID], Sequence[UUID]]
    lees: Callable[[Stromen, Stromen, UUID], Iterable[Band]]


SOORTEN: Mapping[str, Soort] = {
    "signaal": Soort(
        lambda id: (
            id,
            disclosures_of(id),
            emergencies_of(id),
            consents_of(id),
            refusals_of(id),
            verhoren_of(id),
            bewaring_of(id),
        ),
        _signaal,
    ),
    "casus": Soort(lambda id: (id, bewaring_of(id)), _casus),
    "overleg": Soort(lambda id: (id,), _overleg),
    "resultaat": Soort(lambda id: (id,), _resultaat),
    "brug": Soort(lambda id: (id,), _brug),
    "brugbericht": Soort(lambda id: (brug_of(id),), _brugbericht),
    "verzoek": Soort(lambda id: (id,), _verzoek),
    "datalek": Soort(lambda id: (id,), _datalek),
    "abonnement": Soort(lambda id: (id, refusals_of(id)), _abonnement),
}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
