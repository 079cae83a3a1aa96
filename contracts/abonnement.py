"""Commands and events of a subscription: of which news of its own view a seat is told, and how it is brought.

A notice holds no content, so a subscription gives nobody anything to see. Source: WGS art. 1.8 lid 4; WGS art. 2.23.
"""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from contracts.message import BESLOTEN, OPEN, Command, Event, Part
from contracts.signaal import NS
from contracts.waarden import Regel, Uitbuitingsvorm

WEBHOOK = "webhook"
MEESTE = 500

Bezorgwijze = Annotated[str, OPEN, Field(pattern="^(webhook|kafka|stroom|ophalen)$")]
_Kanaal = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{1,59}$")]
_Gebied = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
_Actie = Annotated[str, StringConstraints(pattern="^(create|update|destroy)$")]
#: Without name, password, question or fragment: what is secret stands in `autorisatie`, which is sealed. Plain http
#: only to this machine itself, to which a hub delivers only where its settings say so.
_ADRES = (
    r"^(https://[A-Za-z0-9\[][A-Za-z0-9.:\[\]-]*|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?)"
    r"(/[A-Za-z0-9._~!$&'()*+,;=:%/-]*)?$"
)
Terugbeladres = Annotated[str, StringConstraints(pattern=_ADRES, max_length=500)]


def _each_once(values: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(dict.fromkeys(values))


_EACH_ONCE = AfterValidator(_each_once)


class Filters(Part):
    """Which notices; of an empty list all, and without `gebieden` the seat's own territory.

    `vormen`: forms of exploitation, with every form under them. `acties`: made, changed, gone.
    """

    kanalen: Annotated[tuple[_Kanaal, ...], OPEN, Field(max_length=MEESTE), _EACH_ONCE] = ()
    casussen: Annotated[tuple[UUID, ...], OPEN, Field(max_length=MEESTE), _EACH_ONCE] = ()
    gebieden: Annotated[tuple[_Gebied, ...], OPEN, Field(max_length=MEESTE), _EACH_ONCE] = ()
    vormen: Annotated[tuple[Uitbuitingsvorm, ...], OPEN, Field(max_length=MEESTE), _EACH_ONCE] = ()
    acties: Annotated[tuple[_Actie, ...], OPEN, Field(max_length=MEESTE), _EACH_ONCE] = ()


class Bezorging(Part):
    """How which news is brought. `autorisatie`: the Authorization header that the address asks; never shown again."""

    bezorgwijze: Bezorgwijze
    filters: Filters = Filters()
    terugbeladres: Annotated[Terugbeladres | None, OPEN] = None
    autorisatie: Annotated[Regel | None, BESLOTEN] = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.bezorgwijze == WEBHOOK) != (self.terugbeladres is not None):
            raise ValueError("een terugbeladres hoort bij de bezorgwijze webhook, en alleen daarbij")
        if self.autorisatie is not None and self.terugbeladres is None:
            raise ValueError("een autorisatie hoort bij een terugbeladres")
        return self


class NeemAbonnement(Bezorging, Command):
    """Take a subscription to one's own news."""

    TYPE: ClassVar = NS + "neem-abonnement.v1"
    abonnement_id: Annotated[UUID, OPEN]


class AbonnementGenomen(Event):
    """The subscription is there; one by webhook begins once its address has agreed."""

    TYPE: ClassVar = NS + "abonnement-genomen.v1"
    abonnement_id: Annotated[UUID, OPEN]
    bezorgwijze: Annotated[str, OPEN]
    filters: Filters
    terugbeladres: Annotated[str | None, OPEN] = None
    autorisatie: Annotated[str | None, BESLOTEN] = None
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class WijzigAbonnement(Bezorging, Command):
    """Put a subscription as it should be from now on, whole: what is left out, is gone."""

    TYPE: ClassVar = NS + "wijzig-abonnement.v1"
    abonnement_id: Annotated[UUID, OPEN]


class AbonnementGewijzigd(Event):
    """The subscription is so from now on; another address must agree first."""

    TYPE: ClassVar = NS + "abonnement-gewijzigd.v1"
    abonnement_id: Annotated[UUID, OPEN]
    bezorgwijze: Annotated[str, OPEN]
    filters: Filters
    terugbeladres: Annotated[str | None, OPEN] = None
    autorisatie: Annotated[str | None, BESLOTEN] = None
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class BeeindigAbonnement(Command):
    """End one's own subscription."""

    TYPE: ClassVar = NS + "beeindig-abonnement.v1"
    abonnement_id: Annotated[UUID, OPEN]


class AbonnementBeeindigd(Event):
    """Nothing is brought any longer."""

    TYPE: ClassVar = NS + "abonnement-beeindigd.v1"
    abonnement_id: Annotated[UUID, OPEN]


class SchorsAbonnement(Command):
    """Stop one's own subscription for a while; nothing of it is lost, and it goes on when it is resumed."""

    TYPE: ClassVar = NS + "schors-abonnement.v1"
    abonnement_id: Annotated[UUID, OPEN]


class HervatAbonnement(Command):
    """Go on with one's own subscription after it was suspended."""

    TYPE: ClassVar = NS + "hervat-abonnement.v1"
    abonnement_id: Annotated[UUID, OPEN]


class AbonnementHervat(Event):
    """The subscription goes on where it was; an address must agree again."""

    TYPE: ClassVar = NS + "abonnement-hervat.v1"
    abonnement_id: Annotated[UUID, OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class AbonnementBevestigd(Event):
    """The address agreed, with so many calls a minute; None is any number. Source: NL GOV CloudEvents 1.1."""

    TYPE: ClassVar = NS + "abonnement-bevestigd.v1"
    abonnement_id: Annotated[UUID, OPEN]
    per_minuut: Annotated[int | None, OPEN, Field(ge=1)] = None


class AbonnementGeschorst(Event):
    """Bringing stopped. `reden`: a code; `op-verzoek` is that the seat asked it, `recht-vervallen` that the policy
    does not allow it any more."""

    TYPE: ClassVar = NS + "abonnement-geschorst.v1"
    abonnement_id: Annotated[UUID, OPEN]
    reden: Annotated[str, OPEN]


class AbonnementGeweigerd(Event):
    """The policy does not allow this subscription."""

    TYPE: ClassVar = NS + "abonnement-geweigerd.v1"
    abonnement_id: Annotated[UUID, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    alternatief: Annotated[str | None, OPEN] = None
    beleidsversie: Annotated[str, OPEN]
