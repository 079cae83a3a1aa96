"""Commands on retention: what is due is destroyed by its keys, asked of the policy, put off, judged or renewed.

Source: WGS art. 1.8 lid 7; Bgs art. 1.16; AVG art. 17.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts.bewaring import (
    BeoordeelVernietiging,
    CasusVernietigd,
    HefUitstelOp,
    SignaalVernietigd,
    StelVernietigingUit,
    VernietigCasus,
    VernietigingGeweigerd,
    VernietigSignaal,
    VernieuwVerwerking,
    VerwerkingVernieuwd,
    WisSignaal,
)
from contracts.casus import CasusGesloten
from contracts.message import Acted
from contracts.signaal import BetrokkeneVernietigd, RolToegekend
from hub.access.termijnen import over_maanden
from hub.domain import bewaring, verstrekking
from hub.domain.betrokkene import BetrokkeneEvent
from hub.domain.bewaartermijn import EERSTE, GESLOTEN, ONGEGROND, VERSTREKKER
from hub.domain.bewaring import Beurt, Onderwerp, beurten, bewaring_of
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.signaal import Bijdrage
from hub.handling.noodtoegang import SPOOR as ZORG
from hub.handling.noodtoegang import TOEZICHT
from hub.handling.onderwerpen import CASUS, SIGNAAL, Koppelingen, bewaring_in, casus_onderwerp, signaal_onderwerp
from hub.handling.questions import Answered, Asked, freeze, purpose_of, seat_type
from hub.handling.step import Handlers, Step
from hub.handling.work import consents_of, disclosures_of, emergencies_of, person_of, refusals_of, tasks_of
from hub.ledger.store import KeyId, LedgerStore

REDEN = "vernietigd"
DOEL = "integriteit-beveiliging"
TOEZICHTHOUDERS = frozenset({TOEZICHT, "contactpunt", "beheerder"})
#: What the policy is asked about: the record as a whole, for that is what ends.
GEVRAAGD = {SIGNAAL: frozenset({"signaal-inhoud"}), CASUS: frozenset({"casus-status"})}
Vernietigd = type[SignaalVernietigd] | type[CasusVernietigd]


class Bewaren:
    """Decides on what is kept. `koppelingen`: in which cases a signal is, for then it stays as long as they need it."""

    def __init__(self, store: LedgerStore) -> None:
        self._koppelingen = Koppelingen(store)

    def handlers(self) -> Handlers:
        """What a ledger that destroys takes beside its other commands."""
        return {
            VernietigSignaal: self._signaal,
            VernietigCasus: self._casus,
            WisSignaal: self._wis,
            StelVernietigingUit: self._stel_uit,
            HefUitstelOp: self._hef_op,
            BeoordeelVernietiging: self._beoordeel,
            VernieuwVerwerking: self._vernieuw,
        }

    def onderwerp(self, step: Step, soort: str, id: UUID) -> Onderwerp:
        """The signal or case as its terms know it. Raises Onbekend."""
        terms = step.questions.beleid.bewaartermijnen
        found = (
            signaal_onderwerp(step.work, id, self._koppelingen.van(id), terms)
            if soort == SIGNAAL
            else casus_onderwerp(step.work, id, terms)
        )
        if found is None:
            raise Onbekend
        return found

    def due(self, step: Step, onderwerp: Onderwerp) -> list[Beurt]:
        """What of it is due now."""
        terms = step.questions.beleid.bewaartermijnen
        return list(beurten(onderwerp, terms, bewaring_in(step.work, onderwerp.id), step.op))

    def _turn(self, step: Step, onderwerp: Onderwerp, termijn: str) -> Beurt:
        """The turn under one term. Raises Strijdig."""
        for one in self.due(step, onderwerp):
            if one.termijn.id == termijn:
                return one
        raise Strijdig("Onder deze termijn is dit nu niet aan de beurt.")

    def _signaal(self, step: Step, command: VernietigSignaal) -> None:
        self._runs(step)
        onderwerp = self.onderwerp(step, SIGNAAL, command.signaal_id)
        turn = self._turn(step, onderwerp, command.termijn)
        answered = may_destroy(step, onderwerp, turn, own=False)
        if not _refused(step, turn, answered):
            self._end_signal(step, onderwerp, turn, answered)

    def _casus(self, step: Step, command: VernietigCasus) -> None:
        self._runs(step)
        onderwerp = self.onderwerp(step, CASUS, command.casus_id)
        turn = self._turn(step, onderwerp, command.termijn)
        answered = may_destroy(step, onderwerp, turn, own=False)
        if not _refused(step, turn, answered):
            _end_case(step, onderwerp, turn, answered)

    def _wis(self, step: Step, command: WisSignaal) -> None:
        """Erase an own signal, unfounded or of no more use. Data of another provider are not the asker's to erase."""
        state = step.work.signaal(command.signaal_id)
        if state.eigenaar != step.zetel:
            raise Onbekend
        onderwerp = self.onderwerp(step, SIGNAAL, command.signaal_id)
        own = [one for one in self.due(step, onderwerp) if VERSTREKKER in (one.termijn.uitvoering, one.stand)]
        if state.verstrekkers != {step.zetel}:
            raise Strijdig("Een ander heeft eigen gegevens aan dit signaal toegevoegd; vraag die zetel eerst.")
        if not own:
            raise Strijdig("Wissen kan pas als is vastgelegd dat het signaal ongegrond is of niet langer nodig.")
        answered = may_destroy(step, onderwerp, own[0], own=True)
        if not _refused(step, own[0], answered, by_provider=True):
            self._end_signal(step, onderwerp, own[0], answered)

    def _end_signal(self, step: Step, onderwerp: Onderwerp, turn: Beurt, answered: Answered) -> None:
        key, spoor, work = onderwerp.id, onderwerp.spoor, step.work
        step.disclosing.withdraw_all(key, REDEN)
        streams = (key, consents_of(key), refusals_of(key), tasks_of(key), bewaring_of(key))
        ids = [KeyId(stream, spoor) for stream in streams]
        ids += [KeyId(emergencies_of(key), track) for track in {spoor, ZORG}] + [KeyId(refusals_of(key), "hub")]
        persons = {id for part in work.signaal(key).bijdragen.values() for id in part.personen}
        ids += _roles_of(step, key, sorted(persons), spoor, turn.termijn.id)
        _record(step, SignaalVernietigd, {"signaal_id": key}, turn, answered, ids)

    def _stel_uit(self, step: Step, command: StelVernietigingUit) -> None:
        onderwerp = self.onderwerp(step, command.soort, command.onderwerp_id)
        self._may_know(step, onderwerp)
        state = bewaring_in(step.work, onderwerp.id)
        reasons = step.questions.beleid.bewaartermijnen.uitstel
        events = bewaring.stel_uit(state, command, step.zetel, step.nu, reasons)
        step.work.add(bewaring_of(onderwerp.id), events, onderwerp.spoor)

    def _hef_op(self, step: Step, command: HefUitstelOp) -> None:
        onderwerp = self.onderwerp(step, command.soort, command.onderwerp_id)
        state = bewaring_in(step.work, onderwerp.id)
        supervises = seat_type(step.zetel) == TOEZICHT
        events = bewaring.hef_op(state, command, step.zetel, step.nu, supervises)
        step.work.add(bewaring_of(onderwerp.id), events, onderwerp.spoor)

    def _beoordeel(self, step: Step, command: BeoordeelVernietiging) -> None:
        onderwerp = self.onderwerp(step, command.soort, command.onderwerp_id)
        self._may_know(step, onderwerp)
        if seat_type(step.zetel) == "beheerder":
            raise Onbekend  # running the hub is no judgement of what a partner still needs
        events = bewaring.beoordeel(self.due(step, onderwerp), command, step.zetel, step.nu)
        step.work.add(bewaring_of(onderwerp.id), events, onderwerp.spoor)

    def _vernieuw(self, step: Step, command: VernieuwVerwerking) -> None:
        casus = step.work.casus(command.casus_id)
        if step.zetel not in casus.deelnemers:
            raise Onbekend
        onderwerp = self.onderwerp(step, CASUS, command.casus_id)
        answered = _may_renew(step, onderwerp, command, casus.doel)
        stream = bewaring_of(onderwerp.id)
        state = bewaring_in(step.work, onderwerp.id)
        terms = step.questions.beleid.bewaartermijnen
        if state.vernietigd or onderwerp.spoor not in terms.vernieuwbaar:
            raise Strijdig("De verwerking van deze casus kan niet worden vernieuwd.")
        if answered.oordeel.geweigerd:
            step.work.add(stream, [_refusal(step, onderwerp, "vernieuwing", answered)], "hub", answered.record)
            return
        begin = max(step.op, *(vervalt for vervalt in _maxima(onderwerp, terms, state)))
        renewed = VerwerkingVernieuwd.recorded(
            command,
            Acted(step.zetel, step.nu),
            tot=over_maanden(begin, command.maanden) - timedelta(days=1),
            regels=answered.oordeel.regels,
            beleidsversie=answered.oordeel.beleidsversie,
        )
        step.work.add(stream, [renewed], "hub", answered.record)

    def _runs(self, step: Step) -> None:
        """Only the seat that runs the hub asks for it; to others there is no such thing. Raises Onbekend."""
        if seat_type(step.zetel) != "beheerder":
            raise Onbekend

    def _may_know(self, step: Step, onderwerp: Onderwerp) -> None:
        """Who may say that something is needed: the supervisor, its provider, a participant. Raises Onbekend."""
        if seat_type(step.zetel) in TOEZICHTHOUDERS:
            return
        involved = (
            step.work.signaal(onderwerp.id).verstrekkers
            if onderwerp.soort == SIGNAAL
            else step.work.casus(onderwerp.id).deelnemers
        )
        if step.zetel not in involved:
            raise Onbekend


def may_destroy(step: Step, onderwerp: Onderwerp, turn: Beurt, *, own: bool) -> Answered:
    """The policy on destroying it, on the facts of the ledger. Source: WGS art. 1.8 lid 7; AVG art. 17."""
    begun = onderwerp.begin
    facts: dict[str, object] = {
        "eerste_verwerking": begun[EERSTE].isoformat() if turn.termijn.maximum else "",
        "opgepakt": turn.termijn.vanaf != "niet-opgepakt",
        "analyse_gesloten": GESLOTEN in begun,
        "aanwijzingen_gevonden": turn.termijn.vanaf not in ("geen-aanwijzingen", GESLOTEN),
        "rechtsvordering": "rechtsvordering" in turn.uitstel,
        "ongegrond": ONGEGROND in begun,
        "noodzakelijk": not (own and turn.stand == VERSTREKKER and turn.termijn.instelling),
    }
    doel = purpose_of(onderwerp.spoor) if own else DOEL
    asked = Asked(
        step.zetel,
        "wissen",
        onderwerp.spoor,
        onderwerp.regio,
        step.op,
        doel,
        betrokkene_rol="betrokkene",
        omstandigheden=freeze(facts),
    )
    seats = (
        step.work.signaal(onderwerp.id).verstrekkers
        if onderwerp.soort == SIGNAAL
        else {step.work.casus(onderwerp.id).opener or step.zetel}
    )
    wanted = GEVRAAGD[onderwerp.soort]
    return step.questions.judge(asked, {seat: Bijdrage(seat, wanted, None, {}) for seat in seats})


def _may_renew(step: Step, onderwerp: Onderwerp, command: VernieuwVerwerking, doel: str) -> Answered:
    closed = onderwerp.begin.get(GESLOTEN)
    facts: dict[str, object] = {
        "casus_lid": True,
        "aangewezen_deelnemer": True,
        "criteria_vastgelegd": True,
        "casus_gesloten": closed is not None,
        "maanden_sinds_sluiting": _months(closed, step.op) if closed else 0,
        "grond_vernieuwing": command.grond,
        "maanden_vernieuwing": command.maanden,
        "instemming_van_bron": command.instemming_van_bron,
        "eerste_verwerking": onderwerp.begin[EERSTE].isoformat(),
    }
    asked = Asked(
        step.zetel,
        "vernieuwen",
        onderwerp.spoor,
        onderwerp.regio,
        step.op,
        doel,
        betrokkene_rol="betrokkene",
        omstandigheden=freeze(facts),
    )
    return step.questions.judge(asked, {step.zetel: Bijdrage(step.zetel, GEVRAAGD[CASUS], None, {})})


def _months(begin: date, op: date) -> int:
    """Whole months between two days."""
    return (op.year - begin.year) * 12 + op.month - begin.month - (op.day < begin.day)


def _maxima(onderwerp: Onderwerp, terms: Any, state: bewaring.Bewaring) -> Iterable[date]:
    for one in terms.termijnen:
        if one.maximum and onderwerp.spoor in one.sporen and onderwerp.soort in one.soorten:
            over = bewaring.vervaldag(onderwerp, one, state)
            if over is not None:
                yield over


def _refused(step: Step, turn: Beurt, answered: Answered, *, by_provider: bool = False) -> bool:
    """Whether it may not be destroyed now; then that is on record. Raises Strijdig where nobody may ask yet."""
    if turn.uitstel or answered.oordeel.geweigerd:
        refusal = _refusal(step, turn, turn.termijn.id, answered, turn.uitstel)
        step.work.load((bewaring_of(turn.id),))
        step.work.add(bewaring_of(turn.id), [refusal], "hub", answered.record)
        return True
    if not (turn.kan or by_provider):
        raise Strijdig("Dit wordt pas vernietigd als een mens heeft beoordeeld dat het weg kan.")
    return False


def _refusal(
    step: Step, turn: Beurt | Onderwerp, termijn: str, answered: Answered, uitstel: Sequence[str] = ()
) -> VernietigingGeweigerd:
    reasons = step.questions.beleid.bewaartermijnen.uitstel
    said = tuple(reasons[reason].zin if reason in reasons else "Uitgesteld." for reason in uitstel)
    return VernietigingGeweigerd(
        onderwerp_id=turn.id,
        soort=turn.soort,
        termijn=termijn,
        redenen=said + answered.oordeel.redenen,
        regels=answered.oordeel.weigerregels,
        alternatief=answered.oordeel.alternatief,
        beleidsversie=answered.oordeel.beleidsversie,
        zetel=step.zetel,
        tijdstip=step.nu,
    )


def _end_case(step: Step, onderwerp: Onderwerp, turn: Beurt, answered: Answered) -> None:
    """End a case: what others hold in it lapses, and its keys and those of its results go."""
    key, work = onderwerp.id, step.work
    casus = work.casus(key)
    work.load([disclosures_of(id) for id in casus.signalen])
    for id in casus.signalen:
        held = [one for one in work.verstrekkingen(id).geldig.values() if one.casus_id == key]
        work.add(disclosures_of(id), verstrekking.vervallen(held, REDEN, step.zetel, step.nu), "hub")
    if not casus.gesloten:
        closed = CasusGesloten(casus_id=key, reden="termijn-verstreken", zetel=step.zetel, tijdstip=step.nu)
        work.add(key, [closed], casus.spoor)
    streams = (key, refusals_of(key), bewaring_of(key), *casus.resultaten)
    _record(step, CasusVernietigd, {"casus_id": key}, turn, answered, [KeyId(one, casus.spoor) for one in streams])


def _roles_of(step: Step, signaal_id: UUID, persons: Sequence[UUID], spoor: str, termijn: str) -> list[KeyId]:
    """The keys of what was said later of persons named in no other signal, with the fact that it went."""
    ids = []
    step.work.load([person_of(person) for person in persons])
    for person in persons:
        events = step.work.events(person_of(person), BetrokkeneEvent)
        said = [event for event in events if isinstance(event, RolToegekend)]
        if said and all(event.signaal_id == signaal_id for event in said):
            gone = BetrokkeneVernietigd(
                signaal_id=signaal_id, betrokkene_id=person, motivering=termijn, zetel=step.zetel, tijdstip=step.nu
            )
            step.work.add(person_of(person), [gone], spoor)
            ids.append(KeyId(person_of(person), spoor))
    return ids


def _record(
    step: Step, kind: Vernietigd, named: dict[str, UUID], turn: Beurt, answered: Answered, ids: Sequence[KeyId]
) -> None:
    """The receipt, and the keys that end in the same commit: also such as were never made, so that none is later."""
    receipt = kind(
        **named,
        spoor=turn.spoor,
        termijn=turn.termijn.id,
        grondslag=turn.termijn.bron,
        vervalt_op=turn.vervalt_op,
        sleutels=step.work.living(ids),
        regels=answered.oordeel.regels,
        beleidsversie=answered.oordeel.beleidsversie,
        zetel=step.zetel,
        tijdstip=step.nu,
    )
    step.work.load((bewaring_of(turn.id),))
    step.work.add(bewaring_of(turn.id), [receipt], "hub", answered.record)
    step.work.to_destroy += [(id, step.nu) for id in ids]
