"""Anonymous tips: no name, place or time gets through."""

from typing import ClassVar

import pytest

from adapters.files import Line
from adapters.mma.read import adapter
from tests.adapters.reading import NOW, AdapterContract, data_of, rows_of


class TestMma(AdapterContract):
    name = "mma"
    files: ClassVar[dict[str, set[int]]] = {"tips.txt": {31, 38}}
    endings = (".txt",)


def test_a_tip_has_text_and_nothing_that_leads_back() -> None:
    first = rows_of("mma", "tips.txt")[0]
    melding = data_of(first)["melding"]
    assert melding["inhoud"]["toelichting"].count("\n") == 1
    assert melding["meldkanaal"] == "meld-misdaad-anoniem"
    assert not {"waargenomenOp", "vernomenOp"} & set(melding["inhoud"])
    assert melding["inhoud"]["betrokkenen"] == melding["inhoud"]["locaties"] == []
    assert first.events[0].time is None


@pytest.mark.parametrize(
    "text", ["bel 06-00001234", "mail a@voorbeeld.nl", "om 23:15", "op 12-03-2026", "nr 999900006"]
)
def test_a_text_that_leads_back_stays_at_the_desk(text: str) -> None:
    row = adapter().interpret(Line(1, f"MMA-nummer: M-1\nRegio: ede\nTekst: ik zag iets, {text}"), now=NOW)
    assert [fault.veld for fault in row.faults] == ["/tekst"]
