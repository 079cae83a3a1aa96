"""A witness in a process of its own that dies without warning: before it has kept a checkpoint, or after."""

import os
import signal
import sys
import time
from pathlib import Path

from hub.audit.witness import Witness


def main() -> None:
    folder, moment, vkey, body = sys.argv[1:]
    asked: list[float] = []

    def clock() -> float:
        # The witness looks at its clock once, inside the transaction that keeps the checkpoint.
        asked.append(time.time())
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        return asked[-1]

    Witness(Path(folder), "politie.example/getuige", [vkey], clock).add_checkpoint(Path(body).read_bytes())
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
