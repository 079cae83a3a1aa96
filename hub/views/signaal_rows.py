"""The rows of a signal: for each seat what it put in itself, and what was disclosed to it. Recorded masks only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from contracts.inhoud import Signaalmelding
from contracts.message import Part
from contracts.signaal import SignaalVerrijkt
from hub.views import correctietaak, terugkoppeling, terugroeping
from hub.views.afscherming import is_closed, is_withheld, moved, providers, signal_losses, silenced
from hub.views.masker import masked, plan_of, says_something
from hub.views.rows import GEEN_CASUS, ONTVANGER, SIGNAAL, TOESTEMMING, Loss, Row, Stand, row
from hub.views.sealing import Compartment, apart
from hub.views.signaal import STUK_CLASSES, disclosure, granted

Data = dict[str, Any]

_BIJDRAGE: dict[str, type[Part]] = {"melding": Signaalmelding, "verrijking": SignaalVerrijkt}
#: Every holder is told that these happened, also where it may not read why.
_TOLD = ("weerlegging", "intrekking", "geen-contact", "contact-vrij")
#: Of these a holder is not told who said it: that would tell who else holds the signal.
_UNSIGNED = ("geen-contact", "contact-vrij")
#: Only for who said it and whom it was said to.
_PRIVATE = ("terugkoppeling", "niet-gedeeld")


#: Of a disclosure that lives with an emergency access or a session.
_BOUND: tuple[str, ...] = ("gebonden_aan", "tot")


def rows(stand: Stand, since: int) -> Iterator[Row]:
    """The rows that changed at `since` or later."""
    if not stand.open:
        return
    for name, kept in stand.open["rijen"].items():
        hidden = is_withheld(stand, name.partition("|")[0]) or silenced(stand, name)
        if kept["positie"] >= since and not hidden:
            yield _row(stand, name, kept)
    for number, given in stand.open["verstrekkingen"].items():
        if given["positie"] >= since:
            yield from _recipient_rows(stand, number, given)
    for number, given in stand.open["toestemmingen"].items():
        if given["positie"] >= since:
            yield from _consent_rows(stand, number, given)
    yield from terugroeping.rows(stand, since)
    yield from terugkoppeling.rows(stand, since)
    yield from correctietaak.rows(stand, since)


def losses(stand: Stand, since: int) -> Iterator[Loss]:
    """The seats that lose rows at `since` or later."""
    yield from signal_losses(stand, since)
    yield from terugkoppeling.losses(stand, since)


def only_own(stand: Stand) -> bool:
    """Whether the row of the registering seat holds all content there is, so that it need not be kept twice."""
    zetel = stand.open["zetel"]
    own = all(part["zetel"] == zetel for part in stand.open["bijdragen"].values())
    own = own and not stand.open.get("correctietaken")
    return own and not stand.open["toestemmingen"] and all(said["zetel"] == zetel for said in stand.open["stukken"])


def _row(stand: Stand, name: str, kept: Data) -> Row:
    zetel, _, casus_id = name.partition("|")
    seen = Seen(stand, name, zetel, casus_id == GEEN_CASUS and zetel in providers(stand))
    shown, secret = seen.whole(kept)
    own = stand.open
    spoor = own["spoor"] if seen.given is None else seen.given["spoor"]
    values = (
        zetel,
        str(stand.id),
        casus_id,
        own["zetel"],
        spoor,
        own["regio"],
        shown["status"],
        kept["sinds"],
        moved(kept),
    )
    return row(SIGNAAL, values, stand, shown, apart(secret))._replace(door=kept["positie"])


class Seen:
    """What one seat sees of a signal in one setting. `own_row`: where it keeps what it put in itself."""

    def __init__(self, stand: Stand, name: str, zetel: str, own_row: bool) -> None:
        self.stand, self.zetel, self.own_row = stand, zetel, own_row
        self.given = disclosure(stand, name)
        self.number: str | None = stand.open["rijen"][name].get("verstrekking")
        self.recorded: Data | None = stand.open["verstrekkingen"][self.number] if self.number else None
        self.persons: frozenset[str] | None = None
        if self.given is not None and self.given["betrokkenen"] is not None:
            self.persons = frozenset(self.given["betrokkenen"])

    def whole(self, kept: Data) -> tuple[Data, Data]:
        """The open part of the row, and its content."""
        own = self.stand.open
        shown: Data = {
            "zetel": own["zetel"],
            "status": self._status(),
            "sinds": kept["sinds"],
            "regio": own["regio"],
            "spoor": own["spoor"] if self.given is None else self.given["spoor"],
            "bijdragen": {},
            "stukken": [],
            "terugroepingen": terugroeping.waiting(self.stand, self.zetel),
        }
        if (state := terugkoppeling.state_of(self.stand, self.zetel)) is not None:
            shown["terugkoppelstand"] = state
        secret: Data = {"inhoud": {}, "stukken": {}}
        if self.recorded is not None:
            names: tuple[str, ...] = ("doel", "casus_id", "categorieen", "grondslagen", "regels")
            names += ("vervallen", "bevestigd")
            names += _BOUND if self.recorded.get("gebonden_aan") else ()
            shown["verstrekking"] = {"verstrekking_id": self.number} | {name: self.recorded[name] for name in names}
        if self.given is None and not self.own_row and shown["status"] == "vervallen":
            return shown, secret
        self._contributions(shown, secret)
        self._said(shown, secret)
        return shown, secret

    def _status(self) -> str:
        own = self.stand.open
        if self.recorded is not None and self.recorded["vervallen"] and not self.own_row:
            return "vervallen"
        if own.get("vernietigd_op"):
            return "vernietigd"
        if own["ingetrokken"]:
            return "ingetrokken"
        if own["weerlegd"]:
            return "weerlegd"
        return str(own["status"]) if self.own_row and self.zetel == own["zetel"] else "verstrekt"

    def _masked(self, content: Data, cls: type[Part], provider: str) -> Data:
        """What the recorded mask leaves; everything for who said it."""
        if provider == self.zetel:
            return content
        if self.given is None:
            return {}
        categories = granted(self.stand, self.given, provider)
        return masked(content, plan_of(cls, categories), categories, self.persons) if categories else {}

    def _contributions(self, shown: Data, secret: Data) -> None:
        for key, part in self.stand.open["bijdragen"].items():
            own, cls = part["zetel"] == self.zetel, _BIJDRAGE[part["soort"]]
            content = self._masked(self.stand.geheim["inhoud"].get(key, {}), cls, part["zetel"])
            if own or (content and (part["soort"] == "melding" or says_something(content, cls))):
                shown["bijdragen"][key] = part
                secret["inhoud"][key] = content

    def _said(self, shown: Data, secret: Data) -> None:
        for said in self.stand.open["stukken"]:
            number = said["nummer"]
            content = self.stand.geheim["stukken"].get(number, {})
            visible = self._visible(said, content)
            if visible is not None:
                shown["stukken"].append(self._signed(said))
                if visible:
                    secret["stukken"][number] = visible

    def _signed(self, said: Data) -> Data:
        if said["soort"] == "terugkoppeling" and said["zetel"] != self.zetel:
            return {name: value for name, value in said.items() if name != "herbezie_op"}
        if said["soort"] not in _UNSIGNED or said["zetel"] == self.zetel:
            return said
        return {name: value for name, value in said.items() if name not in ("zetel", "van")}

    def _visible(self, said: Data, content: Data) -> Data | None:
        """The content shown of what was said, None where even its existence is not."""
        soort, cls = said["soort"], STUK_CLASSES[said["soort"]]
        if said["zetel"] == self.zetel or (soort == "terugkoppeling" and said["aan"] == self.zetel):
            return content
        if soort in _PRIVATE:
            return None
        if soort == "doorzetting":
            return self._passed_on(said, content, cls)
        left = self._masked(content, cls, said["zetel"])
        person = content.get("betrokkene_id")
        if self.persons is not None and person is not None and person not in self.persons:
            left = {}
        if soort in _TOLD:
            return left
        return left if left and says_something(left, cls) else None

    def _passed_on(self, said: Data, content: Data, cls: type[Part]) -> Data | None:
        if said["naar"] == self.zetel and self.given is not None:
            categories = frozenset(self.given["categorieen"])
            return masked(content, plan_of(cls, categories), categories, self.persons)
        return {} if self.zetel == self.stand.open["zetel"] else None


def _recipient_rows(stand: Stand, number: str, given: Data) -> Iterator[Row]:
    """Who holds this, for each seat that put it in or passed it on; never in which case."""
    names: tuple[str, ...] = ("ontvanger", "sinds", "spoor", "doel", "grondslagen", "regels", "vervallen", "bevestigd")
    names += _BOUND if given.get("gebonden_aan") else ()
    for zetel, categories in given["kijkers"].items():
        if is_closed(stand, zetel):
            continue
        shown = {name: given[name] for name in names} | {"verstrekking_id": number, "categorieen": categories}
        yield row(ONTVANGER, (zetel, str(stand.id), number, given["positie"]), stand, shown)


def _consent_rows(stand: Stand, number: str, given: Data) -> Iterator[Row]:
    """The consent for who recorded it; for the seats it names that there is one."""
    kept = {name: value for name, value in given.items() if name != "positie"} | {"toestemming_id": number}
    content = stand.geheim["stukken"].get(number)
    person = given.get("betrokkene_id")
    parts = (Compartment((UUID(person),) if person else (), content),) if content else ()
    if not is_closed(stand, given["zetel"]):
        yield _consent_row(stand, given["zetel"], number, given, kept, parts)
    told = ("toestemming_id", "signaal_id", "status", "geldig_tot")
    bare = {name: value for name, value in kept.items() if name in told}
    for zetel in given["ontvangers"] if given["status"] != "geweigerd" else ():
        if zetel != given["zetel"] and not is_closed(stand, zetel):
            yield _consent_row(stand, zetel, number, given, bare, ())


def _consent_row(
    stand: Stand, zetel: str, number: str, given: Data, shown: Data, parts: tuple[Compartment, ...]
) -> Row:
    return row(TOESTEMMING, (zetel, str(stand.id), number, given["positie"]), stand, shown, parts)
