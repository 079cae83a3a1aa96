"""The command line for evidence: `signaalhub bewijs`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID

import cyclopts
from rich.console import Console

from hub.handling.bewijsbundels import Wens
from hub.ledger.checkpoints import LOGS
from hub.main import Hub
from hub.sealing import utc_now

Look = Callable[[Hub, str, str, tuple[str, ...]], None]


class Bundling:
    """The command, bound to a way to open the hub, to the access log and to a place to print."""

    def __init__(self, hub: Callable[[], AbstractContextManager[Hub]], look: Look, out: Console) -> None:
        self._hub, self._look, self._out = hub, look, out

    def add_to(self, app: cyclopts.App) -> None:
        """Give `app` this command."""
        app.command(self.bewijs, name="bewijs")

    def bewijs(self, bestand: Path, *, zetel: str, positie: int | None = None, casus: UUID | None = None) -> int:
        """Write evidence of a decision or a case to a zip, as far as a seat may see it; without readable content.

        Parameters
        ----------
        bestand
            The zip to write.
        zetel
            For which seat, such as politie.avim@oost-nederland.
        positie
            Place of the decision in the ledger.
        casus
            Identifier of the case; instead of a position.
        """
        if (positie is None) == (casus is None):
            self._out.print("Name a position or a case, and not both.", style="red")
            return 2
        with self._hub() as hub:
            self._look(hub, "bewijs", zetel, (f"casus:{casus}" if casus else f"positie:{positie}",))
            made = hub.bundelaar().maak(Wens(zetel, positie, casus, leesbaar=False), utc_now(), {})
            if made is None:
                self._out.print("Dit bestaat niet of is niet voor deze zetel.")
                return 1
            bestand.write_bytes(made)
            self._out.print(f"{bestand}  key {hub.checkpoints.signers[LOGS[0]].verifier.vkey}")
        return 0
