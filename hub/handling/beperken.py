"""A restriction of processing: what is newly disclosed leaves the person out. Source: AVG art. 18 lid 1 and 2."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from hub.domain.oordeel import Oordeel
from hub.domain.signaal import Signaal
from hub.domain.verstrekking import Verstrekkingen, Voorstel
from hub.handling.questions import PERSONAL

#: What a refusal says; no rule of the policy, but the request that was granted.
REGEL = "beperking-van-verwerking"
REDEN = "De verwerking van gegevens is op verzoek van een betrokkene beperkt."


def limited(voorstel: Voorstel, oordeel: Oordeel, signaal: Signaal, state: Verstrekkingen) -> tuple[Voorstel, Oordeel]:
    """The proposal without restricted persons, and no wider of the rest than what names its person.

    What the recipient held before stays as it is, and never grows. Emergency access to protect somebody goes before
    it. Source: AVG art. 18 lid 2.
    """
    restricted = frozenset(person for persons in signaal.beperkt.values() for person in persons)
    emergency = voorstel.gebonden_aan is not None and voorstel.tot is not None
    if not restricted or emergency:
        return voorstel, oordeel
    held = state.geldig.get(voorstel.verstrekking_id)
    if held is not None:
        kept = {
            p: tuple(c for c in allowed if c in held.per_bron.get(p, ())) for p, allowed in oordeel.per_bron.items()
        }
        return replace(voorstel, betrokkenen=_at_most(voorstel, held.betrokkenen)), _narrowed(oordeel, kept)
    everyone = {person for contribution in signaal.bijdragen.values() for person in contribution.personen}
    asked = everyone if voorstel.betrokkenen is None else everyone & set(voorstel.betrokkenen)
    others = tuple(sorted(asked - restricted))
    kept = {p: tuple(c for c in allowed if others and c in PERSONAL) for p, allowed in oordeel.per_bron.items()}
    return replace(voorstel, betrokkenen=others), _narrowed(oordeel, kept)


def _at_most(voorstel: Voorstel, held: Iterable[UUID] | None) -> tuple[UUID, ...] | None:
    if held is None:
        return voorstel.betrokkenen
    return tuple(held if voorstel.betrokkenen is None else (one for one in held if one in voorstel.betrokkenen))


def _narrowed(oordeel: Oordeel, kept: dict[str, tuple[str, ...]]) -> Oordeel:
    left = {provider: categories for provider, categories in kept.items() if categories}
    gone = {c for p, allowed in oordeel.per_bron.items() for c in allowed if c not in left.get(p, ())}
    if not gone:
        return replace(oordeel, per_bron=left)
    shown = {category for categories in left.values() for category in categories}
    return replace(
        oordeel,
        per_bron=left,
        geweigerd=tuple(sorted({*oordeel.geweigerd, *(gone - shown)})),
        redenen=(*oordeel.redenen, REDEN),
        weigerregels=(*oordeel.weigerregels, REGEL),
    )
