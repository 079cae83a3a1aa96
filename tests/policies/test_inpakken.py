"""Packed facts and a slice of the rules answer exactly as all rules do over plain facts."""

import json
from typing import Any

import cedarpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.access.bundel import BELEIDSMAP, Bundel, laad_bundel
from hub.access.deel import Deel
from hub.access.inpakken import FeitOntbreekt, inpakking
from hub.access.regel import Regel, polisset
from hub.access.ruw import PLATFORM, SPOORBESTAND

BUNDEL: Bundel = laad_bundel()
SPOREN = sorted(SPOORBESTAND)
KEUZES = {naam: soort.get("waarden") for naam, soort in BUNDEL.omstandigheden.items()}


def rules_of(spoor: str, handeling: str) -> list[Regel]:
    files = (PLATFORM, *SPOORBESTAND[spoor])
    return [regel for regel in BUNDEL.regels if regel.bestand in files and regel.over(handeling)]


def shapes(rules: list[Regel]) -> dict[str, type]:
    """The kind of every fact, as the Cedar schema declares it."""
    declared = {}
    for line in SCHEMA.split("type Omstandigheden")[1].split("}")[0].replace("= {", "").split(","):
        naam, _, soort = line.partition(":")
        declared[naam.strip()] = soort.strip()
    return {naam: KINDS[declared[naam]] for regel in rules for naam in regel.context}


SCHEMA = "\n".join(
    line for line in (BELEIDSMAP / "hub.cedarschema").read_text().splitlines()
    if not line.strip().startswith("//")
)  # fmt: skip
KINDS: dict[str, type] = {"Bool": bool, "Long": int, "String": str, "Set<String>": list}
WORDS = sorted(
    {woord for regel in BUNDEL.regels for woord in json.dumps(json.loads(regel.est)["conditions"]).split('"')
     if woord.replace("-", "").replace(".", "").isalnum()}
)  # fmt: skip


def values(kind: type) -> st.SearchStrategy[Any]:
    word = st.sampled_from([*WORDS, "iets-anders"])
    return {bool: st.booleans(), int: st.integers(-1, 6), str: word, list: st.lists(word, max_size=4)}[kind]


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[Regel], dict[str, object], dict[str, Any]]:
    spoor, handeling = draw(st.sampled_from(SPOREN)), draw(st.sampled_from(sorted(BUNDEL.handelingen)))
    rules = rules_of(spoor, handeling)
    usual = {**BUNDEL.standaarden}
    facts: dict[str, object] = {}
    for naam, kind in sorted(shapes(rules).items()):
        plain = st.just(usual[naam]) if isinstance(usual.get(naam), kind) else values(kind)
        facts[naam] = draw(st.one_of(plain, plain, values(kind)))
    asked = {
        "principal": {"type": "Zetel", "id": draw(st.sampled_from(sorted(BUNDEL.zetels)))},
        "action": {"type": "Action", "id": handeling},
        "resource": {"type": "Gegeven", "id": f"{spoor}:{draw(st.sampled_from(sorted(BUNDEL.categorieen)))}"},
    }
    return rules, facts, asked


@settings(max_examples=400)
@given(questions())
def test_packed_and_sliced_answers_as_cedar_does_over_all_rules(
    question: tuple[list[Regel], dict[str, object], dict[str, Any]],
) -> None:
    rules, facts, asked = question
    gegeven = asked["resource"]["id"]
    deel = Deel(rules, BUNDEL.standaarden, BUNDEL.gegevens(gegeven.partition(":")[0]))
    found = deel.uitkomst(
        asked["principal"]["id"], asked["action"]["id"], gegeven, deel.klaar(facts), BUNDEL.entiteiten
    )
    plain = {**asked, "context": facts}
    whole = cedarpy.is_authorized_batch([plain], polisset(rules), BUNDEL.entiteiten)[0]
    permits = polisset([regel for regel in rules if regel.toestaan])
    alone = cedarpy.is_authorized_batch([plain], permits, BUNDEL.entiteiten)[0]
    assert whole.diagnostics.errors == []
    assert (found.toegestaan, found.fout, found.binnen) == (whole.allowed, False, alone.allowed)
    assert found.regels == tuple(sorted(whole.diagnostics.reasons))


@pytest.mark.parametrize("spoor", SPOREN)
def test_a_missing_fact_or_one_of_another_kind_is_never_read_as_a_default(spoor: str) -> None:
    rules = rules_of(spoor, "indienen")
    hoe = inpakking([json.loads(regel.est) for regel in rules], BUNDEL.standaarden)
    empty: dict[type, object] = {bool: False, int: 0, str: "", list: []}
    facts = {naam: empty[kind] for naam, kind in shapes(rules).items()}
    hoe.context(facts)
    for naam in facts:
        with pytest.raises(FeitOntbreekt):
            hoe.context({k: v for k, v in facts.items() if k != naam})
    for naam in hoe.enkel:
        with pytest.raises(FeitOntbreekt):
            hoe.context({**facts, naam: None})
    for naam in hoe.lijsten:
        with pytest.raises(FeitOntbreekt):
            hoe.context({**facts, naam: "tekst"})
