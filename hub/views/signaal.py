"""The state of a signal as its rows need it: contributions, what was said of it, and who may hold what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from contracts.afscherming import VertrouwelijkheidVervallen, VertrouwelijkVerklaard, ZetelsUitgesloten
from contracts.bewaring import SignaalVernietigd
from contracts.message import Event
from contracts.signaal import (
    BetrokkeneVernietigd,
    RolToegekend,
    SignaalDoorgezet,
    SignaalGeherclassificeerd,
    SignaalGerectificeerd,
    SignaalGeregistreerd,
    SignaalIngetrokken,
    SignaalNietGedeeld,
    SignaalTeruggekoppeld,
    SignaalVerrijkt,
    SignaalWeerlegd,
)
from contracts.toestemming import ToestemmingGegeven, ToestemmingGeweigerd, ToestemmingIngetrokken
from contracts.verhoor import VerhoorembargoOpgeheven, VerhoorGepland
from contracts.verstrekking import OntvangstBevestigd, SignaalVerstrekt, VerstrekkingVervallen
from hub.views import afscherming, correctietaak, terugkoppeling, terugroeping
from hub.views.afscherming import providers
from hub.views.masker import divided
from hub.views.rows import GEEN_CASUS, Stand
from hub.views.sealing import without

Data = dict[str, Any]
Apply = Callable[[Stand, int, Data], None]

#: What is said of a signal: name in the view by event class.
STUKKEN: dict[type[Event], str] = {
    SignaalGeherclassificeerd: "herclassificatie",
    SignaalGerectificeerd: "rectificatie",
    SignaalIngetrokken: "intrekking",
    SignaalWeerlegd: "weerlegging",
    SignaalDoorgezet: "doorzetting",
    SignaalNietGedeeld: "niet-gedeeld",
    SignaalTeruggekoppeld: "terugkoppeling",
    RolToegekend: "rol",
    VerhoorGepland: "geen-contact",
    VerhoorembargoOpgeheven: "contact-vrij",
}
STUK_CLASSES = {name: cls for cls, name in STUKKEN.items()}


def rij(zetel: str, casus_id: str | None) -> str:
    """The name of the row of a seat in one setting."""
    return f"{zetel}|{casus_id or GEEN_CASUS}"


def granted(stand: Stand, given: Data, provider: str) -> frozenset[str]:
    """The recorded categories of a disclosure for what one provider put in.

    Only a disclosure that names no provider at all speaks of the registering seat.
    """
    per_bron = given["per_bron"]
    if not per_bron:
        return frozenset(given["categorieen"]) if provider == stand.open["zetel"] else frozenset()
    return frozenset(per_bron.get(provider, ())) & frozenset(given["categorieen"])


def disclosure(stand: Stand, name: str) -> Data | None:
    """What the seat of a row holds by disclosure; None once it lapsed, or the signal was withdrawn."""
    number = stand.open["rijen"][name].get("verstrekking")
    if number is None or stand.open["ingetrokken"]:
        return None
    given: Data = stand.open["verstrekkingen"][number]
    return None if given["vervallen"] else given


def apply(stand: Stand, position: int, cls: type[Event], data: Data) -> None:
    """Remember one event. One about a signal that was never registered changes nothing."""
    if not stand.open and cls is not SignaalGeregistreerd:
        return
    stand.positie = position
    if cls in STUKKEN:
        _add_stuk(stand, position, cls, data)
    special = _SPECIAL.get(cls)
    if special is not None:
        special(stand, position, data)


def _touch(stand: Stand, position: int, who: Callable[[str, str], bool]) -> None:
    for name, kept in stand.open["rijen"].items():
        if who(name, name.partition("|")[0]):
            kept["positie"] = position


def _touch_of(stand: Stand, position: int, provider: str) -> None:
    """Every row that shows something of this provider."""

    def shows(name: str, zetel: str) -> bool:
        given = disclosure(stand, name)
        return zetel == provider or (given is not None and bool(granted(stand, given, provider)))

    _touch(stand, position, shows)


def _lapsed_row(stand: Stand, name: str) -> bool:
    number = stand.open["rijen"][name].get("verstrekking")
    return number is not None and bool(stand.open["verstrekkingen"][number]["vervallen"])


def _new_row(stand: Stand, position: int, name: str, moment: str) -> Data:
    kept: Data = stand.open["rijen"].setdefault(name, {"sinds": moment})
    kept["positie"] = position
    return kept


def _set(stand: Stand, position: int, part: str, key: str, content: Data) -> None:
    stand.geheim[part][key] = content
    stand.geheim_positie = position


def _registered(stand: Stand, position: int, data: Data) -> None:
    if stand.open:
        return
    melding, zetel, moment = data["melding"], data["zetel"], data["tijdstip"]
    stand.positie = position
    stand.open = {
        "zetel": zetel,
        "spoor": melding["spoor"],
        "regio": melding["regio"],
        "sinds": moment,
        "status": "geregistreerd",
        "ingetrokken": False,
        "weerlegd": False,
        "bijdragen": {data["signaal_id"]: {"soort": "melding", "zetel": zetel, "tijdstip": moment}},
        "stukken": [],
        "verstrekkingen": {},
        "toestemmingen": {},
        "vernietigd": [],
        "rijen": {},
    }
    _set(stand, position, "inhoud", data["signaal_id"], melding)
    _new_row(stand, position, rij(zetel, None), moment)


def _enriched(stand: Stand, position: int, data: Data) -> None:
    key, zetel = data["verrijking_id"], data["zetel"]
    if key in stand.open["bijdragen"]:
        return
    stand.open["bijdragen"][key] = {"soort": "verrijking", "zetel": zetel, "tijdstip": data["tijdstip"]}
    names = ("herkomst", "wpg_artikel", "inhoud")
    _set(stand, position, "inhoud", key, {name: data[name] for name in names if name in data})
    _forget_destroyed(stand, position)
    _new_row(stand, position, rij(zetel, None), data["tijdstip"])
    _touch_of(stand, position, zetel)
    afscherming.enriched(stand, position)


def _rectified(stand: Stand, position: int, data: Data) -> None:
    key = data.get("verrijking_id") or data["signaal_id"]
    part = stand.open["bijdragen"].get(key)
    if part is None:
        return
    part["gecorrigeerd_op"] = data["tijdstip"]
    _set(stand, position, "inhoud", key, {**stand.geheim["inhoud"].get(key, {}), "inhoud": data.get("inhoud", {})})
    _forget_destroyed(stand, position)
    _touch_of(stand, position, part["zetel"])


def _add_stuk(stand: Stand, position: int, cls: type[Event], data: Data) -> None:
    shown, content = divided(data, cls)
    if cls is SignaalGerectificeerd:
        content.pop("inhoud", None)
    shown.pop("signaal_id")
    person = shown.pop("betrokkene_id", None)
    number = str(position)
    stand.open["stukken"].append({**shown, "nummer": number, "soort": STUKKEN[cls]})
    if content and person not in stand.open["vernietigd"]:
        _set(stand, position, "stukken", number, content if person is None else {**content, "betrokkene_id": person})
    also = {data["zetel"], data.get("naar"), data.get("aan")}
    if cls in (SignaalWeerlegd, SignaalIngetrokken, VerhoorGepland, VerhoorembargoOpgeheven):
        _touch(stand, position, lambda name, zetel: not _lapsed_row(stand, name) or zetel in providers(stand))
    elif cls in (SignaalGeherclassificeerd, SignaalGerectificeerd, RolToegekend):
        _touch_of(stand, position, data["zetel"])
    elif cls is SignaalDoorgezet:
        also.add(stand.open["zetel"])
    _touch(stand, position, lambda _, zetel: zetel in also)


def _withdrawn(stand: Stand, position: int, data: Data) -> None:
    stand.open["ingetrokken"] = True


def _refuted(stand: Stand, position: int, data: Data) -> None:
    stand.open["weerlegd"] = True


def _not_shared(stand: Stand, position: int, data: Data) -> None:
    if data["zetel"] == stand.open["zetel"] and stand.open["status"] == "geregistreerd":
        stand.open["status"] = "niet-gedeeld"


def _destroyed(stand: Stand, position: int, data: Data) -> None:
    person = data["betrokkene_id"]
    if person not in stand.open["vernietigd"]:
        stand.open["vernietigd"].append(person)
    _forget_destroyed(stand, position)
    stand.geheim_positie = position
    _touch(stand, position, lambda _, __: True)
    for given in stand.open["toestemmingen"].values():
        given["positie"] = position


def _ended(stand: Stand, position: int, data: Data) -> None:
    """A whole signal was destroyed: its rows say so, and nothing else."""
    stand.open["vernietigd_op"] = data["tijdstip"]
    stand.open["stukken"] = []
    stand.geheim = {"inhoud": {}, "stukken": {}}
    stand.geheim_positie = position
    afscherming.touch_all(stand, position)


def _forget_destroyed(stand: Stand, position: int) -> None:
    for person in stand.open["vernietigd"]:
        parts = stand.geheim["inhoud"]
        for key, content in parts.items():
            parts[key] = without(content, person)
        gone = [number for number, content in stand.geheim["stukken"].items() if content.get("betrokkene_id") == person]
        for number in gone:
            del stand.geheim["stukken"][number]


def _disclosed(stand: Stand, position: int, data: Data) -> None:
    key, ontvanger = data["verstrekking_id"], data["ontvanger"]
    before = stand.open["verstrekkingen"].get(key)
    given: Data = {name: data[name] for name in ("ontvanger", "spoor", "doel", "categorieen", "grondslagen", "regels")}
    given |= {
        "casus_id": data.get("casus_id"),
        "gebonden_aan": data.get("gebonden_aan"),
        "tot": data.get("tot"),
        "rij": rij(ontvanger, data.get("gebonden_aan") or data.get("casus_id")),
        "per_bron": data.get("per_bron", {}),
        "betrokkenen": data.get("betrokkenen"),
        "sinds": before["sinds"] if before else data["tijdstip"],
        "vervallen": None,
        "bevestigd": None,
        "positie": position,
    }
    seen = dict(before["kijkers"]) if before else {}
    seen |= {zetel: sorted(own) for zetel in sorted(providers(stand)) if (own := granted(stand, given, zetel))}
    if given["casus_id"] is None and given["gebonden_aan"] is None:
        seen[data["zetel"]] = given["categorieen"]
    seen.pop(ontvanger, None)
    stand.open["verstrekkingen"][key] = {**given, "kijkers": seen}
    _new_row(stand, position, given["rij"], data["tijdstip"])["verstrekking"] = key
    if ontvanger != stand.open["zetel"] and stand.open["status"] != "gedeeld":
        stand.open["status"] = "gedeeld"
        _touch(stand, position, lambda name, _: name == rij(stand.open["zetel"], None))


def _row_of(given: Data) -> str:
    """The row of a disclosure; one that was kept before rows were named is outside an emergency or session."""
    return str(given.get("rij") or rij(given["ontvanger"], given["casus_id"]))


def _held(stand: Stand, position: int, data: Data) -> Data | None:
    given: Data | None = stand.open["verstrekkingen"].get(data["verstrekking_id"])
    if given is None or given["vervallen"]:
        return None
    given["positie"] = position
    stand.open["rijen"][_row_of(given)]["positie"] = position
    return given


def _lapsed(stand: Stand, position: int, data: Data) -> None:
    if (given := _held(stand, position, data)) is not None:
        given["vervallen"] = {"op": data["tijdstip"], "reden": data["reden"]}
        if afscherming.ends_unseen(given):
            afscherming.silence(stand, position, _row_of(given))


def _acknowledged(stand: Stand, position: int, data: Data) -> None:
    given = stand.open["verstrekkingen"].get(data["verstrekking_id"])
    if given is not None and given["ontvanger"] == data["zetel"]:
        given["bevestigd"] = data["tijdstip"]
        given["positie"] = position
        stand.open["rijen"][_row_of(given)]["positie"] = position


def _consent(stand: Stand, position: int, data: Data) -> None:
    cls = ToestemmingGegeven if "vorm" in data else ToestemmingGeweigerd
    shown, content = divided(data, cls)
    key = shown.pop("toestemming_id")
    if key in stand.open["toestemmingen"]:
        return
    shown["status"] = "gegeven" if cls is ToestemmingGegeven else "geweigerd"
    stand.open["toestemmingen"][key] = {**shown, "positie": position}
    person = shown.get("betrokkene_id")
    if content and person not in stand.open["vernietigd"]:
        _set(stand, position, "stukken", key, content if person is None else {**content, "betrokkene_id": person})


def _consent_withdrawn(stand: Stand, position: int, data: Data) -> None:
    given = stand.open["toestemmingen"].get(data["toestemming_id"])
    if given is not None and given["zetel"] == data["zetel"]:
        given |= {"status": "ingetrokken", "ingetrokken_op": data["tijdstip"], "positie": position}


_SPECIAL: dict[type[Event], Apply] = {
    SignaalGeregistreerd: _registered,
    SignaalVerrijkt: _enriched,
    SignaalGerectificeerd: _rectified,
    SignaalIngetrokken: _withdrawn,
    SignaalWeerlegd: _refuted,
    SignaalNietGedeeld: _not_shared,
    BetrokkeneVernietigd: _destroyed,
    SignaalVernietigd: _ended,
    SignaalVerstrekt: _disclosed,
    VerstrekkingVervallen: _lapsed,
    OntvangstBevestigd: _acknowledged,
    ToestemmingGegeven: _consent,
    ToestemmingGeweigerd: _consent,
    ToestemmingIngetrokken: _consent_withdrawn,
    ZetelsUitgesloten: afscherming.shut_out,
    VertrouwelijkVerklaard: afscherming.declared,
    VertrouwelijkheidVervallen: afscherming.lapsed,
    SignaalTeruggekoppeld: terugkoppeling.in_words,
    **terugkoppeling.APPLY,
    **terugroeping.APPLY,
    **correctietaak.APPLY,
}
EVENTS: frozenset[type[Event]] = frozenset(STUKKEN) | frozenset(_SPECIAL)


def signaal_id(event: Event) -> UUID:
    """The signal an event of EVENTS is about."""
    found: UUID = event.signaal_id  # type: ignore[attr-defined]
    return found
