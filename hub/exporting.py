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
    witnessed, now = hub.published.witnessed(log), hub.checkpoints.signed(log)
    # The newest that witnesses vouch for, where it covers all; else it goes along as an earlier one.
    whole = witnessed is not None and witnessed.size == now.size
    checkpoint = witnessed.note if witnessed and whole else now.note

    def entries() -> Iterator[bytes]:
        at = 0
        while page := hub.store.leaf_data(log, at, PAGE):
            yield from page
            at += len(page)

    earlier = [witnessed.note] if witnessed and not whole else []
    export_log(folder, entries(), hub.store.tiles(log), checkpoint, earlier=earlier, as_lines=True)
    for number, statement in enumerate(hub.checkpoints.keys[log].statements, start=1):
        (folder / "keys").mkdir(exist_ok=True)
        (folder / "keys" / f"{number:03}").write_text(statement)
    return parse_checkpoint(checkpoint).size


def verifier_key(hub: Hub, log: str) -> Key:
    """The public key by which partners know a log."""
    return Key.parse(hub.checkpoints.signers[log].verifier.vkey)
