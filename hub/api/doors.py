"""Every noun of the partners' API, in one place: what runs and what the document describes are the same."""

from collections.abc import Iterator

from fastapi import APIRouter

from hub.api import beleid, commands, intake, logs, reading
from hub.api.services import Services


def partner_routers(services: Services) -> Iterator[APIRouter]:
    """The routers of all nouns."""
    for module in (intake, commands, reading, logs, beleid):
        yield module.router(services)
