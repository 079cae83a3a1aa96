"""The command line of supervision: `signaalhub toezicht`, the review of every access and what waits for the officer."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import cyclopts
from rich.console import Console
from rich.table import Table

from hub.handling.toezicht import Toezicht
from hub.handling.wachtrij import Wachtrij
from hub.ledger.store import ACCESS_LOG
from hub.main import Hub
from hub.sealing import utc_now

Look = Callable[[Hub, str, str, tuple[str, ...]], None]
BEHEERDER = "beheerder@hub"


class Overseeing:
    """The commands, bound to a way to open the hub, to the access log and to a place to print."""

    def __init__(self, hub: Callable[[], AbstractContextManager[Hub]], look: Look, out: Console) -> None:
        self._hub, self._look, self._out = hub, look, out

    def add_to(self, app: cyclopts.App) -> None:
        """Give `app` these commands."""
        toezicht = cyclopts.App(name="toezicht", help="Review every access, and show what waits for the officer.")
        toezicht.command(self.review, name="beoordeel")
        toezicht.command(self.queue, name="wachtrij")
        app.command(toezicht)

    def review(self) -> int:
        """Review every access that was not reviewed yet. Exit code 1 where something waits for the officer."""
        with self._hub() as hub:
            done = Toezicht(hub.ledger()).run(utc_now())
            waiting = len(Wachtrij(hub.store).open())
        self._out.print(f"{done} raadplegingen beoordeeld; {waiting} wachten op de privacy officer")
        return 1 if waiting else 0

    def queue(self) -> int:
        """List what waits for the officer, the longest waiting first: numbers and findings, no objects or persons."""
        with self._hub() as hub:
            self._look(hub, "toezicht wachtrij", BEHEERDER, ())
            wachtrij, now = Wachtrij(hub.store), utc_now()
            waiting = wachtrij.open()
            reviewed, total = wachtrij.beoordeeld, hub.store.frontier(ACCESS_LOG).size
        table = Table("nummer", "zetel", "geraadpleegd op", "dagen", "bevindingen")
        for one in waiting:
            found = one.gevonden
            moment = f"{found.geraadpleegd_op:%Y-%m-%d %H:%M}"
            table.add_row(
                str(found.nummer), found.raadpleger, moment, str(one.dagen(now)), ", ".join(found.bevindingen)
            )
        self._out.print(table if waiting else "Niets wacht op de privacy officer.")
        self._out.print(f"beoordeeld tot en met {reviewed} van {total}")
        return 1 if waiting else 0
