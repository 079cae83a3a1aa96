"""From the form of a signal to what the contract wants, and back from a fault in it to the field that it stands in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from contracts.cloudevents import kenmerk_id
from hub.console.page.acting import Form, moment, one
from hub.console.reporter.signs import ONBEKEND

MAX_PERSONEN, MAX_ONTVANGERS, MAX_FEITEN = 10, 5, 3
#: Of a person, each with the number of the person behind it.
PERSOON = ("naam", "rol", "geslacht", "leeftijd", "bereikbaar", "geboortedatum", "nationaliteit", "bsn")
_PLAATS = ("adres", "plaats", "soort")
#: Sensitive things that one may note apart, so that they do not travel inside the free text.
APART = (
    "gezondheid",
    "begeleiding-zorg-hulp",
    "opvangadres",
    "seksueel-gedrag",
    "verblijfsstatus",
    "relaties-gezin",
    "financieel",
)
LETTERS = "abcde"
#: Fields as people read them, by their name without a number, for a list of faults.
NAMEN: Mapping[str, str] = MappingProxyType(
    {
        "vormen": "Vorm van uitbuiting",
        "indicatoren": "Signalen om aan te vinken",
        "toelichting": "In uw eigen woorden",
        "situatieschets": "Schets zonder namen",
        "urgentie": "Hoe snel moet er iets gebeuren?",
        "zekerheid": "Hoe zeker is het?",
        "regio": "Regio of gemeente",
        "naam": "Naam of hoe zij wordt genoemd",
        "rol": "Vermoedelijke rol",
        "bereikbaar": "Telefoon of ander contact",
        "bsn": "Burgerservicenummer",
        "waargenomen": "Gezien op",
        "plaatstype": "Soort plek",
        "bedrijf": "Naam van het bedrijf",
        "kvk": "KvK-nummer",
        "apart": "Gegeven",
        "apart-soort": "Soort gegeven",
        "criterium": "Criterium",
    }
)
_NUMBERED = re.compile(r"-(\d+|[a-e])$")
Body = dict[str, Any]


@dataclass(slots=True)
class Melding:
    """What a form says. `velden`: pointer in `body` to the field of the form that it comes from."""

    body: Body
    velden: dict[str, str] = field(default_factory=dict)

    def field_of(self, pointer: str) -> str:
        """The field of the form for a pointer of a fault; empty where there is none. `pointer`: as the API says it."""
        at = pointer.removeprefix("/melding").removeprefix("/0")
        while at:
            if found := self.velden.get(at):
                return found
            at = at.rpartition("/")[0]
        return ""


def name_of(veld: str) -> str:
    """A field for people, without its number."""
    plain = _NUMBERED.sub("", veld)
    return NAMEN.get(plain, plain.capitalize())


def many(form: Form, name: str, most: int) -> int:
    """How many blocks of a kind the form has; one at least."""
    said = one(form, name)
    return min(max(int(said), 1), most) if said.isdigit() else 1


def melding(form: Form, source: str, regio: str) -> Melding:
    """What was left open is left out. `source`: of the console for this organisation; `regio`: of the hat."""
    made = Melding({})
    content: Body = {
        "vormen": list(form.get("vormen", ())) or [ONBEKEND],
        "zekerheid": one(form, "zekerheid") or ONBEKEND,
        "indicatoren": list(form.get("indicatoren", ())),
        "betrokkenen": list(_persons(form, source, made)),
    }
    for name in ("toelichting", "situatieschets"):
        if text := one(form, name):
            content[name] = text
    if day := one(form, "waargenomen"):
        # Of a day only the day is known; its first moment is never still to come.
        content["waargenomenOp"] = moment(f"{day}T00:00")
    content |= _around(form, made)
    made.velden |= {f"/inhoud/{name}": name for name in ("toelichting", "situatieschets", "zekerheid", "vormen")}
    made.velden |= {"/inhoud/waargenomenOp": "waargenomen", "/inhoud/indicatoren": "indicatoren"}
    made.velden |= {f"/{name}": name for name in ("spoor", "regio", "urgentie")}
    made.body = {
        "kenmerk": one(form, "kenmerk"),
        "spoor": one(form, "spoor") or "intern",
        "regio": one(form, "regio") or regio,
        "urgentie": one(form, "urgentie") or ONBEKEND,
        "inhoud": content,
    } | _criteria(form, made)
    return made


def _persons(form: Form, source: str, made: Melding) -> Iterator[Body]:
    at = 0
    for number in range(many(form, "personen", MAX_PERSONEN)):
        said = {name: one(form, f"{name}-{number}") for name in PERSOON}
        special = list(form.get(f"bijzonder-{number}", ()))
        if not special and not any(value and value != ONBEKEND for value in said.values()):
            continue
        id = kenmerk_id(source, "betrokkene", f"{one(form, 'kenmerk')}#{number}")
        yield _person(said, special) | {"betrokkeneId": str(id)}
        here = f"/inhoud/betrokkenen/{at}"
        made.velden |= {f"{here}/{name}": f"{name}-{number}" for name in PERSOON}
        made.velden |= {f"{here}/rollen": f"rol-{number}", f"{here}/leeftijden": f"leeftijd-{number}"}
        at += 1


def _person(said: Mapping[str, str], special: Sequence[str]) -> Body:
    plain = ("naam", "geslacht", "geboortedatum", "nationaliteit", "bsn")
    person: Body = {name: said[name] for name in plain if said[name]}
    if said["rol"]:
        person["rollen"] = [{"rol": said["rol"]}]
    if age := said["leeftijd"]:
        person["leeftijden"] = [{"jaren": int(age) if age.isdigit() else age, "peilmoment": "melding"}]
    if said["bereikbaar"]:
        person["bereikbaar"] = [said["bereikbaar"]]
    return person | ({"bijzonder": list(special)} if special else {})


def _around(form: Form, made: Melding) -> Body:
    """Place, vehicle, firm, and what is noted apart."""
    found: Body = {}
    place = {name: value for name in _PLAATS if (value := one(form, "plaatstype" if name == "soort" else name))}
    if place:
        found["locaties"] = [place]
    if plate := one(form, "kenteken"):
        found["voertuigen"] = [{"kenteken": plate}]
    firm = {name: value for name, of in (("naam", "bedrijf"), ("kvkNummer", "kvk")) if (value := one(form, of))}
    if firm:
        found["organisaties"] = [firm]
    made.velden |= {"/inhoud/locaties/0/adres": "adres", "/inhoud/locaties/0/plaats": "plaats"}
    made.velden |= {"/inhoud/locaties/0/soort": "plaatstype", "/inhoud/voertuigen": "kenteken"}
    made.velden |= {"/inhoud/organisaties/0/kvkNummer": "kvk", "/inhoud/organisaties": "bedrijf"}
    facts: list[Body] = []
    for number in range(MAX_FEITEN):
        kind, text = one(form, f"apart-soort-{number}"), one(form, f"apart-{number}")
        if text:
            made.velden |= {f"/inhoud/feiten/{len(facts)}/categorie": f"apart-soort-{number}"}
            made.velden |= {f"/inhoud/feiten/{len(facts)}": f"apart-{number}"}
            facts.append({"categorie": kind, "kenmerk": "toelichting", "waarde": text})
    return found | ({"feiten": facts} if facts else {})


def _criteria(form: Form, made: Melding) -> Body:
    """The explanation per criterion that the RIEC asks. Source: Bgs art. 2.16 lid 2."""
    said = [(letter, one(form, f"criterium-{letter}")) for letter in LETTERS]
    given = [{"letter": letter, "voldaan": True, "toelichting": text} for letter, text in said if text]
    made.velden |= {f"/criteria/{at}": f"criterium-{each['letter']}" for at, each in enumerate(given)}
    return {"criteria": given} if given else {}
