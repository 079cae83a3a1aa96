"""Every refusal a partner can meet, as a problem of RFC 9457. `type` resolves to a page of the documentation."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

BASE = "https://signaalhub.nl/problemen/"


class Fout(BaseModel):
    """One fault in the input. `veld`: JSON pointer. `melding`: Dutch sentence without the value."""

    model_config = ConfigDict(frozen=True)
    veld: str
    melding: str


class Probleem(BaseModel):
    """A problem document. `detail` never holds personal data; `fouten` lists all input errors at once."""

    model_config = ConfigDict(frozen=True)
    type: str
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: str | None = None
    fouten: tuple[Fout, ...] | None = None
    regels: tuple[str, ...] | None = None
    alternatief: str | None = None


class Problem(Exception):
    """Raised at the edge only and rendered once."""

    def __init__(
        self,
        slug: str,
        status: int,
        title: str,
        detail: str,
        *,
        fouten: tuple[Fout, ...] | None = None,
        regels: tuple[str, ...] | None = None,
        alternatief: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.document = Probleem(
            type=BASE + slug,
            title=title,
            status=status,
            detail=detail,
            fouten=fouten,
            regels=regels,
            alternatief=alternatief,
        )
        self.headers = headers or {}


def ongeldige_invoer(fouten: tuple[Fout, ...]) -> Problem:
    return Problem(
        "ongeldige-invoer", 400, "Ongeldige invoer", "De invoer voldoet niet aan het contract.", fouten=fouten
    )


def onaanvaardbare_invoer(reden: str, regels: tuple[str, ...], alternatief: str | None) -> Problem:
    """The message fits the contract, but this seat may not send this content; repaired it may come again."""
    return Problem("ongeldige-invoer", 400, "Ongeldige invoer", reden, regels=regels or None, alternatief=alternatief)


def niet_aangemeld(detail: str) -> Problem:
    return Problem(
        "niet-aangemeld", 401, "Niet aangemeld", detail, headers={"WWW-Authenticate": 'Bearer realm="signaalhub"'}
    )


def niet_bevoegd(detail: str, regels: tuple[str, ...] = (), alternatief: str | None = None) -> Problem:
    return Problem("niet-bevoegd", 403, "Niet bevoegd", detail, regels=regels or None, alternatief=alternatief)


def niet_gevonden() -> Problem:
    """The one answer for 'does not exist' and for 'not for you'."""
    return Problem("niet-gevonden", 404, "Niet gevonden", "Dit bestaat niet of is niet voor deze zetel.")


def conflict(detail: str) -> Problem:
    return Problem("conflict", 409, "Conflict", detail)


def te_groot(detail: str) -> Problem:
    return Problem("te-groot", 413, "Te groot", detail)


def niet_beschikbaar() -> Problem:
    """The record cannot be written, so nothing is done or shown."""
    return Problem(
        "niet-beschikbaar",
        503,
        "Niet beschikbaar",
        "De verantwoording kan nu niet worden vastgelegd; er is niets verwerkt en niets getoond.",
        headers={"Retry-After": "5"},
    )
