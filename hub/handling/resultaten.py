"""Commands on results: made with their lineage, consented to, given out, reported on, closed."""

from typing import Any
from uuid import UUID

from contracts.message import Acted
from contracts.resultaat import (
    KoppelResultaatTerug,
    MaakResultaat,
    ResultaatGesloten,
    ResultaatGeweigerd,
    ResultaatVastgelegd,
    SluitResultaat,
    StemInMetVerstrekking,
    TrekInstemmingIn,
    VerstrekAanDerde,
    VerstrekAanVerband,
)
from hub.domain import resultaat
from hub.domain.casus import Casus
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.resultaat import DERDE, VERBAND, Resultaat, Voorstel
from hub.domain.signaal import Bijdrage
from hub.handling.disclose import held_by
from hub.handling.questions import Asked, case_facts, freeze, seat_type
from hub.handling.step import Handlers, Step
from hub.handling.verdeling import Sharing
from hub.handling.work import disclosures_of


def _make(step: Step, command: MaakResultaat) -> None:
    casus = _open_case(step, command.casus_id)
    work = step.work
    parents = [work.resultaat(one) for one in command.resultaten]
    if any(one.casus_id != command.casus_id or not one.houdt(step.zetel) for one in parents):
        raise Onbekend
    work.load([id for one in command.signalen for id in (one, disclosures_of(one))])
    for one in command.signalen:
        if one not in casus.signalen or not held_by(step.zetel, work.signaal(one), work.verstrekkingen(one)):
            raise Onbekend
    signals = {one: work.signaal(one).verstrekkers for one in command.signalen}
    maker = () if step.questions.beleid.zetels[seat_type(step.zetel)].namens_deelnemers else (step.zetel,)
    rests_on = resultaat.herkomst(maker, signals, parents)
    _known_persons(step, command, rests_on.signalen)
    made = resultaat.maak(work.resultaat(command.resultaat_id), command, rests_on, casus.spoor, step.zetel, step.nu)
    work.add(command.resultaat_id, [made], casus.spoor)
    work.add(command.casus_id, [ResultaatVastgelegd.recorded(command, Acted(step.zetel, step.nu))], casus.spoor)
    _sharing(step).participants(command.resultaat_id, work.casus(command.casus_id))


def _known_persons(step: Step, command: MaakResultaat, signals: frozenset[UUID]) -> None:
    known = {key for one in signals for part in step.work.signaal(one).bijdragen.values() for key in part.personen}
    if any(piece.betrokkene_id not in known for piece in command.onderdelen if piece.betrokkene_id is not None):
        raise Strijdig("Een onderdeel noemt een betrokkene die in geen van de bijdragen voorkomt.")


def _open_case(step: Step, casus_id: UUID) -> Casus:
    casus = step.work.casus(casus_id)
    if casus.opener is None or step.zetel not in casus.deelnemers:
        raise Onbekend
    if casus.gesloten:
        raise Strijdig("Deze casus is gesloten.")
    return casus


def _of_case(step: Step, id: UUID) -> tuple[Resultaat, Casus]:
    """A result and its case, for a participant of it. Raises Onbekend, Strijdig."""
    state = step.work.resultaat(id)
    if state.casus_id is None:
        raise Onbekend
    return state, _open_case(step, state.casus_id)


def _sharing(step: Step) -> Sharing:
    return Sharing(step.questions, step.work, step.zetel, step.nu)


def _consent(step: Step, command: StemInMetVerstrekking | TrekInstemmingIn) -> None:
    state, casus = _of_case(step, command.resultaat_id)
    events = resultaat.stem(state, command, step.zetel, step.nu)
    step.work.add(command.resultaat_id, events, casus.spoor)
    if events and isinstance(command, TrekInstemmingIn):
        _sharing(step).outside(command.resultaat_id, casus)


def _give(step: Step, command: VerstrekAanDerde | VerstrekAanVerband) -> None:
    state, casus = _of_case(step, command.resultaat_id)
    if not state.houdt(step.zetel):
        raise Onbekend
    if command.naar not in step.questions.beleid.instanties:
        raise Strijdig("De zetel waaraan dit is gericht bestaat niet.")
    if command.naar in casus.deelnemers:
        raise Strijdig("Een deelnemer van deze casus is geen derde en zit in geen ander verband.")
    _sharing(step).give(_proposal(command, casus, step.zetel), casus)


def _proposal(command: VerstrekAanDerde | VerstrekAanVerband, casus: Casus, zetel: str) -> Voorstel:
    vouched: dict[str, str | bool]
    if isinstance(command, VerstrekAanDerde):
        vouched = {"wettelijke_grond": command.wettelijke_grond, "grond_van_ontvanger": command.grond_van_ontvanger}
        if command.rac_besluit:
            vouched["rac_besluit"] = command.rac_besluit
        return Voorstel(command.resultaat_id, command.naar, DERDE, zetel, command.doel, vouched)
    vouched = {
        "ontvangend_verband": command.verband,
        "daar_bekend": command.daar_bekend,
        "interventies_afstemmen": command.interventies_afstemmen,
    }
    return Voorstel(command.resultaat_id, command.naar, VERBAND, zetel, casus.doel, vouched)


def _report(step: Step, command: KoppelResultaatTerug) -> None:
    state, casus = _held(step, command.resultaat_id)
    step.work.add(command.resultaat_id, resultaat.koppel_terug(state, command, step.zetel, step.nu), casus.spoor)


def _held(step: Step, id: UUID) -> tuple[Resultaat, Casus]:
    """A result for who holds it, inside the case or outside. Raises Onbekend."""
    state = step.work.resultaat(id)
    if state.casus_id is None or not state.houdt(step.zetel):
        raise Onbekend
    return state, step.work.casus(state.casus_id)


def _close(step: Step, command: SluitResultaat) -> None:
    state, casus = _held(step, command.resultaat_id)
    if step.zetel in state.gesloten:
        return
    facts = case_facts(casus, step.zetel) | {
        "casus_lid": step.zetel in casus.deelnemers,
        "terugkoppeling_gegeven": step.zetel in state.teruggekoppeld,
    }
    asked = Asked(
        step.zetel,
        "sluiten",
        casus.spoor,
        casus.regio,
        step.op,
        casus.doel,
        fase=casus.fase,
        betrokkene_rol="betrokkene",
        omstandigheden=freeze(facts),
    )
    held = state.houdt(step.zetel)
    answered = step.questions.judge(asked, {bron: Bijdrage(bron, held[bron], None, {}) for bron in held})
    event: Any = ResultaatGesloten.recorded(command, Acted(step.zetel, step.nu))
    if answered.oordeel.geweigerd:
        own = Voorstel(command.resultaat_id, step.zetel, "sluiting", state.maker or "", casus.doel)
        refused = answered.oordeel
        event = ResultaatGeweigerd.recorded(
            command,
            Acted(step.zetel, step.nu),
            verstrekking_id=own.verstrekking_id,
            ontvanger=step.zetel,
            soort=own.soort,
            categorieen=refused.geweigerd,
            redenen=refused.redenen,
            regels=refused.weigerregels,
            alternatief=refused.alternatief,
            beleidsversie=refused.beleidsversie,
        )
    step.work.add(command.resultaat_id, [event], casus.spoor, answered.record)


HANDLERS: Handlers = {
    MaakResultaat: _make,
    StemInMetVerstrekking: _consent,
    TrekInstemmingIn: _consent,
    VerstrekAanDerde: _give,
    VerstrekAanVerband: _give,
    KoppelResultaatTerug: _report,
    SluitResultaat: _close,
}
