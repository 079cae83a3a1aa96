"""Whatever happens in whatever order: exactly those who ever held what was corrected are told, once per correction."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.casus import BepaalDeelnemers
from contracts.inhoud import Betrokkene, Rolperiode, SignaalInhoud
from contracts.message import Command, Event
from contracts.signaal import RectificeerSignaal, TrekSignaalIn, VerrijkSignaal, WeerlegSignaal
from contracts.terugroeping import TerugroepingGestuurd
from contracts.verstrekking import SignaalVerstrekt, VerstrekkingVervallen
from hub.domain.oordeel import Onbekend, Strijdig
from tests.handling.executing import AVIM, NLA, NU, OVJ, TAX, World, id_of, riec_case

S, V = id_of("c-signaal"), id_of("v")
#: What a step may change of a contribution, and the category that it belongs to.
WORDS, NAME = "signaal-inhoud", "identificerend"
OWNER = {S: AVIM, V: NLA}


@dataclass
class Oracle:
    """Who ever held which category of which contribution, told step by step from the recorded disclosures alone."""

    alive: set[UUID] = field(default_factory=lambda: {S})
    now: dict[UUID, SignaalVerstrekt] = field(default_factory=dict)
    ever: set[tuple[UUID, str, str]] = field(default_factory=set)

    def follow(self, events: list[Event]) -> set[str]:
        """Take the events of one command in; the seats of which something lapsed with them."""
        before = dict(self.now)
        for event in events:
            if isinstance(event, SignaalVerstrekt):
                self.now[event.verstrekking_id] = event
            elif isinstance(event, VerstrekkingVervallen):
                self.now.pop(event.verstrekking_id, None)
        self.look()
        return {held.ontvanger for key, held in before.items() if _less(held, self.now.get(key))}

    def look(self) -> None:
        for one in self.alive:
            for held in self.now.values():
                self.ever |= {(one, held.ontvanger, c) for c in held.per_bron.get(OWNER[one], ())}

    def held(self, contribution: UUID, category: str) -> set[str]:
        return {seat for one, seat, held in self.ever if (one, held) == (contribution, category)}

    def anybody(self) -> set[str]:
        return {seat for _, seat, _ in self.ever}


def _less(held: SignaalVerstrekt, now: SignaalVerstrekt | None) -> bool:
    left = {} if now is None else now.per_bron
    return any(set(had) - set(left.get(bron, ())) for bron, had in held.per_bron.items())


def content(words: int, name: int, person: str) -> SignaalInhoud:
    role = (Rolperiode(rol="vermoedelijk-slachtoffer"),)
    someone = Betrokkene(betrokkene_id=id_of(person), naam=f"Testa Fictema {name}", rollen=role)
    return SignaalInhoud(
        vormen=("seksuele-uitbuiting",), zekerheid="vermoeden", toelichting=f"gezien {words}", betrokkenen=(someone,)
    )


STEPS = st.one_of(
    st.tuples(st.just("deelnemers"), st.sets(st.sampled_from([OVJ, NLA, TAX]), min_size=1)),
    st.tuples(st.just("rectificeer"), st.sampled_from([S, V]), st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("verrijk")),
    st.tuples(st.just("weerleg"), st.sampled_from([AVIM, OVJ, NLA])),
    st.tuples(st.just("trek-in")),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(STEPS, max_size=10))
def test_exactly_those_who_ever_held_it_are_told_once_per_correction(steps: list[Any]) -> None:
    world, oracle = World(), Oracle()
    riec_case(world, "c", AVIM, OVJ, NLA, fase=2)
    oracle.follow(world.events)
    says: dict[UUID, tuple[int, int]] = {S: (-1, -1), V: (0, 0)}
    for minute, step in enumerate(steps, 1):
        zetel, command = _command(step)
        try:
            events = list(world.ask(zetel, command, nu=NU + timedelta(minutes=minute)).events)
        except (Onbekend, Strijdig):
            continue
        expected = _expected(step, zetel, oracle, says, events)
        if step[0] == "verrijk" and events:
            oracle.alive.add(V)
        lapsed = oracle.follow(events)
        if step[0] != "trek-in":
            expected += Counter({("vervallen", seat): 1 for seat in lapsed})
        told = [event for event in events if isinstance(event, TerugroepingGestuurd)]
        assert Counter((one.aard, one.ontvanger) for one in told) == expected, step
    state = world.work().terugroepingen(S)
    assert state.open.keys() | state.bevestigd == state.gestuurd.keys()


def _command(step: Any) -> tuple[str, Command]:
    why = {"signaal_id": S, "motivering": "vergissing"}
    match step:
        case ("deelnemers", seats):
            return AVIM, BepaalDeelnemers(casus_id=id_of("c"), deelnemers=tuple(sorted(seats)))
        case ("rectificeer", key, words, name):
            person = "c-signaal-persoon" if key == S else "v-persoon"
            which = None if key == S else V
            return OWNER[key], RectificeerSignaal(**why, verrijking_id=which, inhoud=content(words, name, person))
        case ("verrijk",):
            added = content(0, 0, "v-persoon")
            return NLA, VerrijkSignaal(signaal_id=S, verrijking_id=V, herkomst="eigen register", inhoud=added)
        case ("weerleg", zetel):
            return zetel, WeerlegSignaal(**why)
        case _:
            return AVIM, TrekSignaalIn(**why)


def _expected(
    step: Any, zetel: str, oracle: Oracle, says: dict[UUID, tuple[int, int]], events: list[Event]
) -> Counter[tuple[str, str]]:
    if not events:
        return Counter()
    match step:
        case ("rectificeer", key, words, name):
            before, says[key] = says[key], (words, name)
            told = oracle.held(key, WORDS) if before[0] != words else set()
            told |= oracle.held(key, NAME) if before[1] != name else set()
            return Counter({("rectificatie", seat): 1 for seat in told})
        case ("weerleg", _):
            holders = oracle.anybody() | {OWNER[one] for one in oracle.alive}
            return Counter({("weerlegging", seat): 1 for seat in holders - {zetel}})
        case ("trek-in",):
            return Counter({("intrekking", seat): 1 for seat in oracle.anybody()})
    return Counter()
