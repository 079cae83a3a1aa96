"""No rule and no condition of a rule is idle: leave one out and a case that is met now fails.

A broken rule can only change the answer to a question to which it now applies and did not before, or the other way
round. Which questions those are, Cedar says of the rule alone; only those cases are then asked of the broken policy.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

import cedarpy
import pytest

from hub.access.beleid import Beleid
from hub.access.bundel import Bundel, laad_bundel
from hub.access.feiten import feiten
from hub.access.gevallen import Geval, lees_gevallen, lees_nog_niet, partners, tekort
from hub.access.invoer import onbekends, vul_aan
from hub.access.regel import Regel, polisset
from hub.access.ruw import PLATFORM, SPOORBESTAND
from hub.access.verzoek import Verzoek
from tests.policies.mutanten import mutanten

NOG_NIET = {geval for ids in lees_nog_niet().values() for geval in ids}
ALLE = lees_gevallen()
PARTNERS = partners(ALLE)
BUNDEL = laad_bundel()


def _geraakt(regel: Regel) -> list[Geval]:
    return [
        geval
        for geval in ALLE
        if geval.id not in NOG_NIET
        and regel.over(geval.verzoek.handeling)
        and regel.bestand in (PLATFORM, *SPOORBESTAND.get(geval.verzoek.spoor, ()))
    ]


def _vragen(geval: Geval) -> Iterable[Verzoek]:
    yield geval.verzoek
    for categorie in geval.zichtbaar | geval.verborgen:
        yield replace(geval.verzoek, categorie=categorie)


@cache
def _feiten(nummer: int) -> list[tuple[Verzoek, dict[str, object]]]:
    vragen = [vraag for vraag in _vragen(ALLE[nummer]) if not onbekends(BUNDEL, vraag)]
    return [(vraag, feiten(BUNDEL, vraag, vul_aan(BUNDEL, vraag))) for vraag in vragen]


NUMMER = {geval.id: nummer for nummer, geval in enumerate(ALLE)}


def _van_toepassing(regel: Regel, gevallen: Sequence[Geval], namen: frozenset[str]) -> list[tuple[bool, ...]]:
    """For each case, to which of its questions the rule applies."""
    vragen = []
    for geval in gevallen:
        for vraag, gevonden in _feiten(NUMMER[geval.id]):
            context = json.dumps({naam: gevonden[naam] for naam in namen if naam in gevonden})
            vragen.append(
                {
                    "principal": {"type": "Zetel", "id": vraag.zetelsoort},
                    "action": {"type": "Action", "id": vraag.handeling},
                    "resource": {"type": "Gegeven", "id": f"{vraag.spoor}:{vraag.categorie}"},
                    "context": context,
                }
            )
    antwoorden = iter(cedarpy.is_authorized_batch(vragen, polisset([regel]), BUNDEL.entiteiten))
    return [tuple(bool(next(antwoorden).diagnostics.reasons) for _ in _feiten(NUMMER[geval.id])) for geval in gevallen]


@pytest.mark.parametrize("regel", BUNDEL.regels, ids=lambda regel: regel.id)
def test_no_part_of_the_rule_can_be_missed(bundel: Bundel, regel: Regel) -> None:
    gevallen = _geraakt(regel)
    heel = _van_toepassing(regel, gevallen, regel.context)
    overlevend = []
    for mutant in mutanten(regel):
        weg: list[tuple[bool, ...]] = [tuple(False for _ in een) for een in heel]
        kapot = _van_toepassing(mutant.regel, gevallen, regel.context) if mutant.regel else weg
        verschil = [geval for geval, voor, na in zip(gevallen, heel, kapot, strict=True) if voor != na]
        beleid = Beleid(replace(bundel, regels=mutant.toegepast(bundel.regels)))
        if all(tekort(beleid, geval, PARTNERS) is None for geval in verschil):
            overlevend.append(mutant.naam)
    assert overlevend == []
