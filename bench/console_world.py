"""A hub as it would be after more than a year of work, for measurements of its pages; made from numbers alone.

Signals of several seats, some passed on; cases with contributions of three agencies, and one of 500 steps and over 200
connections; stories of the casebook, which bring a little of everything else; a subscription; and an access log.
"""

from __future__ import annotations

import io
import random
import sys
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import httpx
import psycopg
from pydantic import SecretStr
from rich.console import Console

from bench.running import free_port
from contracts import casus as c
from contracts.abonnement import NeemAbonnement
from contracts.casus import OpenCasus
from contracts.cloudevents import NAAMRUIMTE
from contracts.message import Command
from contracts.overleg import OpenOverleg
from contracts.register import REFUSALS
from contracts.signaal import DoorzetSignaal, RegistreerSignaal, SignaalGeregistreerd
from contracts.verstrekking import VerstrekkingGeweigerd
from hub.api.clients import new_key
from hub.audit.access import Access, Entry
from hub.demo import Clients, push_stories, serving, stories
from hub.handling.execute import Request
from hub.handling.toezicht import Toezicht
from hub.ledger.database import Database
from hub.log import Log
from hub.main import Hub, development_clients, open_app, open_hub
from hub.sealing import utc_now
from hub.settings import Settings, key_file

BATCH = 500
#: So far back the first signal was brought in.
BACK = timedelta(days=420)
AVIM, COLLEGE, BELASTING = "politie.avim@oost-nederland", "gemeente.college-handhaving@ede", "belastingdienst@oost"
AF, ZC, BUREAU = "gemeente.af-oov@ede", "zc.opvang@ede", "riec.bureau@oost-nederland"
ONDERMIJNING = "gemeente.ondermijning@ede"
RIEC = "riec-handhaving-mensenhandel"
#: Who brings in how much of everything, and in which track.
SEATS: Sequence[tuple[str, str, int]] = (
    (AVIM, "bilateraal", 30),
    (AVIM, "riec", 5),
    (COLLEGE, "riec", 5),
    (COLLEGE, "intern", 10),
    (BELASTING, "riec", 5),
    (AF, "intern", 15),
    (ZC, "intern", 10),
    (ZC, "zorg-en-registratie", 5),
    (ONDERMIJNING, "intern", 15),
)
PASSED_ON, CASES, CONTRIBUTIONS = 2_000, 300, 3
STEPS, LARGE = 500, uuid5(NAAMRUIMTE, "grote-casus")
ACCESSES = 120_000
CRITERIA = [{"letter": one, "voldaan": True, "toelichting": "vastgesteld in het overleg"} for one in "abcde"]
VOUCHED: dict[str, str | bool | int] = {"besluit_vastgelegd": True, "belang_slachtoffer": True}


class Gemaakt(NamedTuple):
    """A signal that is there."""

    id: UUID
    zetel: str
    spoor: str


def key_for_all(folder: Path, oins: set[str]) -> None:
    """The same key for every organisation: two hundred new ones take longer than the measurement."""
    folder.mkdir(parents=True, exist_ok=True)
    pem = new_key()
    for oin in oins:
        key_file(folder / f"{oin}.demo.pem", lambda: pem)


def build(opened: Database, folder: Path, count: int) -> None:
    """All of it, told in a few lines."""
    settings = Settings(
        database_url=SecretStr(opened.dsn), data_folder=folder / "hub", public_url=f"http://127.0.0.1:{free_port()}"
    )
    with open_hub(settings) as hub:
        key_for_all(settings.data_folder / "clients", {seat.oin for seat in hub.beleid.instanties.values()})
        made = signals(hub, count)
        _said(f"{count:,} signals")
        passed_on(hub, made)
        _said(f"{PASSED_ON:,} passed on")
        cases(hub, made)
        _said(f"{CASES} cases and a large one")
        subscription(hub)
        projector = hub.projector()
        while projector.run_once():
            pass
        projector.close()
        _said("views")
        told(hub)
        _said("stories")
        accesses(hub, made)
        _said(f"{ACCESSES:,} accesses")
        Toezicht(hub.ledger()).run(utc_now())
        _said("reviewed")
        hub.bewaarlijst().run(utc_now())
    with psycopg.connect(opened.dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")


def signals(hub: Hub, count: int) -> list[Gemaakt]:
    """So many signals, oldest first, over the past months; the same numbers give the same signals."""
    ledger, turns = hub.ledger(), [(seat, track) for seat, track, share in SEATS for _ in range(share)]
    random.Random(1).shuffle(turns)
    begin, made = utc_now() - BACK, list[Gemaakt]()
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        requests = []
        for number in numbers:
            seat, track = turns[number % len(turns)]
            made.append(Gemaakt(uuid5(NAAMRUIMTE, f"meting-{number}"), seat, track))
            requests.append(Request(RegistreerSignaal.model_validate(report(made[-1], number)), seat))
        failed = [one for one in ledger.execute_many(requests, begin + BACK * numbers[0] / count) if not _done(one)]
        if failed:
            raise SystemExit(f"not recorded: {failed[0]}")
    return made


def _done(outcome: Any) -> bool:
    events = () if isinstance(outcome, Exception) else outcome.events
    return any(isinstance(one, SignaalGeregistreerd) for one in events)


def report(one: Gemaakt, number: int, persons: int = 1) -> dict[str, Any]:
    """What is reported: a person or two, a place, and now and then an organisation and a vehicle."""
    found: dict[str, Any] = {
        "vormen": ["arbeidsuitbuiting"],
        "zekerheid": "vermoeden",
        "toelichting": f"Melding {number}: " + "er zijn aanwijzingen dat mensen hier niet vrij werken. " * 4,
        "waargenomenOp": "2026-03-01T21:15:00Z",
        "betrokkenen": [person(number, nth) for nth in range(persons + number % 2)],
        "locaties": [{"adres": f"Voorbeeldstraat {number % 5_000}", "plaats": "Ede"}],
    }
    if number % 3 == 0 and one.spoor != "zorg-en-registratie":
        found["organisaties"] = [{"naam": f"Uitzendbureau {number % 700}"}]
        found["voertuigen"] = [{"kenteken": f"XX-{number % 90 + 10}-XX"}]
    told: dict[str, Any] = {"kenmerk": f"M-{number}", "spoor": one.spoor, "regio": "ede", "inhoud": found}
    if one.zetel == AVIM:
        told |= {"wpgArtikel": "8"}
    if one.spoor == "riec":
        told |= {"criteria": CRITERIA}
    return {"signaalId": str(one.id), "melding": told}


def person(number: int, nth: int) -> dict[str, Any]:
    """Somebody who does not exist."""
    return {
        "betrokkeneId": str(uuid5(NAAMRUIMTE, f"persoon-{number}-{nth}")),
        "naam": f"Voorbeeld {number}-{nth}",
        "geboortedatum": "1996-04-02",
        "bereikbaar": [f"06-0000{(number + nth) % 10_000:04d}"],
        "rollen": [{"rol": "vermoedelijk-slachtoffer" if nth == 0 else "facilitator"}],
    }


def passed_on(hub: Hub, made: Sequence[Gemaakt]) -> None:
    """From the municipality to care, one at a time, the last ones."""
    ledger, senders = hub.ledger(), (AF, ONDERMIJNING, COLLEGE)
    own = [one for one in made if one.zetel in senders and one.spoor == "intern"]
    for one in own[-PASSED_ON:]:
        command = DoorzetSignaal(
            signaal_id=one.id, naar=ZC, spoor="bilateraal", doel="zorg-opvang", omstandigheden=VOUCHED
        )
        ledger.execute(Request(command, one.zetel), utc_now() - timedelta(days=20))


def cases(hub: Hub, made: Sequence[Gemaakt]) -> None:
    """Cases of police, municipality and tax office, with the bureau beside them, over the past months; a large one."""
    joint = [one for one in made if one.spoor == "riec"]
    held = {seat: [one for one in joint if one.zetel == seat] for seat in (AVIM, COLLEGE, BELASTING)}
    for number in range(CASES):
        moment = utc_now() - timedelta(days=300 - number)
        parts = [held[seat].pop() for seat in held for _ in range(CONTRIBUTIONS // len(held))]
        one_case(hub, uuid5(NAAMRUIMTE, f"casus-{number}"), parts, moment)
    parts = [held[seat].pop() for seat in held for _ in range(14)]
    one_case(hub, LARGE, parts, utc_now() - timedelta(days=30))
    course(hub, LARGE, STEPS)
    session = OpenOverleg(overleg_id=uuid5(NAAMRUIMTE, "overleg"), tafel="ondermijning", regio="ede", casussen=(LARGE,))
    _do(hub, session, COLLEGE, utc_now())


def one_case(hub: Hub, id: UUID, parts: Sequence[Gemaakt], moment: datetime) -> None:
    """Open, judged, with its participants and what they bring in, in its second phase."""
    opened = {"casusId": str(id), "spoor": "riec", "regio": "ede", "doel": RIEC, "vorm": "arbeidsuitbuiting"}
    acts: list[tuple[Command, str]] = [
        (OpenCasus.model_validate(opened), COLLEGE),
        (c.BeoordeelCriteria.model_validate({"casusId": str(id), "criteria": CRITERIA}), COLLEGE),
        (c.BepaalDeelnemers(casus_id=id, deelnemers=(COLLEGE, AVIM, BELASTING, BUREAU)), COLLEGE),
        *((c.KoppelSignaal(casus_id=id, signaal_id=one.id), one.zetel) for one in parts),
        (c.WijzigFase(casus_id=id, fase=2), COLLEGE),
    ]
    for command, seat in acts:
        _do(hub, command, seat, moment)


def course(hub: Hub, id: UUID, steps: int) -> None:
    """What happened in a case after that: decisions, and actions that were proposed and carried out."""
    begin = utc_now() - timedelta(days=29)
    for number in range(steps):
        action = uuid5(NAAMRUIMTE, f"interventie-{number // 10}")
        moment = begin + timedelta(hours=number)
        said = f"Besluit {number}: " + "wij bespreken dit opnieuw. " * 3
        command: Command = c.LegBesluitVast(casus_id=id, besluit=said)
        if number % 10 == 0:
            planned = {"uitvoerder": COLLEGE, "ingrijpend": False, "beschrijving": f"Controle {number}"}
            command = c.StelInterventieVoor.model_validate({"casus_id": id, "interventie_id": action, **planned})
        if number % 10 == 1:
            command = c.StaInterventieToe(casus_id=id, interventie_id=action)
        _do(hub, command, COLLEGE, moment)


def _do(hub: Hub, command: Command, seat: str, moment: datetime) -> None:
    done = hub.ledger().execute(Request(command, seat), moment)
    refused = [one for one in done.events if isinstance(one, REFUSALS) and not isinstance(one, VerstrekkingGeweigerd)]
    if refused:
        raise SystemExit(f"refused: {refused[0]}")


def subscription(hub: Hub) -> None:
    """The municipality is told of everything at an address where nobody answers."""
    for seat, way in ((ONDERMIJNING, "webhook"), (COLLEGE, "ophalen"), (BUREAU, "ophalen")):
        wish: dict[str, Any] = {"abonnementId": str(uuid5(NAAMRUIMTE, f"abonnement-{seat}")), "bezorgwijze": way}
        if way == "webhook":
            wish["terugbeladres"] = "https://localhost:9"
        _do(hub, NeemAbonnement.model_validate(wish), seat, utc_now() - BACK)


def told(hub: Hub) -> None:
    """The stories of the casebook, through the doors."""
    address = hub.settings.public_url
    log = Log(io.StringIO(), "error", utc_now)
    with open_app(hub, log) as app, serving(app, int(address.rpartition(":")[2])):
        with httpx.Client(base_url=address, timeout=60) as http:
            clients = Clients(hub, http, development_clients(hub))
            push_stories(stories(), http, clients, Console(file=io.StringIO()), lambda: settle(hub))
        settle(hub)


def settle(hub: Hub) -> None:
    """Wait until the views have followed the ledger."""
    head, quiet = hub.store.head(), threading.Event()
    with psycopg.connect(hub.database.dsn, autocommit=True) as connection:
        while True:
            found = connection.execute("select position from tracking where projection = 'zichten'").fetchone()
            if found and found[0] >= head:
                return
            quiet.wait(0.02)


def accesses(hub: Hub, made: Sequence[Gemaakt]) -> None:
    """Pages of systems and people that looked at what their own seat holds, over the past months."""
    begin, chosen = utc_now() - BACK, random.Random(2)
    for first in range(0, ACCESSES, BATCH):
        looks = [
            _access(
                hub,
                made[chosen.randrange(max(1, len(made) * number // ACCESSES))],
                begin + BACK * number / ACCESSES,
                number,
            )
            for number in range(first, first + BATCH)
        ]
        hub.store.append_access(looks)


def _access(hub: Hub, one: Gemaakt, moment: datetime, number: int) -> Entry:
    oin = hub.beleid.instanties[one.zetel].oin
    someone = number % 500 == 0
    return Access(
        handeling="raadplegen",
        vraag="signalen/{signaalId}",
        resultaat="toegestaan",
        zetel=one.zetel,
        oin=oin,
        actor=f"medewerker-{number % 70}" if someone else f"{oin}:demo",
        herkomst="10.0.0.1",
        tijdstip=moment,
        doel="interne-controle",
        trace=f"{number:032x}",
        objecten=(f"signaal:{one.id}",),
        velden=("signaal-inhoud", "identificerend"),
        regels=("eigen-gegeven",),
        beleidsversie=hub.beleid.versie,
        casus=str(LARGE) if number % 300 == 0 else None,
        ontvangers=(one.zetel,),
        bronnen=(one.zetel,),
    ).entry()


def _said(what: str) -> None:
    print(f"{utc_now():%H:%M:%S} {what}", file=sys.stderr, flush=True)
