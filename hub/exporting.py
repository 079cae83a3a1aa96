"""Handing the logs to an outsider."""

from collections.abc import Iterator
from pathlib import Path

from hub.audit.checkpoint import parse_checkpoint
from hub.audit.evidence import Key
from hub.audit.export import export_log
from hub.main import Hub

PAGE = 2_000


def export_log_to(hub: Hub, log: str, folder: Path) -> int:
    """Write one log as its checkpoint of now covers it; returns its number of leaves."""
    checkpoint = hub.checkpoints.checkpoint(log)

    def entries() -> Iterator[bytes]:
        at = 0
        while page := hub.store.leaf_data(log, at, PAGE):
            yield from page
            at += len(page)

    export_log(folder, entries(), hub.store.tiles(log), checkpoint, as_lines=True)
    return parse_checkpoint(checkpoint).size


def verifier_key(hub: Hub, log: str) -> Key:
    """The public key by which partners know a log."""
    return Key.parse(hub.checkpoints.signers[log].verifier.vkey)
