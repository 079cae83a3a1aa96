"""Facts about the persons of a signal, in the words of the policy."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from hub.domain.persoon import Persoon
from hub.domain.signaal import Bijdrage

VICTIM = "vermoedelijk-slachtoffer"
OFFENDERS = frozenset({"verdachte", "pleger", "veroordeelde", "facilitator", "ronselaar", "kopstuk", "meeloper"})
#: What names a victim or offender, or leads to her. Who reported it is neither.
NAMING = frozenset({"identificerend", "bsn", "contact", "nationaliteit", "voertuig"})


class PersonFacts(TypedDict):
    """What a question says of the persons it is about."""

    betrokkene_rol: str
    minderjarig: bool
    bijzonder: frozenset[str]


def together(persons: Iterable[Persoon], op: date) -> PersonFacts:
    """The facts of several persons at once, each the one that protects most. `op`: day of the decision."""
    known = tuple(persons)
    return PersonFacts(
        betrokkene_rol=main_role(known),
        minderjarig=any(person.minderjarig(op) for person in known),
        bijzonder=frozenset().union(*map(special, known)),
    )


def special(person: Persoon) -> frozenset[str]:
    """Why her data need more care: as stated, and where she is presumed victim and offender both."""
    roles = {policy_role(role) for role in person.rollen}
    both = {"slachtoffer-en-verdachte"} if {VICTIM, "verdachte"} <= roles else set()
    return person.bijzonder | both


def nameless(bijdrage: Bijdrage) -> frozenset[str]:
    """The mark of a sketch that names nobody."""
    return frozenset() if bijdrage.categorieen & NAMING else frozenset({"zonder-namen"})


def main_role(persons: Iterable[Persoon]) -> str:
    """The role that protects most: a presumed victim among them makes it a victim's data."""
    roles = {policy_role(role) for person in persons for role in person.rollen}
    if VICTIM in roles:
        return VICTIM
    return min(roles, default="betrokkene")


def policy_role(role: str) -> str:
    """The role as the policy knows it: who is spoken of as a presumed offender goes as *verdachte*."""
    if role.startswith("slachtoffer") or role == VICTIM:
        return VICTIM
    if role.startswith("getuige"):
        return "getuige"
    return "verdachte" if role in OFFENDERS else "betrokkene"
