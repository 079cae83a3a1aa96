"""A world whose duties are kept, for tests: what stands on the ledger of them, told shortly."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contracts.message import Command, Event
from contracts.plicht import PlichtOntstaan
from hub.domain import plicht
from hub.domain.plicht import Plicht, PlichtEvent
from hub.handling.execute import Outcome
from hub.handling.plichtenklok import TOPICS, Plichtenklok
from tests.handling.executing import NU, World

COMENSHA, OFFICER, COA, DTV = "comensha@landelijk", "privacy-officer@landelijk", "coa@landelijk", "dtv@regievoerder"


def dag(number: float) -> datetime:
    """So many days after the beginning."""
    return NU + timedelta(days=number)


@dataclass
class Plichtenwereld:
    """A world and the clock of its duties; `klok` may be replaced, as after a restart."""

    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self.klok = self.another()

    def another(self) -> Plichtenklok:
        """One more clock over the same ledger, which knows nothing yet."""
        world = self.world
        return Plichtenklok(world.ledger, world.mapper, world.policy, world.work)

    def ask(self, zetel: str, command: Command, op: float = 0) -> Outcome:
        return self.world.ask(zetel, command, nu=dag(op))

    def run(self, op: float = 0) -> list[str]:
        """Let the clock do what is due; the kinds of events that came, of duties caused by events."""
        before = self.world.store.head()
        self.klok.run(dag(op))
        return [f"{kind(one)} {self.of(one).begin.plicht}" for one in self.recorded(before) if self.caused(one)]

    def recorded(self, after: int = 0) -> list[PlichtEvent]:
        found = [one for one in self.world.store.read(after, 10_000) if one.topic in TOPICS]
        return [one.message for one in self.world.mapper.to_messages(found)]  # type: ignore[misc]

    def all(self) -> list[Plicht]:
        """Every duty as it stands."""
        return list(plicht.replay(self.recorded()).alle.values())

    def duty(self, code: str) -> Plicht:
        (found,) = [one for one in self.all() if one.begin.plicht == code]
        return found

    def codes(self) -> set[str]:
        """The duties that are still to be done, without those of the calendar."""
        return {one.begin.plicht for one in self.all() if one.loopt and one.begin.oorzaak is not None}

    def of(self, event: PlichtEvent) -> Plicht:
        return next(one for one in self.all() if one.begin.plicht_id == event.plicht_id)

    def caused(self, event: PlichtEvent) -> bool:
        return self.of(event).begin.oorzaak is not None


def kind(event: Event) -> str:
    name = type(event).__name__.removeprefix("Plicht")
    return "Begon" if isinstance(event, PlichtOntstaan) else name
