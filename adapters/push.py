"""Push files of native records to the hub: in batches, resumable, with every refused row kept for repair."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.delivery import BatchRefused, Delivery, HubUnreachable, Resultaat
from adapters.intake import Adapter, Row
from adapters.journal import Journal, Quarantine, digest
from contracts.cloudevents import MAX_BODY_BYTES, CloudEvent

MAX_BATCH = 200
_MAX_BYTES = MAX_BODY_BYTES * 3 // 4

ALLES_AANVAARD, IETS_GEWEIGERD, VERKEERD_GEBRUIK, HUB_ONBEREIKBAAR = 0, 1, 2, 3
_ERNST = {"aanvaard": 0, "herhaald": 1, "geweigerd": 2, "conflict": 3, "ongeldig": 4}


@dataclass
class Telling:
    """Rows of this run. `overgeslagen`: acknowledged in an earlier run; `melding`: why it stopped, if it did."""

    aangeboden: int = 0
    aanvaard: int = 0
    herhaald: int = 0
    geweigerd: int = 0
    conflict: int = 0
    ongeldig: int = 0
    in_quarantaine: int = 0
    overgeslagen: int = 0
    afgebroken: int | None = None
    melding: str | None = None

    @property
    def exit_code(self) -> int:
        if self.afgebroken is not None:
            return self.afgebroken
        refused = self.geweigerd or self.conflict or self.ongeldig or self.in_quarantaine
        return IETS_GEWEIGERD if refused else ALLES_AANVAARD


@dataclass
class _Batch:
    """Rows in order, those without messages included, so that one acknowledgement covers them all."""

    zetel: str | None = None
    rows: list[Row] = field(default_factory=list)
    messages: int = 0
    size: int = 0

    def fits(self, row: Row, zetel: str, size: int) -> bool:
        if not row.events or not self.messages:
            return len(self.rows) < MAX_BATCH
        room = self.messages + len(row.events) <= MAX_BATCH and self.size + size <= _MAX_BYTES
        return room and self.zetel == zetel

    def add(self, row: Row, zetel: str, size: int) -> None:
        self.rows.append(row)
        if row.events:
            self.zetel = zetel
            self.messages += len(row.events)
            self.size += size


def batches(rows: Iterable[Row], zetel: str) -> Iterator[_Batch]:
    """Rows in batches of at most 200 messages of one seat, within the size the hub takes."""
    batch = _Batch()
    for row in rows:
        speaker = row.zetel or zetel
        size = sum(len(event.model_dump_json()) for event in row.events)
        if not batch.fits(row, speaker, size):
            yield batch
            batch = _Batch()
        batch.add(row, speaker, size)
    if batch.rows:
        yield batch


def push(
    adapter: Adapter,
    files: Sequence[Path],
    delivery: Delivery,
    *,
    zetel: str,
    data: Path,
    now: Callable[[], datetime],
    progress: Callable[[Path, int], None] = lambda path, rows: None,
    opnieuw: bool = False,
) -> Telling:
    """Deliver all rows of the files. `data`: folder of state and quarantine; `opnieuw`: forget earlier progress.

    A run that breaks goes on where the hub last acknowledged; what was sent twice is a replay for the hub.
    """
    telling = Telling()
    journal = Journal(data)
    try:
        for path in files:
            _push_file(adapter, path, delivery, journal, telling, (zetel, data, now, progress, opnieuw))
    except HubUnreachable:
        telling.afgebroken = HUB_ONBEREIKBAAR
        telling.melding = "De hub is niet bereikbaar. De voortgang is bewaard; start dezelfde levering later opnieuw."
    except BatchRefused as refusal:
        telling.afgebroken = IETS_GEWEIGERD
        telling.melding = f"De hub weigert de levering als geheel. {refusal}"
    finally:
        journal.close()
    return telling


def quarantine_of(adapter: Adapter, path: Path, data: Path) -> Quarantine:
    """Where refused rows of a file are kept."""
    return Quarantine(data / "quarantaine" / f"{adapter.name}-{path.name}.jsonl")


_Settings = tuple[str, Path, Callable[[], datetime], Callable[[Path, int], None], bool]


def _push_file(
    adapter: Adapter, path: Path, delivery: Delivery, journal: Journal, telling: Telling, settings: _Settings
) -> None:
    zetel, data, now, progress, again = settings
    sha256 = digest(path)
    key = (adapter.name, adapter.bron, zetel, sha256)
    start = 0 if again else journal.acknowledged(key)
    kept = quarantine_of(adapter, path, data)

    def fresh() -> Iterator[Row]:
        for row in adapter.read(path, now=now()):
            if row.number > start:
                yield row
            else:
                telling.overgeslagen += 1

    for batch in batches(fresh(), zetel):
        refused = _deliver(batch, delivery, telling)
        # Refused rows are on disk before the batch counts as done: a crash in between repeats, never loses.
        kept.add(sha256, refused)
        journal.acknowledge(key, batch.rows[-1].number)
        progress(path, len(batch.rows))


def _deliver(batch: _Batch, delivery: Delivery, telling: Telling) -> list[tuple[Row, str, tuple[Any, ...]]]:
    """Send a batch and count it; the rows that were not accepted, in order."""
    events: list[CloudEvent] = [event for row in batch.rows for event in row.events]
    answers = iter(delivery.send(batch.zetel, events) if batch.zetel and events else ())
    refused: list[tuple[Row, str, tuple[Any, ...]]] = []
    for row in batch.rows:
        telling.aangeboden += 1
        if row.faults:
            telling.in_quarantaine += 1
            refused.append((row, "quarantaine", row.faults))
            continue
        status, reasons = _outcome([next(answers) for _ in row.events])
        setattr(telling, status, getattr(telling, status) + 1)
        if _ERNST[status] > _ERNST["herhaald"]:
            refused.append((row, status, reasons))
    return refused


def _outcome(results: list[Resultaat]) -> tuple[str, tuple[Any, ...]]:
    """The gravest answer of a row's messages, an unknown one being a refusal, with the reasons of all."""
    known = [result.status if result.status in _ERNST else "geweigerd" for result in results]
    gravest = max(known, key=_ERNST.__getitem__, default="aanvaard")
    return gravest, tuple(reason for result in results for reason in result.reasons)


def resubmit(
    adapter: Adapter, kept: Quarantine, delivery: Delivery, *, zetel: str, now: Callable[[], datetime]
) -> Telling:
    """Offer repaired rows of a quarantine file again; those accepted leave the file, the rest keep new reasons."""
    telling = Telling()
    entries = [entry for _, entry in kept.entries()]
    rows = [adapter.interpret(line, now=now()) for line, _ in kept.entries()]
    remaining: list[dict[str, Any]] = []
    done = 0
    try:
        for batch in batches(rows, zetel):
            refused = {id(row): (status, reasons) for row, status, reasons in _deliver(batch, delivery, telling)}
            for row in batch.rows:
                if id(row) in refused:
                    status, reasons = refused[id(row)]
                    told = [reason.model_dump() for reason in reasons]
                    remaining.append({**entries[done], "status": status, "redenen": told})
                done += 1
    except HubUnreachable:
        telling.afgebroken = HUB_ONBEREIKBAAR
        telling.melding = "De hub is niet bereikbaar. Wat nog niet was aangeboden, staat nog in quarantaine."
    except BatchRefused as refusal:
        telling.afgebroken = IETS_GEWEIGERD
        telling.melding = f"De hub weigert de levering als geheel. {refusal}"
    kept.replace([*remaining, *entries[done:]])
    return telling
