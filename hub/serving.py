"""A hub that serves: the doors in this process, the projector in one of its own.

Keeping views and taking in then share the cores, not one interpreter.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import uvicorn

from hub.api.headers import API_VERSION
from hub.delivering import deliver_in_threads
from hub.log import HubGestart, HubGestopt, Log, take_over_library_logs
from hub.main import Hub, collect_less, inspect_in_threads, open_doors, revise_in_threads
from hub.sealing import utc_now

PARENT_SECONDS = 1.0
STOP_SECONDS = 10.0
#: So long an open stream, which has no end of its own, may keep the hub from stopping.
STREAMS_SECONDS = 3
#: Who makes an answer must soon let the writer of its access record go on; the usual 5 ms cost a read a quarter.
SWITCH_SECONDS = 0.0005


def serve(hub: Hub, log: Log) -> None:
    """Serve until interrupted."""
    take_over_library_logs(log)
    collect_less()
    sys.setswitchinterval(SWITCH_SECONDS)
    database: Literal["ingebed", "extern"] = "ingebed" if hub.settings.database_url is None else "extern"
    address = f"{hub.settings.host}:{hub.settings.port}"
    with projecting(), open_doors(hub, log) as app:
        log.write(HubGestart(versie=API_VERSION, adres=address, database=database, productie=hub.settings.production))
        uvicorn.run(
            app,
            host=hub.settings.host,
            port=hub.settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STREAMS_SECONDS,
        )
    log.write(HubGestopt(reden="einde"))


def project_until_alone(hub: Hub, parent: int) -> None:
    """Keep the views, what is disclosed in line with the policy, and deliver news, until the process `parent` is gone.

    An orphan would go on for ever.
    """
    stop = threading.Event()

    def watch() -> None:
        while os.getppid() == parent:
            stop.wait(PARENT_SECONDS)
        stop.set()

    threading.Thread(target=watch, name="parent", daemon=True).start()
    projector = hub.projector()
    collect_less()
    try:
        log = Log(sys.stderr, hub.settings.log_level, utc_now)
        with revise_in_threads(hub, log), inspect_in_threads(hub, log), deliver_in_threads(hub, log):
            projector.follow(stop, hub.store.wait)
    finally:
        projector.close()


@contextmanager
def projecting() -> Iterator[None]:
    """A projector process while the context lasts, started again when it dies."""
    stop = threading.Event()
    children: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not stop.is_set():
            child = subprocess.Popen([sys.executable, "-m", "hub.cli", "project", "--parent", str(os.getpid())])
            children[:] = [child]
            while child.poll() is None and not stop.is_set():
                stop.wait(PARENT_SECONDS)

    keeper = threading.Thread(target=keep, name="projector", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join(STOP_SECONDS)
        for child in children:
            child.terminate()
            child.wait(STOP_SECONDS)
