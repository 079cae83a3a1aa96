"""The input of a question held against the word lists: what the policy does not know, it refuses."""

from collections.abc import Iterator
from datetime import date

from hub.access.bundel import Bundel
from hub.access.verzoek import Verzoek

FASEN = (0, 1, 2, 3)
TEKSTVELDEN = (
    "zetel", "rol", "handeling", "spoor", "regio", "categorie", "bron_zetel", "doel", "betrokkene_rol",
)  # fmt: skip
GROOTSTE = 2**31


def onbekends(bundel: Bundel, verzoek: Verzoek) -> tuple[str, ...]:
    """Everything in a question that the policy does not know, as Dutch sentences; values are not repeated.

    Values stay out of the sentences: they come from outside and may be personal data.
    """
    if not all(isinstance(getattr(verzoek, naam), str) for naam in TEKSTVELDEN):
        return ("Een veld dat tekst moet zijn, is dat niet.",)
    return (*_velden(bundel, verzoek), *_omstandigheden(bundel, verzoek))


def vul_aan(bundel: Bundel, verzoek: Verzoek) -> dict[str, object]:
    """Every circumstance with its given value, or its default where it was left out."""
    volledig = dict(bundel.standaarden)
    for naam, waarde in verzoek.omstandigheden.items():
        volledig[naam] = list(waarde) if isinstance(waarde, tuple | frozenset | set) else waarde
    return volledig


def _velden(bundel: Bundel, verzoek: Verzoek) -> Iterator[str]:
    lijst = bundel.woordenlijst
    enkel = (
        ("zetel", verzoek.zetelsoort, bundel.zetels),
        ("bronzetel", verzoek.bronsoort, bundel.zetels),
        ("handeling", verzoek.handeling, bundel.handelingen),
        ("spoor", verzoek.spoor, bundel.sporen),
        ("categorie", verzoek.categorie, bundel.categorieen),
        ("regio", verzoek.regio, lijst["regios"]),
        ("rol", verzoek.rol, lijst["rollen"]),
        ("doel", verzoek.doel, lijst["doelen"]),
        ("rol van de betrokkene", verzoek.betrokkene_rol, lijst["betrokkene_rollen"]),
    )
    for wat, waarde, bekend in enkel:
        if waarde not in bekend:
            yield f"Onbekend: {wat}."
    for wat, waarden, bekenden in (
        ("bijzonderheid van de betrokkene", verzoek.bijzonder, lijst["bijzonder"]),
        ("kenmerk", verzoek.kenmerken, lijst["kenmerken"]),
    ):
        if not frozenset(waarden) <= bekenden:
            yield f"Onbekend: {wat}."
    if type(verzoek.fase) is not int or verzoek.fase not in FASEN:
        yield "Onbekend: fase."
    # A datetime is a date to Python, and cannot be compared with one.
    if type(verzoek.datum) is not date:
        yield "De datum is geen datum."
    if not isinstance(verzoek.minderjarig, bool):
        yield "Minderjarig is ja of nee."


def _omstandigheden(bundel: Bundel, verzoek: Verzoek) -> Iterator[str]:
    for naam, waarde in verzoek.omstandigheden.items():
        soort = bundel.omstandigheden.get(naam)
        if soort is None:
            yield "Onbekend: omstandigheid."
        elif not _past(soort["soort"], waarde, soort.get("waarden", ()), bundel):
            yield f"De omstandigheid {naam} heeft een waarde die het beleid niet kent."


def _past(soort: str, waarde: object, waarden: object, bundel: Bundel) -> bool:
    match soort:
        case "ja-nee":
            return isinstance(waarde, bool)
        case "getal":
            return type(waarde) is int and abs(waarde) < GROOTSTE
        case "keuze" | "drietal":
            return isinstance(waarden, list) and isinstance(waarde, str) and waarde in waarden
        case "lijst":
            return isinstance(waarde, list | tuple | frozenset | set) and all(isinstance(w, str) for w in waarde)
        case "zetel":
            return waarde == "" or (isinstance(waarde, str) and waarde.partition("@")[0] in bundel.zetels)
        case "datum":
            return waarde == "" or (isinstance(waarde, str) and _is_datum(waarde))
        case _:
            return isinstance(waarde, str)


def _is_datum(waarde: str) -> bool:
    try:
        date.fromisoformat(waarde)
    except ValueError:
        return False
    return True
