"""The work of an abonnee: fill gaps from the feed, fetch what changed, in order, and answer recalls.

Everything here may be cut off at any point: what was not written to the journal is done again, what was is not.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

import httpx

from adapters.abonnee.door import CursorLost, Door, StrangeAddress, Unreadable
from adapters.abonnee.journal import Hiaat, Journal
from adapters.abonnee.notices import DESTROYED, Bericht

OPGEHAALD, VERVALLEN, GEWEIGERD = "opgehaald", "vervallen", "geweigerd"
SIGNAL, RECALL = "signaal", "terugroeping"
#: What the hub answers where there is nothing for this seat, or not any more; the two look the same.
_NOTHING = {httpx.codes.NOT_FOUND, httpx.codes.GONE}


class Work:
    """Does what the journal says is to be done. `doelen`: purposes for which this seat reads, most usual first.

    `bewaar`: keep what was fetched; without it only the fact that it was is kept.
    """

    def __init__(
        self,
        journal: Journal,
        door: Door,
        *,
        doelen: tuple[str, ...],
        bewaar: bool = False,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._journal, self._door, self._doelen, self._bewaar = journal, door, doelen, bewaar
        self._seconds = seconds
        self._seen: dict[Hiaat, float] = {}

    def catch_up(self) -> int:
        """Read the whole feed from where it was left; the number of new notices. Raises as Door.feed."""
        new = 0
        while True:
            cursor = self._journal.cursor()
            try:
                page = self._door.feed(cursor)
            except CursorLost:
                # From the oldest that is kept; what was before it shows as gaps, and those are gone past.
                page = self._door.feed(0)
            new += self._journal.ontvang(page.berichten, page.cursor)
            if page.cursor == cursor:
                return new

    def fill_gaps(self, patience: float = 0.0) -> int:
        """Ask the feed for what is missing, and go on past what it gives no more; the number of gaps looked at.

        `patience`: seconds a gap may last first; what several hands deliver at once often arrives in another order.
        """
        now, found = self._seconds(), self._journal.hiaten()
        self._seen = {one: self._seen.get(one, now) for one in found}
        old = [one for one, since in self._seen.items() if now - since >= patience]
        if old:
            self.catch_up()
            self._journal.sluit_hiaten(old)
        return len(old)

    def round(self, told: Callable[[], None] = lambda: None) -> int:
        """Do all that can be done now, each subject in its order; the number of notices done. Raises as Door.ask."""
        done = 0
        for first in self._journal.volgende():
            one: Bericht | None = first
            while one is not None:
                self._do(one)
                done += 1
                told()
                one = self._journal.daarna(one.subject)
        return done

    def settle(self, told: Callable[[], None] = lambda: None) -> None:
        """Everything there is now: the feed to its end, all gaps, all work."""
        self.catch_up()
        self.round(told)
        while self.fill_gaps():
            self.round(told)

    def _do(self, bericht: Bericht) -> None:
        address = bericht.dataref
        if bericht.data.actie == DESTROYED:
            self._journal.rond_af(bericht, VERVALLEN, (address, None))
            return
        try:
            answer = self._door.fetch(address, self._doelen)
        except StrangeAddress:
            self._journal.rond_af(bericht, GEWEIGERD)
            return
        if answer.is_success:
            self._answer(bericht.data.resource, answer.json())
            copy = (address, answer.text) if self._bewaar and bericht.data.resource != RECALL else None
            self._journal.rond_af(bericht, OPGEHAALD, copy)
        else:
            # What may no longer be read may no longer be kept either.
            gone = VERVALLEN if answer.status_code in _NOTHING else GEWEIGERD
            self._journal.rond_af(bericht, gone, (address, None))

    def _answer(self, resource: str, document: dict[str, Any]) -> None:
        """What the hub waits for and needs no person: that we have it, and that we took back what was recalled."""
        if resource == RECALL:
            self._answer_recalls(document)
        elif resource == SIGNAL:
            for one in document.get("verstrekkingen", ()):
                if one["bevestigd"] is None and one["vervallen"] is None:
                    # Refused where it ended meanwhile: then there is nothing to have.
                    self._door.acknowledge(document["signaalId"], one["verstrekkingId"])

    def _answer_recalls(self, document: dict[str, Any]) -> None:
        for one in document.get("terugroepingen", [document]):
            if one["rol"] != "ontvanger" or one["bevestigdOp"] is not None:
                continue
            gevolg = self._journal.neem_terug(one["terugroepingId"], one["signaalId"])
            answer = self._door.confirm(one["signaalId"], one["terugroepingId"], gevolg)
            if not answer.is_success:
                raise Unreadable(
                    f"de hub neemt het antwoord op een terugroeping niet aan (status {answer.status_code})"
                )
            self._journal.bevestigd(one["terugroepingId"])
