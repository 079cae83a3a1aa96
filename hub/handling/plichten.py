"""What a recorded event, the calendar and the clock do to duties, each as one act on the ledger. Source: Vc B8/3."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from contracts.inhoud import Rolperiode, SignaalInhoud
from contracts.message import Acted, Event
from contracts.overleg import DeelnemerBinnengekomen
from contracts.plicht import MeldPlichtVervuld
from hub.access.beleid import Beleid
from hub.domain import plicht
from hub.domain.plicht import Omgeving, Oorzaak, Plichten, PlichtEvent, kalenderonderwerp, plichten_of
from hub.domain.plichtregel import SLACHTOFFER, Plichtregel
from hub.handling.disclose import held_by
from hub.handling.personen import policy_role
from hub.handling.step import Handlers, Step
from hub.handling.work import Work, disclosures_of
from hub.handling.zetels import supervisors

LANDELIJK = "landelijk"


class Taak(NamedTuple):
    """What one recorded event may do to one kind of duty on one subject."""

    regel: Plichtregel
    onderwerp_id: UUID
    oorzaak: Oorzaak
    beleid: Beleid


def feiten_van(event: Event) -> frozenset[str]:
    """What the content of an event shows, of the words a duty may ask for. Destroyed content shows nothing."""
    roles = [getattr(event, "rol", None)]
    inhoud = getattr(getattr(event, "melding", event), "inhoud", None)
    if isinstance(inhoud, SignaalInhoud):
        roles += [role for person in inhoud.betrokkenen for role in person.rollen]
    known = {role.rol for role in roles if isinstance(role, Rolperiode) and role.rol}
    return frozenset({SLACHTOFFER}) if SLACHTOFFER in map(policy_role, known) else frozenset()


def holders(beleid: Beleid, regel: Plichtregel) -> tuple[str, ...]:
    """The seats that owe a recurring duty: where there is a national seat of that kind, that one for all."""
    found = [one for one in beleid.instanties.values() if one.type in regel.zetels]
    national = {one.type for one in found if one.gebied == LANDELIJK}
    return tuple(sorted(one.id for one in found if one.gebied == LANDELIJK or one.type not in national))


def apply(tasks: Sequence[Taak], step: Step) -> None:
    """Let recorded events begin and end duties, in order."""
    who = Acted(step.zetel, step.nu)
    step.work.load([plichten_of(task.onderwerp_id) for task in tasks])
    for task in tasks:
        stream = plichten_of(task.onderwerp_id)
        state = duties(step.work, stream)
        around = _around(task.beleid, partial(_knows, step.work, task.regel.soort, task.onderwerp_id))
        events = plicht.volg(state, task.regel, task.onderwerp_id, task.oorzaak, who, around)
        step.work.add(stream, events, "hub")


def begin_period(beleid: Beleid, regel: Plichtregel, zetel: str, step: Step) -> None:
    """Let a recurring duty of a seat begin for the period that is running."""
    stream = plichten_of(kalenderonderwerp(regel.id, zetel))
    who = Acted(step.zetel, step.nu)
    step.work.add(stream, plicht.kalender(duties(step.work, stream), regel, zetel, who, _around(beleid, bool)), "hub")


def tick(streams: Sequence[UUID], step: Step) -> None:
    """Remind, find late and escalate in these streams of duties."""
    step.work.load(streams)
    for stream in streams:
        step.work.add(stream, plicht.tik(duties(step.work, stream), Acted(step.zetel, step.nu)), "hub")


def duties(work: Work, stream: UUID) -> Plichten:
    """The duties in a stream of them."""
    return plicht.replay(work.events(stream, PlichtEvent))


def _around(beleid: Beleid, kent: Callable[[str], bool]) -> Omgeving:
    return Omgeving(partial(_seats, beleid), kent, supervisors(beleid), beleid.versie)


def _knows(work: Work, soort: str, onderwerp_id: UUID, zetel: str) -> bool:
    """Whether a seat that another one names takes part in what a duty is about, so that it may hear of it."""
    if soort == "casus":
        return zetel in work.casus(onderwerp_id).deelnemers
    if soort == "signaal":
        work.load((onderwerp_id, disclosures_of(onderwerp_id)))
        return bool(held_by(zetel, work.signaal(onderwerp_id), work.verstrekkingen(onderwerp_id)))
    if soort == "resultaat":
        work.load((onderwerp_id,))
        return any(one.ontvanger == zetel for one in work.resultaat(onderwerp_id).geldig.values())
    if soort == "overleg":
        came = [one for one in work.before(onderwerp_id) if isinstance(one, DeelnemerBinnengekomen)]
        return any(one.deelnemer == zetel for one in came)
    return soort == "brug"


def _seats(beleid: Beleid, soort: str, zetel: str) -> tuple[str, ...]:
    """The seats of a kind in the region of a seat; where it has none there, the national ones."""
    found: Mapping[str, str] = {one.id: one.regio for one in beleid.instanties.values() if one.type == soort}
    known = beleid.instanties.get(zetel)
    near = [id for id, regio in found.items() if known is not None and regio == known.regio]
    return tuple(sorted(near or (id for id, regio in found.items() if regio == LANDELIJK)))


def _report(step: Step, command: MeldPlichtVervuld) -> None:
    stream = plichten_of(command.onderwerp_id)
    step.work.add(stream, plicht.meld(duties(step.work, stream), command, step.zetel, step.nu), "hub")


HANDLERS: Handlers = {MeldPlichtVervuld: _report}
