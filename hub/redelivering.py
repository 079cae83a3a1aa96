"""The command line of delivery by webhook: `signaalhub bezorgingen`, what did not arrive, and the keys that sign."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import cyclopts
from rich.console import Console
from rich.table import Table

from hub.delivery.bezorgingen import Bezorgingen
from hub.delivery.webhook_binding import few_connections
from hub.delivery.webhook_keys import NoTakeover
from hub.main import Hub
from hub.sealing import utc_now

Look = Callable[[Hub, str, str, tuple[str, ...]], None]


class Redelivering:
    """The commands, bound to a way to open the hub, to the access log and to a place to print."""

    def __init__(self, hub: Callable[[], AbstractContextManager[Hub]], look: Look, out: Console) -> None:
        self._hub, self._look, self._out = hub, look, out

    def add_to(self, app: cyclopts.App) -> None:
        """Give `app` these commands."""
        bezorgingen = cyclopts.App(name="bezorgingen", help="Deliveries by webhook, and the keys that sign them.")
        bezorgingen.command(self.list, name="lijst")
        bezorgingen.command(self.again, name="herhaal")
        bezorgingen.command(self.again_since, name="herhaal-vanaf")
        bezorgingen.command(self.keys, name="sleutels")
        bezorgingen.command(self.rotate, name="nieuwe-sleutel")
        bezorgingen.command(self.finish, name="oude-sleutel-beeindigen")
        app.command(bezorgingen)

    def list(self, *, zetel: str, status: str | None = None, abonnement: UUID | None = None, aantal: int = 100) -> int:
        """List the deliveries of a seat, newest first. Exit code 1 where some never arrived.

        Parameters
        ----------
        zetel
            Seat, such as gemeente.af-oov@ede.
        status
            wachtend, bezorgd, onbestelbaar or vervallen.
        abonnement
            Of this subscription only.
        aantal
            So many at most.
        """
        with self._hub() as hub, few_connections(hub.database.dsn) as pool:
            self._look(hub, "bezorgingen lijst", zetel, ())
            found = Bezorgingen(pool).lijst(zetel, None, aantal, abonnement, status)
        table = Table("bezorging", "abonnement", "nummer", "status", "pogingen", "antwoord", "gewijzigd")
        for one in found:
            answer = one.laatste_fout or (str(one.laatste_status) if one.laatste_status else "")
            ids, moment = (str(one.bezorging_id), str(one.abonnement_id)), f"{one.gewijzigd:%Y-%m-%d %H:%M:%S}"
            table.add_row(*ids, str(one.nummer), one.status, str(one.pogingen), answer, moment)
        self._out.print(table if found else "Geen bezorgingen.")
        return 1 if any(one.status == "onbestelbaar" for one in found) else 0

    def again(self, bezorging: UUID, *, zetel: str) -> int:
        """Send one delivery again, as if it had never been tried."""
        with self._hub() as hub, few_connections(hub.database.dsn) as pool:
            self._look(hub, "bezorgingen herhaal", zetel, ())
            found = Bezorgingen(pool).herhaal(zetel, bezorging, utc_now())
        return self._said(found is not None, "Deze bezorging bestaat niet, wacht nog, of is vervallen.")

    def again_since(self, abonnement: UUID, *, zetel: str, na: int) -> int:
        """Send everything after a number of the seat again, also what arrived."""
        with self._hub() as hub, few_connections(hub.database.dsn) as pool:
            self._look(hub, "bezorgingen herhaal-vanaf", zetel, ())
            done = Bezorgingen(pool).herhaal_vanaf(zetel, abonnement, na)
        return self._said(done, "Voor dit abonnement is nooit iets bezorgd.")

    def keys(self) -> int:
        """Show the public keys by which subscribers know the hub, the newest last."""
        with self._hub() as hub:
            for signer in hub.webhook_keys().signers():
                self._out.print(signer.public)
        return 0

    def rotate(self) -> int:
        """Make a new key; from now on every message carries its signature beside that of the old one."""
        with self._hub() as hub:
            try:
                hub.webhook_keys().rotate()
            except NoTakeover as refused:
                self._out.print(str(refused), style="red")
                return 1
        self._out.print("Give the new key to subscribers; then: signaalhub bezorgingen oude-sleutel-beeindigen")
        return self.keys()

    def finish(self) -> int:
        """End the old key: only the new one signs."""
        with self._hub() as hub:
            try:
                hub.webhook_keys().finish()
            except NoTakeover as refused:
                self._out.print(str(refused), style="red")
                return 1
        return self.keys()

    def _said(self, done: bool, otherwise: str) -> int:
        self._out.print("Wordt opnieuw bezorgd." if done else otherwise, style=None if done else "red")
        return 0 if done else 1
