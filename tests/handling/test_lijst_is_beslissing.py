"""What lies in a view is what the policy permits: for every seat, contribution and category, after any history.

A reference beside the hub asks the policy afresh about the state as it stands after every step. It differs from a
plain question in three ways, each of them law:

- *passed on*: a seat gets what the sender held and what was permitted when it was passed on. It is not taken back
  because the sender loses it or the signal changes; it is asked again, and can only shrink, when consent ends.
- *embargo*: nothing new opens in a case under embargo; what was held stays as far as the policy still permits it.
- *withdrawn*: of a withdrawn signal nobody holds anything but what it put in itself.

Not in these histories: a rectification that adds a category others may see. It waits for the next decision in the case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from uuid import UUID

from hypothesis import example, given, note, settings

from contracts.inhoud import Signaalmelding
from contracts.message import Event
from contracts.signaal import DoorzetSignaal, SignaalVerrijkt, TrekSignaalIn
from contracts.toestemming import TrekToestemmingIn
from hub.domain.casus import Casus
from hub.domain.signaal import Signaal
from hub.domain.verstrekking import Voorstel
from hub.views import joined
from hub.views.folds import Recorded, changes, keys_of
from hub.views.masker import masked, plan_of, says_something
from hub.views.rows import SIGNAAL, Stand
from hub.views.sealing import Opened
from tests.handling.executing import AVIM, BELEID, COLLEGE, NU, OVJ, World, id_of
from tests.handling.gang import BEGIN, CASUSSEN, SEATS, SIGNALEN, Step, Tried, execute, histories

PerBron = dict[str, frozenset[str]]
OP = NU.date()
CLASSES = {"melding": Signaalmelding, "verrijking": SignaalVerrijkt}
NAMEN = {id_of(name): name for name in SIGNALEN}
CASES = {id_of(name): name for name in CASUSSEN}


@dataclass
class Reference:
    """What every seat may hold of others: per signal and seat passed on, per case, signal and seat in that case."""

    world: World
    passed: dict[tuple[str, str], tuple[Voorstel, PerBron]] = field(default_factory=dict)
    in_case: dict[tuple[str, str, str], PerBron] = field(default_factory=dict)

    def after(self, tried: Tried) -> None:
        """Bring up to date after one command that the hub carried out."""
        match tried.command:
            case DoorzetSignaal():
                self._passed_on(tried.seat, tried.command)
            case TrekToestemmingIn():
                self._consent_ended(tried.command)
            case TrekSignaalIn():
                name = NAMEN[tried.command.signaal_id]
                self.passed = {key: held for key, held in self.passed.items() if key[0] != name}
        for name in CASUSSEN:
            self._case(name)

    def held(self, seat: str, name: str) -> PerBron:
        """What a seat holds of a signal: its own, passed on, and in every case."""
        signal = self.signaal(name)
        parts = [held for key, (_, held) in self.passed.items() if key == (name, seat)]
        parts += [held for (_, of, by), held in self.in_case.items() if (of, by) == (name, seat)]
        own = {c.zetel: c.categorieen for c in signal.bijdragen.values() if c.zetel == seat}
        return _joined([*parts, *({p: _of(signal, p)} for p in own)])

    def signaal(self, name: str) -> Signaal:
        return self.world.work().signaal(id_of(name))

    def _passed_on(self, sender: str, command: DoorzetSignaal) -> None:
        name = NAMEN[command.signaal_id]
        asked = Voorstel(
            command.signaal_id, sender, command.naar, command.spoor, command.doel,
            omstandigheden=command.omstandigheden,
        )  # fmt: skip
        self._ask_forward(name, asked, self.held(sender, name))

    def _consent_ended(self, command: TrekToestemmingIn) -> None:
        name = NAMEN[command.signaal_id]
        [ended] = [
            one for key, one in self.world.work().toestemmingen(command.signaal_id).gegeven.items()
            if key == command.toestemming_id
        ]  # fmt: skip
        for seat in ended.ontvangers:
            if (name, seat) in self.passed:
                self._ask_forward(name, *self.passed[name, seat])

    def _ask_forward(self, name: str, asked: Voorstel, held: PerBron) -> None:
        consents = self.world.work().toestemmingen(asked.signaal_id)
        answer = self.world.questions.forward(asked, self.signaal(name), held, consents, OP)
        given = {provider: frozenset(named) for provider, named in answer.oordeel.per_bron.items() if named}
        if given:
            self.passed[name, asked.ontvanger] = (asked, given)
        else:
            self.passed.pop((name, asked.ontvanger), None)

    def _case(self, name: str) -> None:
        casus = self.world.work().casus(id_of(name))
        before = dict(self.in_case)
        for of in SIGNALEN:
            signal, linker = self.signaal(of), casus.signalen.get(id_of(of))
            for seat in sorted(SEATS, key=lambda one: one != linker):  # others get what the linker still holds
                inside = id_of(of) in casus.signalen and seat in casus.deelnemers and not signal.ingetrokken
                fresh = self._permitted(casus, signal, of, seat) if inside else {}
                if casus.embargo:
                    fresh = _both(fresh, before.get((name, of, seat), {}))
                self.in_case[name, of, seat] = fresh

    def _permitted(self, casus: Casus, signal: Signaal, of: str, seat: str) -> PerBron:
        """Asked afresh: of what participants put in, and of what the seat that linked the signal holds."""
        linker = casus.signalen[id_of(of)]
        brought = self.held(linker, of)
        providers = (set(brought) | (signal.verstrekkers & casus.deelnemers)) - {seat}
        asked = Voorstel(id_of(of), linker, seat, casus.spoor, casus.doel, id_of(of))
        answer = self.world.questions.participant(asked, casus, signal, frozenset(providers), OP)
        permitted = {p: frozenset(named) for p, named in answer.oordeel.per_bron.items() if p in providers}
        outside = {p for p in permitted if p not in casus.deelnemers and p in brought}
        return {p: named & brought[p] if p in outside else named for p, named in permitted.items()}


def _of(signal: Signaal, provider: str) -> frozenset[str]:
    return frozenset().union(*(c.categorieen for c in signal.bijdragen.values() if c.zetel == provider))


def _joined(parts: Sequence[Mapping[str, frozenset[str]]]) -> PerBron:
    whole: PerBron = {}
    for part in parts:
        for provider, named in part.items():
            whole[provider] = whole.get(provider, frozenset()) | named
    return whole


def _both(left: PerBron, right: PerBron) -> PerBron:
    return {p: named & right[p] for p, named in left.items() if p in right}


#: What a row shows per contribution; rows by seat, signal, and the case it is in (None: outside any).
Shown = Mapping[str, frozenset[str]]
Rows = dict[tuple[str, str, str | None], Shown]


def projected(events: Sequence[Event]) -> tuple[Rows, dict[str, set[str]]]:
    """The rows of all seats as the projector makes them, and per seat the signals its list has as held."""
    ledger = [Recorded(number, event) for number, event in enumerate(events, 1)]
    stands = {key: Stand(*key) for key in keys_of(ledger)[0]}
    rows: Rows = {}
    lists: dict[str, set[str]] = {}
    for row in changes(ledger, stands).rows if ledger else ():
        if row.table is SIGNAAL:
            seat, name, case = row.values[0], NAMEN[UUID(row.values[1])], CASES.get(UUID(row.values[2]))
            opened = Opened(row.unsealed.open, tuple(part.content for part in row.unsealed.compartments))
            whole = joined.signaal(row.values[1], [(row.values[-1], opened)])
            shown = {part["bijdrage_id"]: _shown(part) for part in whole["bijdragen"]}
            rows[seat, name, case] = {key: named for key, named in shown.items() if named}
            if whole["status"] != "vervallen":
                lists.setdefault(seat, set()).add(name)
    return rows, lists


def _shown(part: Mapping[str, object]) -> frozenset[str]:
    """The categories of which a contribution in a view holds anything."""
    cls, content = CLASSES[str(part["soort"])], _without_empty(part["inhoud"])

    def holds(category: str) -> bool:
        only = frozenset({category})
        return says_something(masked(content, plan_of(cls, only), only, None), cls)

    return frozenset(category for category in BELEID.categorieen if holds(category))


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: left for name, one in value.items() if (left := _without_empty(one)) not in ([], None)}
    return [_without_empty(one) for one in value] if isinstance(value, list) else value


def _expected(reference: Reference, seat: str, name: str, case: str | None) -> Shown:
    """What one row must show: in a case what is permitted there, outside what was passed on; beside it one's own."""
    signal = reference.signaal(name)
    if case is None:
        given = reference.passed.get((name, seat), (None, {}))[1]
    else:
        given = reference.in_case.get((case, name, seat), {})
    if not any(given.values()) and (case is not None or seat not in signal.verstrekkers):
        return {}
    parts = signal.bijdragen.items()
    shown = {
        k: c.categorieen & (c.categorieen if c.zetel == seat else given.get(c.zetel, frozenset())) for k, c in parts
    }
    return {str(key): named for key, named in shown.items() if named}


#: Who linked the signal leaves the case together with who added to it.
LEFT = Step("registreer", COLLEGE, "s1", "c1", OVJ, (OVJ, AVIM), "riec", 1, False)
LINKER_LEFT = [*(LEFT._replace(what=what) for what in BEGIN[:7]), LEFT._replace(what="deelnemers", seat=AVIM, seats=())]


@settings(max_examples=120, deadline=None)
@given(history=histories())
@example(history=LINKER_LEFT)
def test_a_view_holds_what_is_permitted_and_a_list_what_has_anything_permitted(history: list[Step]) -> None:
    world = World()
    reference = Reference(world)
    for number, step in enumerate(history):
        tried = execute(world, step, number)
        if tried is not None:
            note(f"{tried.seat}: {tried.command!r}")
            reference.after(tried)
    rows, lists = projected(world.events)
    for seat, name in product(SEATS, SIGNALEN):
        expected = {case: _expected(reference, seat, name, case) for case in (None, *CASUSSEN)}
        for case, shown in expected.items():
            assert rows.get((seat, name, case), {}) == shown, (seat, name, case)
        assert (name in lists.get(seat, ())) == any(expected.values()), (seat, name)
