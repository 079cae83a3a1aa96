"""Every noun of the partners' API, in one place: what runs and what the document describes are the same."""

from collections.abc import Iterator

from fastapi import APIRouter

from hub.api import (
    abonnementen,
    beleid,
    beleidsversies,
    bewaring,
    bewijsbundels,
    bezorgingen,
    commands,
    datalekken,
    gebeurtenissen,
    intake,
    inzageverzoeken,
    logs,
    maandoverzichten,
    plichten,
    raadplegingen,
    reading,
    register,
    resultaten,
    samenloop,
    terugkijken,
    terugkoppelingen,
    terugroepingen,
    tlog,
    toegangsrechten,
    toezicht,
    verantwoording,
    verwijsadviezen,
)
from hub.api.services import Services


def partner_routers(services: Services) -> Iterator[APIRouter]:
    """The routers of all nouns, and the register of processing activities under its own address."""
    for module in (intake, commands, reading, resultaten, logs, beleid, beleidsversies, raadplegingen):
        yield module.router(services)
    yield gebeurtenissen.router(services)
    yield abonnementen.router(services)
    yield terugroepingen.router(services)
    yield plichten.router(services)
    yield samenloop.router(services)
    yield terugkoppelingen.router(services)
    yield bewijsbundels.router(services)
    yield bezorgingen.router(services)
    yield tlog.router(services)
    yield bewaring.router(services)
    yield toezicht.router(services)
    yield terugkijken.router(services)
    yield maandoverzichten.router(services)
    yield datalekken.router(services)
    yield toegangsrechten.router(services)
    yield verantwoording.router(services)
    yield verwijsadviezen.router(services)
    yield inzageverzoeken.router(services)
    yield register.router(lambda: services.beleid.register)
