"""'Mag ik dit delen?': what would follow from a signal, asked of the policy without recording anything."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from contracts.inhoud import Signaalmelding
from contracts.message import Tijdstip
from contracts.signaal import SignaalGeregistreerd
from contracts.waarden import Spoor, ZetelId
from hub.access.permit import Permit, Weigering
from hub.domain import signaal as signals
from hub.domain.toestemming import Toestemmingen
from hub.domain.verstrekking import Voorstel
from hub.handling.questions import Questions

NOWHERE = UUID(int=0)


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Ontvangerkeuze(_Wire):
    """A seat one thinks of passing it on to, with what one vouches for."""

    naar: ZetelId
    spoor: Spoor
    doel: Annotated[str, Field(pattern="^[a-z-]+$", max_length=60)]
    omstandigheden: dict[str, str | bool | int] = {}


class Uitkomst(_Wire):
    """The answer for one category."""

    categorie: str
    toegestaan: bool
    regels: tuple[str, ...]
    grondslagen: tuple[str, ...]
    zin: str
    alternatief: str | None = None


class Voorbeeld(_Wire):
    """What would be allowed and refused, category by category."""

    toegestaan: tuple[str, ...]
    geweigerd: tuple[str, ...]
    uitkomsten: tuple[Uitkomst, ...]
    op: Tijdstip


def preview(
    questions: Questions,
    zetel: str,
    melding: Signaalmelding,
    ontvangers: Sequence[Ontvangerkeuze],
    nu: datetime,
) -> tuple[Voorbeeld, list[tuple[str, Voorbeeld]]]:
    """For the submitter, and per recipient. Nothing is recorded; names and numbers are not looked at."""
    event = SignaalGeregistreerd(signaal_id=NOWHERE, melding=melding, zetel=zetel, tijdstip=nu)
    signaal = signals.replay([event])
    contribution = signaal.bijdragen[NOWHERE]
    explained = "".join(sorted({one.letter for one in melding.criteria if one.toelichting}))
    own = questions.intake_answers(zetel, melding.spoor, melding.regio, contribution, explained, nu.date())
    others = []
    for keuze in ontvangers:
        voorstel = Voorstel(NOWHERE, zetel, keuze.naar, keuze.spoor, keuze.doel, None, None, keuze.omstandigheden)
        answers = questions.forward_answers(
            voorstel, signaal, {zetel: contribution.categorieen}, Toestemmingen(), nu.date()
        )
        others.append((keuze.naar, _example(answers, nu)))
    return _example(own, nu), others


def _example(answers: Mapping[str, Permit | Weigering], nu: datetime) -> Voorbeeld:
    outcomes = tuple(_outcome(category, answer) for category, answer in sorted(answers.items()))
    return Voorbeeld(
        toegestaan=tuple(one.categorie for one in outcomes if one.toegestaan),
        geweigerd=tuple(one.categorie for one in outcomes if not one.toegestaan),
        uitkomsten=outcomes,
        op=nu,
    )


def _outcome(category: str, answer: Permit | Weigering) -> Uitkomst:
    if isinstance(answer, Permit):
        return Uitkomst(
            categorie=category,
            toegestaan=True,
            regels=answer.regels,
            grondslagen=answer.bronnen,
            zin=" ".join(answer.zinnen),
        )
    return Uitkomst(
        categorie=category,
        toegestaan=False,
        regels=answer.regels,
        grondslagen=answer.bronnen,
        zin=answer.reden,
        alternatief=answer.alternatief,
    )
