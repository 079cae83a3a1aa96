"""The question whether another partnership has the same: asked of the policy on both banks, recorded on both.

Source: WGS art. 1.7 lid 8; Bgs art. 1.10. `docs/decisions/0028-samenloop.md`.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from contracts.casus import CasusGeopend, DeelnemersBepaald, HandelingGeweigerd, SignaalGekoppeld
from contracts.message import Acted
from contracts.navraag import DoeNavraag
from hub.domain import navraag
from hub.domain.casus import Casus
from hub.domain.navraag import TREFFER, NavraagEvent, Vondst, Vrager
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.persoon import Persoon
from hub.domain.signaal import Bijdrage, Signaal
from hub.handling.disclose import held_by
from hub.handling.onderwerpen import bewaring_in
from hub.handling.personen import together
from hub.handling.questions import Answered, Asked, case_facts, freeze, seat_type
from hub.handling.step import Handlers, Step
from hub.handling.work import disclosures_of
from hub.handling.zetels import is_closed
from hub.ledger.envelope import opened
from hub.ledger.store import LedgerStore

_TOPICS = (CasusGeopend.TYPE, DeelnemersBepaald.TYPE, SignaalGekoppeld.TYPE)
#: Police data of daily work and support; that somebody occurs in any other is not for another partnership to know.
OPEN_ARTIKELEN = frozenset({None, "8", "13"})


@dataclass(slots=True)
class Inbreng:
    """What was ever brought into one case, and who was ever in it."""

    spoor: str = ""
    zetels: set[str] = field(default_factory=set)
    signalen: set[UUID] = field(default_factory=set)


class Casusregister:
    """The cases of every track with their seats and signals, by open fields alone; follows the ledger. Thread-safe."""

    def __init__(self, store: LedgerStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._at = 0
        self._cases: dict[UUID, Inbreng] = {}

    def van(self, spoor: str, zetel: str) -> dict[UUID, frozenset[UUID]]:
        """The signals of each case of a track in which this seat ever was, up to the head of the ledger now."""
        with self._lock:
            self._look()
            return {
                id: frozenset(one.signalen)
                for id, one in self._cases.items()
                if one.spoor == spoor and zetel in one.zetels
            }

    def _look(self) -> None:
        head = self._store.head()
        if head > self._at:
            for stream in self._store.last_of(_TOPICS, self._at):
                for event in self._store.stream(stream):
                    if event.topic in _TOPICS:
                        self._note(self._cases.setdefault(stream, Inbreng()), event.topic, event.state)
            self._at = head

    def _note(self, case: Inbreng, topic: str, state: bytes) -> None:
        said = orjson.loads(opened(state)[0])
        if topic == CasusGeopend.TYPE:
            case.spoor = said["spoor"]
        if topic == SignaalGekoppeld.TYPE:
            case.signalen.add(UUID(said["signaalId"]))
        case.zetels.update(said.get("deelnemers", ()), (said["zetel"],))


@dataclass(frozen=True, slots=True)
class Zaak:
    """A signal in a case, on one bank. `betrokkene_id`: the person it is about, None for the signal."""

    casus: Casus
    signaal: Signaal
    betrokkene_id: UUID | None

    @property
    def personen(self) -> list[Persoon]:
        everyone = [pair for one in self.signaal.bijdragen.values() for pair in one.personen.items()]
        return [person for key, person in everyone if self.betrokkene_id in (None, key)]

    @property
    def beperkt(self) -> bool:
        """Whether a person asked that her data go nowhere new. Source: AVG art. 18."""
        limited = {person for some in self.signaal.beperkt.values() for person in some}
        return bool(limited) if self.betrokkene_id is None else self.betrokkene_id in limited

    @property
    def vertrouwelijk(self) -> bool:
        """Whether the case or the signal is kept from seats that would otherwise know of it."""
        kept = (self.casus.vertrouwelijk_tot, self.signaal.vertrouwelijk_tot)
        return self.signaal.vertrouwelijk or any(day is not None for day in kept)


class Navragen:
    """Answers questions between partnerships."""

    def __init__(self, store: LedgerStore) -> None:
        self._register = Casusregister(store)

    def handlers(self) -> Handlers:
        return {DoeNavraag: self._ask}

    def _ask(self, step: Step, command: DoeNavraag) -> None:
        casus = _own_case(step, command)
        providers = _providers(step, command)
        day, bank = navraag.navragen_of(step.zetel, step.op), navraag.navraag_of(command.navraag_id)
        asked_today = navraag.replay(step.work.events(day, NavraagEvent))
        eerder = navraag.replay(step.work.events(bank, NavraagEvent))
        zaak = Zaak(casus, step.work.signaal(command.signaal_id), command.betrokkene_id)
        may = _judged(step, step.zetel, zaak, providers, seat_of(command.contactpunt), command, len(asked_today.gedaan))
        told = list(self._found(step, command, casus, providers)) if TREFFER in may.oordeel.categorieen else []
        vrager = Vrager(casus.spoor, casus.doel, _coordinator(step, zaak), _contact_point(casus))
        who = Acted(step.zetel, step.nu)
        outcome = navraag.vraag(eerder, command, who, vrager, may.oordeel, [one for one, _ in told])
        if isinstance(outcome, HandelingGeweigerd):
            step.work.add(command.casus_id, [outcome], casus.spoor, may.record)
            return
        learned, heard = outcome
        step.work.add(day, [learned], casus.spoor, may.record)
        decided = sorted(told, key=lambda one: not one[0].gegeven)
        step.work.add(bank, [heard], seat_of(command.contactpunt), decided[0][1].record if decided else None)

    def _found(
        self, step: Step, command: DoeNavraag, own: Casus, providers: frozenset[str]
    ) -> Iterator[tuple[Vondst, Answered]]:
        """The cases of the asked partnership that have it, each with what the policy says of telling so."""
        for casus_id, signals in sorted(self._register.van(seat_of(command.contactpunt), command.contactpunt).items()):
            casus = step.work.casus(casus_id)
            if command.contactpunt not in casus.deelnemers | casus.buitengesloten:
                continue
            same = signals & {command.signaal_id} if command.betrokkene_id is None else signals
            step.work.load([id for one in sorted(same) for id in (one, disclosures_of(one))])
            for signaal_id in sorted(same):
                zaak = Zaak(casus, step.work.signaal(signaal_id), command.betrokkene_id)
                known_by = _known_by(zaak.signaal, command.betrokkene_id, providers)
                known_by &= _brought_in(step, zaak, signaal_id)
                if not known_by or _is_gone(step, casus_id, signaal_id, zaak.signaal):
                    continue
                said = _judged(step, command.contactpunt, zaak, known_by, own.spoor, command, 0)
                coordinator = _coordinator(step, zaak) or command.contactpunt
                yield Vondst(casus_id, signaal_id, coordinator, said.oordeel), said


def seat_of(contactpunt: str) -> str:
    """The track of a contact point, such as `riec` of `riec.bureau@noord`."""
    return seat_type(contactpunt).partition(".")[0]


def _own_case(step: Step, command: DoeNavraag) -> Casus:
    """Only what lies in a case in one's own view can be asked after. Raises Onbekend, Strijdig."""
    casus = step.work.casus(command.casus_id)
    if casus.opener is None or step.zetel not in casus.deelnemers or command.signaal_id not in casus.signalen:
        raise Onbekend
    step.must_hold(command.signaal_id)
    if command.contactpunt not in step.questions.beleid.instanties:
        raise Strijdig("De zetel waaraan dit is gericht bestaat niet.")
    return casus


def _providers(step: Step, command: DoeNavraag) -> frozenset[str]:
    """Of whom this seat holds the signal, or what names the person. Raises Onbekend where that is nobody."""
    signaal, given = step.work.signaal(command.signaal_id), step.work.verstrekkingen(command.signaal_id)
    held = frozenset(held_by(step.zetel, signaal, given))
    if command.betrokkene_id is not None:
        named = [one.betrokkenen for one in given.van(step.zetel)]
        shown = any(one is None or command.betrokkene_id in one for one in named)
        held = held if shown else held & {step.zetel}
    known = _known_by(signaal, command.betrokkene_id, held)
    if not known:
        raise Onbekend
    return known


def _known_by(signaal: Signaal, betrokkene_id: UUID | None, providers: frozenset[str]) -> frozenset[str]:
    """Who put the signal in; or of these providers, who named this person: a number is one source's own."""
    if betrokkene_id is None:
        return signaal.verstrekkers
    parts = signaal.bijdragen.values()
    return frozenset(one.zetel for one in parts if one.zetel in providers and betrokkene_id in one.personen)


def _brought_in(step: Step, zaak: Zaak, signaal_id: UUID) -> frozenset[str]:
    """Of whom a case has a signal: of those of whom its bringer still holds it."""
    linker = zaak.casus.signalen.get(signaal_id)
    return frozenset(held_by(linker, zaak.signaal, step.work.verstrekkingen(signaal_id))) if linker else frozenset()


def _is_gone(step: Step, casus_id: UUID, signaal_id: UUID, signaal: Signaal) -> bool:
    destroyed = any(bewaring_in(step.work, id).vernietigd for id in (casus_id, signaal_id))
    return destroyed or signaal.eigenaar is None or signaal.ingetrokken or signaal.weerlegd


def _judged(
    step: Step, zetel: str, zaak: Zaak, providers: frozenset[str], naar: str, command: DoeNavraag, vandaag: int
) -> Answered:
    """May this seat tell the other partnership that its own has it? Who asks tells as much as who answers."""
    casus, beleid = zaak.casus, step.questions.beleid
    facts = case_facts(casus) | {
        "casus_lid": zetel in casus.deelnemers,
        "aangewezen_deelnemer": casus.benoemd and zetel in casus.deelnemers,
        "ontvangend_verband": naar,
        "mens_begon": command.mens_begon,
        "afgeschermd": zaak.vertrouwelijk
        or zaak.beperkt
        or any(is_closed(beleid, zaak.signaal, one) for one in (step.zetel, zetel)),
        "casus_gesloten": casus.gesloten,
        "navragen_vandaag": vandaag,
    }
    named, marks = _by_article(zaak.signaal.bijdragen.values(), providers)
    asked = Asked(
        zetel,
        "verstrekken-aan-verband",
        casus.spoor,
        casus.regio,
        step.op,
        casus.doel,
        fase=casus.fase,
        **together(zaak.personen, step.op),
        kenmerken=marks,
        omstandigheden=freeze(facts),
    )
    return step.questions.judge(asked, {one: Bijdrage(one, frozenset({TREFFER}), None, {}) for one in named})


def _by_article(parts: Iterable[Bijdrage], providers: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The providers on which an answer can rest, and the marks of what it rests on where that is closed police data."""
    by_seat: dict[str, set[str | None]] = {}
    for one in parts:
        if one.zetel in providers:
            by_seat.setdefault(one.zetel, set()).add(one.wpg_artikel)
    free = frozenset(seat for seat, articles in by_seat.items() if articles & OPEN_ARTIKELEN)
    if free:
        return free, frozenset()
    return frozenset(by_seat), frozenset({"wpg-9-10-12"})


def _coordinator(step: Step, zaak: Zaak) -> str | None:
    """Who sees on one's own side that it was asked: who has the regie, else who opened the case, and may know of it."""
    casus, beleid = zaak.casus, step.questions.beleid
    for seat in (casus.regie, casus.opener, *sorted(casus.deelnemers)):
        if seat in casus.deelnemers and not is_closed(beleid, zaak.signaal, seat):
            return seat
    return None


def _contact_point(casus: Casus) -> str | None:
    """The contact point of the own partnership, where it takes part in the case."""
    return min((seat for seat in casus.deelnemers if seat_type(seat) == f"{casus.spoor}.bureau"), default=None)
