"""How long one decision takes, beside cedarpy called with text and beside the same rules as plain Python.

    python -m bench.policy --questions 5000

The same questions to both: the decision cases of the policy, and variations of them drawn with a fixed seed.
Uncached: every question is new to a hub that has answered others. Mixed: no two in a row are about the same rules, so
every rule comes cold from memory; in order: by track and action, as lists, simulations and revisions ask. Theirs sees
the rules of the same track only, as ours does.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import cedarpy

from bench.rule_table import Applies, decide, table
from bench.running import machine, quantile
from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP, Bundel, entiteitenlijst, laad_bundel
from hub.access.feiten import feiten
from hub.access.gevallen import lees_gevallen
from hub.access.invoer import onbekends, vul_aan
from hub.access.permit import Permit
from hub.access.regel import Regel
from hub.access.ruw import PLATFORM, SPOORBESTAND
from hub.access.verzoek import Verzoek

SEED = 20260302


def questions(beleid: Beleid, count: int) -> list[Verzoek]:
    """So many different questions: the decision cases, each about other categories of data too."""
    cases = [case.verzoek for case in lees_gevallen() if case.verzoek.spoor in SPOORBESTAND]
    drawn = random.Random(SEED)
    varied = [replace(drawn.choice(cases), categorie=drawn.choice(beleid.categorieen)) for _ in range(count * 2)]
    different = {question.sleutel(): question for question in (*cases, *varied) if _hashable(question)}
    return drawn.sample(list(different.values()), min(count, len(different)))


def _hashable(question: Verzoek) -> bool:
    try:
        hash(question.sleutel())
    except TypeError:
        return False  # a case of odd input
    return True


def spent(ask: Callable[[Verzoek], object], asked: Sequence[Verzoek]) -> list[float]:
    """Seconds per question."""
    found = []
    for question in asked:
        begin = time.perf_counter()
        ask(question)
        found.append(time.perf_counter() - begin)
    return found


def _track_and_action(question: Verzoek) -> tuple[str, ...]:
    return (question.spoor, question.handeling, question.zetel, question.categorie)


class Naive:
    """What a first version does: text in, text out, for every question."""

    def __init__(self, beleid: Beleid) -> None:
        self._rules = {
            track: "\n".join((BELEIDSMAP / f"{name}.cedar").read_text() for name in (PLATFORM, *files))
            for track, files in SPOORBESTAND.items()
        }
        self._entities = [{"uid": {"type": "Zetel", "id": name}, "attrs": {}, "parents": []} for name in beleid.zetels]

    def ask(self, question: Verzoek) -> cedarpy.AuthzResult:
        """Without the facts of covenants and cases, which spares it work."""
        request = {
            "principal": {"type": "Zetel", "id": question.zetelsoort},
            "action": {"type": "Action", "id": question.handeling},
            "resource": {"type": "Gegeven", "id": f"{question.spoor}:{question.categorie}"},
            "context": {"doel": question.doel, "fase": question.fase, "minderjarig": question.minderjarig},
        }
        return cedarpy.is_authorized(request, self._rules[question.spoor], self._entities)


class PlainTable:
    """The rules compiled to Python, over the facts ours works out."""

    def __init__(self, bundle: Bundel) -> None:
        self._bundle = bundle
        listed = entiteitenlijst(bundle.zetels, bundle.categorieen, bundle.sporen)
        self._entities = {one["uid"]["id"]: {**one["attrs"], "uid": one["uid"]["id"]} for one in listed}
        self._rules: dict[tuple[str, str], list[tuple[Regel, Applies]]] = {}

    def ask(self, question: Verzoek) -> bool:
        """Facts, then every rule of the track and action in turn."""
        rules = self._rules_of(question.spoor, question.handeling)
        facts = feiten(self._bundle, question, vul_aan(self._bundle, question))
        resource = self._entities[f"{question.spoor}:{question.categorie}"]
        return decide(rules, self._entities[question.zetelsoort], question.handeling, resource, facts)

    def _rules_of(self, track: str, action: str) -> list[tuple[Regel, Applies]]:
        if (track, action) not in self._rules:
            files = (PLATFORM, *SPOORBESTAND[track])
            self._rules[track, action] = table(r for r in self._bundle.regels if r.bestand in files and r.over(action))
        return self._rules[track, action]


def list_of_hundred(bundle: Bundel, situations: int) -> float:
    """Median seconds to filter a hundred rows of one seat that differ in so many ways, by a policy asked nothing yet.

    What differs from case to case: who provided it, the phase, the activity, and whose data it is.
    """
    base = Verzoek(
        "politie.avim", "deelnemer", "lijsten", "riec", "breda", date(2026, 6, 1), "casus-status", "riec.bureau", 1,
        "riec-handhaving-mensenhandel", "betrokkene",
        omstandigheden={"casus_lid": True, "aangewezen_deelnemer": True, "criteria_vastgelegd": True},
    )  # fmt: skip
    seats = sorted(bundle.zetels)[:40]
    ways = [replace(base, bron_zetel=seat, fase=phase) for phase in (1, 2, 3) for seat in seats][:situations]
    found = []
    for _ in range(21):
        cold = Beleid(bundle)
        cold.toets(replace(base, zetel="school"))  # rules are made ready when a policy starts, not at the first list
        begin = time.perf_counter()
        for row in range(100):
            cold.toets(ways[row % len(ways)])
        found.append(time.perf_counter() - begin)
    return sorted(found)[10]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=5_000)
    count = parser.parse_args().questions
    bundle = laad_bundel(None)
    # A memory of one answer, and no two questions alike: every decision is computed.
    fresh, remembering = Beleid(bundle, geheugen=1), Beleid(bundle)
    drawn = [question for question in questions(fresh, count * 2) if not onbekends(bundle, question)]
    before, asked = drawn[: len(drawn) // 2], drawn[len(drawn) // 2 :]
    fresh.maak_gereed()
    spent(fresh.toets, before)  # other questions: no answer is remembered, but no rule is met for the first time
    permits = sum(isinstance(remembering.toets(question), Permit) for question in asked)
    print(machine())
    print(f"{len(asked)} questions, seed {SEED}, {permits} permitted, {len(bundle.regels)} rules")
    theirs = spent(Naive(fresh).ask, asked[: max(count // 10, 100)])
    plain = PlainTable(bundle)
    spent(plain.ask, asked[:100])
    print(f"{'':24}{'p50 µs':>10}{'p99 µs':>10}{'cedarpy, text / this':>24}")
    for name, found in (
        ("ours, uncached, mixed", spent(fresh.toets, asked)),
        ("ours, uncached, in order", spent(fresh.toets, sorted(asked, key=_track_and_action))),
        ("ours, cached", spent(remembering.toets, asked)),
        ("plain Python table", spent(plain.ask, asked)),
        ("cedarpy, text", theirs),
    ):
        ratio = quantile(theirs, 50) / quantile(found, 50)
        print(f"{name:24}{quantile(found, 50) * 1000:10,.1f}{quantile(found, 99) * 1000:10,.1f}{ratio:24,.1f}")
    for situations in (20, 100):
        spent_ms = list_of_hundred(bundle, situations) * 1000
        print(f"a list of 100 rows, {situations} different questions, cold: {spent_ms:.1f} ms")


if __name__ == "__main__":
    main()
