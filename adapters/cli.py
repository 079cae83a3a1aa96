"""The command line of an agency: read records, push them, offer repaired ones again.

Exit codes: 0 all accepted, 1 some refused or in quarantine, 2 wrong use, 3 hub not reachable.
"""

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import httpx
from cyclopts import App, CycloptsError, Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from adapters.delivery import Delivery
from adapters.identity import FixedToken, PrivateKeyJwt, TokenSource
from adapters.intake import Adapter
from adapters.journal import Quarantine
from adapters.known import ADAPTERS, find_adapter
from adapters.push import ALLES_AANVAARD, IETS_GEWEIGERD, VERKEERD_GEBRUIK, Telling, push, resubmit
from contracts.message import now_utc

app = App(name="signaalhub-adapters", help="Lees registraties van een organisatie en lever ze aan de hub.")
_console = Console(stderr=True)


def _found(adapter: str, bron: str | None) -> Adapter:
    if adapter not in ADAPTERS:
        _console.print(f"Deze adapter bestaat niet. Kies uit: {', '.join(ADAPTERS)}.")
        raise SystemExit(VERKEERD_GEBRUIK)
    return find_adapter(adapter, bron)


def _present(files: tuple[Path, ...]) -> None:
    missing = [path for path in files if not path.is_file()]
    if missing or not files:
        _console.print("Deze bestanden zijn er niet:", *missing)
        raise SystemExit(VERKEERD_GEBRUIK)


def _tokens(client: httpx.Client, hub: str, client_id: str | None, key: Path | None, token: str | None) -> TokenSource:
    if token:
        return FixedToken(token)
    if not (client_id and key and key.is_file()):
        _console.print("Geef een token, of een client-id met een sleutelbestand.")
        raise SystemExit(VERKEERD_GEBRUIK)
    url = f"{hub.rstrip('/')}/oauth/token"
    try:
        return PrivateKeyJwt(
            client, token_url=url, client_id=client_id, key=key.read_bytes(), now=now_utc, new_id=uuid4
        )
    except ValueError:
        _console.print("Dit sleutelbestand bevat geen bruikbare privésleutel.")
        raise SystemExit(VERKEERD_GEBRUIK) from None


def show(telling: Telling, console: Console) -> None:
    """The summary of a run as a table."""
    table = Table("uitkomst", "rijen")
    names = (
        "aangeboden",
        "aanvaard",
        "herhaald",
        "geweigerd",
        "conflict",
        "ongeldig",
        "in_quarantaine",
        "overgeslagen",
    )
    for name in names:
        table.add_row(name.replace("_", " "), str(getattr(telling, name)))
    console.print(table)
    if telling.melding:
        console.print(telling.melding)


def bar(progress: Progress, files: tuple[Path, ...]) -> Callable[[Path, int], None]:
    """A bar for each file; its length is known for files of lines."""
    tasks: dict[Path, TaskID] = {}
    for path in files:
        lines = None
        if path.suffix in (".jsonl", ".csv"):
            with path.open("rb") as stream:
                lines = sum(1 for _ in stream)
        tasks[path] = progress.add_task(path.name, total=lines)
    return lambda path, rows: progress.advance(tasks[path], rows)


@app.command(name="push")
def push_command(
    adapter: str,
    *files: Path,
    hub: str,
    zetel: str,
    data: Path,
    bron: str | None = None,
    client_id: str | None = None,
    sleutel: Path | None = None,
    token: Annotated[str | None, Parameter(env_var="SIGNAALHUB_TOKEN")] = None,
    pogingen: int = 6,
    opnieuw: bool = False,
) -> None:
    """Lever bestanden aan bij de hub; een afgebroken levering gaat verder waar zij was.

    Parameters
    ----------
    data:
        map voor de voortgang en de quarantaine.
    pogingen:
        hoe vaak een levering wordt geprobeerd voordat de hub onbereikbaar heet.
    opnieuw:
        begin elk bestand bij het begin; de hub herkent wat er al was.
    """
    reader = _found(adapter, bron)
    _present(files)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with httpx.Client(base_url=hub, timeout=30) as client, Progress(*columns, console=_console) as progress:
        delivery = Delivery(client, _tokens(client, hub, client_id, sleutel, token), time.sleep, pogingen)
        telling = push(
            reader,
            files,
            delivery,
            zetel=zetel,
            data=data,
            now=now_utc,
            progress=bar(progress, files),
            opnieuw=opnieuw,
        )
    show(telling, _console)
    raise SystemExit(telling.exit_code)


@app.command(name="resubmit")
def resubmit_command(
    adapter: str,
    quarantaine: Path,
    *,
    hub: str,
    zetel: str,
    bron: str | None = None,
    client_id: str | None = None,
    sleutel: Path | None = None,
    token: Annotated[str | None, Parameter(env_var="SIGNAALHUB_TOKEN")] = None,
) -> None:
    """Bied herstelde rijen uit een quarantainebestand opnieuw aan; aanvaarde rijen verdwijnen eruit."""
    reader = _found(adapter, bron)
    _present((quarantaine,))
    with httpx.Client(base_url=hub, timeout=30) as client:
        delivery = Delivery(client, _tokens(client, hub, client_id, sleutel, token), time.sleep)
        telling = resubmit(reader, Quarantine(quarantaine), delivery, zetel=zetel, now=now_utc)
    show(telling, _console)
    raise SystemExit(telling.exit_code)


@app.command(name="toets")
def check_command(adapter: str, *files: Path, bron: str | None = None) -> None:
    """Lees bestanden zonder iets te leveren en noem per rij alle redenen waarom zij niet mee kan."""
    reader = _found(adapter, bron)
    _present(files)
    bad = 0
    for path in files:
        for row in reader.read(path, now=now_utc()):
            bad += bool(row.faults)
            for reason in row.faults:
                print(f"{path.name}:{row.number}: {reason.veld or '/'}: {reason.melding}")
    raise SystemExit(IETS_GEWEIGERD if bad else ALLES_AANVAARD)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code, 2 for wrong use."""
    try:
        app(arguments, exit_on_error=False)
    except CycloptsError:
        # The library has already said what is wrong.
        return VERKEERD_GEBRUIK
    except SystemExit as end:
        return int(end.code or 0)
    return ALLES_AANVAARD


if __name__ == "__main__":
    sys.exit(main())
