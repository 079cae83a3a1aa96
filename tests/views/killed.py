"""A process that projects one event at a time and says so; the test kills it in the middle."""

from __future__ import annotations

import sys

from hub.views.projector import Projector
from tests.views.kluis import Kluis
from tests.views.lot import lot
from tests.views.verhaal import reader, recorded


def main(dsn: str, seed: int, count: int) -> None:
    """Project until killed or done."""
    projector = Projector(dsn, reader(recorded(lot(seed, count))), Kluis(), batch=3)
    while projector.run_once():
        sys.stdout.write(f"{projector.position}\n")
        sys.stdout.flush()
    projector.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
