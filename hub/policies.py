"""The command line for policy versions: `signaalhub policies propose|approve|activate|versies|herzien`."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import cyclopts
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from contracts.beleid import ActiveerBeleid, BeleidGeweigerd, KeurBeleidGoed, StelBeleidVoor, TrekBeleidIn
from contracts.message import Command
from hub.access.ondertekening import onderteken
from hub.access.pakket import pak_in
from hub.access.ruw import lees_map
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.execute import Request
from hub.main import Hub

BEHEERDER, PRIVACY_OFFICER = "beheerder@landelijk", "privacy-officer@landelijk"
#: The private key of a registered system, `<oin>.<systeem>.pem`, as it lies with its owner.
Sleutel = Annotated[Path, cyclopts.Parameter(name="--sleutel")]


class Versions:
    """The commands, bound to a way to open the hub and to a place to print."""

    def __init__(
        self,
        hub: Callable[[], Any],
        clock: Callable[[], datetime],
        out: Console,
        progress: Callable[[], Progress],
    ) -> None:
        self._hub, self._clock, self._out, self._progress = hub, clock, out, progress

    def add_to(self, app: cyclopts.App) -> None:
        """Give `app` these commands."""
        app.command(self.propose, name="propose")
        app.command(self.approve, name="approve")
        app.command(self.activate, name="activate")
        app.command(self.withdraw, name="withdraw")
        app.command(self.versies, name="versies")
        app.command(self.herzien, name="herzien")

    def propose(self, bundle: Path, *, sleutel: Sleutel, toelichting: str, zetel: str = BEHEERDER) -> int:
        """Propose a policy folder as a version, signed by its author.

        Parameters
        ----------
        bundle
            Folder with the policy.
        sleutel
            Key file of the author's system, named <oin>.<systeem>.pem.
        toelichting
            What changes, and why.
        zetel
            Seat of the author.
        """
        plain = StelBeleidVoor(
            versie=lees_map(bundle).versie,
            pakket=base64.b64encode(pak_in(bundle)).decode(),
            toelichting=toelichting,
            handtekening="-",
        )
        return self._execute(self._signed(plain, zetel, sleutel), zetel)

    def approve(
        self,
        versie: str,
        *,
        sleutel: Sleutel,
        ingangsdatum: date,
        rac: str | None = None,
        afwijking: str = "",
        gemeld_aan: tuple[str, ...] = (),
        zetel: str = PRIVACY_OFFICER,
    ) -> int:
        """Approve a proposed version, signed by another than its author.

        Parameters
        ----------
        versie
            The version.
        sleutel
            Key file of the approver's system, named <oin>.<systeem>.pem.
        ingangsdatum
            First day on which it counts.
        rac
            Reference of the advice of the committee.
        afwijking
            Reasons for deviating from that advice, where one does.
        gemeld_aan
            Seats that were told of the deviation.
        zetel
            Seat of the approver.
        """
        plain = KeurBeleidGoed(
            versie=versie,
            rac_kenmerk=rac,
            wijkt_af_van_rac=bool(afwijking),
            motivering=afwijking,
            gemeld_aan=gemeld_aan,
            ingangsdatum=ingangsdatum,
            handtekening="-",
        )
        return self._execute(self._signed(plain, zetel, sleutel), zetel)

    def activate(self, versie: str, *, zetel: str = BEHEERDER) -> int:
        """Bring an approved version into force from its effective date; running hubs notice within a second."""
        return self._execute(ActiveerBeleid(versie=versie), zetel)

    def withdraw(self, versie: str, *, reden: str, zetel: str = BEHEERDER) -> int:
        """Withdraw a version that was not in force yet."""
        return self._execute(TrekBeleidIn(versie=versie, reden=reden), zetel)

    def versies(self) -> int:
        """List all versions: state, author, approver, advice and effective date; the one in force has a star."""
        table = Table("", "versie", "stand", "auteur", "goedkeurder", "advies", "ingangsdatum")
        with self._opened() as hub:
            in_force = hub.beleid.versie
            for one in hub.policy.versies().bekend.values():
                approved = one.goedkeuring
                table.add_row(
                    "*" if one.voorstel.versie == in_force else "",
                    one.voorstel.versie,
                    one.stand,
                    one.voorstel.zetel,
                    approved.zetel if approved else "",
                    (approved.rac_kenmerk or "geen") if approved else "",
                    str(approved.ingangsdatum) if approved else "",
                )
        self._out.print(table)
        self._out.print(f"van kracht: {in_force}")
        return 0

    def herzien(self) -> int:
        """Decide anew, now, on everything that the policy in force would decide otherwise."""
        with self._opened() as hub, self._progress() as bar:
            task = bar.add_task("herzien", total=hub.store.head())

            def moved(position: int, head: int) -> None:
                bar.update(task, completed=position, total=head)

            done = hub.reviser().run(self._clock(), moved)
        self._out.print(f"{done} signalen en casussen opnieuw bekeken")
        return 0

    def _signed(self, plain: Any, zetel: str, sleutel: Path) -> Command:
        client = sleutel.stem.replace(".", ":", 1)
        jws = onderteken(plain, zetel, client, sleutel.read_bytes(), self._clock())
        signed: Command = plain.model_copy(update={"handtekening": jws})
        return signed

    def _execute(self, command: Command, zetel: str) -> int:
        with self._opened() as hub:
            try:
                outcome = hub.ledger().execute(Request(command, zetel), self._clock())
            except Onbekend:
                self._out.print("Deze beleidsversie bestaat niet.", style="red")
                return 1
            except Strijdig as conflict:
                self._out.print(str(conflict), style="red")
                return 1
        refused = [reason for event in outcome.events if isinstance(event, BeleidGeweigerd) for reason in event.redenen]
        for reason in refused:
            self._out.print(reason, style="red", markup=False)
        if not refused:
            self._out.print(f"vastgelegd: {getattr(command, 'versie', '')}")
        return 1 if refused else 0

    @contextmanager
    def _opened(self) -> Iterator[Hub]:
        with self._hub() as hub:
            yield hub
