"""How content lies in a view: sealed, a compartment per person, so that a destroyed key takes it out of every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

Inhoud = dict[str, Any]


class Compartment(NamedTuple):
    """Content under the keys of these persons; none: content of the anchor of the row itself."""

    subjects: tuple[UUID, ...]
    content: Inhoud


class Unsealed(NamedTuple):
    """A row before sealing.

    `row_key`: names the row, bound to the ciphertext so that blobs cannot be exchanged between rows.
    `anchor`: the signal, case, session or consent the row is about. `spoor`: track whose keys apply.
    `open`: what survives erasure; no personal content.
    """

    row_key: str
    anchor: UUID
    spoor: str
    open: Inhoud
    compartments: tuple[Compartment, ...]


class Opened(NamedTuple):
    """A row after unsealing; compartments whose key was destroyed are missing."""

    open: Inhoud
    contents: tuple[Inhoud, ...]


class Sealer(Protocol):
    """Seals under the subject keys of the ledger. Bound in main."""

    def seal_many(self, rows: Sequence[Unsealed]) -> list[bytes]:
        """One blob per row. A compartment whose keys were destroyed is left out, never an error."""

    def unseal_many(self, rows: Sequence[tuple[str, bytes]]) -> list[Opened]:
        """The rows of (row_key, blob), in the same order."""


def apart(secret: Inhoud) -> tuple[Compartment, ...]:
    """Divide the content of a signal as the ledger does.

    What is about one person lies under her key; the rest of a contribution under the keys of all persons that
    it names, so that with one of them destroyed it is gone; a text that names nobody under the anchor alone.
    `secret`: {"inhoud": {contribution: content}, "stukken": {number: content}}.
    """
    persons: dict[str, Inhoud] = {}
    parts: list[Compartment] = []
    for key, content in secret["inhoud"].items():
        rest, named = _without_persons(key, content, persons)
        if rest:
            parts.append(Compartment(tuple(map(UUID, named)), {"inhoud": {key: rest}}))
    loose: Inhoud = {}
    for number, content in secret["stukken"].items():
        person = content.get("betrokkene_id")
        if person is None:
            loose[number] = content
        else:
            _of(persons, person)["stukken"][number] = content
    if loose:
        parts.append(Compartment((), {"stukken": loose}))
    return (*(Compartment((UUID(person),), content) for person, content in persons.items()), *parts)


def together(contents: Sequence[Inhoud]) -> Inhoud:
    """The content of a signal again, in its old order, without what was destroyed."""
    whole: Inhoud = {"inhoud": {}, "stukken": {}}
    pieces: list[list[Any]] = []
    for content in contents:
        for key, rest in content.get("inhoud", {}).items():
            pieces += [[key, *piece] for piece in rest.pop("delen", ())]
            whole["inhoud"][key] = rest
        whole["stukken"].update(content.get("stukken", {}))
        pieces += content.get("delen", ())
    for key, name, _, item in sorted(pieces, key=lambda piece: piece[:3]):
        inner = whole["inhoud"].setdefault(key, {}).setdefault("inhoud", {})
        inner.setdefault(name, []).append(item)
    return whole


def _of(persons: dict[str, Inhoud], person: str) -> Inhoud:
    return persons.setdefault(person, {"delen": [], "stukken": {}})


def _without_persons(key: str, content: Inhoud, persons: dict[str, Inhoud]) -> tuple[Inhoud, list[str]]:
    inner = content.get("inhoud")
    if not inner or not (inner.get("betrokkenen") or inner.get("feiten")):
        return content, []
    left, named = dict(inner), dict[str, None]()
    shared = []
    for name in ("betrokkenen", "feiten"):
        for number, item in enumerate(left.pop(name, ())):
            person = item.get("betrokkene_id")
            if person is None:
                shared.append([name, number, item])  # keeps its place among those of persons
            else:
                named[person] = None
                _of(persons, person)["delen"].append([key, name, number, item])
    rest = {**content, "inhoud": left}
    if shared:
        rest["delen"] = shared
    return rest, list(named)


def without(content: Inhoud, person: str) -> Inhoud:
    """Content of a contribution after the destruction of a person it names: only what is about others."""
    inner = content.get("inhoud", {})
    own = {name: inner.get(name, ()) for name in ("betrokkenen", "feiten")}
    if not any(item.get("betrokkene_id") == person for items in own.values() for item in items):
        return content
    kept = {
        name: left
        for name, items in own.items()
        if (left := [item for item in items if item.get("betrokkene_id") not in (None, person)])
    }
    return {"inhoud": kept} if kept else {}
