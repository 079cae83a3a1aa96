"""A question to the policy as it travels: in our own words, or as a decision case of the published vocabulary.

A decision case is an exchange format with English field names; `beslisgeval.json` holds its words and ours.
"""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic.alias_generators import to_camel

#: English word of the vocabulary to ours: `omstandigheden`, `handelingen`, `vormen`, `verplichtingen`.
WOORDEN: dict[str, dict[str, str]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))

Woord = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9.@_-]+$")]
Woorden = Annotated[tuple[Woord, ...], Field(max_length=40)]
Gegeven = bool | int | Annotated[str, Field(max_length=200)] | Annotated[list[str], Field(max_length=60)]
Gegevens = Annotated[dict[str, Gegeven], Field(max_length=200)]


class Beleidsvraag(BaseModel):
    """May this seat do this with this category, in this track, on this day? What is left out has its default.

    `zetel`, `bronZetel`: seat type or seat; without `bronZetel` the data are the seat's own. `fase`: the highest
    phase open for the case. `omstandigheden`: names as in the policy's table of circumstances.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)
    zetel: Woord
    rol: Woord = "deelnemer"
    handeling: Woord
    spoor: Woord
    regio: Woord
    datum: date
    categorie: Woord
    bron_zetel: Woord | None = None
    fase: int = 0
    doel: Woord
    betrokkene_rol: Woord = "geen"
    minderjarig: bool = False
    bijzonder: Woorden = ()
    kenmerken: Woorden = ()
    omstandigheden: Gegevens = {}


class _Vocabulary(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Actor(_Vocabulary):
    """Who acts."""

    seat: Woord
    role: Woord


class Subject(_Vocabulary):
    """Whom the data are about."""

    minor: bool = False
    role: Woord = "geen"
    special: Woorden = ()


class Data(_Vocabulary):
    """What it is about; provider `actor`: data of the acting seat itself."""

    category: Woord
    provider_seat: Woord = "actor"
    phase: int = 0
    subject: Subject = Subject()
    flags: Woorden = ()


class Beslisgeval(_Vocabulary):
    """A decision case. What it expects and where it comes from is taken along and not looked at."""

    track: Woord
    region: Woord
    date: date
    actor: Actor
    action: Woord
    data: Data
    purpose: Woord
    context: Gegevens = {}
    id: str | None = None
    rules: list[str] | None = None
    pair: str | None = None
    differs_in: str | None = None
    title: str | None = None
    expect: Literal["allow", "deny"] | None = None
    mask: dict[str, list[str]] | None = None
    deny_as: str | None = None
    obligations: list[str] | None = None
    because: str | None = None
    source: list[str] | None = None
    certainty: str | None = None


def _kind(asked: Any) -> str:
    # In brackets: which of the forms was meant is no part of the body that faults point into.
    return "(geval)" if isinstance(asked, Beslisgeval) or (isinstance(asked, dict) and "track" in asked) else "(vraag)"


Toetsvraag = Annotated[
    Annotated[Beleidsvraag, Tag("(vraag)")] | Annotated[Beslisgeval, Tag("(geval)")], Discriminator(_kind)
]
