"""Handing out checkpoints: signed by the log, cosigned by its witnesses, kept for whoever asks.

A checkpoint goes out in every round in which the log grew, with whatever cosignatures came in time: a witness that
is slow or away delays nobody, and what it signs later still counts. What lacks its quorum is an alarm, never a silence.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hub.audit.quorum import Party, TrustPolicy
from hub.audit.witnesses import Asking, Cosigned, Elsewhere, Stand, read_answer, request
from hub.ledger.checkpoints import Checkpoints, Signed
from hub.ledger.published import Published, PublishedStore, Standing
from hub.ledger.store import LedgerError
from hub.ledger.vouching import Alarm, cosigners, reachable, verifier, vouched
from hub.log import GetuigeWeerspreekt, Log, OnderQuorum, QuorumGehaald

ROUND_SECONDS = 0.4
#: How long a round waits for witnesses; with the round itself less than the second in which an entry is provable.
PATIENCE_SECONDS = 0.4
#: A witness whose cosignature lacks is asked again after this.
RETRY = timedelta(seconds=5)
#: So often all are asked anew though nothing was added: a cosignature says the log is still this long.
REFRESH = timedelta(seconds=60)
#: Cosignatures that came within this time make a quorum together; older ones do not make an old quorum new.
TOGETHER = timedelta(seconds=20)
#: An alarm that goes on is said again after this.
REPEAT = timedelta(seconds=120)
#: Where nothing happens, alarms are looked for this often.
LOOK = timedelta(seconds=2)
TRIES = 3


@dataclass(slots=True)
class _Flight:
    """A checkpoint on its way past the witnesses (by vkey). `landed`: how many answers were taken over."""

    signed: Signed
    at: datetime
    asked: dict[str, Future[tuple[Stand, str | None]]]
    landed: int = -1

    def done(self) -> dict[str, tuple[Stand, str | None]]:
        return {vkey: asked.result() for vkey, asked in self.asked.items() if asked.done()}


@dataclass(slots=True)
class _Kept:
    """What a publisher remembers of one log. `sizes`, `fresh`: what a witness last cosigned, and when.

    `looked`: when it last looked for alarms, None when something changed since.
    """

    sizes: dict[str, int] = field(default_factory=dict)
    fresh: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    flights: list[_Flight] = field(default_factory=list)
    begun: bool = False
    looked: datetime | None = None
    said: tuple[tuple[Alarm, ...], datetime] | None = None

    def busy(self) -> set[str]:
        return {vkey for flight in self.flights for vkey, asked in flight.asked.items() if not asked.done()}


class Publisher:
    """Publishes both logs. `ask`: the way to a witness; `clock`: now, UTC; `patience`: seconds for witnesses."""

    def __init__(
        self,
        checkpoints: Checkpoints,
        store: PublishedStore,
        policy: TrustPolicy,
        ask: Asking,
        clock: Callable[[], datetime],
        log: Log,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._checkpoints, self._store, self._policy, self._ask = checkpoints, store, policy, ask
        self._clock, self._log, self._patience = clock, log, patience
        self._witnesses = {verifier(party.key).vkey: party for party in reachable(policy)}
        self._kept = {name: _Kept() for name in checkpoints.keys}
        workers = max(1, len(self._witnesses) * len(self._kept))
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="witness")

    def round(self) -> None:
        """Publish each log that grew, or whose cosignatures are due. Raises LedgerError."""
        for name, kept in self._kept.items():
            for flight in list(kept.flights):
                self._land(name, flight)
            before = self._store.latest(name)
            # At its start a hub publishes in any case: it may have another key than the one before it.
            known = before is not None and kept.begun and before.size == self._checkpoints.size(name)
            if before is None or not known or self._due(name, before):
                self._publish(name, self._checkpoints.signed(name))
            kept.begun = True
            if kept.looked is None or self._clock() - kept.looked >= LOOK:
                self._tell(name)

    def follow(self, stop: threading.Event, failed: Callable[[Exception], None]) -> None:
        """Go round until `stop`."""
        while not stop.is_set():
            try:
                self.round()
            except Exception as error:  # the thread must outlive any failure: without it nothing is handed out
                failed(error)
            stop.wait(ROUND_SECONDS)

    def close(self) -> None:
        """Wait for no witness any longer."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _due(self, name: str, before: Published) -> bool:
        """Whether cosignatures are lacking that may be had now, or have grown old."""
        signed, busy = cosigners(before.note, self._policy), self._kept[name].busy()
        lacking = any(party.key not in signed and vkey not in busy for vkey, party in self._witnesses.items())
        return self._clock() - before.at >= (RETRY if lacking else REFRESH)

    def _publish(self, name: str, signed: Signed) -> None:
        kept = self._kept[name]
        busy = kept.busy()
        asked = {
            vkey: self._pool.submit(self._cosign, name, signed, party)
            for vkey, party in self._witnesses.items()
            if vkey not in busy
        }
        flight = _Flight(signed, self._clock(), asked)
        kept.flights.append(flight)
        wait(asked.values(), self._patience)
        self._land(name, flight)

    def _land(self, name: str, flight: _Flight) -> None:
        """Hand out a checkpoint with the answers that are in; again when more came in."""
        kept, signed, done = self._kept[name], flight.signed, flight.done()
        if len(done) == len(flight.asked) and flight in kept.flights:
            kept.flights.remove(flight)
        if len(done) == flight.landed:
            return
        flight.landed = len(done)
        now = self._clock()
        kept.fresh.update({vkey: (signed.size, now) for vkey, (_, line) in done.items() if line})
        note = signed.note + "".join(line for _, line in done.values() if line)
        before = self._store.latest(name)
        if before is not None and before.note.startswith(signed.note):
            note += _others(before.note[len(signed.note) :], note[len(signed.note) :])
        signing = cosigners(note, self._policy)
        fresh = [key for key in signing if self._is_fresh(name, verifier(key).vkey, signed.size, now)]
        standings = [_standing(vkey, stand, line, signed.size, now) for vkey, (stand, line) in done.items()]
        self._store.put(name, Published(note, signed.size, flight.at), self._policy.met(fresh), standings)
        kept.looked = None

    def _is_fresh(self, name: str, vkey: str, size: int, now: datetime) -> bool:
        signed, at = self._kept[name].fresh.get(vkey, (-1, now))
        return signed == size and now - at <= TOGETHER

    def _cosign(self, name: str, signed: Signed, party: Party) -> tuple[Stand, str | None]:
        """Ask one witness, from the size it last cosigned; it says which, where we have it wrong."""
        witness, sizes = verifier(party.key), self._kept[name].sizes
        address = f"{(party.url or '').rstrip('/')}/add-checkpoint"
        for _ in range(TRIES):
            old = sizes.get(witness.vkey, 0)
            try:
                if old > signed.size:
                    # Another process of this hub may have published more meanwhile; then the log is that long.
                    return (Stand.TERUGGEDRAAID if old > self._checkpoints.size(name) else Stand.GETEKEND), None
                body = request(old, self._checkpoints.growth(name, old, signed.size), signed.note)
                answer = read_answer(*self._ask.post(address, body), signed.note, witness)
            except (OSError, LedgerError):
                return Stand.ONBEREIKBAAR, None
            match answer:
                case Cosigned(line):
                    sizes[witness.vkey] = signed.size
                    return Stand.GETEKEND, line
                case Elsewhere(size):
                    sizes[witness.vkey] = size
                case Stand():
                    return answer, None
        return Stand.ONGELDIG, None

    def _tell(self, name: str) -> None:
        """Say what is wrong when it begins, again while it goes on, and that it is over."""
        kept, now = self._kept[name], self._clock()
        kept.looked = now
        state = vouched(self._store, name, self._policy, now)
        size = state.latest.size if state.latest else 0
        if kept.said is not None and kept.said[0] == state.alarms and (not state.alarms or now - kept.said[1] < REPEAT):
            return
        for key, one in state.standings.items():
            if one is not None and one.stand.accuses:
                self._log.write(GetuigeWeerspreekt(name, verifier(key).vkey, one.stand, size))
        if {Alarm.ONDER_QUORUM, Alarm.VEROUDERD} & set(state.alarms):
            self._log.write(OnderQuorum(name, size, self._policy.rule()))
        elif kept.said is not None and not state.alarms:
            self._log.write(QuorumGehaald(name, size, self._policy.rule()))
        kept.said = (state.alarms, now)


def _standing(vkey: str, stand: Stand, line: str | None, size: int, now: datetime) -> Standing:
    return Standing(vkey, stand, now, size if line else None, now if line else None)


def _others(earlier: str, taken: str) -> str:
    """The lines of cosigners that the same checkpoint had already, and that did not sign it again."""
    names = {line.split(" ")[1] for line in taken.splitlines()}
    return "".join(line for line in earlier.splitlines(keepends=True) if line.split(" ")[1] not in names)
