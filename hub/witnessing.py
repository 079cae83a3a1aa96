"""The command line for witnesses, proofs and the keys of the logs: `signaalhub witness|quorum|proof|proven|keys`."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import cyclopts
from rich.console import Console
from rich.table import Table

from hub.audit import proving, witness
from hub.audit.proof import write_proof
from hub.ledger.checkpoints import LOGS, Signed
from hub.ledger.signing import NoSuccession
from hub.ledger.vouching import verifier, vouched
from hub.main import Hub
from hub.publishing import signing_keys
from hub.sealing import utc_now

Look = Callable[[Hub, str, str, tuple[str, ...]], None]
Words = Annotated[str, cyclopts.Parameter(show=False, allow_leading_hyphen=True)]


class Witnessing:
    """The commands, bound to a way to open the hub, to the access log and to a place to print."""

    def __init__(self, hub: Callable[[], AbstractContextManager[Hub]], look: Look, out: Console) -> None:
        self._hub, self._look, self._out = hub, look, out

    def add_to(self, app: cyclopts.App) -> None:
        """Give `app` these commands."""
        keys = cyclopts.App(name="keys", help="The keys by which partners know the logs.")
        keys.default(self.keys)
        keys.command(self.rotate, name="rotate")
        keys.command(self.finish, name="finish")
        app.command(keys)
        app.command(self.quorum, name="quorum")
        app.command(self.proof, name="proof")
        app.command(self.proven, name="proven", help_flags=[])
        app.command(self.witness, name="witness", help_flags=[])

    def keys(self) -> int:
        """Show the public keys by which partners know the logs."""
        with self._hub() as hub:
            for log in LOGS:
                for signer in hub.checkpoints.keys[log].all:
                    self._out.print(signer.verifier.vkey)
        return 0

    def rotate(self) -> int:
        """Make a new key that signs beside the old one from the next start of the hub."""
        with self._hub() as hub:
            try:
                signing_keys(hub.settings).rotate({log: hub.checkpoints.size(log) for log in LOGS})
            except NoSuccession as refused:
                self._out.print(str(refused), style="red")
                return 1
        self._out.print("Restart the hub; give the new keys to partners and witnesses; then: signaalhub keys finish")
        return self.keys()

    def finish(self) -> int:
        """End the old key: from here on only the new one signs."""
        with self._hub() as hub:
            latest = {log: point.note for log in LOGS if (point := hub.published.latest(log))}
            try:
                signing_keys(hub.settings).finish({log: hub.checkpoints.size(log) for log in LOGS}, latest)
            except NoSuccession as refused:
                self._out.print(str(refused), style="red")
                return 1
        return self.keys()

    def quorum(self) -> int:
        """Show who vouches for the logs, and since when. Exit code 1 where something is wrong."""
        table = Table("logboek", "bladen", "quorum", "getuige", "stand", "getekend op", "alarm")
        wrong = False
        with self._hub() as hub:
            for log in LOGS:
                state = vouched(hub.published, log, hub.trust, utc_now())
                size = str(state.latest.size) if state.latest else "geen"
                alarm = ", ".join(state.alarms)
                wrong = wrong or bool(state.alarms)
                table.add_row(log, size, hub.trust.rule(), "", "", "", alarm, style="red" if alarm else None)
                for key, one in state.standings.items():
                    stand, at = (one.stand, one.signed_at) if one else ("nooit gevraagd", None)
                    table.add_row("", "", "", verifier(key).name, stand, f"{at:%Y-%m-%d %H:%M:%S}" if at else "nooit")
        self._out.print(table)
        return 1 if wrong else 0

    def proof(self, position: int, *, log: str = LOGS[0], file: Path | None = None) -> int:
        """Write a proof that one entry stands in a log, which anybody can check without a network.

        Parameters
        ----------
        position
            Position on the ledger, or number in the access log; from 1.
        log
            grootboek or toegang. A proof of the access log holds the record itself.
        file
            Where to write; the position and .tlog-proof by default.
        """
        if log not in LOGS:
            self._out.print(f"Logs are {' and '.join(LOGS)}.", style="red")
            return 2
        with self._hub() as hub:
            self._look(hub, "proof", "beheerder@hub", (f"logboek:{log}",))
            witnessed = hub.published.witnessed(log)
            covers = witnessed is not None and position <= witnessed.size
            against = Signed(witnessed.size, witnessed.note) if witnessed and covers else hub.checkpoints.signed(log)
            found = hub.checkpoints.inclusion_at(log, position - 1, against)
        if found is None:
            self._out.print(f"{log} has no entry {position}.", style="red")
            return 1
        path = file or Path(f"{log}-{position}.tlog-proof")
        path.write_text(write_proof(found.index, found.hashes, found.checkpoint, found.leaf_data))
        self._out.print(f"{path}: {'witnessed' if covers else 'signed by the log only'}, {found.size} entries")
        return 0

    def proven(self, *arguments: Words) -> int:
        """Check a proof as an outsider would: FILE --policy FILE."""
        return proving.main(arguments)

    def witness(self, *arguments: Words) -> int:
        """Be a witness: FOLDER --name NAME --log VKEY [--host HOST] [--port PORT]. Needs nothing of a hub."""
        return witness.main(arguments)
