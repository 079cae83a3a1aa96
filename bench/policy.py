"""How long one decision of the policy takes, beside cedarpy called with policies and entities as text.

    python -m bench.policy --questions 5000

The same questions to both: the decision cases of the policy, and variations of them drawn with a fixed seed.
Uncached: every question is new to the hub. Theirs sees the rules of the same track only, as ours does.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import cedarpy

from bench.running import machine, quantile
from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP, laad_bundel
from hub.access.permit import Permit
from hub.access.ruw import PLATFORM, SPOORBESTAND
from hub.access.verzoek import Verzoek
from tests.policies.beslisgevallen import lees_gevallen

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


class Naive:
    """What a first version does: text in, text out, for every question."""

    def __init__(self, beleid: Beleid) -> None:
        self._rules = {
            track: "\n".join((BELEIDSMAP / f"{name}.cedar").read_text() for name in (PLATFORM, file))
            for track, file in SPOORBESTAND.items()
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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=5_000)
    count = parser.parse_args().questions
    bundle = laad_bundel(None)
    # A memory of one answer, and no two questions alike: every decision is computed.
    fresh, remembering = Beleid(bundle, geheugen=1), Beleid(bundle)
    asked = questions(fresh, count)
    spent(fresh.toets, asked[:100])
    permits = sum(isinstance(remembering.toets(question), Permit) for question in asked)
    print(machine())
    print(f"{len(asked)} questions, seed {SEED}, {permits} permitted, {len(bundle.regels)} rules")
    theirs = spent(Naive(fresh).ask, asked[: max(count // 10, 100)])
    print(f"{'':24}{'p50 µs':>10}{'p99 µs':>10}{'cedarpy, text / ours':>24}")
    for name, found in (
        ("ours, uncached", spent(fresh.toets, asked)),
        ("ours, cached", spent(remembering.toets, asked)),
        ("cedarpy, text", theirs),
    ):
        ratio = quantile(theirs, 50) / quantile(found, 50)
        print(f"{name:24}{quantile(found, 50) * 1000:10,.1f}{quantile(found, 99) * 1000:10,.1f}{ratio:24,.1f}")


if __name__ == "__main__":
    main()
