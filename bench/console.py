"""How long a page of the console takes among many signals, and how heavy it is.

    python -m bench.console --signals 100000

From a hub in its own process, one reader who signed in: the time of each page, and of the bare questions to the API
that hold the same data, in turn. The page costs its questions, the writing of the HTML and the session.
Weight: the page as it is sent, with its sheets and scripts packed; a browser fetches those once.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import httpx
from pydantic import SecretStr

from bench.list_page import BATCH, fill
from bench.running import DOEL, Connection, database, quantile, served_hub, timed, token
from hub.api.clients import new_key
from hub.console.assets import assets
from hub.main import open_hub
from hub.settings import Settings, key_file

TARGET_MILLISECONDS, TARGET_BYTES = 150, 100_000
#: Page, and what it asks of the API; `{signaal}`: one that is there.
PAGES: Mapping[str, tuple[str, ...]] = {
    "/console/signalen?doel={doel}": (
        "/v1/signalen?doel={doel}&aantal=50",
        "/v1/terugkoppelingen?status=onbeantwoord&aantal=50",
        "/v1/plichten?aantal=50",
        "/v1/terugroepingen?status=onbeantwoord&aantal=50",
    ),
    "/console/signalen/{signaal}?doel={doel}": (
        "/v1/signalen/{signaal}?doel={doel}",
        "/v1/signalen/{signaal}/ontvangers",
    ),
    "/console/casussen": ("/v1/casussen?doel={doel}&aantal=50",),
    "/console/overleggen": ("/v1/overleggen?doel={doel}&aantal=50",),
    "/console/melden": (),
    "/console/nieuws": ("/v1/gebeurtenissen?na=0&aantal=50",),
    "/console/abonnementen": ("/v1/abonnementen",),
    "/console/bezorgingen": ("/v1/bezorgingen?aantal=50",),
    "/console": (),
}


def signed_in(hub_port: int, sub: str) -> httpx.Client:
    """Somebody with one hat, after the development sign-in."""
    address = f"http://127.0.0.1:{hub_port}"
    client = httpx.Client(base_url=address, follow_redirects=True, timeout=30)
    asked = client.get("/console")
    client.post(str(asked.url), data={"persoon": sub}, headers={"Origin": address})
    if client.get("/console").url.path != "/console":
        raise SystemExit(f"{sub} cannot sign in")
    return client


def seconds_of(work: partial[object], times: int) -> list[float]:
    return [timed(work)[0] for _ in range(times)]


def looked(client: httpx.Client, path: str) -> bytes:
    answer = client.get(path)
    if answer.status_code != httpx.codes.OK:
        raise SystemExit(f"{path.partition('?')[0]}: {answer.status_code}")
    return answer.content


def asked(line: Connection, paths: tuple[str, ...]) -> None:
    for path in paths:
        line.get(path)


def one_key(folder: Path, oins: set[str]) -> None:
    """The same key for every organisation: two hundred new ones take longer than the measurement."""
    folder.mkdir(parents=True, exist_ok=True)
    pem = new_key()
    for oin in oins:
        key_file(folder / f"{oin}.demo.pem", lambda: pem)


def measure(client: httpx.Client, line: Connection, signaal: str, times: int) -> None:
    """One row per page: its time beside its bare questions, and its weight."""
    files = assets()
    print(f"{'page':32}{'p50 ms':>9}{'p95 ms':>9}{'bare p50':>10}{'ratio':>8}{'kB sent':>9}{'all kB':>8}")
    for page, questions in PAGES.items():
        path = page.format(signaal=signaal, doel=DOEL)
        bare = tuple(one.format(signaal=signaal, doel=DOEL) for one in questions)
        content = looked(client, path)
        once = set(re.findall(r"/console/static/[0-9a-f]+/([^\"']+)", content.decode()))
        heavy = len(content) + sum(len(files[name].packed) for name in once)
        shown = seconds_of(partial(looked, client, path), times)
        plain = seconds_of(partial(asked, line, bare), times) if bare else [0.0] * times
        p50, p95, bare50 = quantile(shown, 50), quantile(shown, 95), quantile(plain, 50)
        ratio = f"{p50 / bare50:8.2f}" if bare else f"{'-':>8}"
        late = " late" * (p95 > TARGET_MILLISECONDS) + " heavy" * (heavy > TARGET_BYTES)
        row = f"{page.partition('?')[0]:32}{p50:9.1f}{p95:9.1f}{bare50:10.1f}{ratio}"
        print(f"{row}{len(content) / 1000:9.1f}{heavy / 1000:8.1f}{late}")


def main() -> None:
    """Fill, sign in, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signals", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=60)
    arguments = parser.parse_args()
    with database() as (opened, folder):
        settings = Settings(database_url=SecretStr(opened.dsn), data_folder=Path(folder) / "hub")
        with open_hub(settings) as hub:
            spent, _ = timed(lambda: fill(hub, arguments.signals // BATCH * BATCH))
            one_key(settings.data_folder / "clients", {seat.oin for seat in hub.beleid.instanties.values()})
        print(f"{arguments.signals:,} signals of one seat, made in {spent:.0f} s; seed: their numbers")
        with served_hub(opened, folder) as served, closing(signed_in(served.port, "avi.proef")) as client:
            line = Connection(served.port, token(served, folder))
            time.sleep(1)  # the views of the new process catch up
            found = re.search(r"/console/signalen/([0-9a-f-]{36})", client.get(f"/console/signalen?doel={DOEL}").text)
            if found is None:
                raise SystemExit("no signals in view")
            measure(client, line, found[1], arguments.times)


if __name__ == "__main__":
    main()
