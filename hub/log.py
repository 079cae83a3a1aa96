"""Operational logs: a closed catalogue of events, each with its number, level and fields.

The fields of an event are the fields of its class, so a field that is not in the catalogue cannot be logged.
No event has a field for personal content; as a second wall, values shaped like a burgerservicenummer are
removed. Who did what to whose data is not here but in the access log.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar, Literal, TextIO

import orjson

Level = Literal["debug", "info", "warning", "error"]
LEVELS: dict[Level, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40}
MAX_TEXT = 300
REMOVED = "[verwijderd]"
_NINE_DIGITS = re.compile(r"(?<![0-9A-Za-z])\d{9}(?![0-9A-Za-z])")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One line. `NUMBER` never changes its meaning and is never used again."""

    NUMBER: ClassVar[int]
    LEVEL: ClassVar[Level]


@dataclass(frozen=True, slots=True)
class HubGestart(LogEvent):
    """The hub listens. `versie`: of the API; `database`: `ingebed` or `extern`."""

    NUMBER: ClassVar[int] = 1000
    LEVEL: ClassVar[Level] = "info"
    versie: str
    adres: str
    database: Literal["ingebed", "extern"]
    productie: bool


@dataclass(frozen=True, slots=True)
class HubGestopt(LogEvent):
    """The hub no longer listens. `reden`: a word of ours, such as the name of a signal."""

    NUMBER: ClassVar[int] = 1001
    LEVEL: ClassVar[Level] = "info"
    reden: str


@dataclass(frozen=True, slots=True)
class Ontwikkeluitgever(LogEvent):
    """Tokens come from the hub itself: never with real data."""

    NUMBER: ClassVar[int] = 1002
    LEVEL: ClassVar[Level] = "warning"
    uitgever: str
    waarschuwing: str = "de ontwikkeluitgever geeft tokens aan wie een sleutelbestand heeft; nooit met echte data"


@dataclass(frozen=True, slots=True)
class VerzoekAfgehandeld(LogEvent):
    """A request has its answer. `route`: the template (`/v1/casussen/{casusId}`), never the path itself."""

    NUMBER: ClassVar[int] = 2000
    LEVEL: ClassVar[Level] = "info"
    methode: str
    route: str
    status: int
    milliseconden: float
    trace: str


@dataclass(frozen=True, slots=True)
class VerzoekMislukt(LogEvent):
    """A fault of ours. `fout`: class of the exception; `plaats`: module and line. Never its message."""

    NUMBER: ClassVar[int] = 2001
    LEVEL: ClassVar[Level] = "error"
    fout: str
    plaats: str
    trace: str


@dataclass(frozen=True, slots=True)
class TokenGeweigerd(LogEvent):
    """A token did not count. `reden`: a word of ours."""

    NUMBER: ClassVar[int] = 2100
    LEVEL: ClassVar[Level] = "warning"
    reden: str
    trace: str


@dataclass(frozen=True, slots=True)
class TokenUitgegeven(LogEvent):
    """The development issuer gave a token. `client`: `<oin>:<systeem>`."""

    NUMBER: ClassVar[int] = 2101
    LEVEL: ClassVar[Level] = "info"
    client: str
    zetel: str


@dataclass(frozen=True, slots=True)
class TaakGestart(LogEvent):
    """A background task (projector, relay, checkpoint) works. `positie`: where it goes on."""

    NUMBER: ClassVar[int] = 3000
    LEVEL: ClassVar[Level] = "info"
    taak: str
    positie: int


@dataclass(frozen=True, slots=True)
class TaakMislukt(LogEvent):
    """A background task failed and will be tried again after `wacht_seconden`."""

    NUMBER: ClassVar[int] = 3001
    LEVEL: ClassVar[Level] = "error"
    taak: str
    fout: str
    plaats: str
    wacht_seconden: float


@dataclass(frozen=True, slots=True)
class TaakVoortgang(LogEvent):
    """How far long work is. `totaal`: 0 when unknown."""

    NUMBER: ClassVar[int] = 3002
    LEVEL: ClassVar[Level] = "info"
    taak: str
    gedaan: int
    totaal: int


@dataclass(frozen=True, slots=True)
class BeleidNietGeladen(LogEvent):
    """A policy version of the ledger cannot be loaded here; the one before it stays in force in this process."""

    NUMBER: ClassVar[int] = 3100
    LEVEL: ClassVar[Level] = "error"
    versie: str


@dataclass(frozen=True, slots=True)
class OnderQuorum(LogEvent):
    """A checkpoint was handed out that too few witnesses cosigned. `quorum`: what was needed."""

    NUMBER: ClassVar[int] = 3200
    LEVEL: ClassVar[Level] = "error"
    logboek: str
    grootte: int
    quorum: str


@dataclass(frozen=True, slots=True)
class QuorumGehaald(LogEvent):
    """After an alarm, checkpoints of this log have their quorum again."""

    NUMBER: ClassVar[int] = 3201
    LEVEL: ClassVar[Level] = "info"
    logboek: str
    grootte: int
    quorum: str


@dataclass(frozen=True, slots=True)
class GetuigeWeerspreekt(LogEvent):
    """A witness cosigned a history that is not ours: the log was set back, or split. `getuige`: its verifier key."""

    NUMBER: ClassVar[int] = 3202
    LEVEL: ClassVar[Level] = "error"
    logboek: str
    getuige: str
    stand: str
    grootte: int


@dataclass(frozen=True, slots=True)
class GeenGetuigen(LogEvent):
    """Nobody but the operator vouches for the logs."""

    NUMBER: ClassVar[int] = 3203
    LEVEL: ClassVar[Level] = "warning"
    waarschuwing: str = "zonder getuigen kan de beheerder twee partners ongemerkt twee logboeken tonen"


@dataclass(frozen=True, slots=True)
class DoorgifteGestokt(LogEvent):
    """Notices do not reach Kafka; nothing is lost, it is tried again after `wacht_seconden`.

    `herstelbaar`: waiting may be enough; otherwise somebody must change the broker. `topic`: empty for all of them.
    """

    NUMBER: ClassVar[int] = 3400
    LEVEL: ClassVar[Level] = "error"
    fout: str
    herstelbaar: bool
    topic: str
    wacht_seconden: float


@dataclass(frozen=True, slots=True)
class DoorgifteHervat(LogEvent):
    """Notices reach Kafka again. `aantal`: how many went in the first batch."""

    NUMBER: ClassVar[int] = 3401
    LEVEL: ClassVar[Level] = "info"
    aantal: int


@dataclass(frozen=True, slots=True)
class BibliotheekMelding(LogEvent):
    """A library wanted to say something; its words may hold anything and are not kept."""

    NUMBER: ClassVar[int] = 9000
    LEVEL: ClassVar[Level] = "warning"
    bibliotheek: str
    niveau: str
    plaats: str


CATALOGUE: tuple[type[LogEvent], ...] = (
    HubGestart,
    HubGestopt,
    Ontwikkeluitgever,
    VerzoekAfgehandeld,
    VerzoekMislukt,
    TokenGeweigerd,
    TokenUitgegeven,
    TaakGestart,
    TaakMislukt,
    TaakVoortgang,
    BeleidNietGeladen,
    OnderQuorum,
    QuorumGehaald,
    GetuigeWeerspreekt,
    GeenGetuigen,
    DoorgifteGestokt,
    DoorgifteHervat,
    BibliotheekMelding,
)


def place_of(error: BaseException) -> str:
    """Module and line where an exception arose: enough to find it, nothing of its content."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "onbekend"
    return f"{trace.tb_frame.f_globals.get('__name__', 'onbekend')}:{trace.tb_lineno}"


class Log:
    """Writes catalogue events as JSON lines. `clock` answers UTC. Never raises on a failing stream."""

    def __init__(self, stream: TextIO, level: Level, clock: Callable[[], datetime]) -> None:
        self._stream, self._least, self._clock = stream, LEVELS[level], clock

    def write(self, event: LogEvent) -> None:
        """One line, or nothing below the level. Raises TypeError for an event outside the catalogue."""
        kind = type(event)
        if kind not in CATALOGUE:
            raise TypeError(f"{kind.__name__} is not in the catalogue of log events")
        if LEVELS[event.LEVEL] < self._least:
            return
        line: dict[str, object] = {
            "tijdstip": self._clock(),
            "nummer": event.NUMBER,
            "niveau": event.LEVEL,
            "gebeurtenis": kind.__name__,
        }
        line.update((field.name, _safe(getattr(event, field.name))) for field in fields(event))
        try:
            self._stream.write(orjson.dumps(line, option=orjson.OPT_UTC_Z).decode() + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            pass  # operational logs serve the operator; work of partners does not stop for them


def _safe(value: object) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return REMOVED if _NINE_DIGITS.fullmatch(str(value)) and _elfproef(str(value)) else value
    text = str(value)[:MAX_TEXT]
    return _NINE_DIGITS.sub(lambda found: REMOVED if _elfproef(found[0]) else found[0], text)


def _elfproef(digits: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11 == 0


class LibraryHandler(logging.Handler):
    """Takes what libraries log and keeps only who spoke, how loud and where."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """The message, its arguments and its exception are dropped."""
        place = f"{record.module}:{record.lineno}"
        self._log.write(BibliotheekMelding(bibliotheek=record.name, niveau=record.levelname.lower(), plaats=place))


def take_over_library_logs(log: Log) -> None:
    """Every logger of every library speaks through `log` only; called once at the start."""
    logging.root.handlers[:] = [LibraryHandler(log)]
    logging.root.setLevel(logging.WARNING)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
