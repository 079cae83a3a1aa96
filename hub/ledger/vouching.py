"""How a log stands: what was handed out, who cosigned it, how old that is, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hub.audit.checkpoint import NoteVerifier, signers_of
from hub.audit.evidence import Key
from hub.audit.quorum import Party, TrustPolicy
from hub.audit.witnesses import Stand
from hub.ledger.published import Published, PublishedStore, Standing

#: A new checkpoint may be this long without its quorum: witnesses answer over a network.
GRACE = timedelta(seconds=10)
#: Also when nothing is added, witnesses confirm so often that a quorum is never older than this.
STALE = timedelta(minutes=3)


class Alarm(StrEnum):
    """What is wrong with a log, or with what vouches for it."""

    ONDER_QUORUM = "onder-quorum"
    VEROUDERD = "verouderd"
    TERUGGEDRAAID = "teruggedraaid"
    GESPLITST = "gesplitst"


@dataclass(frozen=True, slots=True)
class Vouched:
    """The state of one log. `cosigners`: who cosigned `latest`; `standings`: per witness of the policy, when asked."""

    log: str
    latest: Published | None
    witnessed: Published | None
    cosigners: frozenset[Key]
    standings: dict[Key, Standing | None]
    alarms: tuple[Alarm, ...]


def vouched(store: PublishedStore, log: str, policy: TrustPolicy, now: datetime) -> Vouched:
    """How a log stands now. Raises LedgerUnavailable."""
    latest, witnessed, kept = store.latest(log), store.witnessed(log), store.standings(log)
    signed = cosigners(latest.note, policy) if latest else set[Key]()
    standings = {party.key: kept.get(verifier(party.key).vkey) for party in policy.witnesses.values()}
    alarms = []
    fresh = witnessed is not None and now - witnessed.at <= GRACE
    if not fresh and not policy.met(signed):
        alarms.append(Alarm.ONDER_QUORUM)
    if witnessed is None or now - witnessed.at > STALE:
        alarms.append(Alarm.VEROUDERD)
    stands = {one.stand for one in standings.values() if one}
    alarms += [alarm for alarm, stand in _ACCUSED if stand in stands]
    return Vouched(log, latest, witnessed, frozenset(signed), standings, tuple(alarms))


_ACCUSED = ((Alarm.TERUGGEDRAAID, Stand.TERUGGEDRAAID), (Alarm.GESPLITST, Stand.GESPLITST))


def cosigners(note: str, policy: TrustPolicy) -> set[Key]:
    """The witnesses of the policy that cosigned this checkpoint."""
    verifiers = {party.key: verifier(party.key) for party in policy.witnesses.values()}
    found = signers_of(note, verifiers.values())
    return {key for key, one in verifiers.items() if one.vkey in found}


def verifier(key: Key) -> NoteVerifier:
    """The key as the hub checks with it."""
    return NoteVerifier(key.name, key.public, key.kind)


def reachable(policy: TrustPolicy) -> list[Party]:
    """The witnesses of which the policy says where they answer."""
    return [party for party in policy.witnesses.values() if party.url]
