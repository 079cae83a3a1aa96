"""No rule and no condition of a rule is idle: leave one out and a case that is met now fails."""

from dataclasses import replace

import pytest

from hub.access.beleid import Beleid
from hub.access.bundel import Bundel, laad_bundel
from hub.access.regel import Regel
from hub.access.ruw import PLATFORM, SPOORBESTAND
from tests.policies.beslisgevallen import Geval, lees_gevallen, lees_nog_niet, partners, tekort
from tests.policies.mutanten import mutanten

NOG_NIET = {geval for ids in lees_nog_niet().values() for geval in ids}
ALLE = lees_gevallen()
PARTNERS = partners(ALLE)


def _geraakt(regel: Regel) -> list[Geval]:
    return [
        geval
        for geval in ALLE
        if geval.id not in NOG_NIET
        and regel.over(geval.verzoek.handeling)
        and regel.bestand in (PLATFORM, SPOORBESTAND.get(geval.verzoek.spoor))
    ]


@pytest.mark.parametrize("regel", laad_bundel().regels, ids=lambda regel: regel.id)
def test_no_part_of_the_rule_can_be_missed(bundel: Bundel, regel: Regel) -> None:
    gevallen = _geraakt(regel)
    overlevend = []
    for mutant in mutanten(regel):
        kapot = Beleid(replace(bundel, regels=mutant.toegepast(bundel.regels)))
        if all(tekort(kapot, geval, PARTNERS) is None for geval in gevallen):
            overlevend.append(mutant.naam)
    assert overlevend == []
