"""Requests by persons: each step in its term, each decision asked of the policy with facts from the state.

A term that is over never makes an answer impossible: where the policy objects to the day alone, the step goes through
and the record says that it was too late, and by which rule. Source: AVG art. 12; Wpg art. 25; Bgs art. 1.1-1.3.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from contracts.message import Acted
from contracts.verzoek import (
    BeantwoordVerzoek,
    BeperkingOpgeheven,
    BeslisOpVerzoek,
    Betreft,
    Brontaak,
    HefBeperkingOp,
    MeldGeenWeigeringsgrond,
    MeldVervalWeigeringsgrond,
    MeldWeigeringsgrond,
    OntvangVerzoek,
    RaadpleegDeelnemers,
    RondTaakAf,
    SluitVerzoek,
    StelIdentiteitVast,
    VerlengTermijn,
    VerwerkingBeperkt,
    WeigerVerzoek,
)
from hub.domain import verzoek
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.signaal import Bijdrage
from hub.domain.verzoek import Afweging, Dossier
from hub.handling.inzage import found_of
from hub.handling.questions import Answered, Asked, freeze, seat_type
from hub.handling.step import Handlers, Step
from hub.handling.vastleggen import RECHTEN
from hub.handling.work import Work, refusals_of

SPOOR = "hub"
DOEL = RECHTEN
VERZOEK, AUDITREGEL = "verzoek-betrokkene", "auditregel"
#: So far back every answer names the recipients. Source: Wpg art. 25 lid 1.
JAREN_ONTVANGERS = 4
HANDELINGEN: dict[type, str] = {
    BeslisOpVerzoek: "aftekenen",
    WeigerVerzoek: "verzoek-weigeren",
    BeantwoordVerzoek: "verzoek-beantwoorden",
    VerlengTermijn: "termijn-verlengen",
}


def dossier_of(work: Work, verzoek_id: UUID) -> Dossier:
    """The request as it stands. Raises Onbekend where the number is of another kind of thing."""
    return verzoek.replay(work.events(verzoek_id, verzoek.VerzoekEvent))


def facts_of(dossier: Dossier, step: Step) -> dict[str, object]:
    """What counts of a request for the policy: its days, its extension, who is known, and who found a ground."""
    facts: dict[str, object] = {
        "identiteit_vastgesteld": dossier.vastgesteld,
        "jaren_ontvangers": JAREN_ONTVANGERS,
    }
    if dossier.klok is not None:
        longer = dossier.klok.maanden
        facts |= {
            "verstreken_dagen": max(0, (step.op - dossier.klok.begin).days),
            "maanden_verlenging": longer,
            "reden_verlenging": bool(longer),
        }
    ground = verzoek.standing(dossier)
    if ground is not None:
        facts |= {"deelnemer_art41": seat_type(ground[0]), "letter_art41": ground[1][0]}
    return facts


def ask(step: Step, handeling: str, facts: dict[str, object], category: str = VERZOEK) -> Answered:
    """The policy on one step. Of the seat's own request, whoever's data it is about."""
    seat = step.questions.beleid.instanties.get(step.zetel)
    asked = Asked(
        step.zetel,
        handeling,
        SPOOR,
        seat.regio if seat is not None else "landelijk",
        step.op,
        DOEL,
        betrokkene_rol="betrokkene",
        omstandigheden=freeze(facts),
    )
    return step.questions.judge(asked, {step.zetel: Bijdrage(step.zetel, frozenset({category}), None, {})})


def weigh(step: Step, handeling: str, facts: dict[str, object]) -> tuple[Answered, Afweging]:
    """The same, told apart from what the policy has against the day alone."""
    answered = ask(step, handeling, facts)
    if answered.oordeel.categorieen:
        return answered, Afweging(answered.oordeel)
    in_time = ask(step, handeling, facts | {"verstreken_dagen": 0})
    if in_time.oordeel.categorieen:
        return answered, Afweging(in_time.oordeel, answered.oordeel.weigerregels)
    return in_time, Afweging(in_time.oordeel)


def _receive(step: Step, command: OntvangVerzoek) -> None:
    step.work.fresh(command.verzoek_id)
    answered = ask(step, "verzoek-beantwoorden", {})
    police = step.questions.beleid.zetels[seat_type(step.zetel)].opsporing if answered.oordeel.categorieen else False
    regime = verzoek.WPG if police else verzoek.AVG
    dossier = dossier_of(step.work, command.verzoek_id)
    event = verzoek.ontvang(dossier, command, Acted(step.zetel, step.nu), regime, answered.oordeel)
    step.work.add(command.verzoek_id, [event], SPOOR, answered.record)


def _step(step: Step, command: StelIdentiteitVast | RaadpleegDeelnemers | SluitVerzoek) -> None:
    dossier = dossier_of(step.work, command.verzoek_id)
    verzoek.running(dossier, step.zetel)
    found: list[Betreft] = []
    record = None
    if isinstance(command, RaadpleegDeelnemers):
        answered = ask(step, "uitvoeren", facts_of(dossier, step) | {"deelnemer_art41": "geen"}, AUDITREGEL)
        record = answered.record
        if dossier.vastgesteld and answered.oordeel.categorieen:
            found = [
                Betreft(zetel=one.zetel, signaal_id=one.signaal_id, betrokkenen=one.betrokkenen)
                for one in found_of(step.work, dossier)
            ]
    events = verzoek.decide(dossier, command, step.zetel, step.nu, found)
    step.work.add(command.verzoek_id, events, SPOOR, record)


def _participant(step: Step, command: verzoek.Deelnemerstap) -> None:
    dossier = dossier_of(step.work, command.verzoek_id)
    step.work.add(command.verzoek_id, verzoek.deelnemer(dossier, command, step.zetel, step.nu), SPOOR)


def _extend(step: Step, command: VerlengTermijn) -> None:
    dossier = dossier_of(step.work, command.verzoek_id)
    klok = verzoek.running(dossier, step.zetel)
    verzoek.check(dossier, command, step.zetel)
    facts = facts_of(dossier, step) | {
        "maanden_verlenging": klok.maanden + command.maanden,
        "reden_verlenging": command.motivering is not None,
    }
    answered = ask(step, HANDELINGEN[VerlengTermijn], facts)
    if not answered.oordeel.categorieen:
        _refuse(step, command, answered)
        return
    event = verzoek.verleng(dossier, command, Acted(step.zetel, step.nu), answered.oordeel)
    step.work.add(command.verzoek_id, [event], SPOOR, answered.record)


def _decide(step: Step, command: BeslisOpVerzoek | WeigerVerzoek | BeantwoordVerzoek) -> None:
    dossier = dossier_of(step.work, command.verzoek_id)
    verzoek.check(dossier, command, step.zetel)
    facts = facts_of(dossier, step)
    if isinstance(command, WeigerVerzoek):
        facts |= _ground_facts(dossier, command)
    answered, afweging = weigh(step, HANDELINGEN[type(command)], facts)
    if not afweging.oordeel.categorieen:
        _refuse(step, command, answered)
        return
    tasks: list[Brontaak] = []
    if isinstance(command, BeslisOpVerzoek) and command.besluit == "toegewezen":
        tasks = _tasks(step, dossier, command.verzoek_id)
    event = verzoek.besluit(command, Acted(step.zetel, step.nu), afweging, tasks)
    step.work.add(command.verzoek_id, [event], SPOOR, answered.record)
    if dossier.recht in ("beperking", "bezwaar"):
        for task in tasks:
            _restrict(step, command.verzoek_id, task)


def _ground_facts(dossier: Dossier, command: WeigerVerzoek) -> dict[str, object]:
    """The ground as the named participant found it; one that it did not find is none. Source: Bgs art. 1.2 lid 2."""
    found = dossier.gronden.get(command.deelnemer)
    return {
        "deelnemer_art41": seat_type(command.deelnemer) if found else "geen",
        "letter_art41": command.letter[0] if found == command.letter else "geen",
        "afweging_art41": command.afweging is not None,
        "art41_vervallen": command.deelnemer in dossier.vervallen,
    }


def _tasks(step: Step, dossier: Dossier, verzoek_id: UUID) -> list[Brontaak]:
    """One task for each contribution that names the person."""
    kind = verzoek.TAAKSOORT[dossier.recht]
    last = dossier.klok.uiterlijk if dossier.klok is not None else step.op
    return [
        Brontaak(
            taak_id=uuid5(verzoek_id, f"{one.signaal_id}#{one.bijdrage_id}"),
            zetel=one.zetel,
            signaal_id=one.signaal_id,
            betrokkenen=one.betrokkenen,
            taak=kind,
            voor=max(last, step.op),
        )
        for one in found_of(step.work, dossier)
    ]


def _restrict(step: Step, verzoek_id: UUID, task: Brontaak) -> None:
    """From now on new disclosures of the signal leave her out. Source: AVG art. 18 lid 1."""
    signaal = step.work.signaal(task.signaal_id)
    before = signaal.beperkt.get(verzoek_id, ())
    event = VerwerkingBeperkt(
        signaal_id=task.signaal_id,
        verzoek_id=verzoek_id,
        betrokkenen=tuple(sorted({*before, *task.betrokkenen})),
        zetel=step.zetel,
        tijdstip=step.nu,
    )
    step.work.add(task.signaal_id, [event], signaal.spoor)


def _lift(step: Step, command: HefBeperkingOp) -> None:
    dossier = dossier_of(step.work, command.verzoek_id)
    if dossier.behandelaar != step.zetel:
        raise Onbekend
    ids = {task.signaal_id for task in dossier.taken.values() if task.signaal_id is not None}
    step.work.load(sorted(ids))
    lasting = [id for id in sorted(ids) if command.verzoek_id in step.work.signaal(id).beperkt]
    if not lasting:
        raise Strijdig("Dit verzoek beperkt geen verwerking.")
    for id in lasting:
        ended = BeperkingOpgeheven(signaal_id=id, verzoek_id=command.verzoek_id, zetel=step.zetel, tijdstip=step.nu)
        step.work.add(id, [ended], step.work.signaal(id).spoor)
        step.disclosing.anew(id)


def _refuse(step: Step, command: Any, answered: Answered) -> None:
    stream = refusals_of(command.verzoek_id)
    step.work.load((stream,))
    who = Acted(step.zetel, step.nu)
    event = verzoek.geweigerd(command.verzoek_id, HANDELINGEN[type(command)], answered.oordeel, who)
    step.work.add(stream, [event], SPOOR, answered.record)


def may_collect(step: Step, dossier: Dossier) -> Answered:
    """The policy on bringing together what there is of the person, for an answer. Raises Onbekend, Strijdig."""
    verzoek.running(replace(dossier, stand=verzoek.OPEN_STAND), step.zetel)
    return ask(step, "uitvoeren", facts_of(dossier, step), AUDITREGEL)


HANDLERS: Handlers = {
    OntvangVerzoek: _receive,
    StelIdentiteitVast: _step,
    RaadpleegDeelnemers: _step,
    SluitVerzoek: _step,
    MeldWeigeringsgrond: _participant,
    MeldGeenWeigeringsgrond: _participant,
    MeldVervalWeigeringsgrond: _participant,
    RondTaakAf: _participant,
    VerlengTermijn: _extend,
    BeslisOpVerzoek: _decide,
    WeigerVerzoek: _decide,
    BeantwoordVerzoek: _decide,
    HefBeperkingOp: _lift,
}
