"""A process that projects and tells, and says how far it came; the test kills it in the middle."""

from __future__ import annotations

import sys

from tests.delivery.meldingen import projector
from tests.views.lot import lot
from tests.views.verhaal import recorded


def main(dsn: str, seed: int, count: int) -> None:
    """Project until killed or done."""
    one = projector(dsn, recorded(lot(seed, count)), batch=3)
    while one.run_once():
        sys.stdout.write(f"{one.position}\n")
        sys.stdout.flush()
    one.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
