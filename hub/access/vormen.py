"""What a value in a table may look like, and every fault of a table that looks otherwise."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, TypeAdapter, ValidationError

from hub.access.plek import Fout, Plek


def _een_datum(waarde: str) -> str:
    try:
        date.fromisoformat(waarde)
    except ValueError:
        raise ValueError(f"{waarde!r} is geen datum") from None
    return waarde


Woord = Annotated[str, Field(min_length=1)]
Datum = Annotated[str, AfterValidator(_een_datum)]
Gebied = Annotated[str, Field(pattern="^[a-z-]{1,40}$")]
Woorden = list[Woord]


def soort_van(waarde: object) -> str:
    """Which of two shapes is meant: that of a text, of a row, or of a list."""
    return "str" if isinstance(waarde, str) else "dict" if isinstance(waarde, dict) else "list"


NietLeeg = Annotated[list[Woord], Field(min_length=1)]
Zetels = Annotated[Annotated[NietLeeg, Tag("list")] | Annotated[Literal["*"], Tag("str")], Discriminator(soort_van)]
Pad = tuple[str | int, ...]


VERWACHT = {
    "string_type": "tekst tussen aanhalingstekens of een woord",
    "list_type": "een lijst",
    "dict_type": "sleutels met waarden",
    "model_type": "sleutels met waarden",
    "bool_type": "true of false",
    "int_type": "een geheel getal",
}


def vormfouten(
    vorm: TypeAdapter[Any], inhoud: Any, plek: Plek, naam: Callable[[Pad], str] = lambda pad: ""
) -> Iterator[Fout]:
    """Every fault in the shape of some content; what is misshapen is then taken out of it.

    What is left can be examined further, so that one pass tells all faults. `naam` names the row on a path.
    """
    try:
        vorm.validate_python(inhoud, strict=True)
    except ValidationError as gebrek:
        gebreken = gebrek.errors(include_url=False)
        for een in gebreken:
            pad = _pad(inhoud, een["loc"])
            yield plek.bij(*pad).genaamd(naam(pad)).fout(_reden(pad, een))
        # From the back, so that what is taken from a list does not move what is still to be taken.
        weg = {_pad(inhoud, een["loc"]) for een in gebreken if een["type"] != "missing"}
        for pad in sorted(weg, key=lambda pad: [str(stap).zfill(9) for stap in pad], reverse=True):
            _neem_weg(inhoud, pad)


def past(vorm: TypeAdapter[Any], inhoud: Any) -> bool:
    """Whether some content has a shape."""
    try:
        vorm.validate_python(inhoud, strict=True)
    except ValidationError:
        return False
    return True


def _reden(pad: Pad, gebrek: Any) -> str:
    naam = str(gebrek["loc"][-1]) if gebrek["loc"] else "inhoud"
    waar = next((stap for stap in reversed(pad) if isinstance(stap, str)), "inhoud")
    match gebrek["type"]:
        case "missing":
            return f"{naam} ontbreekt"
        case "extra_forbidden":
            return f"onbekende sleutel {naam!r}"
        case "literal_error":
            return f"{waar}: {gebrek['input']!r} kan hier niet; wel {gebrek['ctx']['expected'].replace(' or ', ' of ')}"
        case "value_error":
            return f"{waar} {gebrek['ctx']['error']}"
        case soort if soort in VERWACHT:
            return f"{waar}: verwacht {VERWACHT[soort]}"
        case _:
            return f"{waar} past hier niet"


def _pad(inhoud: Any, loc: Pad) -> Pad:
    """The part of a path that really exists in the content; the names of alternatives are left out."""
    pad: list[str | int] = []
    hier = inhoud
    for stap in loc:
        if (isinstance(hier, dict) and stap in hier) or (isinstance(hier, list) and stap in range(len(hier))):
            hier = hier[stap]  # type: ignore[index]
            pad.append(stap)
    return tuple(pad)


def _neem_weg(inhoud: Any, pad: Pad) -> None:
    hier = inhoud
    for stap in pad[:-1]:
        hier = hier[stap]
    if pad:
        del hier[pad[-1]]
