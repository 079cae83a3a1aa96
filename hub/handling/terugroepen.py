"""After every act: whoever ever held what was corrected, withdrawn, refuted, destroyed or lapsed is told.

It looks at what was recorded, not at which command did it: so nothing that corrects can forget its recipients, the
clock and a new policy included. Source: AVG art. 19; Wpg art. 28; Bgs art. 1.7.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.afscherming import CasusvertrouwelijkheidVervallen, VertrouwelijkheidVervallen, VertrouwelijkVerklaard
from contracts.bewaring import SignaalVernietigd
from contracts.inhoud import SignaalInhoud
from contracts.message import Acted, Event
from contracts.signaal import (
    BetrokkeneVernietigd,
    RolToegekend,
    SignaalGerectificeerd,
    SignaalGeregistreerd,
    SignaalIngetrokken,
    SignaalVerrijkt,
    SignaalWeerlegd,
)
from contracts.terugroeping import BevestigTerugroeping
from contracts.verstrekking import SignaalVerstrekt, VerstrekkingVervallen
from hub.domain import terugroeping, verstrekking
from hub.domain.signaal import Signaal
from hub.domain.terugroeping import Correctie, Deel, all_of, delen, ooit_gehouden, ooit_ontvangen, veranderd, verloren
from hub.domain.terugroeptermijn import momenten
from hub.domain.verstrekking import VERTROUWELIJK
from hub.handling.disclose import HUBZETEL
from hub.handling.step import Handlers, Step
from hub.handling.work import disclosures_of, person_of, recalls_of
from hub.handling.zetels import is_closed, is_withheld, supervisors

#: Ends that were announced with the disclosure.
ANNOUNCED = frozenset({"noodtoegang-voorbij", "overleg-verlaten"})
INGETROKKEN = "signaal-ingetrokken"
VERSMALD = "versmald"
#: With one of these everything that was held of the signal goes at once.
_WHOLE = (SignaalIngetrokken, SignaalVernietigd)
_OPENING = (VertrouwelijkheidVervallen, VertrouwelijkVerklaard, CasusvertrouwelijkheidVervallen)


def recall(step: Step) -> None:
    """Add to the work what recipients are to be told of what was done in it."""
    added = list(step.work.added)
    for event in added:
        told = _CORRECTIONS.get(type(event))
        if told is not None:
            _tell(step, _signal_of(event), told(step, event), by=event.zetel)
    for signaal_id in _disclosed(added):
        _tell(step, signaal_id, _lapsed(step, signaal_id, added), by=None)
    for event in added:
        if isinstance(event, _OPENING):
            _release(step, event)


def _signal_of(event: Any) -> UUID:
    found: UUID = event.signaal_id
    return found


def _disclosed(added: Sequence[Event]) -> Iterator[UUID]:
    """The signals of which a disclosure changed, and that are still there."""
    whole = {event.signaal_id for event in added if isinstance(event, _WHOLE)}
    found = [event.signaal_id for event in added if isinstance(event, SignaalVerstrekt | VerstrekkingVervallen)]
    yield from (id for id in dict.fromkeys(found) if id not in whole)


def _rectified(step: Step, event: SignaalGerectificeerd) -> Iterator[Correctie]:
    """Who ever held a piece that says something else now."""
    key = event.verrijking_id or event.signaal_id
    versions, since = _versions(step, event.signaal_id, key, event)
    changed = veranderd(versions[-1], event.inhoud)
    yield from _to_holders(step, event, "rectificatie", [(since, changed)])


def _destroyed(step: Step, event: BetrokkeneVernietigd) -> Iterator[Correctie]:
    """Who ever held something on a person that her source destroyed."""
    person, pieces = event.betrokkene_id, list[tuple[datetime, frozenset[Deel]]]()
    for key, part in step.work.signaal(event.signaal_id).bijdragen.items():
        if part.zetel == event.zetel:
            versions, since = _versions(step, event.signaal_id, key, event)
            of_person = {one for inhoud in versions for one, _ in delen(inhoud) if one.betrokkene == person}
            pieces.append((since, frozenset(of_person | _roles(step, event))))
    yield from _to_holders(step, event, "vernietiging", pieces)


def _roles(step: Step, event: BetrokkeneVernietigd) -> set[Deel]:
    recorded: Sequence[Event] = step.work.before(person_of(event.betrokkene_id))
    known = [one for one in recorded if isinstance(one, RolToegekend) and one.zetel == event.zetel]
    return {Deel("rol-in-casus", event.betrokkene_id)} if known else set()


def _to_holders(
    step: Step, event: Any, aard: str, pieces: Iterable[tuple[datetime, frozenset[Deel]]]
) -> Iterator[Correctie]:
    """`pieces`: per contribution the moment it was put in, and what of it is corrected."""
    owner, bron = step.work.signaal(event.signaal_id).eigenaar or "", event.zetel
    given: Sequence[Any] = step.work.before(disclosures_of(event.signaal_id))
    ever: dict[str, frozenset[Deel]] = {}
    for since, wanted in pieces:
        for ontvanger, held in ooit_gehouden(given, owner, bron, wanted, since).items():
            ever[ontvanger] = ever.get(ontvanger, frozenset()) | held
    for ontvanger, held in sorted(ever.items()):
        persons = {one.betrokkene for one in held}
        named = None if None in persons else tuple(sorted(one for one in persons if one))
        categories = tuple(sorted({one.categorie for one in held}))
        yield Correctie(_name(step, event, aard), aard, ontvanger, (bron,), categories, named)


def _erased(step: Step, event: SignaalVernietigd) -> Iterator[Correctie]:
    yield from _to_all(step, event, "vernietiging")


def _withdrawn(step: Step, event: SignaalIngetrokken) -> Iterator[Correctie]:
    yield from _to_all(step, event, "intrekking")


def _refuted(step: Step, event: SignaalWeerlegd) -> Iterator[Correctie]:
    """All that ever held anything of it, and who put something in; not who refuted it."""
    told = set()
    for one in _to_all(step, event, "weerlegging"):
        told.add(one.ontvanger)
        if one.ontvanger != event.zetel:
            yield one
    signaal = step.work.signaal(event.signaal_id)
    for bron in sorted(signaal.verstrekkers - told - {event.zetel}):
        own = [one.categorieen for one in signaal.bijdragen.values() if one.zetel == bron]
        categories = tuple(sorted(frozenset().union(*own)))
        yield Correctie(_name(step, event, "weerlegging"), "weerlegging", bron, (bron,), categories)


def _to_all(step: Step, event: Any, aard: str) -> Iterator[Correctie]:
    owner = step.work.signaal(event.signaal_id).eigenaar or ""
    given: Sequence[Any] = step.work.before(disclosures_of(event.signaal_id))
    for ontvanger, held in sorted(ooit_ontvangen(given, owner).items()):
        if all_of(held):
            yield Correctie(_name(step, event, aard), aard, ontvanger, tuple(sorted(held)), all_of(held))


def _lapsed(step: Step, signaal_id: UUID, added: Sequence[Event]) -> Iterator[Correctie]:
    """What seats held before this work and do not hold after it, though its provider still has it."""
    stream = disclosures_of(signaal_id)
    past: list[Any] = step.work.before(stream)
    before, after = verstrekking.replay(past), step.work.verstrekkingen(signaal_id)
    signaal = step.work.signaal(signaal_id)
    owner = signaal.eigenaar or ""
    ended = {one.verstrekking_id: one.reden for one in added if isinstance(one, VerstrekkingVervallen)}
    for key, given in before.geldig.items():
        now = after.geldig.get(key)
        reason = VERSMALD if now is not None else ended.get(key, VERSMALD)
        gone, persons = verloren(given, now, owner)
        gone = _still_there(signaal, gone)
        if gone and reason not in ANNOUNCED:
            kenmerk = f"vervallen#{key}#{len(past)}"
            yield Correctie(
                kenmerk, "vervallen", given.ontvanger, tuple(sorted(gone)), all_of(gone), persons or None, reason
            )


def _still_there(signaal: Signaal, gone: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Without what its provider took out of the content: of that a rectification tells."""
    has: dict[str, frozenset[str]] = {}
    for part in signaal.bijdragen.values():
        has[part.zetel] = has.get(part.zetel, frozenset()) | part.categorieen
    left = {bron: categories & has.get(bron, frozenset()) for bron, categories in gone.items()}
    return {bron: categories for bron, categories in left.items() if categories}


def _versions(step: Step, signaal_id: UUID, key: UUID, until: Event) -> tuple[list[SignaalInhoud], datetime]:
    """What a contribution has said so far, oldest first, and the moment it was put in."""
    said: list[SignaalInhoud] = []
    since = until.tijdstip
    for event in step.work.before(signaal_id):
        if isinstance(event, SignaalGeregistreerd) and key == signaal_id:
            since = event.tijdstip
            said.append(event.melding.inhoud)
        elif isinstance(event, SignaalVerrijkt) and event.verrijking_id == key:
            since = event.tijdstip
            said.append(event.inhoud)
        elif isinstance(event, SignaalGerectificeerd) and (event.verrijking_id or signaal_id) == key:
            said.append(event.inhoud)
    return said, since


def _name(step: Step, event: Any, aard: str) -> str:
    """What names a correction beside its signal: the place of its event among those of the signal or the person."""
    person = getattr(event, "betrokkene_id", None)
    stream = person_of(person) if person else event.signaal_id
    at = len(step.work.before(stream))
    return f"{aard}#{stream}#{at}"


def _tell(step: Step, signaal_id: UUID, corrections: Iterable[Correctie], by: str | None) -> None:
    found = list(corrections)
    if not found:
        return
    step.work.load((recalls_of(signaal_id),))
    signaal = step.work.signaal(signaal_id)
    for one in found:
        _send(step, signaal_id, signaal, one, by)


def _send(step: Step, signaal_id: UUID, signaal: Signaal, one: Correctie, by: str | None) -> None:
    beleid, stream = step.questions.beleid, recalls_of(signaal_id)
    who = Acted(_on_record(signaal, by or step.zetel, step), step.nu)
    term = momenten(beleid.terugroeptermijnen, one.aard, step.nu)
    silent = one.reden == VERTROUWELIJK or is_withheld(signaal, one.ontvanger)
    silent |= one.aard != "vervallen" and is_closed(beleid, signaal, one.ontvanger)
    events = terugroeping.stuur(
        step.work.terugroepingen(signaal_id), signaal_id, one, who, supervisors(beleid), term, aangehouden=silent
    )
    step.work.add(stream, events, "hub")


def _on_record(signaal: Signaal, zetel: str, step: Step) -> str:
    """Who tells: the owner, where another acted that is not to learn from its receipt how many hold the signal."""
    if zetel == HUBZETEL:
        return zetel
    own = zetel in signaal.verstrekkers and not is_closed(step.questions.beleid, signaal, zetel)
    return zetel if own or signaal.eigenaar is None else signaal.eigenaar


def _release(step: Step, event: Any) -> None:
    """Tell what was held back to those that may know of it now."""
    if isinstance(event, CasusvertrouwelijkheidVervallen):
        for signaal_id in step.work.casus(event.casus_id).signalen:
            _tell_yet(step, signaal_id)
    else:
        _tell_yet(step, event.signaal_id)


def _tell_yet(step: Step, signaal_id: UUID) -> None:
    beleid, stream = step.questions.beleid, recalls_of(signaal_id)
    step.work.load((signaal_id, stream, disclosures_of(signaal_id)))
    signaal, state = step.work.signaal(signaal_id), step.work.terugroepingen(signaal_id)
    who = Acted(_on_record(signaal, step.zetel, step), step.nu)
    for one in state.aangehouden.values():
        if not is_closed(beleid, signaal, one.ontvanger) and not _holds_again(step, signaal_id, one):
            term = momenten(beleid.terugroeptermijnen, one.aard, step.nu)
            step.work.add(stream, [terugroeping.alsnog(one, who, supervisors(beleid), term)], "hub")


def _holds_again(step: Step, signaal_id: UUID, one: Any) -> bool:
    """Whether what lapsed for a while is held once more, so that there is nothing to give back."""
    if one.aard != "vervallen":
        return False
    held = step.work.verstrekkingen(signaal_id).van(one.ontvanger)
    return set(one.categorieen) <= {category for given in held for category in given.categorieen}


def _answer(step: Step, command: BevestigTerugroeping) -> None:
    stream = recalls_of(command.signaal_id)
    step.work.load((stream,))
    events = terugroeping.bevestig(step.work.terugroepingen(command.signaal_id), command, step.zetel, step.nu)
    step.work.add(stream, events, "hub")


def escalate(step: Step, signaal_id: UUID) -> None:
    """Remind who has not answered yet; bring to the privacy officers what was not answered in time."""
    stream = recalls_of(signaal_id)
    step.work.load((stream,))
    events = terugroeping.te_laat(step.work.terugroepingen(signaal_id), Acted(step.zetel, step.nu))
    step.work.add(stream, events, "hub")


#: What an event of this kind tells, to whom.
_CORRECTIONS: Mapping[type[Event], Callable[[Step, Any], Iterator[Correctie]]] = {
    SignaalGerectificeerd: _rectified,
    SignaalIngetrokken: _withdrawn,
    SignaalWeerlegd: _refuted,
    BetrokkeneVernietigd: _destroyed,
    SignaalVernietigd: _erased,
}
HANDLERS: Handlers = {BevestigTerugroeping: _answer}
