"""Which pages there are, by the routes of the console itself, and which addresses stand for each in a measurement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fastapi.routing import APIRoute

from bench.console_world import AF, AVIM, BUREAU, COLLEGE, ONDERMIJNING, RIEC, ZC
from hub.console.opening import PAGES

PETRA, CONTACT = "privacy-officer@landelijk", "contactpunt@midden-nederland"
EVERYBODY = {
    AF: "fenna.proef",
    COLLEGE: "fenna.proef",
    ZC: "zita.proef",
    BUREAU: "rachid.proef",
    ONDERMIJNING: "mo.proef",
    AVIM: "avi.proef",
    PETRA: "petra.proef",
    CONTACT: "corrie.proef",
}
#: The purpose under which a seat sees its signals.
DOELEN = {AVIM: "strafvordering", ZC: "zorg-opvang", BUREAU: RIEC, PETRA: "rechtmatigheidscontrole"}
LEFT_OUT = {
    "/console/aanmelden": "a redirect to the provider",
    "/console/terugkeer": "a redirect from the provider",
    "/console/static/{digest}/{naam}": "a file, once; counted in the weight of every page",
    "/console/toezicht/raadplegingen/tabel": "a file of thousands of lines, each page of it a look of its own",
    "/console/toezicht/casussen/{casusId}/tabel": "the same of one case",
    "/console/verzoeken/{verzoekId}/antwoord": "a letter as the API makes it, saved and not shown",
    "/console/nieuws/stroom": "a stream without end: see bench.notify_latency",
}
_DESK, _CONTACT = (PETRA,), (PETRA, CONTACT)
_WORKERS = (AF, ZC, BUREAU, ONDERMIJNING, AVIM)


class Bezoek(NamedTuple):
    """An address as somebody asks for it. `form`: of a POST whose answer is a page; `name`: in the table."""

    name: str
    address: str
    zetels: Sequence[str]
    form: Mapping[str, str] | None = None


#: By the path of a route: what follows its path, and who asks for it. `{signaal}` and the like are filled in.
VISITS: Mapping[str, Sequence[tuple[str, Sequence[str]]]] = {
    "/console": (("", (AF, BUREAU, PETRA)),),
    "/console/pet": (("", (AF,)),),
    "/console/melden": (("", (AF, ZC, AVIM)), ("?lijst=arbeid", (AF,))),
    "/console/verwijzen": (("?regio=ede&vorm=arbeidsuitbuiting", (AF, ONDERMIJNING)),),
    "/console/signalen": (("?doel={doel}", _WORKERS), ("?doel={doel}&na={na}", (AVIM,))),
    "/console/signalen/{signaalId}": (("?doel={doel}", _WORKERS),),
    "/console/casussen": (
        ("?doel={riec}", (BUREAU, COLLEGE, AVIM)),
        ("?doel={riec}&regio=ede&status=open&spoor=riec", (BUREAU,)),
    ),
    "/console/casussen/{casusId}": (
        ("?doel={riec}", (BUREAU, COLLEGE, AVIM)),
        ("?doel={riec}&tijdlijn=2", (BUREAU, COLLEGE)),
    ),
    "/console/casussen/{casusId}/samenhang": (("?doel={riec}", (BUREAU, COLLEGE)),),
    "/console/overleggen": (("", (COLLEGE, BUREAU)),),
    "/console/overleggen/{overlegId}": (("", (COLLEGE,)),),
    "/console/nieuws": (("", (COLLEGE, ONDERMIJNING)), ("?na=0", (ONDERMIJNING,))),
    "/console/abonnementen": (("", (ONDERMIJNING,)),),
    "/console/abonnementen/{abonnementId}": (("", (ONDERMIJNING,)),),
    "/console/brugberichten": (("", (ZC,)),),
    "/console/bezorgingen": (("", (ONDERMIJNING,)), ("?status=wachtend", (ONDERMIJNING,))),
    "/console/overzicht": (("", (AF, ONDERMIJNING)), ("?maanden=36", (ONDERMIJNING,))),
    "/console/vernietigen": (("", (AF, AVIM)),),
    "/console/resultaten": (("", (BUREAU, COLLEGE)),),
    "/console/samenloop": (("", (BUREAU, COLLEGE)),),
    "/console/casussen/{casusId}/navraag": (("", (COLLEGE,)),),
    "/console/verzoeken": (("", _CONTACT),),
    "/console/verzoeken/{verzoekId}": (("", _CONTACT),),
    "/console/kennisgevingen": (("", (CONTACT,)),),
    "/console/terugroepingen": (("", (AF, PETRA)),),
    "/console/datalekken": (("", (AF, CONTACT)),),
    "/console/datalekken/{datalekId}": (("", (CONTACT,)),),
    "/console/toezicht/toegangsrechten": (("", _DESK),),
    "/console/toezicht/ontwerp": (("", _DESK),),
    "/console/toezicht/casus": (("", _DESK),),
    "/console/toezicht/signalen/{signaalId}": (("", _DESK),),
    "/console/toezicht/vernietigd": (("", _DESK),),
    "/console/toezicht/dpia": (("", _DESK),),
    "/console/toezicht/jaarverslag": (("", _DESK),),
    "/console/toezicht": (("", _DESK),),
    "/console/toezicht/onverklaard": (("", _DESK),),
    "/console/toezicht/raadplegingen": (
        ("", _DESK),
        ("?zetel=" + AVIM, _DESK),
        ("?actor=medewerker-7", _DESK),
        ("?casusId={grote_casus}", _DESK),
        ("?zetel=" + AVIM + "&actor=medewerker-7", _DESK),
    ),
    "/console/toezicht/logboeken": (("", _DESK),),
    "/console/toezicht/beleid": (("", _DESK),),
    "/console/toezicht/beleid/{versie}": (("", _DESK),),
    "/console/toezicht/casussen/{casusId}": (("", _DESK),),
    "/console/toezicht/betrokkene": (("", _DESK),),
    "/console/toezicht/terugkijken": (("", _DESK), ("?casusId={grote_casus}&zetel=" + AVIM, _DESK)),
    "/console/toezicht/vernietigen": (("", _DESK),),
    "/console/toezicht/noodtoegang": (("", _DESK),),
    "/console/toezicht/{naam}": (("", _DESK),),
}


def routes() -> list[str]:
    """The path of every page, as the console registers it."""
    found = [route for module in PAGES for route in module.router().routes if isinstance(route, APIRoute)]
    return list(dict.fromkeys(route.path for route in found if "GET" in (route.methods or ())))


def part_of(path: str) -> str:
    """The name of the part of a path that varies; empty where none does."""
    return path.partition("{")[2].partition("}")[0]


def visits(known: Mapping[str, Sequence[str]]) -> list[Bezoek]:
    """Every address. `known`: by the name of a part of a path, what stands there; several of them are several rows."""
    found = []
    for path in routes():
        if path in LEFT_OUT:
            continue
        part = part_of(path)
        for more, seats in VISITS.get(path, (("", (AF, BUREAU, PETRA)),)):
            for value in known.get(part, ()) if part else ("",):
                address = path.replace("{" + part + "}", value) if part else path
                label = path.replace("/console", "", 1) or "/"
                shown = f"{label.replace('{' + part + '}', value[:14])}{more}"
                found.append(Bezoek(shown, address + more, seats))
    return found


def forms(known: Mapping[str, str]) -> list[Bezoek]:
    """Forms whose answer is a page: 'mag ik dit delen?' and who saw a person."""
    report = {
        "kenmerk": "C-meting",
        "spoor": "bilateraal",
        "vormen": "arbeidsuitbuiting",
        "toelichting": "Paspoort ligt bij de baas.",
        "naam-0": "Voorbeeld",
        "rol-0": "vermoedelijk-slachtoffer",
        "naar-0": ZC,
        "naar-spoor-0": "bilateraal",
        "daad": "toets",
    }
    person = {"betrokkeneId": known["betrokkene"], "doel": "rechtmatigheidscontrole"}
    return [
        Bezoek("POST /melden (mag ik dit delen?)", "/console/melden", (AF,), report),
        Bezoek("POST /toezicht/betrokkene", "/console/toezicht/betrokkene", _DESK, person),
    ]
