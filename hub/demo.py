"""The demo: the casebook through the real doors, then who sees what and why, then proof as an outsider gets it."""

import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import orjson
import uvicorn
from fastapi import FastAPI
from psycopg_pool import ConnectionPool
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

import adapters
from adapters.abonnee.client import Abonnee
from adapters.abonnee.subscribing import Wens, take_subscription
from adapters.delivery import Delivery, Resultaat
from adapters.identity import PrivateKeyJwt
from adapters.intake import Row
from adapters.known import find_adapter
from contracts.brug import BevestigBrugbericht
from contracts.cloudevents import CloudEvent
from contracts.signaal import RegistreerSignaal
from hub.api.identity import SCOPES
from hub.audit.verify import verify_log
from hub.delivering import deliver_in_threads
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.exporting import export_log_to, verifier_key
from hub.ledger.checkpoints import LOGS
from hub.log import Log
from hub.main import Hub, development_clients, open_app, open_hub
from hub.sealing import utc_now
from hub.settings import Settings
from hub.views.read import Views

ADAPTERS = Path(adapters.__file__).parent
STORIES = ADAPTERS / "casuistiek"
NOTHING = "niets aan deze zetel verstrekt"
HTTP_SECONDS = 60
#: Whose abonnee the demo runs, and for what that seat reads.
MUNICIPALITY = "gemeente.af-oov@ede"
READS_FOR = ("zorg-opvang", "riec-handhaving-mensenhandel", "bestuurlijke-interventie", "veiligheid-slachtoffer")
DELIVERY_SECONDS = 30


@dataclass(slots=True)
class Story:
    """A story of the casebook: its acts in order, each a row of a native file."""

    id: str
    titel: str
    stappen: list[dict[str, Any]]
    verwachting: dict[str, Any] = field(default_factory=dict)
    signalen: set[str] = field(default_factory=set)

    @property
    def zetels(self) -> list[str]:
        """The seats that act in it or that its expectations speak of."""
        acting = [step["zetel"] for step in self.stappen]
        looking = [row["zetel"] for row in self.verwachting.get("zicht", [])]
        return sorted({*acting, *looking})


def stories() -> list[Story]:
    """All stories, by number."""
    found = []
    for path in sorted(STORIES.glob("cb-*.json")):
        content = orjson.loads(path.read_bytes())
        found.append(Story(content["id"], content["titel"], content["stappen"], content.get("verwachting", {})))
    return found


class Clients:
    """The agencies' systems, each proving itself with its own key; one token per seat."""

    def __init__(self, hub: Hub, client: httpx.Client, keys: dict[str, Path]) -> None:
        self._seats, self._client, self._keys = hub.beleid.instanties, client, keys
        self._sources: dict[str, PrivateKeyJwt] = {}

    def token(self, zetel: str) -> str:
        return self._source(zetel).token(zetel)

    def forget(self, zetel: str) -> None:
        self._source(zetel).forget(zetel)

    def _source(self, zetel: str) -> PrivateKeyJwt:
        oin = self._seats[zetel].oin
        if oin not in self._sources:
            self._sources[oin] = PrivateKeyJwt(
                self._client,
                token_url=str(self._client.base_url.join("/oauth/token")),
                client_id=f"{oin}:demo",
                key=self._keys[oin].read_bytes(),
                now=utc_now,
                new_id=uuid4,
                scope=" ".join(SCOPES),
            )
        return self._sources[oin]


class Rows:
    """Rows of native files by file and number, each file read once by its adapter."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, str, str | None], dict[int, Row]] = {}

    def row(self, step: dict[str, Any]) -> Row:
        key = (step["adapter"], step["bestand"], step.get("bron"))
        if key not in self._files:
            reader = find_adapter(step["adapter"], step.get("bron"))
            path = ADAPTERS / step["bestand"]
            self._files[key] = {row.number: row for row in reader.read(path, now=utc_now())}
        return self._files[key][step["regel"]]


def run(data: Path, *, stay: bool, console: Console) -> int:
    """Run the demo. Exit code 0 when the outsider's verification finds nothing."""
    port = _free_port()
    settings = Settings(
        data_folder=data.absolute(), port=port, public_url=f"http://127.0.0.1:{port}", webhook_loopback=True
    )
    started = time.monotonic()
    with open_hub(settings) as hub:
        console.print(f"hub open in {time.monotonic() - started:.1f} s, policy {hub.beleid.versie[:12]}")
        keys = development_clients(hub)
        with _quiet_log(data) as log, open_app(hub, log) as app, deliver_in_threads(hub, log), serving(app, port):
            with httpx.Client(base_url=settings.public_url, timeout=HTTP_SECONDS) as client:
                clients = Clients(hub, client, keys)
                with municipality(data.absolute() / "abonnee", client, clients) as abonnee:
                    verified = _tell(hub, client, clients, abonnee, console)
            if stay:
                console.print(f"serving on {settings.public_url}/v1/openapi.json — Ctrl-C stops")
                _wait_for_interrupt()
    return 0 if verified else 1


def _tell(hub: Hub, client: httpx.Client, clients: Clients, abonnee: Abonnee, console: Console) -> bool:
    told = stories()
    answers = push_stories(told, client, clients, console, lambda: _wait_for_views(hub))
    destroyed = hub.bewaarlijst().run(utc_now()).vernietigd
    console.print(f"destroyed because the law asks for it at once: {destroyed}")
    _wait_for_views(hub)
    for story in told:
        show(story, client, clients, answers[story.id], console)
    console.print(delivered(hub, abonnee))
    findings = verify_as_outsider(hub, console)
    counted = count(hub)
    console.print(
        f"{len(told)} stories, {counted['signaal-geregistreerd']} signals, {counted['signaal-verstrekt']} disclosures, "
        f"{counted['geweigerd']} refusals: {'verified' if not findings else 'NOT VERIFIED'}"
    )
    return not findings


@contextmanager
def municipality(folder: Path, client: httpx.Client, clients: Clients) -> Iterator[Abonnee]:
    """The abonnee of a municipality, told by webhook of what changes for it; the same address each time."""
    with Abonnee(client, clients, MUNICIPALITY, folder, READS_FOR, attempts=2) as abonnee:
        address = folder / "poort"
        if not address.exists():
            address.write_text(str(_free_port()))
        port = int(address.read_text())
        abonnee.listen("127.0.0.1", port)
        take_subscription(abonnee.door, Wens("webhook", f"http://127.0.0.1:{port}/"), uuid4)
        abonnee.work_beside(HTTP_SECONDS)
        yield abonnee


def delivered(hub: Hub, abonnee: Abonnee) -> str:
    """How many notices there are, and what became of those of the municipality; waits until it did them all."""
    until, lost = time.monotonic() + DELIVERY_SECONDS, -1
    with (
        ConnectionPool(hub.database.dsn, min_size=1, max_size=1, open=True) as pool,
        closing(hub.gebeurtenissen(pool)) as notices,
    ):
        while lost and time.monotonic() < until:
            time.sleep(0.1)
            _wait_for_views(hub)
            found: list[Gebeurtenis] = []
            while page := notices.na(found[-1].volgorde if found else 0, 5_000):
                found += page
            own = [one for one in found if one.zetel == MUNICIPALITY]
            done = {id for _, _, id, _ in abonnee.journal.verwerkt()}
            may = notices.toegestaan(own, utc_now())
            lost = sum(goes and one.id not in done for one, goes in zip(own, may, strict=True))
    seats = len({one.zetel for one in found})
    return f"notices: {len(found)} to {seats} seats, {_brought(abonnee)} delivered by webhook, {lost} lost"


def _brought(abonnee: Abonnee) -> int:
    """What arrived at the municipality's address."""
    brought, more = 0, dict[str, Any]()
    while True:
        page = abonnee.door.ask("GET", "/v1/bezorgingen", params={"status": "bezorgd", "aantal": 500, **more}).json()
        brought += len(page["bezorgingen"])
        if page["volgende"] is None:
            return brought
        more = {"na": page["volgende"]}


def push_stories(
    told: list[Story], client: httpx.Client, clients: Clients, console: Console, settle: Callable[[], object]
) -> dict[str, list[Resultaat]]:
    """Push every act of every story, in its order; consecutive acts of one seat go as one batch."""
    rows, delivery = Rows(), Delivery(client, clients, time.sleep)
    answers: dict[str, list[Resultaat]] = {story.id: [] for story in told}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("casebook", total=sum(len(story.stappen) for story in told))
        for story in told:
            for zetel, told_events, acts in batches(story, rows):
                events = read_first(zetel, told_events, client, clients, settle)
                answers[story.id] += delivery.send(zetel, events) if events else []
                bar.advance(task, acts)
    return answers


def read_first(
    zetel: str, events: list[CloudEvent], client: httpx.Client, clients: Clients, settle: Callable[[], object]
) -> list[CloudEvent]:
    """Who confirms a bridge message has read it: only there stands the pseudonym, which no story can know.

    In its place a story writes the last two digits of the number to call.
    """
    if all(event.type != BevestigBrugbericht.TYPE for event in events):
        return events
    settle()
    answer = client.get("/v1/brugberichten", headers={"Authorization": f"Bearer {clients.token(zetel)}"})
    answer.raise_for_status()
    read = {one["inhoud"]["contactpersoon"]["telefoon"][-2:]: one for one in answer.json()["brugberichten"]}
    return [_confirming(event, read) if event.type == BevestigBrugbericht.TYPE else event for event in events]


def _confirming(event: CloudEvent, read: dict[str, dict[str, Any]]) -> CloudEvent:
    message = read[event.data["casusPseudoniem"][-2:]]
    known = {"casusPseudoniem": message["inhoud"]["casusPseudoniem"], "volgnummer": message["volgnummer"]}
    return event.model_copy(update={"data": {**event.data, **known}})


def batches(story: Story, rows: Rows) -> Iterator[tuple[str, list[CloudEvent], int]]:
    """The acts of a story as batches of one seat: seat, messages, number of acts."""
    zetel, events, acts = "", list[CloudEvent](), 0
    pushed: set[tuple[str, int]] = set()
    for step in story.stappen:
        if acts and step["zetel"] != zetel:
            yield zetel, events, acts
            events, acts = [], 0
        zetel = step["zetel"]
        acts += 1
        if (step["bestand"], step["regel"]) not in pushed:  # one native row may hold several acts
            pushed.add((step["bestand"], step["regel"]))
            new = rows.row(step).events
            events += new
            story.signalen |= {event.data["signaalId"] for event in new if event.type == RegistreerSignaal.TYPE}
    if acts:
        yield zetel, events, acts


def show(story: Story, client: httpx.Client, clients: Clients, answers: list[Resultaat], console: Console) -> None:
    """Print who sees what of a story, on which ground, and why the others see nothing."""
    table = Table(
        "zetel", "ziet", "categorieën van anderen", "grondslag", title=f"{story.id} {story.titel}", title_justify="left"
    )
    for zetel in story.zetels:
        seen = _seen(client, clients, zetel, story.signalen)
        foreign = [part for item in seen for part in item["bijdragen"] if part["zetel"] != zetel]
        given = [one for item in seen for one in item["verstrekkingen"] if not one["vervallen"]]
        grounds = sorted({ground for one in given for ground in one["grondslagen"]})
        categories = sorted({category for one in given for category in one["categorieen"]})
        what = f"{len(seen)} signalen, {len(foreign)} bijdragen van anderen" if seen else "niets"
        why = "; ".join(grounds) if grounds else ("eigen inbreng" if seen else NOTHING)
        table.add_row(zetel, what, ", ".join(categories), why)
    console.print(table)
    refused = Counter(one.probleem.detail for one in answers if one.probleem is not None)
    for reason, times in refused.most_common(3):
        console.print(f"  geweigerd ({times}×): {reason[:200]}", style="dim")


def _seen(client: httpx.Client, clients: Clients, zetel: str, own: set[str]) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {clients.token(zetel)}"}
    found: list[dict[str, Any]] = []
    for signaal_id in sorted(own):
        answer = client.get(f"/v1/signalen/{signaal_id}", params={"doel": "interne-controle"}, headers=headers)
        if answer.status_code == httpx.codes.FORBIDDEN:
            answer = _with_its_purpose(client, headers, signaal_id)
        if answer.is_success:
            found.append(answer.json())
    return found


def _with_its_purpose(client: httpx.Client, headers: dict[str, str], signaal_id: str) -> httpx.Response:
    """A seat knows for what it got a signal; the demo tries the purposes of the casebook."""
    answer = httpx.Response(404)
    for doel in PURPOSES:
        answer = client.get(f"/v1/signalen/{signaal_id}", params={"doel": doel}, headers=headers)
        if answer.is_success:
            return answer
    return answer


PURPOSES = (
    "zorg-opvang",
    "veiligheid-slachtoffer",
    "strafvordering",
    "registratie-comensha",
    "riec-handhaving-mensenhandel",
    "openbare-orde",
    "toezicht-arbeid",
    "bestuurlijke-interventie",
    "verblijfsrecht",
    "zvh-casus",
    "identificatie",
    "terugkoppeling",
    "woonmisstand",
    "terugkeer",
)


def verify_as_outsider(hub: Hub, console: Console) -> list[Any]:
    """Export both logs and verify them with the module that imports nothing of ours."""
    findings: list[Any] = []
    with tempfile.TemporaryDirectory() as folder:
        for log in LOGS:
            size = export_log_to(hub, log, Path(folder) / log)
            found = verify_log(Path(folder) / log, [verifier_key(hub, log)])
            console.print(f"log {log}: {size} leaves, {found or 'no findings'}")
            findings += found
    return findings


def count(hub: Hub) -> Counter[str]:
    """Recorded events by kind; `geweigerd` counts every refusal."""
    counted: Counter[str] = Counter()
    at = 0
    while page := hub.store.read(at, 5_000):
        at = page[-1].position
        for one in page:
            kind = one.topic.removeprefix("nl.overheid.mensenhandel.").rpartition(".")[0]
            counted[kind] += 1
            refusal = kind in (
                "signaal-geweigerd",
                "verstrekking-geweigerd",
                "handeling-geweigerd",
                "interventie-geweigerd",
            )
            counted["geweigerd"] += refusal
    return counted


@contextmanager
def serving(app: FastAPI, port: int) -> Iterator[None]:
    """A real server on the loopback address while the context lasts."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, name="server", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=15)


@contextmanager
def _quiet_log(data: Path) -> Iterator[Log]:
    data.mkdir(parents=True, exist_ok=True)
    with (data / "hub.log").open("a", encoding="utf-8") as stream:
        yield Log(stream, "info", utc_now)


def _wait_for_views(hub: Hub) -> None:
    head = hub.store.head()
    with ConnectionPool(hub.database.dsn, min_size=1, max_size=1, open=True) as pool:
        views = Views(pool, hub.sealer, utc_now)
        while views.position() < head:
            time.sleep(0.05)


def _wait_for_interrupt() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
