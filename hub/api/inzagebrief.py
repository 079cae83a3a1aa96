"""The answer to a person as she reads it: a page to print, and the same for a machine.

Both have one of few sizes, so that how much stands in them does not show from outside. Source: AVG art. 12 lid 1, 20.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape
from pydantic.alias_generators import to_camel

from contracts.codelijst import codelijst
from hub.domain.antwoord import Antwoord
from hub.domain.inzage import Bronregel, Ontvangerregel

#: Bytes; a document is filled up to the next multiple.
SIZE_CLASS = 32 * 1024
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_WORDS = {"bsn": "Burgerservicenummer", "intern": "Eigen registratie van een organisatie"}
_ROOM = len(b"<!---->\n")


def as_html(answer: Antwoord) -> bytes:
    """A page in Dutch that needs nothing else, of a size that is a multiple of SIZE_CLASS."""
    page = _template().render(
        recht=answer.recht,
        ontvangen_op=day(answer.ontvangen_op),
        dagtekening=day(answer.dagtekening),
        tekst=answer.tekst,
        sporen=_per_track(answer),
        slot=answer.slot,
    )
    content = page.encode()
    return content + b"<!--" + b" " * _missing(len(content) + _ROOM) + b"-->\n"


def as_json(answer: Antwoord) -> bytes:
    """The same content with codes instead of words, filled up in the field `vulling`."""
    content = _camel(asdict(answer)) | {"vulling": ""}
    bare = orjson.dumps(content)
    return orjson.dumps(content | {"vulling": " " * _missing(len(bare))})


def day(moment: date) -> str:
    """A date as people write it."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def word(lijst: str, code: str) -> str:
    """The label of a code; of one that is not in the list, the code as words."""
    try:
        return codelijst(lijst).waarde(code).label
    except KeyError:
        return as_words(code)


def as_words(name: str) -> str:
    """A name of ours as people read it."""
    if name in _WORDS:
        return _WORDS[name]
    return name.replace("-", " ").replace("_", " ").capitalize()


def _missing(size: int) -> int:
    return -size % SIZE_CLASS


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(), undefined=StrictUndefined
    )
    return environment.get_template("inzagebrief.html")


def _per_track(answer: Antwoord) -> list[dict[str, Any]]:
    told = answer.inzage
    tracks = sorted({one.spoor for one in told.bronnen} | {one.spoor for one in told.ontvangers})
    return [
        {
            "naam": word("spoor", spoor),
            "bronnen": [_source(one) for one in told.bronnen if one.spoor == spoor],
            "ontvangers": [_recipient(one) for one in told.ontvangers if one.spoor == spoor],
        }
        for spoor in tracks
    ]


def _source(one: Bronregel) -> dict[str, Any]:
    facts = [(str(fact.get("kenmerk", "")), str(fact.get("waarde", ""))) for fact in one.feiten]
    return {
        "organisatie": one.organisatie,
        "ontvangen_op": day(one.ontvangen_op),
        "gerectificeerd_op": day(one.gerectificeerd_op) if one.gerectificeerd_op else None,
        "doel": word("doelbinding", one.doel),
        "rubrieken": _categories(one.rubrieken),
        "gegevens": [(as_words(name), _value(value)) for name, value in one.gegevens.items() if value] + facts,
    }


def _recipient(one: Ontvangerregel) -> dict[str, Any]:
    return {
        "organisatie": one.organisatie,
        "van": day(one.van),
        "tot": day(one.tot) if one.tot else None,
        "doel": word("doelbinding", one.doel),
        "grondslagen": one.grondslagen,
        "rubrieken": _categories(one.categorieen),
    }


def _categories(codes: Iterable[str]) -> list[str]:
    return [word("gegevenscategorie", code) for code in codes]


def _value(value: Any) -> str:
    """A value in words; a role is presumed only."""
    if isinstance(value, Mapping):
        return ", ".join(_value(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return "; ".join(_value(inner) for inner in value)
    return str(value)


def _camel(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {to_camel(name): _camel(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_camel(inner) for inner in value]
    return value
