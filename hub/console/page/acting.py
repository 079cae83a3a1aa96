"""What one does in a case or a session: from a form to the body that the API wants, and on to what it changed.

A field of a form has the name of its field in the body, with dots where that lies deeper; a fault of the API then
finds its field by itself.
"""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from hub.console.page.doors import Refused
from hub.console.page.frame import ZONE

Form = Mapping[str, Sequence[str]]
Body = dict[str, Any]
Data = Mapping[str, Any]
#: Seconds between looks at a view that does not show an act yet; each look is on record, so there are few.
PAUSES = (0.05, 0.1, 0.2, 0.4)
#: Pieces of a result that one may fill in at once.
PIECES = 3


class Daad(NamedTuple):
    """An act: its operation below the case or session, and how the form becomes its body.

    `hier`: whether what it was done in shows it; else there is nothing to wait for.
    """

    operatie: str
    body: Callable[[Form], Body]
    hier: bool = True


def one(form: Form, name: str) -> str:
    """A field of the form, without blanks around it."""
    return (form.get(name) or [""])[0].strip()


def whole(value: str) -> object:
    """A whole number; what is none goes on as it was typed, so that the API says what is wrong."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value


def truth(value: str) -> object:
    """Yes or no."""
    return {"ja": True, "nee": False}.get(value, value)


def moment(value: str) -> object:
    """A moment that was chosen here, by the clock of this country."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return value
    return (found if found.tzinfo else found.replace(tzinfo=ZONE)).isoformat()


def fields(*texts: str, **read: Callable[[str], object]) -> Callable[[Form], Body]:
    """A body of texts, and of what is read otherwise; an empty one is left out, so that the API says what is missing.

    A name in `read` has two underscores where the field has a dot.
    """
    readers = dict.fromkeys(texts, str) | {name.replace("__", "."): how for name, how in read.items()}

    def body(form: Form) -> Body:
        made: Body = {}
        for name, how in readers.items():
            *above, last = name.split(".")
            part = made
            for step in above:
                part = part.setdefault(step, {})
            if value := one(form, name):
                part[last] = how(value)
        return made

    return body


def _criteria(form: Form) -> Body:
    """One judgement per letter of the form; a letter without one lacks it, and the API says so."""
    said = fields("letter", voldaan=truth, toelichting=str)
    columns = {name: name.rpartition(".")[2] for name in form if name.startswith("criteria.")}
    rows: dict[str, dict[str, Sequence[str]]] = {}
    for name, field in columns.items():
        rows.setdefault(name.split(".")[1], {})[field] = form[name]
    return {"criteria": [said(rows[key]) for key in sorted(rows)]}


def _participants(form: Form) -> Body:
    named = [*form.get("deelnemers", ()), *([one(form, "erbij")] if one(form, "erbij") else [])]
    return {"deelnemers": list(dict.fromkeys(named))}


def _proposal(form: Form) -> Body:
    return fields("interventieId", "uitvoerder", "beschrijving", "geplandOp", ingrijpend=truth)(form)


def _question(form: Form) -> Body:
    """The fixed question, with its answer, is a decision of the table."""
    answer = one(form, "besluit")
    told = f"Is er ook sprake van uitbuiting? {answer}. {one(form, 'toelichting')}".strip()
    return {"besluit": told} if answer else {}


def _result(form: Form) -> Body:
    """A result of the ticked signals; a piece that is wholly empty is left out, unless it is the only one."""
    piece = fields("categorie", "bron", "tekst")
    names = ("categorie", "bron", "tekst")
    rows = [{name: form.get(f"onderdelen.{number}.{name}", ()) for name in names} for number in range(PIECES)]
    said = [made for row in rows if (made := piece(row))]
    return fields("resultaatId")(form) | {"signalen": [*form.get("signalen", ())], "onderdelen": said or [{}]}


def _to_third_party(form: Form) -> Body:
    """`doel` of a form is what the page is looked at for; what the third party gets it for is called `voor` there."""
    said = fields("naar", "wettelijkeGrond", "racBesluit", "grondVanOntvanger")(form)
    return said | ({"doel": one(form, "voor")} if one(form, "voor") else {})


#: In a case, by the name of the form.
IN_CASUS: Mapping[str, Daad] = {
    "besluit": Daad("besluiten", fields("besluit")),
    "criteria": Daad("criteria", _criteria),
    "fase": Daad("fasen", fields(fase=whole)),
    "regie": Daad("regie", fields("naar")),
    "deelnemers": Daad("deelnemers", _participants),
    "inbreng": Daad("signalen", fields("signaalId")),
    "interventie": Daad("interventies", _proposal),
    "brug": Daad(
        "brugberichten",
        fields(
            "interventieId",
            "naar",
            "contactpersoon.functie",
            "contactpersoon.telefoon",
            venster__van=moment,
            venster__tot=moment,
            veiligheidsmaatregelNodig=truth,
        ),
    ),
    "zorg": Daad("zorgbevestigingen", fields("interventieId")),
    "toelating": Daad("toelatingen", fields("interventieId")),
    "uitvoering": Daad("uitvoeringen", fields("interventieId", "verslag")),
    "evaluatie": Daad("evaluaties", fields("interventieId", "uitkomst")),
    "resultaat": Daad("resultaten", _result),
    "embargo": Daad("embargos", fields("motivering", "herbezieOp")),
    "embargo-op": Daad("embargo-opheffingen", fields()),
    "verhoor": Daad("verhoren", fields("totEnMet"), hier=False),
    "bezwaar": Daad("bezwaren", fields("reikwijdte", "motivering")),
    "bezwaar-in": Daad("bezwaar-intrekkingen", fields()),
    "vertrouwelijk": Daad("vertrouwelijkverklaringen", fields("letter", "deelnemer", "afweging", "tot")),
    "openbaar": Daad("vertrouwelijkheidsopheffingen", fields()),
    "vernieuwing": Daad("vernieuwingen", fields("grond", "instemmingVanBron", maanden=whole), hier=False),
    "sluiting": Daad("sluitingen", fields("reden")),
}
#: In a session.
IN_OVERLEG: Mapping[str, Daad] = {
    "binnen": Daad("aanwezigen", fields("deelnemer", laag=whole)),
    "vertrek": Daad("vertrekken", fields("deelnemer")),
    "agenda": Daad("agendapunten", fields("signaalId")),
    "actie": Daad("acties", fields("eigenaar", "actie", "gereedOp")),
    "sluiting": Daad("sluitingen", fields()),
}
#: On a result.
OP_RESULTAAT: Mapping[str, Daad] = {
    "instemming": Daad("instemmingen", fields("aan"), hier=False),
    "instemming-in": Daad("instemmingsintrekkingen", fields("aan"), hier=False),
    "derde": Daad("verstrekkingen-aan-derden", _to_third_party, hier=False),
    "verband": Daad(
        "verstrekkingen-aan-verbanden",
        fields("naar", "verband", daarBekend=truth, interventiesAfstemmen=truth),
        hier=False,
    ),
    "terugkoppeling": Daad("terugkoppelingen", fields("status", "bericht")),
    "sluiting": Daad("sluitingen", fields(), hier=False),
}
#: In a session, about one of its cases: there is nothing of it to see in the session itself.
AAN_TAFEL: Mapping[str, Daad] = {
    "vraag": Daad("besluiten", _question, hier=False),
    "besluit": IN_CASUS["besluit"]._replace(hier=False),
    "regie": IN_CASUS["regie"]._replace(hier=False),
}


def done(daad: str, act: Daad, receipt: Data) -> str:
    """What the next address says of an act, after its other parts: which, and from which position on it shows."""
    first = min(receipt["posities"], default=0) if act.hier else 0
    return urlencode({"gedaan": daad} | ({"positie": first} if first else {}))


async def shown(look: Callable[[], Awaitable[Any]], positie: int | None) -> tuple[Any, bool]:
    """What `look` finds once it shows the act at `positie`, or after a while as it is then; and whether it shows it.

    Views follow the ledger within a fraction of a second. Raises Refused.
    """
    for pause in PAUSES if positie else ():
        try:
            found = await look()
        except Refused as refused:
            if refused.status != 404:
                raise
        else:
            if found.get("gewijzigdPositie", positie) >= positie:
                return found, True
        await sleep(pause)
    found = await look()
    return found, not positie or found.get("gewijzigdPositie", positie) >= positie


def reply(form: Form, daad: str, refused: Refused | None) -> dict[str, Any]:
    """What the forms of a page say back: which one was sent, what was typed in it, and what is wrong with it."""
    problem = dict(refused.problem) if refused else None
    return {"daad": daad, "form": form, "een": lambda name: one(form, name), "probleem": problem, "samengevat": True}
