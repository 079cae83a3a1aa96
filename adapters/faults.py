"""Refusals of a native record in plain Dutch: every fault, its place, never the value."""

import re
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from contracts.problems import Fout

_MELDINGEN: dict[str, str] = {
    "missing": "dit veld is verplicht en ontbreekt",
    "extra_forbidden": "dit veld hoort niet bij dit formulier",
    "string_type": "hier hoort tekst te staan",
    "string_unicode": "deze tekst bevat tekens die niet kunnen worden bewaard",
    "string_too_short": "deze tekst is te kort of leeg",
    "string_too_long": "deze tekst is te lang",
    "string_pattern_mismatch": "deze waarde heeft niet de voorgeschreven vorm",
    "literal_error": "deze waarde staat niet in de keuzelijst",
    "enum": "deze waarde staat niet in de keuzelijst",
    "int_type": "hier hoort een geheel getal te staan",
    "int_parsing": "hier hoort een geheel getal te staan",
    "int_from_float": "hier hoort een geheel getal te staan",
    "bool_type": "hier hoort ja of nee te staan",
    "bool_parsing": "hier hoort ja of nee te staan",
    "uuid_parsing": "dit is geen geldig kenmerk van de hub",
    "uuid_type": "dit is geen geldig kenmerk van de hub",
    "too_short": "hier staan te weinig regels",
    "too_long": "hier staan te veel regels",
    "greater_than_equal": "deze waarde is te klein",
    "less_than_equal": "deze waarde is te groot",
    "model_type": "hier hoort een groep velden te staan",
    "model_attributes_type": "hier hoort een groep velden te staan",
    "dict_type": "hier hoort een groep velden te staan",
    "tuple_type": "hier hoort een lijst te staan",
    "list_type": "hier hoort een lijst te staan",
    "timezone_naive": "dit tijdstip mist een tijdzone",
}
_ANDERS = "deze waarde voldoet niet aan het formulier"
_VELDNAAM = re.compile(r"[A-Za-z][A-Za-z_]{0,40}|wpg_6b")


def fault(veld: str, melding: str) -> Fout:
    """One fault at a JSON pointer; the empty pointer is the whole record."""
    return Fout(veld=veld, melding=melding)


def faults_of(error: ValidationError) -> tuple[Fout, ...]:
    """All faults of a refused record, in the order of its fields."""
    items = error.errors(include_url=False, include_input=False)
    places = [item["loc"] for item in items]
    found = [
        fault(_pointer(item["loc"]), _melding(item["type"], item.get("ctx")))
        for item in items
        # A list is called too short when its values were refused; then those are the reason, not the length.
        if item["type"] != "too_short" or not any(_under(place, item["loc"]) for place in places)
    ]
    return tuple(dict.fromkeys(found))


def _under(place: Sequence[int | str], whole: Sequence[int | str]) -> bool:
    return len(place) > len(whole) and tuple(place[: len(whole)]) == tuple(whole)


def _melding(kind: str, context: Mapping[str, object] | None) -> str:
    # Messages of our own validators are written without the value; those of pydantic may echo it.
    if kind == "value_error" and context is not None:
        return str(context.get("error", _ANDERS))
    if kind == "codelijst" and context is not None:
        return str(context.get("melding", _ANDERS))
    return _MELDINGEN.get(kind, _ANDERS)


def _pointer(place: Sequence[int | str]) -> str:
    # A key typed by a stranger may itself be a name or a number of a person; then it is not repeated.
    steps = [str(step) if isinstance(step, int) or _VELDNAAM.fullmatch(step) else "(onbekend)" for step in place]
    return "".join(f"/{step}" for step in steps)
