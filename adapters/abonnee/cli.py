"""The command `signaalhub abonnee`: a small client that receives the updates of one seat, to use or to copy.

Exit codes: 0 all done, 1 something was refused or is contradictory, 2 wrong use, 3 hub not reachable.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Annotated, Any
from uuid import uuid4

import httpx
from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from adapters.abonnee.client import Abonnee, Told
from adapters.abonnee.door import SCOPES, Unreadable
from adapters.abonnee.journal import Journal, Voortgang
from adapters.abonnee.running import stoppable
from adapters.abonnee.subscribing import Wens, take_subscription
from adapters.delivery import HubUnreachable
from adapters.identity import NotAuthorised, PrivateKeyJwt
from adapters.push import ALLES_AANVAARD, HUB_ONBEREIKBAAR, IETS_GEWEIGERD, VERKEERD_GEBRUIK
from contracts.message import now_utc

_console = Console(stderr=True, highlight=False)
Flag = Parameter(negative=(), show_default=False)
REFRESH_SECONDS = 0.2


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Opties:
    """What is to be received, by whom, and how."""

    hub: Annotated[str, Parameter(help="adres van de hub, zoals https://hub.example")]
    zetel: Annotated[str, Parameter(help="zetel waarvoor wordt ontvangen, zoals gemeente.af-oov@ede")]
    client_id: Annotated[str, Parameter(help="OIN en systeem, met een dubbele punt ertussen")]
    sleutel: Annotated[Path, Parameter(help="bestand met de privésleutel (PEM)")]
    data: Annotated[Path, Parameter(help="map voor de voortgang; alleen de eigenaar kan erin")]
    ontvang: Annotated[str | None, Parameter(help="HOST:POORT waarop webhooks binnenkomen; TLS staat ervoor")] = None
    adres: Annotated[str | None, Parameter(help="adres dat de hub daarvoor aanroept; anders http://HOST:POORT/")] = None
    autorisatie: Annotated[
        str | None, Parameter(env_var="SIGNAALHUB_AUTORISATIE", help="Authorization die de hub bij webhooks meestuurt")
    ] = None
    stroom: Annotated[bool, Flag, Parameter(help="ontvang over een verbinding die open blijft")] = False
    ophalen: Annotated[bool, Flag, Parameter(help="vraag zelf wat er nieuw is")] = False
    kafka: Annotated[str | None, Parameter(help="bootstrapservers van de topic van deze zetel")] = None
    kafka_instellingen: Annotated[
        Path | None, Parameter(help="JSON-bestand met TLS- en SASL-instellingen, zoals kafka-python ze noemt")
    ] = None
    topic: Annotated[str | None, Parameter(help="naam van die topic, als de hub een andere gaf")] = None
    doel: Annotated[
        tuple[str, ...], Flag, Parameter(help="doel waarvoor deze zetel leest; het meest gebruikte eerst")
    ] = ()
    neem: Annotated[bool, Flag, Parameter(help="neem eerst het abonnement; het mag er al zijn")] = False
    bewaar: Annotated[bool, Flag, Parameter(help="bewaar wat is opgehaald tot het vervalt")] = False
    eenmaal: Annotated[bool, Flag, Parameter(help="doe wat er nu is en stop")] = False
    elke: Annotated[float, Parameter(help="seconden tussen twee keer alles nagaan")] = 60.0
    pogingen: Annotated[int, Parameter(help="hoe vaak de hub wordt gevraagd voordat hij onbereikbaar heet")] = 6

    def faults(self) -> list[str]:
        """All that is wrong with the options together."""
        ways = [self.ontvang, self.stroom, self.ophalen, self.kafka]
        found = [] if sum(map(bool, ways)) == 1 else ["Kies een weg: --ontvang, --stroom, --kafka of --ophalen."]
        if self.ontvang and self.address is None:
            found.append("Schrijf --ontvang als HOST:POORT.")
        if (self.adres or self.autorisatie) and not self.ontvang:
            found.append("--adres en --autorisatie horen bij --ontvang.")
        if not self.sleutel.is_file():
            found.append("Het bestand met de privésleutel is er niet.")
        if self.kafka_instellingen is not None and self.security() is None:
            found.append("--kafka-instellingen is geen leesbaar bestand met een JSON-object.")
        if not self.doel:
            found.append("Noem met --doel waarvoor deze zetel leest.")
        return found

    def security(self) -> dict[str, Any] | None:
        """How the broker is spoken to beyond its address; None where the file cannot be read."""
        try:
            found = json.loads(self.kafka_instellingen.read_text()) if self.kafka_instellingen else {}
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    @property
    def address(self) -> tuple[str, int] | None:
        """Where webhooks come in; None where it is not written as it should."""
        host, _, port = (self.ontvang or "").rpartition(":")
        return (host.strip("[]"), int(port)) if host and port.isascii() and port.isdigit() else None

    @property
    def wens(self) -> Wens:
        """The subscription that goes with these options."""
        if self.ontvang:
            return Wens("webhook", self.adres or f"http://{self.ontvang}/", self.autorisatie)
        return Wens("stroom" if self.stroom else "kafka" if self.kafka else "ophalen")


def abonnee_command(opties: Opties) -> int:
    """Ontvang wat er in het beeld van een zetel verandert, haal het op en beantwoord terugroepingen.

    Langs elke weg gebeurt alles een keer en in volgorde, ook na een val: wat ontbreekt wordt opgehaald, en wat
    gedaan is staat in de voortgang. Eindig met Ctrl-C of SIGTERM.
    """
    if faults := opties.faults():
        _console.print("\n".join(faults))
        return VERKEERD_GEBRUIK
    with httpx.Client(base_url=opties.hub, timeout=30) as client:
        try:
            tokens = _tokens(client, opties)
        except ValueError:
            _console.print("Dit sleutelbestand bevat geen bruikbare privésleutel.")
            return VERKEERD_GEBRUIK
        try:
            who = Abonnee(client, tokens, opties.zetel, opties.data, opties.doel, opties.bewaar, opties.pogingen)
            with who as abonnee:
                return _run(abonnee, opties)
        except (HubUnreachable, httpx.TransportError):
            _console.print("De hub is niet bereikbaar. De voortgang is bewaard; start later opnieuw.")
            return HUB_ONBEREIKBAAR
        except (NotAuthorised, Unreadable, OSError) as refusal:
            _console.print(str(refusal), markup=False)
            return IETS_GEWEIGERD


def _run(abonnee: Abonnee, opties: Opties) -> int:
    """Open the way that was chosen, subscribe if asked, and work."""
    with stoppable(), progress(abonnee.journal) as told:
        try:
            if opties.address is not None:
                abonnee.listen(*opties.address, opties.autorisatie)
            if opties.neem:
                take_subscription(abonnee.door, opties.wens, uuid4)
            if opties.eenmaal:
                abonnee.work.settle(lambda: told(None))
            else:
                if opties.stroom:
                    abonnee.stream()
                if opties.kafka:
                    abonnee.consume(opties.kafka, opties.topic or topic_of(opties.zetel), opties.security() or {})
                abonnee.keep_working(opties.elke, told)
        except KeyboardInterrupt:
            told("gestopt")
    return exit_code(abonnee.journal.voortgang())


def _tokens(client: httpx.Client, opties: Opties) -> PrivateKeyJwt:
    return PrivateKeyJwt(
        client,
        token_url=f"{opties.hub.rstrip('/')}/oauth/token",
        client_id=opties.client_id,
        key=opties.sleutel.read_bytes(),
        now=now_utc,
        new_id=uuid4,
        scope=" ".join(SCOPES),
    )


def topic_of(zetel: str) -> str:
    """The name that a hub gives the topic of a seat, unless it was set otherwise."""
    return f"signaalhub.gebeurtenissen.{zetel.replace('@', '.')}"


def exit_code(voortgang: Voortgang) -> int:
    """Whether all went well so far."""
    return IETS_GEWEIGERD if voortgang.geweigerd or voortgang.tegenstrijdig else ALLES_AANVAARD


def line(voortgang: Voortgang) -> str:
    """Where an abonnee is, on one line."""
    parts = [
        f"ontvangen {voortgang.ontvangen}",
        f"verwerkt {voortgang.verwerkt}",
        f"opgehaald {voortgang.opgehaald}",
        f"vervallen {voortgang.vervallen}",
        f"hiaten {voortgang.hiaten_open} open, {voortgang.hiaten_gesloten} gesloten",
        f"terugroepingen {voortgang.terugroepingen} beantwoord",
    ]
    parts += [f"wacht {voortgang.wachtend}"] if voortgang.wachtend else []
    parts += [f"geweigerd {voortgang.geweigerd}"] if voortgang.geweigerd else []
    parts += [f"tegenstrijdig {voortgang.tegenstrijdig}"] if voortgang.tegenstrijdig else []
    return " · ".join(parts)


@contextmanager
def progress(journal: Journal) -> Iterator[Told]:
    """A line that says where the journal is, and what is wrong; where nobody looks at a terminal, at the end alone."""
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=_console, transient=True) as bar:
        task = bar.add_task(line(journal.voortgang()))
        looked = 0.0

        def told(wrong: str | None) -> None:
            nonlocal looked
            if wrong is None and monotonic() - looked < REFRESH_SECONDS:
                return
            looked = monotonic()
            text = line(journal.voortgang())
            bar.update(task, description=f"{text} [red]{wrong}[/]" if wrong else text)

        try:
            yield told
        finally:
            bar.stop()
            _console.print(line(journal.voortgang()))
