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
from hub.domain.signaal import Signaal
from hub.domain.toestemming import Toestemmingen
from hub.domain.verstrekking import Voorstel
from hub.handling.aanvulling import Aanvulling, Feiten, aanvullingen
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
    """What would be allowed and refused, category by category.

    `aanvullingen`: what the sender might still state where something is refused, in truth and on the record.
    """

    toegestaan: tuple[str, ...]
    geweigerd: tuple[str, ...]
    uitkomsten: tuple[Uitkomst, ...]
    aanvullingen: tuple[Aanvulling, ...] = ()
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
    others = [(keuze.naar, _passed_on(questions, zetel, signaal, keuze, nu)) for keuze in ontvangers]
    return _example(own, nu), others


def _passed_on(questions: Questions, zetel: str, signaal: Signaal, keuze: Ontvangerkeuze, nu: datetime) -> Voorbeeld:
    """For one recipient; where something is refused, with what the sender might still state."""

    def answers(doel: str, feiten: Feiten) -> dict[str, Permit | Weigering]:
        voorstel = Voorstel(NOWHERE, zetel, keuze.naar, keuze.spoor, doel, None, None, dict(feiten))
        held = {zetel: signaal.bijdragen[NOWHERE].categorieen}
        return questions.forward_answers(voorstel, signaal, held, Toestemmingen(), nu.date())

    def allowed(doel: str, feiten: Feiten) -> frozenset[str]:
        return frozenset(one for one, answer in answers(doel, feiten).items() if isinstance(answer, Permit))

    example = _example(answers(keuze.doel, keuze.omstandigheden), nu)
    if not example.geweigerd:
        return example
    doelen = questions.beleid.sporen[keuze.spoor].doelen
    return example.model_copy(update={"aanvullingen": aanvullingen(allowed, keuze.doel, keuze.omstandigheden, doelen)})


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
