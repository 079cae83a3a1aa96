"""Sheets and scripts: read once, named by their digest so that browsers may keep them, sent packed."""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import Request, Response

from hub.api.headers import KEPT

STATIC = Path(__file__).parents[1] / "static"
ADDRESS = "/console/static"
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages refer to. `packed`: gzip."""

    content: bytes
    packed: bytes
    kind: str
    digest: str


@cache
def assets() -> dict[str, Asset]:
    """Every file, by name. The sheet of the NL Design System is there only where npm could make it."""
    return {path.name: _read(path) for path in sorted(STATIC.iterdir()) if path.suffix in KINDS}


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(content, gzip.compress(content, mtime=0), KINDS[path.suffix], sha256(content).hexdigest()[:12])


def address(name: str) -> str | None:
    """Where a page finds a file, None where it is absent."""
    found = assets().get(name)
    return f"{ADDRESS}/{found.digest}/{name}" if found else None


def answer(request: Request, digest: str, name: str) -> Response:
    """The file, if this is still its digest."""
    found = assets().get(name)
    if found is None or found.digest != digest:
        return Response(status_code=404)
    headers = {"Content-Type": found.kind, KEPT[0].decode(): KEPT[1].decode(), "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.content, headers=headers)
