"""Which policy is in force: from the ledger alone, noticed by every process, and any recorded version can be asked."""

import base64
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Protocol, cast
from uuid import uuid5

from contracts.cloudevents import NAAMRUIMTE
from contracts.message import Event
from hub.access.beleid import Beleid
from hub.access.bundel import BeleidOngeldig
from hub.access.pakket import PakketOngeldig
from hub.access.ruw import lees_pakket
from hub.domain import beleidsversie
from hub.domain.beleidsversie import BeleidEvent, Versies
from hub.handling.questions import Questions
from hub.ledger.mapper import MessageMapper
from hub.ledger.store import LedgerStore, LedgerUnavailable, Recorded

#: The stream of all policy versions of this hub.
BELEIDSSTROOM = uuid5(NAAMRUIMTE, "beleid")
LOOK_SECONDS = 1.0
#: Loaded versions beside the packaged one; others are loaded from the ledger when asked for.
KEPT = 6


class Policy(Protocol):
    """What decisions ask: the rules in force at a moment."""

    def at(self, nu: datetime) -> Questions: ...

    def committed(self, events: Sequence[Event]) -> None:
        """What was just recorded, for a policy that follows from it."""


class EnePolicy:
    """One policy for ever, for a draft or a test."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    def at(self, nu: datetime) -> Questions:
        return self._questions

    def committed(self, events: Sequence[Event]) -> None:
        return


def beleid_uit(pakket: str, *, gevallen: bool = False, op: date | None = None) -> Beleid:
    """The policy in a package (base64 of a zip). Raises BeleidOngeldig with all faults.

    `gevallen`: ask its decision cases as well; `op`: the day it is to be activated.
    """
    try:
        return Beleid.uit(lees_pakket(base64.b64decode(pakket, validate=True)), gevallen=gevallen, op=op)
    except (PakketOngeldig, ValueError) as fault:  # base64 with a letter outside ASCII is a plain ValueError
        raise BeleidOngeldig([f"het pakket is niet te lezen: {fault}"]) from fault


class Beleidsversies:
    """The policy versions of one ledger. Safe to share between threads.

    `packaged`: in force until a first version is. `seconds`: a clock that only runs forward. `failed`: told once of
    each version that cannot be loaded here; then the one before it stays in force.
    """

    def __init__(
        self,
        store: LedgerStore,
        mapper: MessageMapper,
        packaged: Questions,
        seconds: Callable[[], float],
        failed: Callable[[str], None],
        load: Callable[[str], Beleid] | None = None,
    ) -> None:
        self._store, self._mapper, self.packaged = store, mapper, packaged
        self._seconds, self._failed, self._unpack = seconds, failed, load or beleid_uit
        self._versies, self._read = Versies(), 0
        self._looked = -LOOK_SECONDS
        self._loaded: OrderedDict[str, Questions] = OrderedDict()
        self._broken: set[str] = set()
        self._lock = threading.RLock()

    def at(self, nu: datetime) -> Questions:
        """The rules in force at a moment."""
        for activering in self.versies().in_kracht(nu):
            found = self.of(activering.versie)
            if found is not None:
                return found
        return self.packaged

    def of(self, versie: str) -> Questions | None:
        """The rules of one version, None where it was never recorded or cannot be loaded here."""
        if versie == self.packaged.beleid.versie:
            return self.packaged
        with self._lock:
            if versie in self._loaded:
                self._loaded.move_to_end(versie)
                return self._loaded[versie]
            return self._load(versie)

    def versies(self) -> Versies:
        """All versions as far as known; the ledger is looked at once a second, and may be away."""
        if self._seconds() - self._looked >= LOOK_SECONDS:
            with suppress(LedgerUnavailable):
                self.refresh()
        return self._versies

    def refresh(self) -> None:
        """Look at the ledger now. Raises LedgerUnavailable."""
        with self._lock:
            self._looked = self._seconds()
            for stored in self._store.stream(BELEIDSSTROOM, self._read):
                recorded = Recorded(0, BELEIDSSTROOM, stored.originator_version, stored.topic, stored.state)
                event = cast(BeleidEvent, self._mapper.to_message(recorded).message)
                self._versies = beleidsversie.evolve(self._versies, event)
                self._read = stored.originator_version

    def committed(self, events: Sequence[Event]) -> None:
        """What this process recorded itself counts at once."""
        if any(isinstance(event, BeleidEvent) for event in events):
            with suppress(LedgerUnavailable):
                self.refresh()

    def _load(self, versie: str) -> Questions | None:
        known = self._versies.bekend.get(versie)
        if known is None or versie in self._broken:
            return None
        try:
            beleid = self._unpack(known.voorstel.pakket)
        except BeleidOngeldig:
            beleid = None
        if beleid is None or beleid.versie != versie:
            self._broken.add(versie)
            self._failed(versie)
            return None
        self._loaded[versie] = questions = Questions(beleid)
        while len(self._loaded) > KEPT:
            self._loaded.popitem(last=False)
        return questions
