"""Tiles are kept alike in memory and in PostgreSQL."""

from collections.abc import Iterator

import psycopg
import pytest

from hub.audit.tiles import MemoryTiles, PostgresTiles, TileReader, TileStore, extend, tiles_of
from hub.audit.tree import Frontier, consistency_proof, inclusion_proof, leaf_hash, verify_inclusion

TABLE = """create table if not exists tegels (log text not null, level integer not null, idx bigint not null,
           hashes bytea not null, primary key (log, level, idx))"""
HASHES = [leaf_hash(str(number).encode()) for number in range(70_000)]


class TileStoreContract:
    """What every store of tiles does."""

    def test_a_log_grown_in_uneven_batches_proves_its_leaves(self, store: TileStore) -> None:
        frontier, sizes = Frontier(), [1, 255, 1, 600, 69_143]
        for count in sizes:
            frontier = extend(store, frontier, HASHES[frontier.size : frontier.size + count]).frontier
        assert frontier == Frontier().append(HASHES)
        wanted = [(level, index) for level, index, _ in tiles_of(frontier.size)]
        widths = {(level, index): width * 32 for level, index, width in tiles_of(frontier.size)}
        assert {tile: len(hashes) for tile, hashes in store.get(wanted).items()} == widths
        for index in (0, 255, 256, 65_535, 65_536, 69_999):
            proof = inclusion_proof(TileReader(store), index, frontier.size)
            assert verify_inclusion(HASHES[index], index, frontier.size, proof, frontier.root())

    def test_what_was_never_put_is_left_out(self, store: TileStore) -> None:
        assert store.get([]) == {}
        assert store.get([(0, 0), (5, 2**40)]) == {}
        store.put({(0, 0): HASHES[0]})
        store.put({(0, 0): HASHES[0] + HASHES[1]})
        assert store.get([(0, 0), (0, 1)]) == {(0, 0): HASHES[0] + HASHES[1]}

    def test_a_log_of_one_needs_no_hashes(self, store: TileStore) -> None:
        frontier = extend(store, Frontier(), HASHES[:1]).frontier
        assert inclusion_proof(TileReader(store), 0, 1) == []
        assert consistency_proof(TileReader(store), 1, frontier.size) == []


class TestMemoryTiles(TileStoreContract):
    @pytest.fixture
    def store(self) -> TileStore:
        return MemoryTiles()


class TestPostgresTiles(TileStoreContract):
    @pytest.fixture
    def store(self, postgres_dsn: str) -> Iterator[TileStore]:
        with psycopg.connect(postgres_dsn) as connection:
            connection.execute(TABLE)
            PostgresTiles(connection, "ander log").put({(0, 0): b"van een ander"})
            yield PostgresTiles(connection, "grootboek")
            connection.rollback()
