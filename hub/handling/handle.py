"""Which handler a command goes to; a module of handlers adds its table here."""

from contracts.message import Command
from hub.domain.oordeel import Onbekend
from hub.handling import (
    abonnementen,
    afscherming,
    aftekenen,
    bedenktijden,
    bezwaren,
    bruggen,
    cases,
    correctietaken,
    datalekken,
    kennisgevingen,
    kopieen,
    noodtoegang,
    overleggen,
    plichten,
    resultaten,
    signals,
    terugkoppelen,
    terugroepen,
    toegangstoetsen,
    verhoren,
    verzoeken,
)
from hub.handling.step import Handlers, Step

HANDLERS: Handlers = {
    **afscherming.HANDLERS,
    **signals.HANDLERS,
    **cases.HANDLERS,
    **bruggen.HANDLERS,
    **bezwaren.HANDLERS,
    **resultaten.HANDLERS,
    **verhoren.HANDLERS,
    **noodtoegang.HANDLERS,
    **overleggen.HANDLERS,
    **terugroepen.HANDLERS,
    **terugkoppelen.HANDLERS,
    **correctietaken.HANDLERS,
    **verzoeken.HANDLERS,
    **kennisgevingen.HANDLERS,
    **aftekenen.HANDLERS,
    **kopieen.HANDLERS,
    **datalekken.HANDLERS,
    **toegangstoetsen.HANDLERS,
    **plichten.HANDLERS,
    **bedenktijden.HANDLERS,
    **abonnementen.HANDLERS,
}


def handle(step: Step, command: Command, own: Handlers) -> None:
    """Decide on a command, add what follows to the work. `own`: handlers of one ledger. Raises Onbekend, Strijdig."""
    handler = HANDLERS.get(type(command)) or own.get(type(command))
    if handler is None:
        raise Onbekend
    handler(step, command)
