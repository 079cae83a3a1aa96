"""Recorded decisions asked again: under their own policy they come out the same, under a draft some would flip."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import orjson

from hub.handling.questions import Asked, Questions, freeze
from hub.ledger.store import LedgerStore

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Flip:
    """One category that would open or close. `zetel`: who asked; `ontvanger`: seat type it would go to, if any.

    `regels`: rules that permitted it at the time.
    """

    positie: int
    zetel: str
    handeling: str
    spoor: str
    ontvanger: str
    verstrekker: str
    categorie: str
    wordt_toegestaan: bool
    regels: tuple[str, ...]


class Wijziging(NamedTuple):
    """The same flip, wherever on the ledger; fields as of `Flip`."""

    zetel: str
    handeling: str
    spoor: str
    ontvanger: str
    verstrekker: str
    categorie: str
    wordt_toegestaan: bool
    regels: tuple[str, ...]


class Wijzigingen(NamedTuple):
    """What a part of the ledger would give, and how often. `volgende`: place to go on after, None at the end."""

    aantallen: Counter[Wijziging]
    beslissingen: int
    volgende: int | None


Gevraagd = tuple[tuple[str, str, tuple[str, ...]], ...]


def recorded_question(kept: Mapping[str, Any]) -> tuple[Asked, Gevraagd]:
    """The question of a decision record: what was asked, and of which categories of which providers."""
    asked = Asked(
        zetel=kept["zetel"],
        handeling=kept["handeling"],
        spoor=kept["spoor"],
        regio=kept["regio"],
        datum=date.fromisoformat(kept["datum"]),
        doel=kept["doel"],
        fase=kept["fase"],
        betrokkene_rol=kept["betrokkene_rol"],
        minderjarig=kept["minderjarig"],
        bijzonder=frozenset(kept.get("bijzonder", ())),
        kenmerken=frozenset(kept["kenmerken"]),
        omstandigheden=freeze(kept["omstandigheden"]),
    )
    return asked, tuple((seat, article, tuple(categories)) for seat, article, categories in kept["gevraagd"])


def recorded_answer(kept: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Per provider what the record permitted."""
    return {seat: tuple(categories) for seat, categories in kept["toegestaan"].items()}


def ask_again(record: bytes, questions: Questions) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Per provider what the record permitted, and what the policy of `questions` permits now."""
    kept = orjson.loads(record)
    asked, per_provider = recorded_question(kept)
    return recorded_answer(kept), questions.judge_recorded(asked, per_provider).oordeel.per_bron


def changes(store: LedgerStore, questions: Questions, after: int, most: int) -> Wijzigingen:
    """What would come out otherwise of at most `most` places on the ledger after `after`; nothing is written."""
    page = store.read(after, most)
    records = [(one.position, store.decision(one.position)) for one in page]
    asked = {record: position for position, record in reversed(records) if record is not None}
    counted: Counter[Wijziging] = Counter()
    for record, position in asked.items():
        for flip in _flips_of(position, record, questions):
            counted[Wijziging(*(getattr(flip, name) for name in Wijziging._fields))] += 1
    return Wijzigingen(counted, len(asked), page[-1].position if len(page) == most else None)


def flips(store: LedgerStore, questions: Questions) -> Iterator[Flip]:
    """What would come out otherwise, in order of the ledger; nothing is written."""
    seen: set[bytes] = set()
    at = 0
    while page := store.read(at, PAGE):
        at = page[-1].position
        for one in page:
            record = store.decision(one.position)
            if record is not None and record not in seen:
                seen.add(record)
                yield from _flips_of(one.position, record, questions)


def _flips_of(position: int, record: bytes, questions: Questions) -> Iterator[Flip]:
    before, after = ask_again(record, questions)
    kept = orjson.loads(record)
    for provider in sorted(before.keys() | after.keys()):
        old, new = set(before.get(provider, ())), set(after.get(provider, ()))
        for category in sorted(old ^ new):
            yield Flip(
                positie=position,
                zetel=kept["zetel"],
                handeling=kept["handeling"],
                spoor=kept["spoor"],
                ontvanger=str(kept["omstandigheden"].get("ontvanger", "")),
                verstrekker=provider,
                categorie=category,
                wordt_toegestaan=category in new,
                regels=tuple(kept["regels"]),
            )
