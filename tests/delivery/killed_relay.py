"""A process that relays until it is killed."""

from __future__ import annotations

import sys

from hub.access.beleid import Beleid
from hub.handling.questions import Questions
from tests.delivery.relay_world import relay_world, subscribe


def main(dsn: str, address: str, prefix: str) -> None:
    """Relay for ever."""
    with relay_world(dsn, address, Questions(Beleid.laad())) as world:
        world.prefix = prefix
        subscribe(world.abonnees)
        sys.stdout.write("relaying\n")
        sys.stdout.flush()
        with world.relaying():
            sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
