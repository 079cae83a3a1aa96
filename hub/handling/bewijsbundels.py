"""Gathering a bundle of evidence: of a decision or a case, no more than the asking seat may see of it.

A leaf holds hashes alone, and is there for every event in the bundle. The event itself, its words and the record of
the decision go along only as far as the seat knew them already; who tests lawfulness gets events and decisions of
all, and the words of nobody.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from contracts.message import Event
from contracts.resultaat import ResultaatVerstrekt, ResultaatVervallen
from contracts.terugroeping import TerugroepingAangehouden, TerugroepingGestuurd
from contracts.verstrekking import SignaalVerstrekt, VerstrekkingGeweigerd, VerstrekkingVervallen
from hub.access.bundel import BELEIDSMAP
from hub.access.pakket import pak_in
from hub.audit.bewijsbundel import Bewijsstuk, Bundelinhoud, bundel
from hub.domain.oordeel import Onbekend
from hub.domain.verstrekking import VERTROUWELIJK
from hub.handling.beleidsversies import Beleidsversies
from hub.handling.work import Work, disclosures_of, recalls_of
from hub.handling.zetels import is_withheld
from hub.ledger.checkpoints import Checkpoints, Signed
from hub.ledger.mapper import MessageMapper
from hub.ledger.published import PublishedStore
from hub.ledger.store import LEDGER_LOG, LedgerStore, Recorded

#: What is told to its recipient, so that it may have the event as well.
_TOLD = (SignaalVerstrekt, VerstrekkingVervallen, ResultaatVerstrekt, ResultaatVervallen, TerugroepingGestuurd)
#: What is on record as somebody's act and speaks of what others hold.
_OF_OTHERS = (*_TOLD, VerstrekkingGeweigerd, TerugroepingAangehouden)
#: Fields that say who may not know of something; with one of them filled an event stays with the hub.
_SHIELDS = ("verborgen_voor", "alleen_voor")


@dataclass(frozen=True, slots=True)
class Wens:
    """What is asked for: one event by its position, or a case. `toetst`: for who tests lawfulness."""

    zetel: str
    positie: int | None = None
    casus_id: UUID | None = None
    toetst: bool = False
    leesbaar: bool = True


class Bundelaar:
    """Makes bundles of evidence from one ledger."""

    def __init__(
        self,
        store: LedgerStore,
        mapper: MessageMapper,
        work: Callable[[], Work],
        policy: Beleidsversies,
        checkpoints: Checkpoints,
        published: PublishedStore,
    ) -> None:
        self._store, self._mapper, self._work = store, mapper, work
        self._policy, self._checkpoints, self._published = policy, checkpoints, published

    def maak(self, wens: Wens, nu: datetime, zicht: Mapping[str, bytes]) -> bytes | None:
        """The zip; None where there is nothing for this seat. `zicht`: what it sees now. Raises LedgerUnavailable."""
        signed = self._checkpoints.signed(LEDGER_LOG)
        pieces = [
            self._piece(one, event, wens, signed) for one, event in self._events(wens) if one.position <= signed.size
        ]
        if not pieces:
            return None
        witnessed = self._published.witnessed(LEDGER_LOG)
        earlier = witnessed if witnessed and witnessed.size <= signed.size else None
        growth = self._checkpoints.growth(LEDGER_LOG, earlier.size, signed.size) if earlier and earlier.size else ()
        whole = Bundelinhoud(
            zetel=wens.zetel,
            gemaakt_op=nu,
            stukken=pieces,
            controlepunt=signed.note,
            getuigd=earlier.note if earlier and earlier.size else None,
            groei=growth,
            beleid=self._policies(pieces),
            register=orjson.dumps([asdict(one) for one in self._policy.at(nu).beleid.register], default=str),
            zicht=zicht,
        )
        return bundel(whole, self._checkpoints.keys[LEDGER_LOG].all)

    def signalen(self, wens: Wens) -> tuple[UUID, ...]:
        """The signals that the bundle is about."""
        found = [getattr(event, "signaal_id", None) for _, event in self._events(wens)]
        return tuple(dict.fromkeys(one for one in found if one))

    def _events(self, wens: Wens) -> Iterator[tuple[Recorded, Event]]:
        recorded = self._asked_for(wens)
        for one, restored in zip(recorded, self._mapper.to_messages(recorded), strict=True):
            event: Any = restored.message
            if wens.toetst or self._may_have(event, wens.zetel):
                yield one, event

    def _asked_for(self, wens: Wens) -> Sequence[Recorded]:
        if wens.positie is not None:
            found = self._store.read(wens.positie - 1, 1)
            return [one for one in found if one.position == wens.positie]
        casus_id = wens.casus_id
        try:
            casus = self._work().casus(casus_id) if casus_id else None
        except Onbekend:
            casus = None
        if casus is None or casus_id is None or not (wens.toetst or wens.zetel in casus.deelnemers):
            return []
        of_signals = [id for one in casus.signalen for id in (one, disclosures_of(one), recalls_of(one))]
        placed = self._store.placed([casus_id, *of_signals])
        messages = self._mapper.to_messages(placed)
        return [
            one
            for one, restored in zip(placed, messages, strict=True)
            if getattr(restored.message, "casus_id", casus_id) in (casus_id, None)
        ]

    def _may_have(self, event: Any, zetel: str) -> bool:
        """Whether the seat knew of this event already."""
        signaal_id = getattr(event, "signaal_id", None)
        if signaal_id is not None and is_withheld(self._work().signaal(signaal_id), zetel):
            return False
        if isinstance(event, _TOLD) and event.ontvanger == zetel:
            return getattr(event, "reden", None) != VERTROUWELIJK
        if isinstance(event, _OF_OTHERS):
            sources = getattr(event, "per_bron", {}) or getattr(event, "bronnen", ())
            return event.zetel == zetel and set(sources) == {zetel}
        return bool(event.zetel == zetel)

    def _piece(self, one: Recorded, event: Event, wens: Wens, signed: Signed) -> Bewijsstuk:
        proof = self._checkpoints.inclusion_at(LEDGER_LOG, one.position - 1, signed)
        if proof is None:
            raise LookupError(f"position {one.position} is beyond the checkpoint")
        shielded = not wens.toetst and any(getattr(event, name, None) for name in _SHIELDS)
        readable = wens.leesbaar and not wens.toetst and not shielded
        decision = self._store.decision(one.position)
        return Bewijsstuk(
            positie=one.position,
            blad=proof.leaf_data,
            hashes=proof.hashes,
            gebeurtenis=None if shielded else one.state,
            inhoud=orjson.dumps(event.model_dump(mode="json", by_alias=True)) if readable else None,
            beslissing=decision if decision and (wens.toetst or _own_decision(decision, wens.zetel)) else None,
        )

    def _policies(self, pieces: Iterable[Bewijsstuk]) -> dict[str, bytes]:
        """The text of every version by which something in the bundle was decided, where the hub still has it."""
        decided = {orjson.loads(one.beslissing)["beleidsversie"] for one in pieces if one.beslissing}
        found: dict[str, bytes] = {}
        for versie in sorted(decided):
            if versie == self._policy.packaged.beleid.versie:
                found[versie] = pak_in(BELEIDSMAP)
            elif (known := self._policy.versies().bekend.get(versie)) is not None:
                found[versie] = base64.b64decode(known.voorstel.pakket)
        return found


def _own_decision(decision: bytes, zetel: str) -> bool:
    """Whether a decision speaks of nobody's data but those of this seat."""
    asked = orjson.loads(decision)
    return asked.get("zetel") == zetel and {one[0] for one in asked.get("gevraagd") or ()} <= {zetel}
