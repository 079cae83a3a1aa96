"""The command line for retention: `signaalhub bewaren lijst|run|uitstel|kopieen`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Annotated

import cyclopts
from rich.console import Console
from rich.table import Table

from hub.handling.bewaarlijst import BEHEERDER
from hub.handling.kopieen import kopieen_in
from hub.handling.onderwerpen import bewaring_in
from hub.main import Hub

Look = Callable[[Hub, str, str, tuple[str, ...]], None]


class Retention:
    """The commands, bound to a way to open the hub, to the access log, to a clock and to a place to print."""

    def __init__(
        self,
        hub: Callable[[], AbstractContextManager[Hub]],
        look: Look,
        clock: Callable[[], datetime],
        out: Console,
    ) -> None:
        self._hub, self._look, self._clock, self._out = hub, look, clock, out

    def add_to(self, app: cyclopts.App) -> None:
        """Give `app` these commands."""
        bewaren = cyclopts.App(name="bewaren", help="What is due for destruction, what holds it, and destroying it.")
        bewaren.command(self.lijst, name="lijst")
        bewaren.command(self.run, name="run")
        bewaren.command(self.uitstel, name="uitstel")
        bewaren.command(self.kopieen, name="kopieen")
        app.command(bewaren)

    def lijst(self) -> int:
        """List what is due, the longest overdue first. Exit code 1 where something should be gone by itself."""
        table = Table("vervalt op", "soort", "id", "spoor", "termijn", "grondslag", "stand", "uitstel")
        with self._hub() as hub:
            turns = hub.bewaarlijst().due(self._clock())
            self._look(hub, "bewaren lijst", BEHEERDER, tuple(f"{turn.soort}:{turn.id}" for turn in turns[:200]))
        for turn in turns:
            term = turn.termijn
            held = ", ".join(turn.uitstel)
            table.add_row(
                str(turn.vervalt_op), turn.soort, str(turn.id), turn.spoor, term.id, term.bron, turn.stand, held
            )
        self._out.print(table if turns else "Niets is aan de beurt.")
        return 1 if any(turn.kan for turn in turns) else 0

    def run(self, *, meteen: Annotated[bool, cyclopts.Parameter(negative=())] = False) -> int:
        """Destroy what is due and may go by itself, then end the key epochs it lay under.

        Parameters
        ----------
        meteen
            End those epochs now; otherwise when their days of grace are over. Make a new backup afterwards.
        """
        with self._hub() as hub:
            now = self._clock()
            done = hub.bewaarlijst().run(now)
            ended = hub.tijdvakken().run(hub.beleid.bewaartermijnen, now, at_once=meteen)
        self._out.print(
            f"vernietigd: {done.vernietigd}, geweigerd: {done.geweigerd},"
            f" wacht op een mens of uitgesteld: {done.wacht}, tijdvaksleutels vernietigd: {ended}"
        )
        return 1 if done.geweigerd else 0

    def uitstel(self) -> int:
        """List what holds the destruction of what is due."""
        table = Table("soort", "id", "reden", "tot", "gesteld door", "sinds")
        with self._hub() as hub:
            turns = [turn for turn in hub.bewaarlijst().due(self._clock()) if turn.uitstel]
            self._look(hub, "bewaren uitstel", BEHEERDER, tuple(f"{turn.soort}:{turn.id}" for turn in turns[:200]))
            work = hub.work()
            for turn in turns:
                for hold in bewaring_in(work, turn.id).uitstel.values():
                    until = str(hold.tot or "opgeheven")
                    table.add_row(turn.soort, str(turn.id), hold.reden, until, hold.zetel, f"{hold.tijdstip:%Y-%m-%d}")
        self._out.print(table if turns else "Niets is uitgesteld.")
        return 0

    def kopieen(self) -> int:
        """List the copies outside the database. Exit code 1 where one must be gone."""
        table = Table("id", "soort", "plaats", "vernietigen voor", "tijdvakken", "te laat")
        with self._hub() as hub:
            now = self._clock()
            known = kopieen_in(hub.work())
            late = {one.kopie_id for one in known.te_vernietigen(now.date())}
            self._look(hub, "bewaren kopieen", BEHEERDER, ())
        for one in known.aanwezig.values():
            overdue = "ja" if one.kopie_id in late else ""
            epochs = ", ".join(one.tijdvakken)
            table.add_row(
                str(one.kopie_id), one.kopiesoort, one.plaats, str(one.vernietigen_voor), epochs, overdue,
                style="red" if overdue else None,
            )  # fmt: skip
        self._out.print(table if known.aanwezig else "Er zijn geen kopieen vastgelegd.")
        return 1 if late else 0
