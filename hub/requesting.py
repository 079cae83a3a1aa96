"""The command line of requests by persons: `signaalhub verzoek`, for who handles them at a counter without a screen.

Who asks is typed at a prompt and never stands on the command line, where others could read it.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Any
from uuid import UUID, uuid4

import cyclopts
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from contracts.kennisgeving import HoudKennisgevingAchter
from contracts.message import Command
from contracts.verzoek import (
    BeantwoordVerzoek,
    BeslisOpVerzoek,
    Identiteit,
    OntvangVerzoek,
    RaadpleegDeelnemers,
    SluitVerzoek,
    StelIdentiteitVast,
    VerlengTermijn,
    VerzoekhandelingGeweigerd,
    WeigerVerzoek,
)
from hub.api.inzagebrief import as_html, as_json
from hub.audit.access import Access
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.beantwoorden import Gegeven, Requests, categories_of
from hub.handling.execute import Request
from hub.handling.vastleggen import Herkomst, activities
from hub.handling.verzoeken import DOEL
from hub.main import Hub

Zetel = Annotated[str, cyclopts.Parameter(name="--zetel")]
CONTACTPUNT = "contactpunt@midden-nederland"


@dataclass(frozen=True, slots=True)
class Requesting:
    """The commands, bound to a way to open the hub, a clock, who acts, a prompt and a place to print."""

    hub: Callable[[], AbstractContextManager[Hub]]
    clock: Callable[[], datetime]
    actor: str
    prompt: Callable[[str], str]
    out: Console

    def add_to(self, app: cyclopts.App) -> None:
        """Give `app` these commands."""
        group = cyclopts.App(name="verzoek", help="Requests by persons: access, rectification, erasure and the rest.")
        group.command(self.received, name="ontvang")
        group.command(self.identified, name="identiteit")
        group.command(self.consulted, name="raadpleeg")
        group.command(self.extended, name="verleng")
        group.command(self.decided, name="beslis")
        group.command(self.refused, name="weiger")
        group.command(self.answer, name="antwoord")
        group.command(self.sent, name="verzonden")
        group.command(self.closed, name="sluit")
        group.command(self.put_off, name="kennisgeving-uitstel")
        group.command(self.listed, name="lijst")
        app.command(group)

    def received(self, recht: str, *, ontvangen: date, kanaal: str = "post", zetel: Zetel = CONTACTPUNT) -> int:
        """Record a request: inzage, rectificatie, wissing, beperking or bezwaar; prints its number."""
        id = uuid4()
        code = self._do(
            zetel, lambda: OntvangVerzoek(verzoek_id=id, recht=recht, ontvangen_op=ontvangen, kanaal=kanaal)
        )
        if code == 0:
            self.out.print(str(id))
        return code

    def identified(self, verzoek: UUID, *, middel: str = "identiteitsbewijs", zetel: Zetel = CONTACTPUNT) -> int:
        """Record who asks; number, name and birth date are asked at a prompt, any of them may stay empty."""
        said = [self.prompt(f"{what}: ").strip() or None for what in ("bsn", "naam", "geboortedatum (jjjj-mm-dd)")]
        proved = dict(zip(("bsn", "naam", "geboortedatum"), said, strict=True))
        return self._do(
            zetel,
            lambda: StelIdentiteitVast(verzoek_id=verzoek, middel=middel, identiteit=Identiteit.model_validate(proved)),
        )

    def consulted(self, verzoek: UUID, *, zetel: Zetel = CONTACTPUNT) -> int:
        """Look for her in all tracks and ask whoever brought something in."""
        return self._do(zetel, lambda: RaadpleegDeelnemers(verzoek_id=verzoek))

    def extended(self, verzoek: UUID, *, maanden: int, motivering: str, zetel: Zetel = CONTACTPUNT) -> int:
        """Extend the term, with reasons, within the first month."""
        return self._do(zetel, lambda: VerlengTermijn(verzoek_id=verzoek, maanden=maanden, motivering=motivering))

    def decided(self, verzoek: UUID, besluit: str, *, motivering: str, zetel: Zetel = CONTACTPUNT) -> int:
        """Decide on a request for more than access: toegewezen or afgewezen."""
        return self._do(zetel, lambda: BeslisOpVerzoek(verzoek_id=verzoek, besluit=besluit, motivering=motivering))

    def refused(self, verzoek: UUID, *, deelnemer: str, letter: str, afweging: str, zetel: Zetel = CONTACTPUNT) -> int:
        """Refuse on the ground that a participant reported (UAVG 41)."""
        return self._do(
            zetel, lambda: WeigerVerzoek(verzoek_id=verzoek, deelnemer=deelnemer, letter=letter, afweging=afweging)
        )

    def sent(self, verzoek: UUID, *, zetel: Zetel = CONTACTPUNT) -> int:
        """Record that the answer was sent."""
        return self._do(zetel, lambda: BeantwoordVerzoek(verzoek_id=verzoek))

    def closed(self, verzoek: UUID, reden: str, *, zetel: Zetel = CONTACTPUNT) -> int:
        """Close without an answer: ingetrokken or identiteit-onbekend."""
        return self._do(zetel, lambda: SluitVerzoek(verzoek_id=verzoek, reden=reden))

    def put_off(
        self, signaal: UUID, *, deelnemer: str, letter: str, afweging: str, tot: date, zetel: Zetel = CONTACTPUNT
    ) -> int:
        """Put off telling the persons of a signal, on the ground of a provider or the officer of justice."""
        return self._do(
            zetel,
            lambda: HoudKennisgevingAchter(
                signaal_id=signaal, deelnemer=deelnemer, letter=letter, afweging=afweging, tot=tot
            ),
        )

    def answer(self, verzoek: UUID, folder: Path, *, zetel: Zetel = CONTACTPUNT) -> int:
        """Write the answer as it stands, to read (antwoord.html) and for a machine (antwoord.json)."""
        with self.hub() as hub:
            try:
                given = _requests(hub).answer(verzoek, zetel, self.clock())
            except (Onbekend, Strijdig) as error:
                return self._failed(error)
            self._record(hub, zetel, f"verzoek:{verzoek}", given)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "antwoord.html").write_bytes(as_html(given.antwoord))
        (folder / "antwoord.json").write_bytes(as_json(given.antwoord))
        self.out.print(f"{folder}: verzenden op {given.antwoord.dagtekening}")
        return 0

    def listed(self, *, zetel: Zetel = CONTACTPUNT, te_laat: bool = False) -> int:
        """List the requests of a seat. Exit code 1 where the term of one is over."""
        with self.hub() as hub:
            known, op = _requests(hub).of(zetel), self.clock().date()
            self._record(hub, zetel, None, None)
        late = [one for one in known if one.dossier.te_laat(op)]
        table = Table("nummer", "recht", "stand", "uiterlijk", "wacht op")
        for one in late if te_laat else known:
            last = str(one.dossier.klok.uiterlijk) if one.dossier.klok else ""
            waits = ", ".join(sorted(one.dossier.nog_niet_gehoord))
            style = "red" if one in late else None
            table.add_row(str(one.verzoek_id), one.dossier.recht, one.dossier.stand, last, waits, style=style)
        self.out.print(table)
        return 1 if late else 0

    def _do(self, zetel: str, made: Callable[[], Command]) -> int:
        try:
            command = made()
        except ValidationError as error:
            return self._faulty(error.errors(include_input=False, include_url=False))
        with self.hub() as hub:
            try:
                seat = hub.beleid.instanties.get(zetel)
                origin = Herkomst(seat.oin if seat else "", "opdrachtregel")
                asked = Request(command, zetel, persoon=self.actor, herkomst=origin)
                outcome = hub.ledger().execute(asked, self.clock())
            except (Onbekend, Strijdig) as error:
                return self._failed(error)
        for event in outcome.events:
            if isinstance(event, VerzoekhandelingGeweigerd):
                self.out.print(" ".join(event.redenen), style="red", markup=False)
                return 1
            self.out.print(type(event).__name__)
        return 0

    def _faulty(self, errors: Iterable[Any]) -> int:
        for one in errors:
            where = ".".join(map(str, one["loc"]))
            self.out.print(f"{where}: {one['msg']}", style="red", markup=False)
        return 2

    def _failed(self, error: Exception) -> int:
        self.out.print(str(error) or "Dit verzoek bestaat niet of is niet van deze zetel.", style="red", markup=False)
        return 1

    def _record(self, hub: Hub, zetel: str, about: str | None, given: Gegeven | None) -> None:
        """What is shown is in the access log first. Source: Wpg art. 32a; BIO2 8.15.01."""
        rules = (given.oordeel.regels or given.oordeel.weigerregels) if given else ("hub-betrokkene-krijgt-antwoord",)
        seat = hub.beleid.instanties.get(zetel)
        record = Access(
            handeling="verstrekken" if given else "raadplegen",
            vraag="signaalhub verzoek antwoord" if given else "signaalhub verzoek lijst",
            resultaat="toegestaan",
            zetel=zetel,
            oin=seat.oin if seat else "",
            actor=self.actor,
            herkomst="opdrachtregel",
            tijdstip=self.clock(),
            doel=DOEL,
            trace=token_hex(16),
            objecten=(*([about] if about else []), *(f"signaal:{id}" for id in (given.signalen if given else ()))),
            velden=tuple(sorted(categories_of(given.antwoord.inzage))) if given else (),
            grondslagen=given.oordeel.grondslagen if given else (),
            regels=rules,
            verwerkingen=activities(hub.beleid, rules),
            betrokkenen=hub.ledger().pseudonyms.all(given.betrokkenen) if given else (),
            beleidsversie=hub.beleid.versie,
            ontvangers=("betrokkene",) if given else (),
        )
        hub.store.append_access([record.entry()])


def _requests(hub: Hub) -> Requests:
    return Requests(hub.store, hub.work, hub.policy)
