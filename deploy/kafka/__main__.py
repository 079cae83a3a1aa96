"""A broker for tests: `python -m deploy.kafka start --parent PID` prints its address once it answers.

It lives as long as the process PID does. `run` is the same in the foreground, until interrupted.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from deploy.kafka.broker import start_broker

LOOK_SECONDS = 0.5


def main() -> int:
    """Exit code 0: started, or run to its end; 1: it did not start."""
    parser = argparse.ArgumentParser(prog="python -m deploy.kafka", description=__doc__)
    parser.add_argument("command", choices=("start", "run"))
    parser.add_argument("--parent", type=int, default=os.getppid(), help="lives as long as this process")
    parser.add_argument("--kind", choices=("docker", "maven", "wheel"), help="the best there is by default")
    parser.add_argument("--folder", type=Path, help="for its data, removed at the end")
    parser.add_argument("--port", type=int)
    chosen = parser.parse_args()
    if chosen.command == "run":
        return _run(chosen)
    command = [sys.executable, "-m", "deploy.kafka", "run", *sys.argv[2:], "--parent", str(chosen.parent)]
    keeper = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, start_new_session=True)
    address = keeper.stdout.readline().decode().strip() if keeper.stdout else ""
    print(address)
    return 0 if address else 1


def _run(chosen: argparse.Namespace) -> int:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="kafka-"))
    broker = start_broker(folder, chosen.kind, chosen.port)
    try:
        print(broker.address, flush=True)
        while _lives(chosen.parent):
            if stop.wait(LOOK_SECONDS):
                break
    finally:
        broker.stop()
    return 0


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    sys.exit(main())
