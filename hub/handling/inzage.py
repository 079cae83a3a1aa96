"""Bringing together what the ledger holds of one person, for one request of hers and for nothing else.

No index of persons is kept: the ledger is read through for each request, so that nobody can look a person up by the
way. Source: AVG art. 15; Wpg art. 25 lid 1; Bgs art. 1.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from contracts.inhoud import Betrokkene, Feit, SignaalInhoud
from contracts.message import Event, categories_in
from contracts.navraag import NavraagGedaan
from contracts.signaal import SignaalGerectificeerd, SignaalGeregistreerd, SignaalVerrijkt
from contracts.verstrekking import SignaalVerstrekt, VerstrekkingVervallen
from hub.access.beleid import Beleid
from hub.domain import inzage, kennisgeving
from hub.domain.inzage import Bronregel, Inzage, Ontvangerregel
from hub.domain.signaal import SignaalEvent
from hub.domain.verstrekking import VerstrekkingEvent
from hub.domain.verzoek import WPG, Dossier
from hub.handling.questions import purpose_of
from hub.handling.work import Work, disclosures_of
from hub.views.masker import masker

BROUGHT_IN = (SignaalGeregistreerd, SignaalVerrijkt, SignaalGerectificeerd)
TOPICS = frozenset(cls.TYPE for cls in BROUGHT_IN)
#: What an organisation keeps for itself serves its own task.
INTERN, EIGEN_TAAK = "intern", "eigen-taak-van-de-organisatie"
#: About others, also where the fact names her.
OF_OTHERS = frozenset({"melder-identiteit", "contactpersoon"})


@dataclass(frozen=True, slots=True)
class Vondst:
    """One contribution that names her. `betrokkenen`: as whom."""

    signaal_id: UUID
    bijdrage_id: UUID
    zetel: str
    spoor: str
    ontvangen_op: date
    gerectificeerd_op: date | None
    betrokkenen: tuple[UUID, ...]
    inhoud: SignaalInhoud


def found_of(work: Work, dossier: Dossier) -> list[Vondst]:
    """Every contribution that names the person of a request; of a seat under the Wpg, only its own."""
    if dossier.identiteit is None:
        return []
    named: dict[UUID, set[UUID]] = {}
    for recorded, event in work.every(TOPICS):
        for person in _content(event).betrokkenen or ():
            if inzage.herkent(dossier.identiteit, person):
                named.setdefault(recorded.stream, set()).add(person.betrokkene_id)
    work.load(sorted(named))
    found = [one for id, persons in named.items() for one in _contributions(work, id, frozenset(persons))]
    own = dossier.klok is not None and dossier.klok.regime == WPG
    return [one for one in found if not own or one.zetel == dossier.behandelaar]


def _contributions(work: Work, signaal_id: UUID, persons: frozenset[UUID]) -> Iterator[Vondst]:
    """The contributions of a signal as they read now."""
    spoor = ""
    current: dict[UUID, tuple[Event, SignaalInhoud, date | None]] = {}
    for event in work.events(signaal_id, SignaalEvent):
        match event:
            case SignaalGeregistreerd():
                spoor = event.melding.spoor
                current[signaal_id] = (event, event.melding.inhoud, None)
            case SignaalVerrijkt():
                current[event.verrijking_id] = (event, event.inhoud, None)
            case SignaalGerectificeerd():
                key = event.verrijking_id or event.signaal_id
                current[key] = (current[key][0], event.inhoud, event.tijdstip.date())
    for key, (first, content, corrected) in current.items():
        seen = tuple(sorted(persons & {person.betrokkene_id for person in content.betrokkenen or ()}))
        if seen:
            yield Vondst(signaal_id, key, first.zetel, spoor, first.tijdstip.date(), corrected, seen, content)


class Collected(NamedTuple):
    """What may be told, and whom and what it is about, for the record of it. `gevonden`: all, withheld too."""

    inzage: Inzage
    signalen: tuple[UUID, ...] = ()
    betrokkenen: tuple[UUID, ...] = ()
    gevonden: frozenset[tuple[str, UUID]] = frozenset()


def collect(work: Work, beleid: Beleid, dossier: Dossier, op: date, jaren: int) -> Collected:
    """What she may be told on a day; what is withheld is worked out like the rest before it is left out."""
    sources: list[Bronregel] = []
    recipients: list[Ontvangerregel] = []
    persons: dict[UUID, set[UUID]] = {}
    kept_back: dict[UUID, bool] = {}
    found = found_of(work, dossier)
    for one in found:
        persons.setdefault(one.signaal_id, set()).update(one.betrokkenen)
        kept_back[one.signaal_id] = withheld(work, one.signaal_id, op)
        line = _source(beleid, one)
        sources += [] if kept_back[one.signaal_id] else [line]
    for signaal_id, ids in persons.items():
        lines = _recipients(work, beleid, signaal_id, frozenset(ids))
        in_time = [line for line in lines if inzage.binnen_jaren(line.tot, op, jaren)]
        recipients += [] if kept_back[signaal_id] else in_time
    for signaal_id, learned in _asked_after(work, beleid, persons):
        told = not kept_back[signaal_id] and inzage.binnen_jaren(learned.tot, op, jaren)
        recipients += [learned] if told else []
    shown = sorted(id for id, closed in kept_back.items() if not closed)
    named = sorted({person for id in shown for person in persons[id]})
    everything = frozenset((one.zetel, one.signaal_id) for one in found)
    return Collected(inzage.bijeen(sources, recipients), tuple(shown), tuple(named), everything)


def withheld(work: Work, signaal_id: UUID, op: date) -> bool:
    """Whether she may not learn of a signal: confidential, under embargo, silence before an interview, or put off."""
    closed = work.signaal(signaal_id).vertrouwelijk_tot is not None
    silent = work.verhoren(signaal_id).gepland(op) is not None
    put_off = kennisgeving.replay(
        work.events(kennisgeving.kennisgevingen_of(signaal_id), kennisgeving.KennisgevingEvent)
    ).achtergehouden(op)
    given: list[Any] = work.events(disclosures_of(signaal_id), VerstrekkingEvent)
    cases = [work.casus(id) for id in {getattr(event, "casus_id", None) for event in given} if id is not None]
    return closed or silent or put_off or any(one.embargo or one.vertrouwelijk_tot is not None for one in cases)


def _source(beleid: Beleid, found: Vondst) -> Bronregel:
    own = [person for person in found.inhoud.betrokkenen or () if person.betrokkene_id in found.betrokkenen]
    facts = [
        fact
        for fact in found.inhoud.feiten or ()
        if fact.betrokkene_id in found.betrokkenen and fact.categorie not in OF_OTHERS
    ]
    of_her = {category for part in (*own, *facts) for category in categories_in(part)}
    rest = set(categories_in(_without_persons(found.inhoud)))
    merged: dict[str, Any] = {}
    for person in own:
        merged |= _told(person)
    return Bronregel(
        spoor=found.spoor,
        zetel=found.zetel,
        organisatie=organisation(beleid, found.zetel),
        ontvangen_op=found.ontvangen_op,
        gerectificeerd_op=found.gerectificeerd_op,
        doel=EIGEN_TAAK if found.spoor == INTERN else purpose_of(found.spoor),
        gegevens=merged,
        feiten=tuple(_told(fact) for fact in facts),
        rubrieken=tuple(sorted(of_her | rest)),
    )


def _without_persons(content: SignaalInhoud) -> SignaalInhoud:
    bare = {"betrokkenen": (), "feiten": (), "organisaties": (), "voertuigen": ()}
    return content.model_copy(update=bare)


def _told(part: Betrokkene | Feit) -> dict[str, Any]:
    """What a part says of her, without numbers of the hub and without what is for decisions alone."""
    left = masker(part, frozenset(categories_in(part)), None)
    return {name: value for name, value in left.items() if name != "betrokkene_id"}


def _recipients(work: Work, beleid: Beleid, signaal_id: UUID, ids: frozenset[UUID]) -> list[Ontvangerregel]:
    spoor = work.signaal(signaal_id).spoor
    lines: dict[UUID, Ontvangerregel] = {}
    for event in work.events(disclosures_of(signaal_id), VerstrekkingEvent):
        known = lines.get(event.verstrekking_id)
        if isinstance(event, SignaalVerstrekt) and (event.betrokkenen is None or ids.intersection(event.betrokkenen)):
            lines[event.verstrekking_id] = _recipient(beleid, event, known, spoor)
        elif isinstance(event, SignaalVerstrekt | VerstrekkingVervallen) and known is not None and known.tot is None:
            lines[event.verstrekking_id] = replace(known, tot=event.tijdstip.date())
    return list(lines.values())


def _recipient(beleid: Beleid, event: SignaalVerstrekt, before: Ontvangerregel | None, spoor: str) -> Ontvangerregel:
    categories = set(event.categorieen) | set(before.categorieen if before else ())
    grounds = dict.fromkeys((*(before.grondslagen if before else ()), *event.grondslagen))
    return Ontvangerregel(
        spoor=event.spoor or spoor,
        zetel=event.ontvanger,
        organisatie=organisation(beleid, event.ontvanger),
        van=before.van if before else event.tijdstip.date(),
        tot=event.tot.date() if event.tot else None,
        doel=event.doel,
        grondslagen=tuple(grounds),
        categorieen=tuple(sorted(categories)),
    )


def _asked_after(work: Work, beleid: Beleid, persons: dict[UUID, set[UUID]]) -> Iterator[tuple[UUID, Ontvangerregel]]:
    """Who learned that another partnership knows her as well: who asked, and by the asking the contact point."""
    asked = [event for _, event in work.every(frozenset({NavraagGedaan.TYPE})) if isinstance(event, NavraagGedaan)]
    for event in asked:
        ids = persons.get(event.signaal_id, set())
        if ids and event.treffer and event.betrokkene_id in (None, *ids):
            for zetel in (event.ontvanger, event.contactpunt):
                yield event.signaal_id, _told_of(beleid, event, zetel)


def _told_of(beleid: Beleid, event: NavraagGedaan, zetel: str) -> Ontvangerregel:
    return Ontvangerregel(
        spoor=event.spoor,
        zetel=zetel,
        organisatie=organisation(beleid, zetel),
        van=event.tijdstip.date(),
        tot=event.tijdstip.date(),
        doel=event.doel,
        grondslagen=event.grondslagen,
        categorieen=event.categorieen,
    )


def organisation(beleid: Beleid, zetel: str) -> str:
    """The name of the organisation that holds a seat."""
    seat = beleid.instanties.get(zetel)
    return seat.organisatie if seat is not None else zetel


def _content(event: Event) -> SignaalInhoud:
    if isinstance(event, SignaalGeregistreerd):
        return event.melding.inhoud
    content: SignaalInhoud = getattr(event, "inhoud")  # noqa: B009 - the other two have it
    return content
