"""Both logs as any client of the specifications reads them: checkpoint, tiles, and the entries of the ledger.

Open to all: what is served holds hashes only. The entries of the access log name seats and records, so those stay in:
its tiles prove that it only grew, and each party gets the records about its own data through the API.

Source: C2SP tlog-tiles, tlog-checkpoint (c2sp.org).
"""

import re
from typing import Annotated

from fastapi import APIRouter, Path, Response

from contracts.problems import niet_gevonden
from hub.api.limits import partner_router
from hub.api.services import Services
from hub.audit.tiles import TILE_WIDTH, pack_entries
from hub.ledger.store import LEDGER_LOG

PREFIX = "/tlog"
LogName = Annotated[str, Path(pattern="^(grootboek|toegang)$", description="grootboek of toegang")]
_TILE = re.compile(
    r"(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


def router(services: Services) -> APIRouter:
    """The two prefixes `/tlog/grootboek` and `/tlog/toegang`."""
    routes = partner_router("controlepunten", PREFIX)
    for add in (_checkpoint, _tile):
        add(routes, services)
    return routes


def _checkpoint(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/{logboek}/checkpoint",
        include_in_schema=False,
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}}},
    )
    def checkpoint(logboek: LogName) -> Response:
        """The newest that was handed out, with its cosignatures; before the first one, one that only the log signed."""
        published = services.published.latest(logboek)
        note = published.note if published else services.checkpoints.checkpoint(logboek)
        return Response(note, media_type="text/plain; charset=utf-8")


def _tile(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/{logboek}/tile/{path:path}",
        include_in_schema=False,
        response_class=Response,
        responses={200: {"content": {"application/octet-stream": {}}}},
    )
    def tile(logboek: LogName, path: str) -> Response:
        """A tile of hashes, or a bundle of entries."""
        asked = _TILE.fullmatch(path)
        width = int(asked["width"] or TILE_WIDTH) if asked else 0
        if asked is None or width > TILE_WIDTH or asked["width"] == str(TILE_WIDTH):
            raise niet_gevonden()
        parts = asked["index"].replace("x", "").split("/")
        index = int("".join(parts))
        canonical = len(parts) == 1 or parts[0] != "000"
        body = _read(services, logboek, asked["level"], index, width) if canonical else None
        if body is None:
            raise niet_gevonden()
        return Response(body, media_type="application/octet-stream")


def _read(services: Services, log: str, level: str, index: int, width: int) -> bytes | None:
    """The first `width` hashes, or entries; what is longer by now holds them still. None where there are fewer."""
    if level != "entries":
        return services.checkpoints.tile(log, int(level), index, width)
    if log != LEDGER_LOG:
        return None
    entries = services.checkpoints.entries(log, index * TILE_WIDTH, width)
    return pack_entries(entries) if len(entries) == width else None
