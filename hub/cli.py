"""The command line `signaalhub`. Exit codes: 0 done, 1 found something wrong, 2 usage, 3 a part is not reachable."""

import sys
from collections import Counter
from datetime import UTC, date, datetime
from getpass import getuser
from itertools import groupby
from pathlib import Path
from secrets import token_hex
from typing import Annotated
from uuid import UUID

import cyclopts
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from adapters.abonnee.cli import abonnee_command
from adapters.cli import push_command, resubmit_command
from hub import demo
from hub.access.beleid import Beleid
from hub.access.bundel import BeleidOngeldig
from hub.access.tonen import convenanttekst
from hub.api.register import exported
from hub.audit import verify as outsider
from hub.audit.access import Access
from hub.bundling import Bundling
from hub.connecting import UNREACHABLE, Connecting
from hub.exporting import export_log_to
from hub.handling.explain import Uitleg
from hub.handling.questions import Questions
from hub.handling.simulate import flips
from hub.ledger.checkpoints import LOGS
from hub.ledger.database import DatabaseUnavailable
from hub.log import Log
from hub.main import Hub, development_clients, open_hub
from hub.overseeing import Overseeing
from hub.policies import Versions
from hub.redelivering import Redelivering
from hub.reminding import Reminding
from hub.requesting import Requesting
from hub.retention import Retention
from hub.sealing import utc_now
from hub.serving import project_until_alone, serve
from hub.settings import Settings, SettingsError, load_settings
from hub.subscribing import Subscribing
from hub.witnessing import Witnessing

app = cyclopts.App(name="signaalhub", help="Lawful sharing of signs of human trafficking.")
policies = cyclopts.App(name="policies", help="The policy: what it says, and what a draft would change.")
app.command(policies)
app.command(push_command, name="push")
app.command(resubmit_command, name="resubmit")
app.command(abonnee_command, name="abonnee")
#: Wide where nobody looks at a terminal, so that lines stay whole in a file.
out = Console(highlight=False, width=None if sys.stdout.isatty() else 160)


def main() -> None:
    """Run the command line."""
    try:
        code = app(result_action="return_value")
    except BeleidOngeldig as error:
        Console(stderr=True, soft_wrap=True).print("\n".join(error.fouten), style="red", markup=False)
        code = 1
    except (SettingsError, DatabaseUnavailable) as error:
        Console(stderr=True).print(str(error), style="red")
        code = 3
    except UNREACHABLE as error:
        Console(stderr=True).print(f"Kafka: {type(error).__name__}: {error}", style="red", markup=False)
        code = 3
    sys.exit(int(code or 0))


@app.command(name="serve")
def serve_command() -> int:
    """Serve the hub until interrupted. Settings come from HUB_… variables."""
    # What must and must never be is asked before the first partner asks anything.
    with open_hub(load_settings(), gevallen=True) as hub:
        hub.beleid.maak_gereed()
        if hub.settings.issuer_url is None:
            development_clients(hub)
        serve(hub, operational_log(hub.settings))
    return 0


@app.command(name="demo")
def demo_command(*, exit: Annotated[bool, cyclopts.Parameter(negative=())] = False, data: Path | None = None) -> int:
    """Push the whole casebook through the real API and show who sees what, and why.

    Parameters
    ----------
    exit
        Stop afterwards instead of serving on.
    data
        Data folder; the demo's own by default.
    """
    return demo.run(data or Path("data") / "demo", stay=not exit, console=out)


@app.command(show=False)
def project(*, parent: int) -> int:
    """Keep the views for the serving process `parent`, until it is gone."""
    with open_hub(load_settings()) as hub:
        project_until_alone(hub, parent)
    return 0


@app.command
def replay() -> int:
    """Empty all permitted views and make them anew from the ledger."""
    with open_hub(load_settings()) as hub, _progress() as bar:
        head = hub.store.head()
        task = bar.add_task("views", total=head)
        projector = hub.projector()
        try:
            projector.rebuild(lambda position, _: bar.update(task, completed=position), head)
        finally:
            projector.close()
    return 0


@app.command
def explain(casus: UUID, *, zetel: str, op: date | None = None) -> int:
    """Show what a seat sees of a case, field by field, with the rule, the article and the sentence.

    Parameters
    ----------
    casus
        Identifier of the case.
    zetel
        Seat, such as politie.avim@oost-nederland.
    op
        Day to look at; today by default.
    """
    with open_hub(load_settings()) as hub:
        record_look(hub, "explain", zetel, (f"casus:{casus}",))
        lines = hub.explainer().casus(casus, zetel, op or datetime.now(UTC).date())
    if lines is None:
        out.print("Deze casus bestaat niet of is niet voor deze zetel.")
        return 1
    for (signaal_id, verstrekker), of_one in groupby(lines, key=lambda line: (line.signaal_id, line.verstrekker)):
        out.print(f"\n[bold]signaal {signaal_id}[/] van {verstrekker}")
        for because, together in groupby(sorted(of_one, key=_because), key=_because):
            hidden, sentence, articles, rules = because
            names = ", ".join(line.categorie for line in together)
            out.print(f"  {'[green]getoond[/]  ' if not hidden else '[red]verborgen[/]'} {names}")
            out.print(f"            {sentence} [dim]({articles}; regel {rules})[/]")
    return 0


def _because(line: Uitleg) -> tuple[bool, str, str, str]:
    sentence = line.zin + (f" Wat wel kan: {line.alternatief}" if line.alternatief else "")
    return not line.zichtbaar, sentence, "; ".join(line.grondslagen) or "geen artikel", ", ".join(line.regels) or "geen"


@policies.command(name="toon")
def show_policies(*, regio: str | None = None) -> int:
    """List the rules, and every covenant with its parties, tables, gaps and contradictions.

    Parameters
    ----------
    regio
        Only the covenants of this region.
    """
    beleid = Beleid.laad()
    if regio is None:
        table = Table("regel", "bron", "zin")
        for rule in beleid.regels:
            table.add_row(rule.id, rule.bron, rule.zin)
        out.print(table)
    for covenant in beleid.alle_convenanten:
        if regio is None or covenant.in_regio(regio):
            title, *lines = convenanttekst(covenant)
            out.print(title, style="bold", markup=False)
            out.print("\n".join(lines), markup=False)
    return 0


@policies.command(name="simulate")
def simulate_policies(bundle: Path) -> int:
    """Ask all recorded decisions again under a draft bundle and list what would flip; nothing is written."""
    draft = Questions(Beleid.laad(bundle))
    counted: Counter[tuple[str, ...]] = Counter()
    with open_hub(load_settings()) as hub:
        for flip in flips(hub.store, draft):
            change = "[green]gaat open[/]" if flip.wordt_toegestaan else "[red]gaat dicht[/]"
            party = (flip.zetel, flip.handeling, flip.spoor, flip.ontvanger, flip.verstrekker)
            counted[change, *party, flip.categorie, ", ".join(flip.regels) or "geen"] += 1
    table = Table("", "zetel", "handeling", "spoor", "ontvanger", "verstrekker", "categorie", "grond tot nu", "keer")
    for row, times in sorted(counted.items()):
        table.add_row(*row, str(times))
    out.print(table if counted else "Geen enkele vastgelegde beslissing zou anders uitvallen.")
    return 0


@policies.command(name="check")
def check_policies(bundle: Path | None = None) -> int:
    """Check all of a policy bundle as if it were activated today; every fault as file:line: reason.

    Parameters
    ----------
    bundle
        A folder; the policy of the hub itself by default.
    """
    beleid = Beleid.laad(bundle, gevallen=True, op=utc_now().date())
    out.print(f"beleidsversie {beleid.versie}: {len(beleid.regels)} regels, {len(beleid.instanties)} zetels")
    return 0


@policies.command(name="bewijs")
def prove_policies(bundle: Path | None = None) -> int:
    """Prove that what must never be is permitted in no request at all, or show a request in which it is."""
    # The solver is an extra: only who writes policy needs it.
    from hub.access.bewijs.bewijs import bewijs_map  # noqa: PLC0415

    broken = 0
    for outcome in bewijs_map(bundle):
        broken += outcome.tegenvoorbeeld is not None
        out.print(str(outcome), style="red" if outcome.tegenvoorbeeld else None, markup=False)
    return 1 if broken else 0


@policies.command(name="register")
def export_register(bundle: Path | None = None) -> int:
    """Print the register of processing activities (AVG 30) as JSON, in the shape of the Logboek register API."""
    document = exported(Beleid.laad(bundle).register)
    print(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
    return 0


@app.command
def export(folder: Path) -> int:
    """Write both transparency logs to a folder that an outsider can verify."""
    with open_hub(load_settings()) as hub:
        record_look(hub, "export", "beheerder@hub", tuple(f"logboek:{log}" for log in LOGS))
        for log in LOGS:
            export_log_to(hub, log, folder / log)
            out.print(f"{log}: {folder / log}  key {hub.checkpoints.signers[log].verifier.vkey}")
    return 0


@app.command
def verify(
    folder: Path, *, key: str, earlier: tuple[Path, ...] = (), witness: tuple[str, ...] = (), quorum: int = 0
) -> int:
    """Verify an exported log as an outsider would."""
    arguments = [str(folder), "--key", key]
    for path in earlier:
        arguments += ["--earlier", str(path)]
    for vkey in witness:
        arguments += ["--witness", vkey]
    arguments += ["--quorum", str(quorum)]
    return outsider.main(arguments)


def record_look(hub: Hub, command: str, zetel: str, objecten: tuple[str, ...]) -> None:
    """What the operator looks at is in the access log as well, before it is shown."""
    record = Access(
        handeling="raadplegen",
        vraag=f"signaalhub {command}",
        resultaat="toegestaan",
        zetel=zetel,
        oin="",
        actor=f"beheerder:{getuser()}",
        herkomst="opdrachtregel",
        tijdstip=utc_now(),
        doel="rechtmatigheidscontrole",
        trace=token_hex(16),
        objecten=objecten,
        beleidsversie=hub.beleid.versie,
    )
    hub.store.append_access([record.entry()])


def operational_log(settings: Settings) -> Log:
    """Lines as JSON on standard error."""
    return Log(sys.stderr, settings.log_level, utc_now)


def _progress() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


Versions(lambda: open_hub(load_settings()), utc_now, out, _progress).add_to(policies)
Witnessing(lambda: open_hub(load_settings()), record_look, out).add_to(app)
Connecting(lambda: open_hub(load_settings()), record_look, operational_log, out).add_to(app)
Bundling(lambda: open_hub(load_settings()), record_look, out).add_to(app)
Retention(lambda: open_hub(load_settings()), record_look, utc_now, out).add_to(app)
Overseeing(lambda: open_hub(load_settings()), record_look, out).add_to(app)
Redelivering(lambda: open_hub(load_settings()), record_look, out).add_to(app)
Reminding(lambda: open_hub(load_settings()), record_look, utc_now, out).add_to(app)
Requesting(lambda: open_hub(load_settings()), utc_now, f"beheerder:{getuser()}", out.input, out).add_to(app)
Subscribing(
    lambda: open_hub(load_settings()),
    record_look,
    utc_now,
    f"beheerder:{getuser()}",
    lambda asked: out.input(asked, password=True),
    out,
).add_to(app)

if __name__ == "__main__":
    main()
