"""The policy asked from outside, in our words or in those of the published decision cases."""

from dataclasses import dataclass

from contracts.beslisgeval import WOORDEN, Beleidsvraag, Beslisgeval
from hub.access.beleid import Beleid
from hub.access.permit import Permit, Weigering
from hub.access.verzoek import Verzoek

#: Ask for these as a whole; a mask lists what they are made of.
GEHEEL = frozenset({"casusbeeld", "geen"})


@dataclass(frozen=True, slots=True)
class Uitslag:
    """The answer to one question, and every category the seat would see or miss, all else being equal."""

    antwoord: Permit | Weigering
    zichtbaar: tuple[str, ...]
    verborgen: tuple[str, ...]


def verzoek_van(vraag: Beleidsvraag | Beslisgeval) -> Verzoek:
    """The question as the policy takes it. A word it does not know goes on unchanged, and is refused there."""
    if isinstance(vraag, Beslisgeval):
        return _van_geval(vraag)
    return Verzoek(
        zetel=vraag.zetel, rol=vraag.rol, handeling=vraag.handeling, spoor=vraag.spoor, regio=vraag.regio,
        datum=vraag.datum, categorie=vraag.categorie, bron_zetel=vraag.bron_zetel or vraag.zetel, fase=vraag.fase,
        doel=vraag.doel, betrokkene_rol=vraag.betrokkene_rol, minderjarig=vraag.minderjarig,
        bijzonder=frozenset(vraag.bijzonder), kenmerken=frozenset(vraag.kenmerken),
        omstandigheden=vraag.omstandigheden,
    )  # fmt: skip


def toets(beleid: Beleid, verzoek: Verzoek) -> Uitslag:
    """Decision and mask. A refused question has an empty mask: nothing is seen along the side."""
    antwoord = beleid.toets(verzoek)
    delen = [naam for naam in beleid.categorieen if naam not in GEHEEL]
    zichtbaar = beleid.masker(verzoek, delen).zichtbaar if isinstance(antwoord, Permit) else frozenset()
    return Uitslag(antwoord, tuple(sorted(zichtbaar)), tuple(sorted(frozenset(delen) - zichtbaar)))


def als_geval(uitslag: Uitslag) -> dict[str, object]:
    """The answer in the words of a decision case: `expect`, `mask`, `deny_as`, `obligations`."""
    antwoord = uitslag.antwoord
    plichten = [_engels("verplichtingen", naam) for naam in antwoord.verplichtingen]
    if isinstance(antwoord, Weigering):
        return {"expect": "deny", "deny_as": _engels("vormen", antwoord.vorm), "obligations": plichten}
    return {
        "expect": "allow",
        "mask": {"visible": list(uitslag.zichtbaar), "hidden": list(uitslag.verborgen)},
        "obligations": plichten,
    }


def _van_geval(geval: Beslisgeval) -> Verzoek:
    namen = WOORDEN["omstandigheden"]
    omstandigheden: dict[str, object] = {namen.get(naam, naam): waarde for naam, waarde in geval.context.items()}
    getekend = geval.context.get("signatory")
    if isinstance(getekend, bool):
        omstandigheden["ondertekenaar"] = "ja" if getekend else "nee"
    eigen = geval.data.provider_seat == "actor"
    return Verzoek(
        zetel=geval.actor.seat, rol=geval.actor.role,
        handeling=WOORDEN["handelingen"].get(geval.action, geval.action), spoor=geval.track, regio=geval.region,
        datum=geval.date, categorie=geval.data.category,
        bron_zetel=geval.actor.seat if eigen else geval.data.provider_seat, fase=geval.data.phase,
        doel=geval.purpose, betrokkene_rol=geval.data.subject.role, minderjarig=geval.data.subject.minor,
        bijzonder=frozenset(geval.data.subject.special), kenmerken=frozenset(geval.data.flags),
        omstandigheden=omstandigheden,
    )  # fmt: skip


def _engels(lijst: str, woord: str) -> str:
    return next((engels for engels, ons in WOORDEN[lijst].items() if ons == woord), woord)
