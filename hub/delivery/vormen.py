"""Of which forms of exploitation a notice is, as far as its own seat sees them now. Nothing of it leaves the hub."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any, Protocol
from uuid import UUID

from hub.delivery.abonnementen import CASUS, Vormen
from hub.delivery.gebeurtenissen import Gebeurtenis

#: Only under this name stand forms of exploitation; a consent has a `vorm` that is something else.
_NAME = "vormen"
SIGNAAL = "signaal:"
#: Answers kept. They hold for as long as the views stand where they stood.
KEPT = 4_096


class Views(Protocol):
    """The permitted views of a seat."""

    def position(self) -> int: ...

    def signaal(self, zetel: str, signaal_id: UUID) -> dict[str, Any] | None: ...

    def casusvorm(self, zetel: str, casus_id: UUID) -> str | None: ...


def vormen_uit(views: Views) -> Vormen:
    """Looks into the view of the seat of each notice: of its signal, else of its case. Safe to share."""
    return Vormenlezer(views).van


class Vormenlezer:
    """Remembers what it read until the views move on."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._lock = threading.Lock()
        self._position, self._known = -1, OrderedDict[tuple[str, str], frozenset[str] | None]()

    def van(self, one: Gebeurtenis) -> frozenset[str] | None:
        """The forms; None where the seat sees none, such as of what it does not hold any more."""
        about = f"{SIGNAAL}{one.resource_id}" if f"{one.resource}:" == SIGNAAL else one.onderwerp
        if not about.startswith((SIGNAAL, CASUS)):
            return None
        position, key = self._views.position(), (one.zetel, about)
        with self._lock:
            if position != self._position:
                self._position = position
                self._known.clear()
            if key in self._known:
                return self._known[key]
        found = self._read(one.zetel, about)
        with self._lock:
            if position == self._position:
                self._known[key] = found
                if len(self._known) > KEPT:
                    self._known.popitem(last=False)
        return found

    def _read(self, zetel: str, about: str) -> frozenset[str] | None:
        soort, _, id = about.partition(":")
        if f"{soort}:" == CASUS:
            vorm = self._views.casusvorm(zetel, UUID(id))
            return frozenset({vorm}) if vorm else None
        found = self._views.signaal(zetel, UUID(id))
        return (frozenset(_named(found)) or None) if found else None


def _named(value: Any) -> Iterator[str]:
    """Every form of a signal that its seat sees: as brought in, and as classed anew."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == _NAME and isinstance(inner, list | tuple):
                yield from (form for form in inner if isinstance(form, str))
            else:
                yield from _named(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _named(inner)
