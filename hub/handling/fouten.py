"""What is wrong with an input, in Dutch sentences without a single value of it, whichever door it came through."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contracts.problems import Fout

MAX_FAULTS = 200

#: Sentences by pydantic's error type; `{…}` are bounds of the contract, never input.
SENTENCES: Mapping[str, str] = {
    "missing": "Dit veld is verplicht.",
    "extra_forbidden": "Dit veld kent het contract niet.",
    "json_invalid": "Dit is geen geldige JSON.",
    "string_type": "Hier hoort tekst.",
    "string_too_short": "De tekst is te kort; minimaal {min_length} teken(s).",
    "string_too_long": "De tekst is te lang; maximaal {max_length} tekens.",
    "string_pattern_mismatch": "De tekst heeft niet de voorgeschreven vorm.",
    "int_type": "Hier hoort een geheel getal.",
    "int_parsing": "Hier hoort een geheel getal.",
    "int_from_float": "Hier hoort een geheel getal.",
    "float_type": "Hier hoort een getal.",
    "float_parsing": "Hier hoort een getal.",
    "decimal_parsing": "Hier hoort een getal.",
    "bool_type": "Hier hoort true of false.",
    "bool_parsing": "Hier hoort true of false.",
    "greater_than_equal": "Het getal is te klein; minimaal {ge}.",
    "greater_than": "Het getal is te klein; groter dan {gt}.",
    "less_than_equal": "Het getal is te groot; maximaal {le}.",
    "less_than": "Het getal is te groot; kleiner dan {lt}.",
    "date_type": "Hier hoort een datum (JJJJ-MM-DD).",
    "date_parsing": "Hier hoort een datum (JJJJ-MM-DD).",
    "date_from_datetime_parsing": "Hier hoort een datum (JJJJ-MM-DD).",
    "date_from_datetime_inexact": "Hier hoort een datum zonder tijd (JJJJ-MM-DD).",
    "datetime_type": "Hier hoort een tijdstip (RFC 3339).",
    "datetime_parsing": "Hier hoort een tijdstip (RFC 3339).",
    "datetime_from_date_parsing": "Hier hoort een tijdstip (RFC 3339).",
    "timezone_aware": "Het tijdstip mist zijn tijdzone (Z of bijvoorbeeld +02:00).",
    "uuid_type": "Hier hoort een UUID.",
    "uuid_parsing": "Hier hoort een UUID.",
    "url_parsing": "Hier hoort een webadres.",
    "literal_error": "Deze waarde is hier niet toegestaan; toegestaan: {expected}.",
    "enum": "Deze waarde is hier niet toegestaan; toegestaan: {expected}.",
    "list_type": "Hier hoort een lijst.",
    "tuple_type": "Hier hoort een lijst.",
    "too_long": "De lijst is te lang; maximaal {max_length}.",
    "too_short": "De lijst is te kort; minimaal {min_length}.",
    "dict_type": "Hier hoort een object.",
    "model_type": "Hier hoort een object.",
    "model_attributes_type": "Hier hoort een object.",
    "union_tag_invalid": "Deze soort is niet bekend.",
    "union_tag_not_found": "De soort ontbreekt.",
}
UNKNOWN_SENTENCE = "Deze waarde voldoet niet aan het contract."
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z_.:-]{0,59}")


def faults(errors: Iterable[Mapping[str, Any]], under: str = "") -> tuple[Fout, ...]:
    """Faults in Dutch, in order, each once.

    `veld`: JSON pointer into the body, or `query/naam`, `path/naam`, `header/naam` for a parameter. No value of
    the input appears, not even as the name of an unknown field that does not look like a field name.
    """
    found: dict[Fout, None] = {}
    for error in errors:
        found.setdefault(Fout(veld=_pointer(error["loc"], under), melding=_sentence(error)))
    listed = tuple(found)
    if len(listed) > MAX_FAULTS:
        rest = len(listed) - MAX_FAULTS
        return (*listed[:MAX_FAULTS], Fout(veld=under, melding=f"En nog {rest} fouten."))
    return listed


def _pointer(loc: Sequence[int | str], under: str) -> str:
    where, *path = loc or ("",)
    if where in ("query", "path", "header", "cookie"):
        return "/".join([str(where), *map(_segment, path)])
    if where != "body":
        path = [where, *path] if loc else []
    return under + "".join("/" + _segment(part) for part in path if not _is_form(part))


def _is_form(part: int | str) -> bool:
    """Which of several forms of a body was validated; contracts write its name in brackets."""
    return isinstance(part, str) and part.startswith("(")


def _segment(part: int | str) -> str:
    """A list index, or a name; a key that may be content rather than a name is hidden."""
    if isinstance(part, int) or _FIELD_NAME.fullmatch(part):
        return str(part)
    return "…"


def _sentence(error: Mapping[str, Any]) -> str:
    kind, context = str(error["type"]), error.get("ctx") or {}
    if kind == "value_error":
        return _own_sentence(str(context.get("error", "")), error.get("input"))
    sentence = SENTENCES.get(kind, UNKNOWN_SENTENCE)
    try:
        return sentence.format_map(context)
    except KeyError:
        return UNKNOWN_SENTENCE


def _own_sentence(sentence: str, value: Any) -> str:
    """A contract's own sentence, unless it repeats the value it refuses."""
    quoted = isinstance(value, str | int | float) and str(value) and str(value).casefold() in sentence.casefold()
    if not sentence or quoted or re.search(r"\d{6}", sentence):
        return UNKNOWN_SENTENCE
    return sentence[0].upper() + sentence[1:] + ("" if sentence.endswith(".") else ".")
