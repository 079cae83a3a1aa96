"""The transparency log beside pymerkle and beside a naive audit table: leaves per second, proofs, memory.

    python -m bench.log_tree --leaves 200000 --proofs 200

Ours stores tiles; pymerkle keeps every node in memory; the naive table chains each row to the hash of the one before
and can prove nothing but by giving everything. All three take the same hashed records in groups of 500, in memory.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Callable
from hashlib import sha256

from pymerkle import InmemoryTree

from bench.running import machine, quantile
from hub.audit.tiles import MemoryTiles, TileReader, extend
from hub.audit.tree import Frontier, inclusion_proof, leaf_hash, verify_inclusion

SEED = 20260302
GROUP = 500


def records(count: int) -> list[bytes]:
    """Access records of a likely length."""
    return [f'{{"nummer":{number},"zetel":"politie.avim@oost-nederland"}}'.encode() * 6 for number in range(count)]


def spent(work: Callable[[], object]) -> float:
    """Seconds."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


class Ours:
    """Tiles and a frontier, as the ledger keeps them."""

    def __init__(self) -> None:
        self.tiles, self.frontier = MemoryTiles(), Frontier()

    def append(self, group: list[bytes]) -> None:
        self.frontier = extend(self.tiles, self.frontier, [leaf_hash(one) for one in group]).frontier

    def prove(self, index: int) -> list[bytes]:
        return inclusion_proof(TileReader(self.tiles), index, self.frontier.size)


class Naive:
    """Each row holds the hash of the row before."""

    def __init__(self) -> None:
        self.rows: list[tuple[bytes, bytes]] = []
        self._last = b""

    def append(self, group: list[bytes]) -> None:
        for one in group:
            self._last = sha256(self._last + one).digest()
            self.rows.append((one, self._last))

    def prove(self, index: int) -> bytes:
        last = self.rows[index - 1][1] if index else b""
        for one, _ in self.rows[index:]:
            last = sha256(last + one).digest()
        return last


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leaves", type=int, default=200_000)
    parser.add_argument("--proofs", type=int, default=200)
    asked = parser.parse_args()
    leaves = records(asked.leaves)
    groups = [leaves[at : at + GROUP] for at in range(0, len(leaves), GROUP)]
    drawn = [random.Random(SEED).randrange(asked.leaves) for _ in range(asked.proofs)]
    ours, naive, peer = Ours(), Naive(), InmemoryTree(algorithm="sha256")
    print(machine())
    print(f"{asked.leaves} leaves in groups of {GROUP}, seed {SEED}")
    appended = {
        "ours, tiles": spent(lambda: [ours.append(group) for group in groups]),
        "pymerkle, memory": spent(lambda: [peer.append_entry(one) for one in leaves]),
        "chained table": spent(lambda: [naive.append(group) for group in groups]),
    }
    proofs = {
        "ours, tiles": [spent(lambda i=index: ours.prove(i)) for index in drawn],  # type: ignore[misc]
        "pymerkle, memory": [spent(lambda i=index: peer.prove_inclusion(i + 1)) for index in drawn],  # type: ignore[misc]
        "chained table": [spent(lambda i=index: naive.prove(i)) for index in drawn[:10]],  # type: ignore[misc]
    }
    print(f"{'':20}{'leaves/s':>12}{'proof p50 ms':>14}{'proof p99 ms':>14}{'ours / this':>13}")
    for name, seconds in appended.items():
        rate, found = asked.leaves / seconds, proofs[name]
        ratio = (asked.leaves / appended["ours, tiles"]) / rate
        print(f"{name:20}{rate:12,.0f}{quantile(found, 50):14.3f}{quantile(found, 99):14.3f}{ratio:13.2f}")
    root = ours.frontier.root()
    checks = [(index, ours.prove(index)) for index in drawn]
    seconds = spent(
        lambda: [verify_inclusion(leaf_hash(leaves[i]), i, asked.leaves, proof, root) for i, proof in checks]
    )
    print(f"verifying a proof: {seconds / asked.proofs * 1e6:.0f} µs")
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
