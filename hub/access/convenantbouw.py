"""What a covenant as written says about its parties and tables, made ready for questions and for showing."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from hub.access.zetel import Lid, Tafel, Tegenstrijdigheid

# What no fact uses and a reader does want to see, in the order of showing.
TOELICHTING = (
    "doel", "gegevens", "persoonsgegevens", "onder", "partijen_van", "waargenomen", "voorzitter", "aanwezig",
    "niet_partijen", "lagen", "voorwaarden", "route",
)  # fmt: skip
PerId = Mapping[str, list[dict[str, Any]]]


def dag(waarde: str | None) -> date | None:
    """A written date; None is unknown."""
    return None if waarde is None else date.fromisoformat(waarde)


def partijen(c: Mapping[str, Any], per_id: PerId) -> tuple[frozenset[str], tuple[Lid, ...]]:
    """Who is party without more, and who in some areas or for some time, those of `partijen_van` included.

    A covenant with several versions lends its parties each for the time of its own version.
    """
    leden = [_lid(partij) for partij in c["partijen"]]
    boven = per_id.get(c.get("partijen_van", ""), [])
    for versie in boven:
        vast, los = partijen(versie, per_id)
        vanaf, tot = (dag(versie["geldig_vanaf"]), dag(versie["geldig_tot"])) if len(boven) > 1 else (None, None)
        leden += [Lid(zetel, None, vanaf, tot) for zetel in sorted(vast)]
        leden += [Lid(lid.zetel, lid.gebieden, _later(lid.vanaf, vanaf), _eerder(lid.tot, tot)) for lid in los]
    overal = [lid for lid in leden if lid.gebieden is None and lid.vanaf is None and lid.tot is None]
    return frozenset(lid.zetel for lid in overal), tuple(lid for lid in leden if lid not in overal)


def _lid(partij: str | Mapping[str, Any]) -> Lid:
    if isinstance(partij, str):
        return Lid(partij, None, None, None)
    gebieden = partij.get("gebieden")
    return Lid(
        partij["zetel"],
        None if gebieden is None else frozenset(gebieden),
        dag(partij.get("vanaf")),
        dag(partij.get("tot")),
    )


def _later(een: date | None, ander: date | None) -> date | None:
    return max((dag for dag in (een, ander) if dag is not None), default=None)


def _eerder(een: date | None, ander: date | None) -> date | None:
    return min((dag for dag in (een, ander) if dag is not None), default=None)


def overleggen(c: Mapping[str, Any]) -> tuple[Tafel, ...]:
    """The tables of a covenant."""
    return tuple(
        Tafel(t["id"], t["persoonsgegevens"], t.get("leeftijd", "alle"), tuple(t.get("aanwezig", ())), t.get("ritme"))
        for t in c.get("tafels", ())
    )


def met_personen(tafels: Iterable[Tafel], leeftijd: str) -> frozenset[str]:
    """The tables of an age where personal data are shared; where they are not, it is no table for this purpose."""
    return frozenset(t.id for t in tafels if t.persoonsgegevens == "ja" and t.leeftijd == leeftijd)


def tegenstrijdigheden(c: Mapping[str, Any]) -> tuple[Tegenstrijdigheid, ...]:
    """Where the sources contradict each other, every reading with its source."""
    return tuple(
        Tegenstrijdigheid(t["over"], tuple((lezing["zegt"], lezing["bron"]) for lezing in t["lezingen"]))
        for t in c.get("tegenstrijdigheden", ())
    )


def toelichting(c: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What a reader wants to see besides, as text per subject."""
    gevonden = {naam: _teksten(c[naam]) for naam in TOELICHTING if c.get(naam)}
    if c.get("bestaat") is False:
        gevonden["status"] = ("voorstel; bestaat nog niet",)
    elif c.get("historisch"):
        gevonden["status"] = ("historisch",)
    return gevonden


def _teksten(waarde: Any) -> tuple[str, ...]:
    if isinstance(waarde, dict):
        return tuple(f"{sleutel}: {tekst}" for sleutel, tekst in waarde.items())
    return tuple(map(str, waarde)) if isinstance(waarde, list) else (str(waarde),)
