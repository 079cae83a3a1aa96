"""A process that delivers until it is killed: `python -m tests.delivery.webhook_child DSN FOLDER URL ID`."""

import ssl
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from hub.delivery.webhooks import Webhooks
from tests.delivery.webhook_world import loaded, world


def main(dsn: str, folder: str, url: str, id: str) -> None:
    """Deliver to one subscription."""
    with world(dsn, Path(folder), loaded(), ssl.create_default_context()) as here:
        here.abonnees.take(url, abonnement_id=UUID(id))
        Webhooks(here.binding).follow(threading.Event(), lambda: datetime.now(UTC), here.faults.append)


if __name__ == "__main__":
    main(*sys.argv[1:])
