"""The command line of duties: `signaalhub plichten`, what is still to be done, by whom and when; no subjects."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import cyclopts
from rich.console import Console
from rich.table import Table

from hub.domain.plicht import TE_LAAT
from hub.handling.plichtenklok import all_duties
from hub.main import Hub

Look = Callable[[Hub, str, str, tuple[str, ...]], None]
BEHEERDER = "beheerder@landelijk"


@dataclass(frozen=True, slots=True)
class Reminding:
    """The commands, bound to a way to open the hub, to the access log, to a clock and to a place to print."""

    hub: Callable[[], AbstractContextManager[Hub]]
    look: Look
    clock: Callable[[], datetime]
    out: Console

    def add_to(self, app: cyclopts.App) -> None:
        """Give `app` these commands."""
        group = cyclopts.App(name="plichten", help="Duties: who must still do what, by when, and what the policy asks.")
        group.command(self.listed, name="lijst")
        group.command(self.rules, name="regels")
        app.command(group)

    def listed(self, *, zetel: str | None = None, alle: bool = False) -> int:
        """List duties that are still to be done, with `--alle` those that are over too. Exit code 1: one is late."""
        now = self.clock()
        with self.hub() as hub:
            self.look(hub, "plichten lijst", zetel or BEHEERDER, ())
            hub.plichten().run(now)
            found = [
                one
                for one in all_duties(hub.store, hub.work())
                if (alle or one.loopt) and zetel in (None, one.begin.plichthouder)
            ]
        table = Table("plicht", "plichthouder", "uiterlijk", "status", "grondslag")
        for one in found:
            begin = one.begin
            table.add_row(begin.plicht, begin.plichthouder, begin.uiterlijk.isoformat(), one.status, begin.grondslag)
        self.out.print(table if found else "Geen plichten.")
        return 1 if any(one.status == TE_LAAT for one in found) else 0

    def rules(self) -> int:
        """List the duties of the policy in force, each with its source."""
        with self.hub() as hub:
            regels = hub.beleid.plichtregels.regels
        table = Table("plicht", "bron", "geldig vanaf", "zin")
        for one in regels:
            source = f"{one.bron} (eigen)" if one.eigen else one.bron
            table.add_row(one.id, source, one.geldig_vanaf.isoformat(), one.zin)
        self.out.print(table)
        return 0
