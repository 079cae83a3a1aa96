"""A writer to be killed: sends the messages named by a seed and prints each acknowledged one.

`python -m tests.ledger.crash_child DATA_FOLDER START COUNT`; runs until all are acknowledged.
"""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

from hub.ledger.database import migrate, open_database
from hub.ledger.postgres import MIGRATIONS, PostgresLedger
from hub.ledger.store import Change, DuplicateSource, LedgerUnavailable, Receipt
from tests.ledger.facts import change


def message(number: int) -> Change:
    """Message `number`: two events on a stream of its own."""
    states = (b"een-%d" % number, b"twee-%d" % number)
    return change(*states, stream=UUID(int=number), id=str(number))


def _send(ledger: PostgresLedger, number: int) -> Receipt:
    while True:
        try:
            return ledger.append(message(number))
        except DuplicateSource as duplicate:
            return duplicate.receipt
        except LedgerUnavailable:
            time.sleep(0.05)


def main(folder: Path, start: int, count: int) -> None:
    database = open_database(None, folder)
    migrate(database.dsn, [MIGRATIONS])
    ledger = PostgresLedger(database)

    def send(number: int) -> None:
        receipt = _send(ledger, number)
        line = " ".join(map(str, (number, *receipt.positions)))
        os.write(1, f"{line}\n".encode())  # in one piece: four threads answer

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(start, start + count)))
    ledger.close()
    database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
