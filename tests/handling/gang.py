"""Random histories of a small world: what seats may do with signals and cases, in any order, through the real door."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.casus import (
    BeoordeelCriteria,
    BepaalDeelnemers,
    HefEmbargoOp,
    KoppelSignaal,
    OpenCasus,
    StelEmbargo,
    WijzigFase,
)
from contracts.inhoud import Criterium
from contracts.message import Command
from contracts.signaal import RectificeerSignaal, TrekSignaalIn, VerrijkSignaal
from contracts.toestemming import LegToestemmingVast, TrekToestemmingIn
from hub.domain.oordeel import Onbekend, Strijdig
from tests.handling.executing import AF, AVIM, COLLEGE, NLA, OVJ, TAX, ZC, World, doorzetten, id_of, signaal

COMENSHA, THUIS = "comensha@landelijk", "veilig-thuis@amsterdam"
SEATS = (AVIM, ZC, AF, OVJ, COLLEGE, NLA, TAX, COMENSHA, THUIS)
SIGNALEN, CASUSSEN = ("s0", "s1", "s2"), ("c0", "c1")
#: Per track its purpose, and seats that may open a case there.
SPOREN = {
    "riec": ("riec-handhaving-mensenhandel", (AVIM, COLLEGE, NLA)),
    "zvh": ("zvh-casus", (AVIM, OVJ, AF)),
    "zorg-en-registratie": ("zorg-opvang", (ZC, AF, AVIM)),
}
Feiten = dict[str, str | bool | int]
GEVAAR: Feiten = {"gevaar": "doorlopend-gevaarlijk", "reden_vastgelegd": True}
BESLUIT: Feiten = {"besluit_vastgelegd": True, "belang_slachtoffer": True, "bevoegd_gezag_stemt_in": True}
#: Ways to pass on: track, purpose, facts the sender vouches for, and to whom (None: anybody).
WEGEN: tuple[tuple[str, str, Feiten, str | None], ...] = (
    ("bilateraal", "veiligheid-slachtoffer", GEVAAR, None),
    ("zorg-en-registratie", "veiligheid-slachtoffer", {}, None),
    ("bilateraal", "registratie-comensha", {}, COMENSHA),
    ("bilateraal", "strafvordering", BESLUIT, OVJ),
)


class Step(NamedTuple):
    """One thing that is tried: which, by which seat, about which signal, case and other seat, and three choices."""

    what: str
    seat: str
    signaal: str
    casus: str
    other: str
    seats: tuple[str, ...]
    spoor: str
    number: int
    flag: bool


@dataclass(frozen=True)
class Tried:
    """A step as a command of a seat."""

    seat: str
    command: Command


KINDS = (
    "registreer", "open", "koppel", "deelnemers", "criteria", "fase", "embargo", "hef op", "doorzetten", "toestemming",
    "doorzetten", "toestemming weg", "intrekken", "rectificeer", "verrijk", "verrijk", "deelnemers",
)  # fmt: skip
#: What gives a case something to speak of; the rest is left to chance.
BEGIN = ("registreer", "open", "koppel", "criteria", "deelnemers", "fase", "verrijk", "embargo")
CONSENT = ("registreer", "toestemming", "doorzetten", "toestemming weg")

STEPS = st.builds(
    Step,
    what=st.sampled_from(KINDS),
    seat=st.sampled_from(SEATS),
    signaal=st.sampled_from(SIGNALEN),
    casus=st.sampled_from(CASUSSEN),
    other=st.sampled_from(SEATS),
    seats=st.lists(st.sampled_from(SEATS), max_size=5, unique=True).map(tuple),
    spoor=st.sampled_from(tuple(SPOREN)),
    number=st.integers(0, 3),
    flag=st.booleans(),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Two cases and a consent as they usually begin, each cut off anywhere, and then anything."""
    begun: list[Step] = []
    for signal, case in zip(SIGNALEN, CASUSSEN, strict=False):
        spoor = draw(st.sampled_from(tuple(SPOREN)))
        opener, seats = (
            draw(st.sampled_from(SPOREN[spoor][1])),
            (OVJ, *draw(st.lists(st.sampled_from(SEATS), max_size=6))),
        )
        chosen = draw(STEPS)._replace(seat=opener, signaal=signal, casus=case, seats=seats, spoor=spoor)
        met = chosen._replace(other=draw(st.sampled_from(seats)), number=max(1, chosen.number))
        begun += [met._replace(what=what) for what in BEGIN[: draw(st.integers(0, len(BEGIN)))]]
    asked = draw(STEPS)._replace(seat=ZC, signaal=SIGNALEN[2], number=1, flag=True)
    begun += [asked._replace(what=what) for what in CONSENT[: draw(st.integers(0, len(CONSENT)))]]
    return begun + draw(st.lists(STEPS, max_size=16))


def execute(world: World, step: Step, number: int) -> Tried | None:
    """Try a step as somebody who may, where there is such a seat; None where it was refused or came to nothing."""
    for tried in _commands(world, step, number):
        with suppress(Onbekend, Strijdig):
            if world.ask(tried.seat, tried.command).events:
                return tried
    return None


def _commands(world: World, step: Step, number: int) -> Iterator[Tried]:
    work = world.work()
    casus, signal = work.casus(id_of(step.casus)), work.signaal(id_of(step.signaal))
    member = step.seat if step.seat in casus.deelnemers else min(casus.deelnemers, default=step.seat)
    holders = [seat for seat in SEATS if seat in signal.verstrekkers or world.held(seat, step.signaal)]
    wanted = step.other if step.what == "verrijk" else step.seat
    holder = wanted if wanted in holders else next(iter(holders), step.seat)
    owner = signal.eigenaar or step.seat
    case = {"casus_id": id_of(step.casus)}
    try:
        match step.what:
            case "registreer":
                yield Tried(step.seat, _melding(step))
            case "open":
                vorm = {"vorm": "seksuele-uitbuiting", "regio": "ede", "doel": SPOREN[step.spoor][0]}
                yield Tried(step.seat, OpenCasus(**case, spoor=step.spoor, **vorm))
            case "koppel":
                brings = next((seat for seat in holders if seat in casus.deelnemers), holder)
                yield Tried(brings, KoppelSignaal(**case, signaal_id=id_of(step.signaal)))
            case "deelnemers":
                yield Tried(member, BepaalDeelnemers(**case, deelnemers=step.seats))
            case "criteria":
                met = tuple(Criterium(letter=letter, voldaan=step.number > 0) for letter in "abcde")
                yield Tried(member, BeoordeelCriteria(**case, criteria=met))
            case "fase":
                yield Tried(member, WijzigFase(**case, fase=step.number))
            case "embargo":
                yield Tried(OVJ, StelEmbargo(**case, motivering="onderzoek", herbezie_op=date(2026, 9, 1)))
            case "hef op":
                yield Tried(OVJ, HefEmbargoOp(**case))
            case "doorzetten":
                yield from _passing_on(world, step, holder)
            case _:
                yield from _about(world, step, number, holder, owner)
    except ValidationError:
        return


def _about(world: World, step: Step, number: int, holder: str, owner: str) -> Iterator[Tried]:
    signal, changed = {"signaal_id": id_of(step.signaal)}, _melding(step).melding.inhoud
    if step.number > 1 and step.what == "verrijk":
        changed = changed.model_copy(update={"situatieschets": "schets"})
    match step.what:
        case "toestemming":
            said = {"toestemming_id": id_of(f"t{number}"), "door": "slachtoffer", "vorm": "uitdrukkelijk"}
            yield Tried(holder, LegToestemmingVast(**said, **signal, ontvangers=(step.other,)))
        case "toestemming weg":
            for name in SIGNALEN:
                for key, given in world.work().toestemmingen(id_of(name)).gegeven.items():
                    yield Tried(given.zetel, TrekToestemmingIn(toestemming_id=key, signaal_id=id_of(name)))
        case "intrekken":
            yield Tried(owner, TrekSignaalIn(**signal, motivering="vergissing"))
        case "rectificeer":
            yield Tried(owner, RectificeerSignaal(**signal, inhoud=changed, motivering="onjuist"))
        case "verrijk":
            article = "8" if holder == AVIM else None
            about = {"verrijking_id": id_of(f"v{number}"), "herkomst": "eigen systeem", "wpg_artikel": article}
            yield Tried(holder, VerrijkSignaal(**signal, **about, inhoud=changed))


def _passing_on(world: World, step: Step, holder: str) -> Iterator[Tried]:
    """To a seat that consent names, where there is one; else to the seat that goes with the way."""
    spoor, doel, facts, to = WEGEN[step.number]
    named = [
        seat for given in world.work().toestemmingen(id_of(step.signaal)).gegeven.values() for seat in given.ontvangers
    ]
    receiver = next(iter(named), to) if step.flag else to
    yield Tried(holder, doorzetten(step.signaal, receiver or step.other, spoor, doel, **facts))


def _melding(step: Step):  # type: ignore[no-untyped-def]
    article = {"wpg_artikel": ("8", "9", "13", "8")[step.number]} if step.seat == AVIM else {}
    return signaal(step.signaal, "intern", ziek=step.flag, **article)
