"""Who does not see that something is there: by what is recorded of a signal or a case, never by a rule of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.casus import SignaalGekoppeld
from hub.views.rows import Loss, Stand

Data = dict[str, Any]

#: Why a disclosure ended of which nothing may be left to see. Recorded in VerstrekkingVervallen.
VERZWEGEN = "vertrouwelijk"
_ALL = (
    "zicht_signaal",
    "zicht_ontvanger",
    "zicht_toestemming",
    "zicht_terugroeping",
    "zicht_terugkoppeling",
    "zicht_correctietaak",
)
_BESIDE = ("zicht_ontvanger", "zicht_toestemming")
_LINKED = SignaalGekoppeld.__name__
#: Of a row that was written anew without a change for its seat: the position of that, and of its last change.
ONVERANDERD = "onveranderd"


def shut_out(stand: Stand, position: int, data: Data) -> None:
    """Seats became subject of a signal."""
    stand.open["uitgesloten"] = sorted({*stand.open.get("uitgesloten", ()), *data["zetels"]})
    stand.open["afgeschermd_positie"] = position


def declared(stand: Stand, position: int, data: Data) -> None:
    """A signal became confidential, or another circle knows of it."""
    stand.open["ingewijd"] = sorted({data["zetel"], data["deelnemer"]})
    rewrite_all(stand, position)
    stand.open["afgeschermd_positie"] = position


def lapsed(stand: Stand, position: int, data: Data) -> None:
    """A signal is open again: every row is written anew."""
    stand.open["ingewijd"] = None
    rewrite_all(stand, position)


def enriched(stand: Stand, position: int) -> None:
    """Who put something in knows of the signal, also of one that is closed."""
    if stand.open.get("ingewijd") is not None or stand.open.get("uitgesloten"):
        rewrite_all(stand, position)


def touch_all(stand: Stand, position: int) -> None:
    """Every row of a signal changed."""
    own = stand.open
    for kept in (*own["rijen"].values(), *own["verstrekkingen"].values(), *own["toestemmingen"].values(), *_told(own)):
        kept["positie"] = position


def rewrite_all(stand: Stand, position: int) -> None:
    """Every row of a signal is written anew for whoever sees it again; for who saw it all along nothing changed."""
    own = stand.open
    for kept in (*own["verstrekkingen"].values(), *own["toestemmingen"].values()):
        kept["positie"] = position
    for kept in (*own["rijen"].values(), *_told(own)):
        _rewrite(kept, position)


def _told(own: Data) -> Iterator[Data]:
    yield from own.get("terugroepingen", {}).values()
    yield from own.get("correctietaken", {}).values()
    yield from (part for one in own.get("terugkoppelingen", {}).values() for part in (one["schuld"], one["bericht"]))


def _rewrite(kept: Data, position: int) -> None:
    kept[ONVERANDERD] = [position, moved(kept)]
    kept["positie"] = position


def moved(kept: Data) -> int:
    """The position of the last change of a row, where it was written anew since without one."""
    at, before = kept.get(ONVERANDERD, (0, 0))
    return int(before if at == kept["positie"] else kept["positie"])


def providers(stand: Stand) -> set[str]:
    """The seats that put something in; they always see that."""
    return {part["zetel"] for part in stand.open.get("bijdragen", {}).values()}


def is_withheld(stand: Stand, zetel: str) -> bool:
    """Whether the signal is confidential, and this seat not among those who know of it."""
    insiders = stand.open.get("ingewijd")
    return insiders is not None and zetel not in insiders and zetel not in providers(stand)


def is_closed(stand: Stand, zetel: str) -> bool:
    """Whether nothing about the signal may tell this seat that it is there."""
    subject = zetel in stand.open.get("uitgesloten", ()) and zetel not in providers(stand)
    return subject or is_withheld(stand, zetel)


def ends_unseen(given: Data | None) -> bool:
    """Whether a disclosure is over and leaves nothing to see: of something confidential, an emergency or a session."""
    if given is None or not given["vervallen"]:
        return False
    return bool(given.get("gebonden_aan")) or given["vervallen"]["reden"] == VERZWEGEN


def silenced(stand: Stand, name: str) -> bool:
    """Whether the disclosure of a row ended without a word, so that there is no such row."""
    number = stand.open["rijen"][name].get("verstrekking")
    given = stand.open["verstrekkingen"][number] if number else None
    return ends_unseen(given) and name.partition("|")[0] not in providers(stand)


def signal_losses(stand: Stand, since: int) -> Iterator[Loss]:
    """The seats whose rows go at `since` or later; what is left of them is written anew in the same batch."""
    own = stand.open
    shielded = own.get("afgeschermd_positie", 0) >= since
    recalls = own.get("terugroepingen", {}).values()
    told_of = {seat for one in recalls for seat in (one["ontvanger"], *one["bronnen"])}
    told_of |= {seat for one in own.get("correctietaken", {}).values() for seat in (one["zetel"], one["voor"])}
    told_of |= {seat for one in own.get("terugkoppelingen", {}).values() for seat in (one["ontvanger"], one["melder"])}
    for zetel in sorted({name.partition("|")[0] for name in own.get("rijen", {})} | told_of):
        rijen = [(name, kept) for name, kept in own["rijen"].items() if name.startswith(zetel + "|")]
        gone = {name: kept["weg"] for name, kept in rijen if kept.get("weg", 0) >= since}
        if gone or (shielded and is_withheld(stand, zetel)):
            withheld, position = is_withheld(stand, zetel), max(gone.values(), default=since)
            unspoken = withheld or any(_unspoken(stand, name) for name in gone)
            yield Loss(zetel, str(stand.id), _ALL if withheld else _ALL[:1], "signaal_id", position, stil=unspoken)
    if shielded:
        consents = own["toestemmingen"].values()
        named = {seat for given in consents for seat in (given["zetel"], *given.get("ontvangers", ()))}
        told = {seat for given in own["verstrekkingen"].values() for seat in given["kijkers"]}
        for zetel in sorted(seat for seat in named | told if is_closed(stand, seat)):
            yield Loss(zetel, str(stand.id), _BESIDE, "signaal_id")


def _unspoken(stand: Stand, name: str) -> bool:
    """Whether nothing may even tell that a row is gone: it went because something became confidential."""
    number = stand.open["rijen"][name].get("verstrekking")
    given = stand.open["verstrekkingen"][number] if number else None
    return given is not None and bool(given["vervallen"]) and given["vervallen"]["reden"] == VERZWEGEN


def silence(stand: Stand, position: int, name: str) -> None:
    """The disclosure of a row ended without a word: the seat's rows go, and those that stay are written anew."""
    stand.open["rijen"][name]["weg"] = position
    zetel = name.partition("|")[0]
    for other, kept in stand.open["rijen"].items():
        if other.partition("|")[0] == zetel:
            _rewrite(kept, position)


def contribution(own: Data, position: int, data: Data, again: bool) -> None:
    """Who does not see in a case that a signal was brought in."""
    hidden = {"voor": data.get("verborgen_voor", []), "alleen": data.get("alleen_voor")}
    known = own.setdefault("afgeschermd", {})
    if hidden != known.get(data["signaal_id"], {"voor": [], "alleen": None}):
        known[data["signaal_id"]] = hidden
        if again:
            own["herschikt"] = position


def course(own: Data, zetel: str) -> list[Data]:
    """The entries of a case that a seat sees, each with its number in the course as that seat sees it."""
    seen = [entry for entry in own["tijdlijn"] if _sees(own, zetel, entry)]
    return [{**entry, "nummer": number} for number, entry in enumerate(seen, 1)]


def contributions(own: Data, zetel: str) -> int:
    """How many signals a seat sees to be in a case."""
    return sum(_sees_link(own, zetel, key, linker) for key, linker in own["signalen"].items())


def _sees(own: Data, zetel: str, entry: Data) -> bool:
    if entry["soort"] == _LINKED:
        return _sees_link(own, zetel, entry["signaal_id"], entry["zetel"])
    if "alleen" in entry:
        return zetel in entry["alleen"]
    return True


def _sees_link(own: Data, zetel: str, signaal_id: str, linker: str) -> bool:
    hidden = own.get("afgeschermd", {}).get(signaal_id)
    if hidden is None or zetel == linker:
        return True
    return zetel not in hidden["voor"] and (hidden["alleen"] is None or zetel in hidden["alleen"])
