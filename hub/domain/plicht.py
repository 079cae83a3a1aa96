"""The duties on one subject: which events begin and end them, and what the clock brings. Nothing but the ledger counts.

Source: Vc B8/3; `consent_policies/plichten.yaml`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from contracts.cloudevents import NAAMRUIMTE
from contracts.message import Acted, Event
from contracts.plicht import (
    Escalatiestap,
    MeldPlichtVervuld,
    PlichtGeescaleerd,
    PlichtHerinnerd,
    PlichtOntstaan,
    PlichtTeLaat,
    PlichtVervallen,
    PlichtVervuld,
)
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.plichtregel import Plichtregel, Voorval, begin_van, dag_van, einde_van

PlichtEvent = PlichtOntstaan | PlichtHerinnerd | PlichtVervuld | PlichtVervallen | PlichtTeLaat | PlichtGeescaleerd
OPEN, TE_LAAT, VERVULD, VERVALLEN = "open", "te-laat", "vervuld", "vervallen"
#: From a kind of seat and who owes something: which seats of that kind are meant.
Gezag = Callable[[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Plicht:
    """One duty. `herinnerd`, `geescaleerd`: so many steps are behind it; `gezien`: position of the last cause."""

    begin: PlichtOntstaan
    status: str = OPEN
    herinnerd: int = 0
    geescaleerd: int = 0
    gezien: int = 0

    @property
    def loopt(self) -> bool:
        """Whether it is still to be done."""
        return self.status in (OPEN, TE_LAAT)

    def volgend_moment(self) -> datetime | None:
        """When the clock brings something next; None where it brings nothing any more."""
        if not self.loopt:
            return None
        moments = [*self.begin.herinneringen[self.herinnerd :]]
        moments += [step.moment for step in self.begin.escalaties[self.geescaleerd :]]
        if self.status == OPEN:
            moments.append(self.begin.verlopen_op)
        return min(moments, default=None)


@dataclass(frozen=True, slots=True)
class Plichten:
    """All duties on one subject."""

    alle: dict[UUID, Plicht] = field(default_factory=dict)

    def volgend_moment(self) -> datetime | None:
        """When the clock brings something next for any of them."""
        return min((moment for one in self.alle.values() if (moment := one.volgend_moment())), default=None)


class Omgeving(NamedTuple):
    """What a new duty takes from elsewhere. `kent`: whether a seat may know of the subject; `toezicht`: officers."""

    gezag: Gezag
    kent: Callable[[str], bool]
    toezicht: tuple[str, ...]
    beleidsversie: str


class Oorzaak(NamedTuple):
    """A recorded event and its position. `feiten`: what its content shows, of the words a duty may ask for."""

    event: Event
    positie: int
    feiten: frozenset[str]


def plichten_of(onderwerp_id: UUID) -> UUID:
    """The stream of all duties on a subject."""
    return uuid5(onderwerp_id, "plichten")


def kalenderonderwerp(regel: str, zetel: str) -> UUID:
    """What a duty that the calendar brings is about: a seat and that duty."""
    return uuid5(NAAMRUIMTE, f"plicht#{regel}#{zetel}")


def volg(
    state: Plichten, regel: Plichtregel, onderwerp_id: UUID, oorzaak: Oorzaak, who: Acted, omgeving: Omgeving
) -> list[PlichtEvent]:
    """What one recorded event does to one kind of duty on one subject: it ends what is open, then begins another.

    The same event a second time does nothing.
    """
    ends: list[tuple[type[PlichtVervuld | PlichtVervallen], tuple[Voorval, ...]]] = [
        (PlichtVervuld, regel.vervuld_door),
        (PlichtVervallen, regel.vervalt_door),
    ]
    events: list[PlichtEvent] = []
    for kind, voorvallen in ends:
        for voorval in _passend(voorvallen, onderwerp_id, oorzaak):
            for key in _geraakt(state, regel, voorval, oorzaak):
                events.append(kind(plicht_id=key, onderwerp_id=onderwerp_id, oorzaak=oorzaak.positie, **who._asdict()))
                state = evolve(state, events[-1])
    for voorval in _passend(regel.ontstaat_door, onderwerp_id, oorzaak):
        if (begun := _begin(state, regel, onderwerp_id, voorval, oorzaak, who, omgeving)) is not None:
            events.append(begun)
            state = evolve(state, begun)
    return events


def onderwerpen(regel: Plichtregel, oorzaak: Oorzaak) -> Iterable[UUID]:
    """What an event may begin or end this duty on, without looking at what is open."""
    return dict.fromkeys(one.over(oorzaak.event) for one in regel.voorvallen if _geldt(one, oorzaak))


def _geldt(voorval: Voorval, oorzaak: Oorzaak) -> bool:
    return voorval.gebeurtenis == type(oorzaak.event).TYPE and voorval.past(oorzaak.event, oorzaak.feiten)


def _passend(voorvallen: Iterable[Voorval], onderwerp_id: UUID, oorzaak: Oorzaak) -> list[Voorval]:
    return [one for one in voorvallen if _geldt(one, oorzaak) and one.over(oorzaak.event) == onderwerp_id]


def _geraakt(state: Plichten, regel: Plichtregel, voorval: Voorval, oorzaak: Oorzaak) -> list[UUID]:
    deel = voorval.van_deel(oorzaak.event)
    return [
        key
        for key, one in state.alle.items()
        if one.loopt
        and one.begin.plicht == regel.id
        and one.gezien < oorzaak.positie
        and deel in (None, one.begin.deel)
    ]


def _begin(
    state: Plichten,
    regel: Plichtregel,
    onderwerp_id: UUID,
    voorval: Voorval,
    oorzaak: Oorzaak,
    who: Acted,
    omgeving: Omgeving,
) -> PlichtOntstaan | None:
    event: Any = oorzaak.event
    houder = _houder(regel, event, omgeving)
    laatste = regel.termijn.laatste_dag(event) if regel.termijn else None
    deel = str(oorzaak.positie) if regel.per_gebeurtenis else voorval.van_deel(event)
    known = state.alle.get(_plicht_id(regel, onderwerp_id, deel, houder))
    if laatste is None or houder == who.zetel or not regel.geldt(dag_van(event.tijdstip)):
        return None
    if (known is not None and (known.loopt or known.gezien > oorzaak.positie)) or _gehad(state, regel, oorzaak):
        return None
    return _ontstaan(regel, onderwerp_id, deel, houder, laatste, event.tijdstip, oorzaak.positie, who, omgeving)


def _houder(regel: Plichtregel, event: Any, omgeving: Omgeving) -> str:
    """Who is named, where that seat may know what it is about; else who named it sees to it itself."""
    named: str = getattr(event, regel.wie or "zetel")
    return named if named == event.zetel or omgeving.kent(named) else str(event.zetel)


def _gehad(state: Plichten, regel: Plichtregel, oorzaak: Oorzaak) -> bool:
    """Whether this event or a later one began such a duty here before, for whomever; events are taken in order."""
    return any(
        one.begin.plicht == regel.id and (one.begin.oorzaak or 0) >= oorzaak.positie for one in state.alle.values()
    )


def kalender(state: Plichten, regel: Plichtregel, zetel: str, who: Acted, omgeving: Omgeving) -> list[PlichtEvent]:
    """The duty of the period that is running, once; a period that is over and was never seen is not made up for."""
    dag = dag_van(who.tijdstip)
    periode = regel.herhaal.periode(dag) if regel.herhaal else None
    if periode is None or not regel.geldt(dag):
        return []
    eerste, laatste = periode
    onderwerp_id, deel = kalenderonderwerp(regel.id, zetel), eerste.isoformat()
    if any(one.begin.deel is not None and one.begin.deel >= deel for one in state.alle.values()):
        return []
    return [_ontstaan(regel, onderwerp_id, deel, zetel, laatste, begin_van(eerste), None, who, omgeving)]


def _ontstaan(
    regel: Plichtregel,
    onderwerp_id: UUID,
    deel: str | None,
    houder: str,
    laatste: date,
    sinds: datetime,
    oorzaak: int | None,
    who: Acted,
    omgeving: Omgeving,
) -> PlichtOntstaan:
    reminders = {one.moment(laatste) for one in regel.herinner}
    steps: dict[datetime, set[str]] = {}
    for step in regel.escalatie:
        aan = {seat for soort in step.aan for seat in omgeving.gezag(soort, houder)} - {houder}
        steps.setdefault(einde_van(step.na.na(laatste)), set()).update(aan)
    return PlichtOntstaan(
        plicht_id=_plicht_id(regel, onderwerp_id, deel, houder),
        onderwerp_id=onderwerp_id,
        plicht=regel.id,
        soort=regel.soort,
        deel=deel,
        plichthouder=houder,
        spoor=regel.spoor,
        grondslag=regel.bron,
        eigen=regel.eigen,
        zelf_melden=regel.zelf_melden,
        uiterlijk=laatste,
        verlopen_op=einde_van(laatste),
        herinneringen=tuple(moment for moment in sorted(reminders) if moment > sinds),
        escalaties=tuple(Escalatiestap(moment=at, aan=tuple(sorted(aan))) for at, aan in sorted(steps.items()) if aan),
        toezicht=omgeving.toezicht,
        oorzaak=oorzaak,
        beleidsversie=omgeving.beleidsversie,
        **who._asdict(),
    )


def _plicht_id(regel: Plichtregel, onderwerp_id: UUID, deel: str | None, houder: str) -> UUID:
    return uuid5(onderwerp_id, f"plicht#{regel.id}#{deel or ''}#{houder}")


def tik(state: Plichten, who: Acted) -> list[PlichtEvent]:
    """What the clock brings now. After a long silence: of several reminders only the last, and each escalated seat."""
    events: list[PlichtEvent] = []
    for one in state.alle.values():
        if one.loopt:
            events += _van_klok(one, who)
    return events


def _van_klok(one: Plicht, who: Acted) -> list[PlichtEvent]:
    begin, nu = one.begin, who.tijdstip
    named: dict[str, Any] = {"plicht_id": begin.plicht_id, "onderwerp_id": begin.onderwerp_id, **who._asdict()}
    events: list[PlichtEvent] = []
    if one.status == OPEN and begin.verlopen_op <= nu:
        events.append(PlichtTeLaat(**named))
    due = sum(moment <= nu for moment in begin.herinneringen)
    # Who hears that it is late needs no reminder that it soon will be.
    passed = sum(moment <= begin.verlopen_op for moment in begin.herinneringen) if events else one.herinnerd
    if due > max(passed, one.herinnerd):
        events.append(PlichtHerinnerd(**named, nummer=due))
    reached = sum(step.moment <= nu for step in begin.escalaties)
    if reached > one.geescaleerd:
        told = {seat for step in begin.escalaties[one.geescaleerd : reached] for seat in step.aan}
        events.append(PlichtGeescaleerd(**named, nummer=reached, aan=tuple(sorted(told))))
    return events


def meld(state: Plichten, command: MeldPlichtVervuld, zetel: str, nu: datetime) -> list[PlichtEvent]:
    """Its holder says that it is done. Raises Onbekend, Strijdig."""
    one = state.alle.get(command.plicht_id)
    if one is None or one.begin.plichthouder != zetel:
        raise Onbekend
    if not one.loopt:
        return []
    if not one.begin.zelf_melden:
        raise Strijdig("Deze plicht is vervuld zodra in de hub blijkt dat het gedaan is; melden alleen is niet genoeg.")
    return [PlichtVervuld.recorded(command, Acted(zetel, nu))]


def evolve(state: Plichten, event: PlichtEvent) -> Plichten:
    """Remember."""
    if isinstance(event, PlichtOntstaan):
        return _with(state, Plicht(event, gezien=event.oorzaak or 0))
    one = state.alle.get(event.plicht_id)
    if one is None:
        return state
    match event:
        case PlichtHerinnerd():
            return _with(state, replace(one, herinnerd=max(one.herinnerd, event.nummer)))
        case PlichtGeescaleerd():
            return _with(state, replace(one, geescaleerd=max(one.geescaleerd, event.nummer)))
        case PlichtTeLaat():
            passed = sum(moment <= one.begin.verlopen_op for moment in one.begin.herinneringen)
            return _with(state, replace(one, status=TE_LAAT, herinnerd=max(one.herinnerd, passed)))
        case PlichtVervuld():
            return _with(state, replace(one, status=VERVULD, gezien=max(one.gezien, event.oorzaak or 0)))
        case PlichtVervallen():
            return _with(state, replace(one, status=VERVALLEN, gezien=max(one.gezien, event.oorzaak or 0)))


def _with(state: Plichten, one: Plicht) -> Plichten:
    return Plichten(state.alle | {one.begin.plicht_id: one})


def replay(events: Sequence[PlichtEvent]) -> Plichten:
    state = Plichten()
    for event in events:
        state = evolve(state, event)
    return state
