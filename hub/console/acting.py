"""What one does in a case or a session, from a form to the body that the API wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

Form = Mapping[str, Sequence[str]]
Body = dict[str, Any]


class Daad(NamedTuple):
    """An act: its operation below the case or session, and how the form becomes its body."""

    operatie: str
    body: Callable[[Form], Body]


def one(form: Form, name: str) -> str:
    """A field of the form, without blanks around it."""
    return (form.get(name) or [""])[0].strip()


def _texts(*names: str) -> Callable[[Form], Body]:
    """A body of texts; an empty one is left out, so that the API says what is missing."""
    return lambda form: {name: value for name in names if (value := one(form, name))}


def _number(name: str) -> Callable[[Form], Body]:
    def body(form: Form) -> Body:
        value = one(form, name)
        return {name: int(value) if value.isascii() and value.isdigit() else value}

    return body


def _proposal(form: Form) -> Body:
    said = _texts("interventieId", "uitvoerder", "beschrijving", "geplandOp")(form)
    return said | {"ingrijpend": one(form, "ingrijpend") == "ja"}


def _participants(form: Form) -> Body:
    named = [*form.get("deelnemers", ()), *([one(form, "erbij")] if one(form, "erbij") else [])]
    return {"deelnemers": list(dict.fromkeys(named))}


def _entry(form: Form) -> Body:
    return _texts("deelnemer")(form) | _number("laag")(form)


#: In a case, by the name of the form.
IN_CASUS: Mapping[str, Daad] = {
    "fase": Daad("fasen", _number("fase")),
    "regie": Daad("regie", _texts("naar")),
    "besluit": Daad("besluiten", _texts("besluit")),
    "deelnemers": Daad("deelnemers", _participants),
    "interventie": Daad("interventies", _proposal),
    "toelating": Daad("toelatingen", _texts("interventieId")),
    "uitvoering": Daad("uitvoeringen", _texts("interventieId", "verslag")),
}
#: In a session.
IN_OVERLEG: Mapping[str, Daad] = {
    "binnen": Daad("aanwezigen", _entry),
    "vertrek": Daad("vertrekken", _texts("deelnemer")),
    "agenda": Daad("agendapunten", _texts("signaalId")),
    "actie": Daad("acties", _texts("eigenaar", "actie", "gereedOp")),
    "sluiting": Daad("sluitingen", lambda form: {}),
}
#: In a session, about one of its cases.
AAN_TAFEL: Mapping[str, Daad] = {name: IN_CASUS[name] for name in ("besluit", "regie")}
