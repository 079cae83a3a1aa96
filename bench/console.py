"""How long every page of the console takes among 100,000 signals, and how heavy it is.

    python -m bench.console --signals 100000 --keep /var/tmp/console-100000

From a hub in its own process, one reader at a time. `wall`: as the hub itself counts it, from the whole request to the
whole answer; `api`: the part of it that went to the questions that the page asks; `cpu`: processor time of the doors
and of the database per page, which says more where others use the machine. `KB`: the page as it is sent, and with its
sheets and scripts, packed; a browser fetches those once. Beside it a bare FastAPI and Jinja page of as many bytes.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid5

import httpx
import orjson

from bench.console_pages import DOELEN, EVERYBODY, LEFT_OUT, PETRA, Bezoek, forms, part_of, routes, visits
from bench.console_world import LARGE, ONDERMIJNING, RIEC, ZC, build
from bench.running import Served, free_port, machine, process, processor_seconds, quantile, served_hub, timed
from contracts.cloudevents import NAAMRUIMTE
from hub.console.officer.oversight import LIJSTEN
from hub.console.page.assets import assets
from hub.ledger.database import Database, open_database

TARGET_MILLISECONDS, TARGET_BYTES = 150, 100_000
#: As a browser says that a page of ours asked.
OURS = {"Sec-Fetch-Site": "same-origin"}
DONE = b'"VerzoekAfgehandeld"'
_KEY = re.compile(r'name="sleutel" value="([^"]+)"')
_FILE = re.compile(r"/console/static/[0-9a-f]+/([^\"']+)")


class Gemeten(NamedTuple):
    """One address for one seat. `wall`, `api`: seconds as the hub logged them; `cpu`, `database`: per page."""

    status: int
    wall: list[float]
    api: list[float]
    cpu: float
    database: float
    sent: int
    whole: int


class Processors:
    """Processor time so far of the doors, and of every server process of the database."""

    def __init__(self, hub: Served, folder: Path) -> None:
        self._hub = hub.pid
        self._database = int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])

    def now(self) -> tuple[float, dict[int, float]]:
        children = Path(f"/proc/{self._database}/task/{self._database}/children").read_text().split()
        return processor_seconds(self._hub), {int(child): _seconds(int(child)) for child in children}

    def since(self, before: tuple[float, dict[int, float]]) -> tuple[float, float]:
        """Of the doors, and of the servers of the database that were there all the time."""
        doors, servers = self.now()
        return doors - before[0], sum(spent - before[1].get(pid, spent) for pid, spent in servers.items())


def _seconds(pid: int) -> float:
    """Of a process of one thread; 0 where it is gone."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0


class Person:
    """Somebody with a browser, in one hat."""

    def __init__(self, address: str, zetel: str) -> None:
        self._http = httpx.Client(base_url=address, headers=OURS, follow_redirects=True, timeout=600)
        self._origin = {"Origin": address}
        asked = self._http.get("/console")
        self._http.post(str(asked.url), data={"persoon": EVERYBODY[zetel]}, headers=self._origin)
        self._key = self._renewed()
        self._post("/console/pet", {"zetel": zetel})
        self._key = self._renewed()

    def get(self, path: str) -> httpx.Response:
        return self._http.get(path)

    def ask(self, visit: Bezoek, address: str) -> httpx.Response:
        return self._http.get(address) if visit.form is None else self._post(address, visit.form)

    def _post(self, path: str, form: Mapping[str, str]) -> httpx.Response:
        return self._http.post(path, data={"sleutel": self._key, **form}, headers=self._origin)

    def _renewed(self) -> str:
        """The key of its forms; another one after a change of hat."""
        found = _KEY.search(self._http.get("/console/pet").text)
        if found is None:
            raise SystemExit("nobody is signed in")
        return found[1]


class Log:
    """What the hub wrote of its requests since the last look."""

    def __init__(self, path: Path) -> None:
        self._lines = path.open("rb")
        self._lines.seek(0, 2)

    def requests(self) -> Iterator[Mapping[str, Any]]:
        for line in self._lines.readlines():
            if DONE in line:
                yield orjson.loads(line)


def split(lines: Iterator[Mapping[str, Any]]) -> tuple[list[float], list[float]]:
    """Seconds of each page, and of the questions it asked: they have its trace."""
    pages: dict[str, float] = {}
    inside: dict[str, float] = {}
    for one in lines:
        kind = pages if one["route"].startswith("/console") else inside
        kind[one["trace"]] = kind.get(one["trace"], 0.0) + one["milliseconden"] / 1000
    return list(pages.values()), [inside.get(trace, 0.0) for trace in pages]


def measured(person: Person, visit: Bezoek, address: str, log: Log, processors: Processors, times: int) -> Gemeten:
    """Ask once to warm up, then so many times."""
    answer = person.ask(visit, address)
    time.sleep(0.01)
    list(log.requests())
    before = processors.now()
    for _ in range(times):
        person.ask(visit, address)
    cpu, database = (spent / times for spent in processors.since(before))
    time.sleep(0.01)
    wall, api = split(log.requests())
    once = set(_FILE.findall(answer.text))
    files = sum(len(assets()[name].packed) for name in once)
    sent = int(answer.headers.get("content-length", len(answer.content)))
    return Gemeten(answer.status_code, wall, api, cpu, database, sent, sent + files)


def known(people: Mapping[str, Person], zetel: str) -> dict[str, str]:
    """What stands in an address for a seat: one of its signals, a cursor and a purpose."""
    doel = DOELEN.get(zetel, "interne-controle")
    text = people[zetel].get(f"/console/signalen?doel={doel}").text
    signals = re.findall(r"/console/signalen/([0-9a-f-]{36})", text)
    cursor = re.search(r"na=(\d+)", text)
    return {"doel": doel, "riec": RIEC, "signaal": signals[0] if signals else "", "na": cursor[1] if cursor else "1"}


def examples(people: Mapping[str, Person]) -> dict[str, Sequence[str]]:
    """What stands for each part of a path."""
    policies = people[PETRA].get("/console/toezicht/beleid").text
    versions = re.findall(r"/console/toezicht/beleid/([0-9a-f]{64})", policies)
    linked = {part_of(path): linked_to(people, path) for path in routes() if part_of(path) and path not in LEFT_OUT}
    return linked | {
        "signaalId": ("{signaal}",),
        "casusId": (str(LARGE), str(uuid5(NAAMRUIMTE, "casus-7"))),
        "overlegId": (str(uuid5(NAAMRUIMTE, "overleg")),),
        "versie": versions[:1] or ["0" * 64],
        "naam": list(LIJSTEN),
        "abonnementId": (str(uuid5(NAAMRUIMTE, f"abonnement-{ONDERMIJNING}")),),
    }


def linked_to(people: Mapping[str, Person], path: str) -> Sequence[str]:
    """Something of which the page that goes before it in its path has a link; nothing where nobody sees one."""
    before, _, after = path.partition(f"/{{{part_of(path)}}}")
    link = re.compile(re.escape(before) + r"/([0-9a-f-]{36})" + re.escape(after) + r'["?#]')
    texts = (person.get(before).text for person in people.values())
    return next((found[:1] for text in texts if (found := link.findall(text))), ())


class Bare:
    """The page without anything behind it, of so many bytes."""

    def __init__(self, port: int) -> None:
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}")

    def seconds(self, size: int, times: int) -> list[float]:
        self._http.get(f"/{size}")
        return [timed(partial(self._http.get, f"/{size}"))[0] for _ in range(times)]


HEAD = ("page", "seat", "p50", "p95", "api", "cpu", "db cpu", "bare", "KB", "all KB")


def row(visit: Bezoek, zetel: str, one: Gemeten, bare: list[float]) -> str:
    """One line of the table, milliseconds and kilobytes; at its end what is beyond the numbers."""
    p50, p95 = quantile(one.wall, 50), quantile(one.wall, 95)
    spent = (one.cpu + one.database) * 1000
    late = (
        " late" * (p95 > TARGET_MILLISECONDS)
        + " busy" * (spent > TARGET_MILLISECONDS)
        + " heavy" * (one.whole > TARGET_BYTES)
    )
    refused = f" [{one.status}]" * (one.status != httpx.codes.OK)
    figures = (p50, p95, quantile(one.api, 50), one.cpu * 1000, one.database * 1000, quantile(bare, 50))
    numbers = "".join(f"{figure:8.1f}" for figure in (*figures, one.sent / 1000, one.whole / 1000))
    return f"{visit.name[:64]:65}{zetel.partition('@')[0][:22]:23}{numbers}{late}{refused}"


def measure(hub: Served, bare: Bare, folder: Path, arguments: argparse.Namespace) -> None:
    """Every page, one line each as it comes; then those beyond the numbers once more."""
    people = {zetel: Person(hub.address, zetel) for zetel in EVERYBODY}
    log, processors = Log(folder / "hub.log"), Processors(hub, folder)
    own = {zetel: known(people, zetel) | {"grote_casus": str(LARGE)} for zetel in EVERYBODY}
    own[PETRA]["signaal"] = own[ZC]["signaal"]
    someone = {"betrokkene": str(uuid5(NAAMRUIMTE, "persoon-7-0"))}
    print("".join(f"{name:{width}}" for name, width in zip(HEAD[:2], (65, 23), strict=True)), end="")
    print("".join(f"{name:>8}" for name in HEAD[2:]))
    beyond = []
    for visit in [*visits(examples(people)), *forms(someone)]:
        for zetel in visit.zetels if arguments.only in visit.name else ():
            address = visit.address.format(**own[zetel])
            found = measured(people[zetel], visit, address, log, processors, arguments.times)
            line = row(visit, zetel, found, bare.seconds(found.sent, arguments.times))
            print(line, flush=True)
            beyond += [line] if line.endswith((" late", " busy", " heavy")) else []
    print(f"\nbeyond {TARGET_MILLISECONDS} ms at the 95th percentile or {TARGET_BYTES // 1000} KB: {len(beyond)}")
    print(*beyond, sep="\n")
    print("left out:", *(f"  {path}: {why}" for path, why in LEFT_OUT.items()), sep="\n")


@contextmanager
def made(keep: Path | None, count: int) -> Iterator[tuple[Database, Path]]:
    """A hub with so many signals: as `keep` has it, made there, or made in a folder that goes away."""
    folder = keep or Path(tempfile.mkdtemp(prefix="signaalhub-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    try:
        with open_database(None, folder) as opened:
            if not (folder / "gemaakt").exists():
                spent, _ = timed(lambda: build(opened, folder, count))
                (folder / "gemaakt").write_text(str(count))
                print(f"made in {spent:.0f} s")
            yield opened, folder
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Fill, sign in, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signals", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--keep", type=Path, help="folder to make the hub in, and to use again the next time")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    arguments = parser.parse_args()
    port = free_port()
    with ExitStack() as stack:
        opened, folder = stack.enter_context(made(arguments.keep, arguments.signals))
        hub = stack.enter_context(served_hub(opened, folder))
        peer = (sys.executable, "-m", "bench.bare_page", str(port))
        stack.enter_context(process(peer, {}, port, folder / "bare.log"))
        print(f"{machine()}; {(folder / 'gemaakt').read_text()} signals", flush=True)
        measure(hub, Bare(port), folder, arguments)


if __name__ == "__main__":
    main()
