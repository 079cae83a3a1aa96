"""Reporting a signal: the form, and 'mag ik dit delen?' before anything leaves or is recorded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from contracts.cloudevents import kenmerk_id
from contracts.codelijst import Waarde, codelijst
from contracts.waarden import SporenVanInname
from hub.api.intake import CONSOLE
from hub.console.doors import Refused
from hub.console.entry import Visitor
from hub.console.referral import advice
from hub.console.summary import own, summary
from hub.console.visit import Visit, pages

Form = Mapping[str, Sequence[str]]
#: Which list of signs the form begins with.
Lijst = Annotated[str, Query(pattern="^[a-z-]*$", max_length=40)]
ONBEKEND = "onbekend"
MAX_PERSONEN = 10
MAX_ONTVANGERS = 3
#: In each block of the form about a person.
_PERSOON = ("naam", "geslacht", "rol", "leeftijd", "bsn")
#: What forms of exploitation are chosen from: the broad ones, each of which says enough to begin with.
VORMEN = (
    "seksuele-uitbuiting",
    "arbeidsuitbuiting",
    "criminele-uitbuiting",
    "gedwongen-dienstverlening",
    "gedwongen-bedelarij",
    "orgaanverwijdering",
    ONBEKEND,
)


@dataclass(frozen=True, slots=True)
class Rubriek:
    """Signs of one kind, as the lists of the field group them."""

    code: str
    label: str
    indicatoren: tuple[Waarde, ...]


def rubrieken() -> tuple[Rubriek, ...]:
    """All signs one may tick, by kind."""
    kinds = codelijst("indicatorcategorie").waarden
    signs = codelijst("indicator").waarden
    made = (
        Rubriek(kind.code, kind.label, tuple(one for one in signs if one.kenmerken.get("categorie") == kind.code))
        for kind in kinds
    )
    return tuple(one for one in made if one.indicatoren)


def router() -> APIRouter:
    """The form, the question beforehand, and recording."""
    routes = pages()
    _form(routes)
    _send(routes)
    return routes


def _form(routes: APIRouter) -> None:
    @routes.get("/melden")
    async def empty(visit: Visitor, lijst: Lijst = "") -> Response:
        return _page(visit, {"lijst": [lijst]}, 1)


def _send(routes: APIRouter) -> None:
    @routes.post("/melden")
    async def send(visit: Visitor) -> Response:
        form = await visit.form()
        persons = min(int(_one(form, "personen") or "1"), MAX_PERSONEN) if _one(form, "personen").isdigit() else 1
        wish = _one(form, "daad")
        if wish == "persoon":
            return _page(visit, form, min(persons + 1, MAX_PERSONEN))
        try:
            if wish == "toets":
                asked = {"melding": melding(visit, form, persons), "ontvangers": ontvangers(visit, form)}
                found = await visit.doors.post("signalen", "_toets", body=asked)
                return _page(visit, form, persons, uitslag=found, advies=await _advice(visit, form))
            return await _record(visit, form, persons)
        except Refused as refused:
            return _page(visit, form, persons, probleem=dict(refused.problem), status=refused.status)


async def _advice(visit: Visit, form: Form) -> Any:
    """Whom to turn to; None where the region is not known: then the form says so when it is sent."""
    regio = _one(form, "regio") or visit.console.hats.regio(visit.sessie.zetel)
    try:
        return await advice(visit, regio, list(form.get("vormen", ())), _one(form, "urgentie") or ONBEKEND)
    except Refused:
        return None


async def _record(visit: Visit, form: Form, persons: int) -> Response:
    """Recorded once, however often it is sent: its number comes from the form."""
    said = melding(visit, form, persons)
    number = kenmerk_id(_source(visit), "signaal", said["kenmerk"])
    await visit.doors.post("signalen", body={"signaalId": str(number), "melding": said})
    return visit.to(f"/signalen/{number}")


def _source(visit: Visit) -> str:
    return f"urn:nld:oin:{visit.console.hats.oin(visit.sessie.zetel)}:systeem:{CONSOLE}"


def melding(visit: Visit, form: Form, persons: int) -> dict[str, Any]:
    """What the form says, as the contract wants it; what was left open is left out."""
    content: dict[str, Any] = {
        "vormen": list(form.get("vormen", ())) or [ONBEKEND],
        "zekerheid": _one(form, "zekerheid") or ONBEKEND,
        "indicatoren": list(form.get("indicatoren", ())),
        "betrokkenen": list(_persons(visit, form, persons)),
    }
    if text := _one(form, "toelichting"):
        content["toelichting"] = text
    place = {name: value for name in ("adres", "plaats") if (value := _one(form, name))}
    if place:
        content["locaties"] = [place]
    return {
        "kenmerk": _one(form, "kenmerk"),
        "spoor": _one(form, "spoor") or "intern",
        "regio": _one(form, "regio") or visit.console.hats.regio(visit.sessie.zetel),
        "urgentie": _one(form, "urgentie") or ONBEKEND,
        "inhoud": content,
    }


def _persons(visit: Visit, form: Form, persons: int) -> Iterable[dict[str, Any]]:
    for number in range(persons):
        said = {name: _one(form, f"{name}-{number}") for name in _PERSOON}
        if not any(value and value != ONBEKEND for value in said.values()):
            continue
        id = kenmerk_id(_source(visit), "betrokkene", f"{_one(form, 'kenmerk')}#{number}")
        person: dict[str, Any] = {"betrokkeneId": str(id)}
        person |= {name: said[name] for name in ("naam", "bsn") if said[name]}
        if said["geslacht"]:
            person["geslacht"] = said["geslacht"]
        if said["rol"]:
            person["rollen"] = [{"rol": said["rol"]}]
        if said["leeftijd"]:
            years = int(said["leeftijd"]) if said["leeftijd"].isdigit() else said["leeftijd"]
            person["leeftijden"] = [{"jaren": years, "peilmoment": "melding"}]
        yield person


def ontvangers(visit: Visit, form: Form) -> list[dict[str, str]]:
    """The seats one thinks of, each with a track; the purpose is that of the track."""
    found = []
    for number in range(MAX_ONTVANGERS):
        naar, spoor = _one(form, f"naar-{number}"), _one(form, f"naar-spoor-{number}")
        if naar:
            found.append({"naar": naar, "spoor": spoor, "doel": visit.console.hats.purpose_of(spoor)})
    return found


def _one(form: Form, name: str) -> str:
    return (form.get(name) or [""])[0].strip()


def _page(
    visit: Visit,
    form: Form,
    persons: int,
    *,
    uitslag: Mapping[str, Any] | None = None,
    advies: Any = None,
    probleem: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    kenmerk = _one(form, "kenmerk") or f"C-{token_hex(8)}"
    lists = {name: codelijst(name).waarden for name in ("zekerheid", "urgentie", "geslacht", "rol", "uitbuitingsvorm")}
    hats = visit.console.hats
    return visit.page(
        "melden.html",
        "Een signaal vastleggen",
        status,
        form=form,
        een=lambda name: _one(form, name),
        kenmerk=kenmerk,
        personen=persons,
        lijsten=lists,
        vormen=[one for one in lists["uitbuitingsvorm"] if one.code in VORMEN],
        rubrieken=sorted(rubrieken(), key=lambda one: one.code != _one(form, "lijst")),
        lijst_eerst=_one(form, "lijst"),
        sporen=SporenVanInname,
        regio=_one(form, "regio") or hats.regio(visit.sessie.zetel),
        zetels=hats.near(visit.sessie.zetel),
        ontvangers=MAX_ONTVANGERS,
        uitslag=uitslag,
        zelf=own(uitslag["indienen"]) if uitslag else None,
        samen=summary(uitslag["ontvangers"]) if uitslag else [],
        advies=advies,
        probleem=probleem,
    )
