"""From what the ledger recorded to what a partner is answered."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from contracts.verstrekking import SignaalVerstrekt, VerstrekkingGeweigerd
from hub.handling.execute import Outcome
from hub.handling.uitslagen import own_part, refusal


class Antwoord(BaseModel):
    """Camel case on the wire, Dutch words."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Verstrekt(Antwoord):
    """One disclosure that followed."""

    ontvanger: str
    categorieen: tuple[str, ...]
    grondslagen: tuple[str, ...]
    regels: tuple[str, ...]


class Geweigerd(Antwoord):
    """What was refused to a seat, with the lawful alternative where there is one."""

    ontvanger: str
    categorieen: tuple[str, ...]
    redenen: tuple[str, ...]
    regels: tuple[str, ...]
    alternatief: str | None = None


class Ontvangstbewijs(Antwoord):
    """What the ledger recorded. `posities`: numbers on the ledger; `bladen`: leaf hashes in its log, hexadecimal."""

    posities: tuple[int, ...]
    bladen: tuple[str, ...]
    gebeurtenissen: tuple[str, ...]
    herhaald: bool = False
    verstrekt: tuple[Verstrekt, ...] = ()
    geweigerd: tuple[Geweigerd, ...] = ()


def receipt(outcome: Outcome, zetel: str) -> Ontvangstbewijs:
    """The receipt. Raises the Problem of a recorded refusal."""
    outcome = own_part(outcome, zetel)
    if problem := refusal(outcome.events):
        raise problem
    recorded = outcome.receipt
    return Ontvangstbewijs(
        posities=recorded.positions if recorded else (),
        bladen=tuple(leaf.hex() for leaf in recorded.leaf_hashes) if recorded else (),
        gebeurtenissen=tuple(event.TYPE for event in outcome.events),
        herhaald=outcome.repeated,
        verstrekt=tuple(
            Verstrekt(ontvanger=e.ontvanger, categorieen=e.categorieen, grondslagen=e.grondslagen, regels=e.regels)
            for e in outcome.events
            if isinstance(e, SignaalVerstrekt)
        ),
        geweigerd=tuple(
            Geweigerd(
                ontvanger=e.ontvanger,
                categorieen=e.categorieen,
                redenen=e.redenen,
                regels=e.regels,
                alternatief=e.alternatief,
            )
            for e in outcome.events
            if isinstance(e, VerstrekkingGeweigerd)
        ),
    )
