"""The command line of subscriptions: `signaalhub abonnementen`, for who has no system that speaks to the doors yet.

A secret is typed at a prompt and never stands on the command line, where others could read it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

import cyclopts
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from contracts.abonnement import AbonnementGeweigerd, BeeindigAbonnement, Filters, HervatAbonnement, NeemAbonnement
from contracts.message import Command
from hub.domain.abonnement import BEEINDIGD, Abonnement
from hub.domain.oordeel import Onbekend, Strijdig
from hub.handling.execute import Request
from hub.handling.vastleggen import Herkomst
from hub.main import Hub

Look = Callable[[Hub, str, str, tuple[str, ...]], None]
Zetel = Annotated[str, cyclopts.Parameter(name="--zetel")]


@dataclass(frozen=True, slots=True)
class Subscribing:
    """The commands, bound to a hub to open, the access log, a clock, who acts, a prompt and a place to print."""

    hub: Callable[[], AbstractContextManager[Hub]]
    look: Look
    clock: Callable[[], datetime]
    actor: str
    prompt: Callable[[str], str]
    out: Console

    def add_to(self, app: cyclopts.App) -> None:
        """Give `app` these commands."""
        group = cyclopts.App(name="abonnementen", help="Subscriptions of a seat: list, take, end and resume.")
        group.command(self.listed, name="lijst")
        group.command(self.taken, name="neem")
        group.command(self.ended, name="beeindig")
        group.command(self.resumed, name="hervat")
        app.command(group)

    def listed(self, *, zetel: Zetel, alle: bool = False) -> int:
        """List the subscriptions of a seat, with `--alle` ended ones too. Exit code 1 where one is suspended."""
        with self.hub() as hub:
            found = [one for one in hub.abonnementen().van(zetel) if alle or one.status != BEEINDIGD]
            objects = tuple(f"abonnement:{one.abonnement_id}" for one in found)
            self.look(hub, "abonnementen lijst", zetel, objects)
        table = Table("nummer", "bezorgwijze", "stand", "adres", "filters")
        for one in found:
            table.add_row(
                str(one.abonnement_id), one.bezorgwijze, _stand(one), one.terugbeladres or "", _filters(one.filters)
            )
        self.out.print(table if found else "Deze zetel heeft geen abonnement.")
        return 1 if any(one.reden for one in found) else 0

    def taken(
        self,
        bezorgwijze: str,
        *,
        zetel: Zetel,
        kanaal: tuple[str, ...] = (),
        casus: tuple[UUID, ...] = (),
        gebied: tuple[str, ...] = (),
        vorm: tuple[str, ...] = (),
        actie: tuple[str, ...] = (),
        adres: str | None = None,
        met_autorisatie: bool = False,
    ) -> int:
        """Take a subscription by webhook, kafka, stroom or ophalen; prints its number. Filters may be repeated."""
        id, secret = uuid4(), self.prompt("autorisatie: ").strip() if met_autorisatie else None
        filters = {"kanalen": kanaal, "casussen": casus, "gebieden": gebied, "vormen": vorm, "acties": actie}
        code = self._do(
            zetel,
            lambda: NeemAbonnement(
                abonnement_id=id,
                bezorgwijze=bezorgwijze,
                filters=Filters.model_validate(filters),
                terugbeladres=adres,
                autorisatie=secret or None,
            ),
        )
        if code == 0:
            self.out.print(str(id))
        return code

    def ended(self, abonnement: UUID, *, zetel: Zetel) -> int:
        """End a subscription."""
        return self._do(zetel, lambda: BeeindigAbonnement(abonnement_id=abonnement))

    def resumed(self, abonnement: UUID, *, zetel: Zetel) -> int:
        """Resume a subscription that was suspended; a webhook must agree again first."""
        return self._do(zetel, lambda: HervatAbonnement(abonnement_id=abonnement))

    def _do(self, zetel: str, made: Callable[[], Command]) -> int:
        try:
            command = made()
        except ValidationError as error:
            for one in error.errors(include_input=False, include_url=False):
                self._say(f"{'.'.join(map(str, one['loc']))}: {one['msg']}")
            return 2
        with self.hub() as hub:
            seat = hub.beleid.instanties.get(zetel)
            if seat is None:
                self._say("Deze zetel bestaat niet.")
                return 2
            asked = Request(command, zetel, persoon=self.actor, herkomst=Herkomst(seat.oin, "opdrachtregel"))
            try:
                outcome = hub.ledger().execute(asked, self.clock())
            except (Onbekend, Strijdig) as error:
                self._say(str(error) or "Dit abonnement of deze casus is er niet voor deze zetel.")
                return 1
        return self._told([event for event in outcome.events if isinstance(event, AbonnementGeweigerd)])

    def _told(self, refusals: list[AbonnementGeweigerd]) -> int:
        for event in refusals:
            self._say(f"{' '.join(event.redenen)} ({', '.join(event.regels)})")
            if event.alternatief:
                self._say(f"Wat wel kan: {event.alternatief}")
        return 1 if refusals else 0

    def _say(self, what: str) -> None:
        self.out.print(what, style="red", markup=False)


def _stand(one: Abonnement) -> str:
    return f"{one.status} ({one.reden})" if one.reden else one.status


def _filters(filters: Filters) -> str:
    """Each filter that is set, in one line."""
    named = {name: getattr(filters, name) for name in Filters.model_fields}
    return "; ".join(f"{name}: {', '.join(map(str, values))}" for name, values in named.items() if values)
