"""Reporting a signal: the form, 'mag ik dit delen?' beforehand, and recording it, shared or not."""

from collections.abc import Iterator, Mapping, Sequence
from secrets import token_hex
from typing import Annotated, Any, NamedTuple
from uuid import UUID, uuid5

from fastapi import APIRouter, Query, Response

from contracts.cloudevents import NAAMRUIMTE, kenmerk_id
from contracts.codelijst import codelijst
from contracts.waarden import SporenVanInname
from hub.api.intake import CONSOLE
from hub.console.page.acting import Form, one
from hub.console.page.doors import Refused
from hub.console.page.entry import Visitor
from hub.console.page.visit import Visit, pages
from hub.console.reporter import signs
from hub.console.reporter.melding import (
    APART,
    LETTERS,
    MAX_FEITEN,
    MAX_ONTVANGERS,
    MAX_PERSONEN,
    Melding,
    many,
    melding,
    name_of,
)
from hub.console.reporter.referral import advice
from hub.console.reporter.sensitive import MET_TOESTEMMING, NOOIT, SPOORNAMEN, warnings
from hub.console.reporter.sharing import Keuze, choices, chosen, share
from hub.console.reporter.signals import PARTLY
from hub.console.reporter.signs import ONBEKEND
from hub.console.reporter.summary import own, summary
from hub.console.reporter.vouching import TEKSTEN

Lijst = Annotated[str, Query(pattern="^[a-z-]*$", max_length=40)]
Codes = Annotated[list[str] | None, Query(max_length=8)]
Zetel = Annotated[str, Query(pattern=r"^([a-z0-9.-]+@[a-z0-9-]+)?$", max_length=120)]
#: What a link to the form may fill in beforehand, one value each.
VOORAF = ("regio", "urgentie", "spoor")


class Antwoord(NamedTuple):
    """What a page says beside the form. `uitslag`: the dry run; `advies`: whom to turn to; `probleem`: what is wrong.

    `form`: with what the hub filled in, where it did.
    """

    uitslag: Mapping[str, Any] | None = None
    advies: Any = None
    probleem: Mapping[str, Any] | None = None
    status: int = 200
    form: Form | None = None


def router() -> APIRouter:
    """The form, the question beforehand, and recording."""
    routes = pages()
    _form(routes)
    _send(routes)
    return routes


def _form(routes: APIRouter) -> None:
    @routes.get("/melden")
    async def empty(visit: Visitor, lijst: Lijst = "", vorm: Codes = None, naar: Zetel = "") -> Response:
        asked = {name: [value] for name in VOORAF if (value := visit.request.query_params.get(name, ""))}
        known = {one.code for one in codelijst("uitbuitingsvorm").waarden}
        vormen = [code for code in vorm or () if code in known]
        return _page(visit, asked | {"lijst": [lijst], "vormen": vormen, "naar-0": [naar]}, Antwoord())


def _send(routes: APIRouter) -> None:
    @routes.post("/melden")
    async def send(visit: Visitor) -> Response:
        form = chosen(await visit.form())
        wish = one(form, "daad")
        if wish in ("lijst", "persoon", "ontvanger"):
            return _page(visit, _more(form, wish), Antwoord())
        said = melding(form, source(visit), visit.console.hats.regio(visit.sessie.zetel))
        try:
            if wish == "advies":
                return _page(visit, form, Antwoord(advies=await _advice(visit, form)))
            if wish == "toets":
                return _page(visit, form, await _asked(visit, form, said))
            return await _record(visit, form, said, shared=wish == "delen")
        except Refused as refused:
            told = dict(refused.problem) | {"velden": faults(refused, said)}
            return _page(visit, form, Antwoord(probleem=told, status=refused.status))


def _more(form: Form, wish: str) -> Form:
    """One block more of a kind."""
    most = {"persoon": ("personen", MAX_PERSONEN), "ontvanger": ("ontvangers", MAX_ONTVANGERS)}
    if wish not in most:
        return form
    name, limit = most[wish]
    return {**form, name: [str(min(many(form, name, limit) + 1, limit))]}


def faults(refused: Refused, said: Melding) -> list[tuple[str, str, str]]:
    """Each fault: the field of the form that it is in, empty where the form has none for it, its sentence, a name."""
    found = [(said.field_of(one["veld"]), one["melding"]) for one in refused.problem.get("fouten") or ()]
    return [(field, sentence, name_of(field)) for field, sentence in found]


async def _asked(visit: Visit, form: Form, said: Melding) -> Antwoord:
    """The dry run. Who did not say what for, is asked about with the purpose for which it may, where there is one."""
    wishes = choices(form, visit.console.hats)
    found = await _tried(visit, said, wishes)
    wider = {f"doel-{wish.nummer}": [doel] for wish, doel in _purposes(form, wishes, found)}
    if wider:
        form = {**form, **wider}
        found = await _tried(visit, said, choices(form, visit.console.hats))
    settled = wishes and all(told["voorbeeld"]["toegestaan"] for told in found["ontvangers"])
    return Antwoord(uitslag=found, advies=None if settled else await _advice(visit, form), form=form)


async def _tried(visit: Visit, said: Melding, wishes: Sequence[Keuze]) -> Mapping[str, Any]:
    body = {"melding": said.body, "ontvangers": [wish.asked for wish in wishes]}
    found: Mapping[str, Any] = await visit.doors.post("signalen", "_toets", body=body)
    return found


def _purposes(form: Form, wishes: Sequence[Keuze], found: Mapping[str, Any]) -> Iterator[tuple[Keuze, str]]:
    for wish, told in zip(wishes, found["ontvangers"], strict=True):
        bare = [one["doelen"][0] for one in told["voorbeeld"]["aanvullingen"] if not one["verklaringen"]]
        if bare and not one(form, f"doel-{wish.nummer}") and not told["voorbeeld"]["toegestaan"]:
            yield wish, bare[0]


async def _advice(visit: Visit, form: Form) -> Any:
    """Whom to turn to; None where the region is not known: then the form says so when it is sent."""
    regio = one(form, "regio") or visit.console.hats.regio(visit.sessie.zetel)
    try:
        return await advice(visit, regio, list(form.get("vormen", ())), one(form, "urgentie") or ONBEKEND)
    except Refused:
        return None


async def _record(visit: Visit, form: Form, said: Melding, *, shared: bool) -> Response:
    """Recorded once, however often it is sent: its number comes from the form."""
    number = kenmerk_id(source(visit), "signaal", said.body["kenmerk"])
    receipt = await visit.doors.post("signalen", body={"signaalId": str(number), "melding": said.body})
    first = min(receipt["posities"], default=0)
    if not shared:
        return visit.to(f"/signalen/{number}?gedaan=melding&positie={first}")
    gone = [await _shared(visit, number, wish) for wish in choices(form, visit.console.hats)]
    last = max([first, *(position for position in gone if position)])
    return visit.to(f"/signalen/{number}?gedaan={PARTLY if None in gone else 'gedeeld'}&positie={last}")


async def _shared(visit: Visit, number: UUID, wish: Keuze) -> int | None:
    try:
        return await share(visit.doors, number, wish, uuid5(NAAMRUIMTE, f"toestemming {number} {wish.naar}"))
    except Refused as refused:
        if refused.status not in (400, 403, 409):
            raise
        return None


def source(visit: Visit) -> str:
    """The system under which the console speaks for the organisation of this hat."""
    return f"urn:nld:oin:{visit.console.hats.oin(visit.sessie.zetel)}:systeem:{CONSOLE}"


def _lists() -> dict[str, Any]:
    names = ("zekerheid", "urgentie", "geslacht", "rol", "plaatstype", "gegevenscategorie", "toetscriterium")
    return {name: codelijst(name).waarden for name in names}


def _page(visit: Visit, sent: Form, found: Antwoord) -> Response:
    form, hats, uitslag = found.form or sent, visit.console.hats, found.uitslag
    wishes = choices(form, hats)
    tracks = [one(form, "spoor"), *(wish.spoor for wish in wishes)]
    text = f"{one(form, 'toelichting')} {one(form, 'situatieschets')}"
    ticked: Sequence[str] = form.get("indicatoren", ())
    most = {"personen": MAX_PERSONEN, "ontvangers": MAX_ONTVANGERS}
    return visit.page(
        "melden.html",
        "Een signaal vastleggen",
        found.status,
        form=form,
        een=lambda name: one(form, name),
        kenmerk=one(form, "kenmerk") or f"C-{token_hex(8)}",
        aantal={name: many(form, name, limit) for name, limit in most.items()},
        meest=most | {"feiten": MAX_FEITEN},
        rubrieken=signs.rubrieken(form.get("vormen", ()), one(form, "lijst"), ticked),
        waarschuwingen=warnings(text, ticked, [track for track in tracks if track]),
        uitslag=uitslag,
        zelf=own(uitslag["indienen"]) if uitslag else None,
        samen=summary(uitslag["ontvangers"]) if uitslag else [],
        keuzes=wishes,
        advies=found.advies,
        probleem=found.probleem,
        **_offered(visit, one(form, "regio")),
    )


def _offered(visit: Visit, regio: str) -> dict[str, Any]:
    """What there is to choose from."""
    hats, lists = visit.console.hats, _lists()
    here = regio or hats.regio(visit.sessie.zetel)
    criteria = [each for each in lists["toetscriterium"] if each.code.startswith("riec-2-16-")]
    return {
        "lijsten": lists,
        "vormen": signs.vormen(),
        "apart": [each for each in lists["gegevenscategorie"] if each.code in APART],
        "criteria": list(zip(LETTERS, criteria, strict=True)),
        "sporen": SporenVanInname,
        "nooit": NOOIT,
        "met_toestemming": MET_TOESTEMMING,
        "spoornamen": SPOORNAMEN,
        "regio": here,
        "regios": hats.regions(),
        "zetels": hats.near(visit.sessie.zetel, here),
        "alle_doelen": hats.all_purposes(),
        "verklaringen": TEKSTEN,
    }
