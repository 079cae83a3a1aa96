"""The command line of supervision: `signaalhub toezicht`, the review of every access and what waits for the officer."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import cyclopts
from rich.console import Console
from rich.table import Table

from hub.access.permit import Permit
from hub.api.verantwoording import dpiapagina, jaarpagina
from hub.handling.datalekken import Datalekken
from hub.handling.dpia import dpia
from hub.handling.jaarverslag import Jaarcijfers
from hub.handling.noodtoetsing import Noodtoetsing
from hub.handling.toegangstoetsen import Toegangsrechten
from hub.handling.toezicht import Toezicht
from hub.handling.wachtrij import Wachtrij
from hub.ledger.store import ACCESS_LOG
from hub.main import Hub
from hub.sealing import utc_now

Look = Callable[[Hub, str, str, tuple[str, ...]], None]
BEHEERDER = "beheerder@landelijk"


class Overseeing:
    """The commands, bound to a way to open the hub, to the access log and to a place to print."""

    def __init__(self, hub: Callable[[], AbstractContextManager[Hub]], look: Look, out: Console) -> None:
        self._hub, self._look, self._out = hub, look, out

    def add_to(self, app: cyclopts.App) -> None:
        """Give `app` these commands."""
        toezicht = cyclopts.App(name="toezicht", help="Review every access, and show what waits for the officer.")
        toezicht.command(self.review, name="beoordeel")
        toezicht.command(self.queue, name="wachtrij")
        toezicht.command(self.overdue, name="termijnen")
        toezicht.command(self.annual, name="jaarverslag")
        toezicht.command(self.assessment, name="dpia")
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

    def overdue(self) -> int:
        """List breaches, rights and emergency access whose clock ran out. Exit code 1 where there is one."""
        now = utc_now()
        with self._hub() as hub:
            self._look(hub, "toezicht termijnen", BEHEERDER, ())
            breaches = Datalekken(hub.store, hub.work).verlopen(now)
            rights = Toegangsrechten(hub.store).overzicht(hub.policy.at(now), now)
            emergencies = Noodtoetsing(hub.store).wachtend()
        late = [one for one in rights if one.verlopen]
        table = Table("wat", "kenmerk", "zetel", "sinds")
        for breach in breaches:
            known = breach.vastgesteld
            table.add_row("datalek niet gemeld", str(known.datalek_id), known.bij, f"{known.uiterlijk:%Y-%m-%d %H:%M}")
        for one in emergencies:
            table.add_row(
                "noodtoegang niet getoetst", str(one.noodtoegang_id), one.zetel, f"{one.verleend_op:%Y-%m-%d}"
            )
        for right in late:
            when = f"{right.getoetst_op:%Y-%m-%d}" if right.getoetst_op else "nooit getoetst"
            table.add_row("toegang niet getoetst", "", right.houder, when)
        found = bool(breaches or late or emergencies)
        self._out.print(table if found else "Er is geen termijn verstreken.")
        return 1 if found else 0

    def annual(self, jaar: int, bestand: Path) -> int:
        """Write the annual report of a year that is over as a page. Exit code 1 where the policy does not allow it."""
        now = utc_now()
        if jaar >= now.year:
            self._out.print("Een jaar dat nog loopt heeft geen verslag.")
            return 1
        with self._hub() as hub:
            self._look(hub, "toezicht jaarverslag", BEHEERDER, ())
            report = Jaarcijfers(hub.store).verslag(jaar, BEHEERDER, hub.policy.at(now), now.date())
        if not isinstance(report.besluit, Permit):
            self._out.print(report.besluit.reden)
            return 1
        bestand.write_text(jaarpagina(report), encoding="utf-8")
        self._out.print(f"{bestand}: {len(report.tabellen)} tabellen")
        return 0

    def assessment(self, bestand: Path) -> int:
        """Write the impact assessment of the policy in force as a page, and say which sections are still open."""
        with self._hub() as hub:
            made = dpia(hub.beleid)
        bestand.write_text(dpiapagina(made), encoding="utf-8")
        self._out.print(f"{bestand}: nog open {'; '.join(made.nog_open)}")
        return 0
