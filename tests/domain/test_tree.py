"""The tree is the one of RFC 6962, at every size, and no proof survives a changed bit."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.audit.tiles import (
    TILE_WIDTH,
    MemoryTiles,
    MissingTile,
    TileReader,
    entries_path,
    extend,
    grow,
    tile_path,
    tiles_of,
)
from hub.audit.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

# The leaves and roots that the Certificate Transparency implementations test each other with.
CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LARGEST = 1500
HASHES = [leaf_hash(str(number).encode()) for number in range(LARGEST)]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return sha256(b"\x01" + by_definition(leaves[:middle]) + by_definition(leaves[middle:])).digest()


@pytest.fixture(scope="module")
def read() -> TileReader:
    store = MemoryTiles()
    extend(store, Frontier(), HASHES)
    return TileReader(store)


def test_the_empty_log_has_the_root_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_roots_are_those_of_certificate_transparency() -> None:
    hashes = [leaf_hash(leaf) for leaf in CT_LEAVES]
    roots = [Frontier().append(hashes[:size]).root().hex() for size in range(1, 9)]
    assert roots == CT_ROOTS


def test_proofs_are_those_of_certificate_transparency() -> None:
    store = MemoryTiles()
    extend(store, Frontier(), [leaf_hash(leaf) for leaf in CT_LEAVES])
    read = TileReader(store)
    assert [step.hex() for step in inclusion_proof(read, 5, 8)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in consistency_proof(read, 6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.lists(st.integers(0, 400), max_size=5))
def test_appending_in_any_batches_gives_the_tree_of_the_definition(batches: list[int]) -> None:
    store, frontier = MemoryTiles(), Frontier()
    for count in batches:
        start = frontier.size
        batch = (HASHES * 2)[start : start + count]
        frontier = Frontier.from_bytes(extend(store, frontier, batch).frontier.to_bytes())
    expected = by_definition((HASHES * 2)[: frontier.size])
    assert frontier.root() == expected == root(TileReader(store), frontier.size)


@given(st.data())
def test_every_leaf_is_provable_at_every_size_and_no_other_is(read: TileReader, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    proof, expected = inclusion_proof(read, index, size), root(read, size)
    assert len(proof) <= (size - 1).bit_length()
    assert verify_inclusion(HASHES[index], index, size, proof, expected)
    material = [HASHES[index], *proof, expected]
    which, bit = data.draw(st.integers(0, len(material) - 1)), data.draw(st.integers(0, 255))
    leaf, *broken, end = _flip(material, which, bit)
    assert not verify_inclusion(leaf, index, size, broken, end)
    assert not verify_inclusion(HASHES[index], index, size, [*proof, expected], expected)
    assert not proof or not verify_inclusion(HASHES[index], index, size, proof[:-1], expected)


@given(st.data())
def test_every_size_continues_every_smaller_one_and_no_other(read: TileReader, data: st.DataObject) -> None:
    new = data.draw(st.integers(0, LARGEST))
    old = data.draw(st.integers(0, new))
    proof = consistency_proof(read, old, new)
    old_root, new_root = root(read, old), root(read, new)
    assert verify_consistency(old, new, proof, old_root, new_root)
    material = [old_root, *proof, new_root]
    # From the empty log everything follows, whatever its root.
    which = data.draw(st.integers(0, len(material) - 1 if old else 0))
    start, *broken, end = _flip(material, which, data.draw(st.integers(0, 255)))
    assert not verify_consistency(old, new, broken, start, end)
    assert not verify_consistency(old, new, [*proof, new_root], old_root, new_root)


def test_a_tree_of_70000_has_the_tiles_of_the_specification() -> None:
    widths = [(level, width) for level, _, width in tiles_of(70_000)]
    assert widths.count((0, 256)) == 273
    assert [width for width in widths if width != (0, 256)] == [(0, 112), (1, 256), (1, 17), (2, 1)]


def test_tile_paths_are_those_of_the_specification() -> None:
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path(1, 0, 17) == "tile/1/000.p/17"
    assert entries_path(999, 8) == "tile/entries/999.p/8"
    assert entries_path(1000) == "tile/entries/x001/000"


def test_an_append_writes_only_the_tiles_that_change() -> None:
    store = MemoryTiles()
    frontier = extend(store, Frontier(), HASHES[:300]).frontier
    assert set(extend(store, frontier, HASHES[300:310]).tiles) == {(0, 1)}
    assert set(extend(store, frontier, HASHES[300 : 2 * TILE_WIDTH]).tiles) == {(0, 1), (1, 0)}
    assert extend(store, frontier, []).tiles == {}


def test_tiles_that_lag_behind_the_frontier_are_refused() -> None:
    frontier = Frontier().append(HASHES[:300])
    with pytest.raises(MissingTile):
        grow(frontier, {(0, 1): b"".join(HASHES[256:299])}, HASHES[300:301])


def test_a_damaged_frontier_is_refused() -> None:
    stored = Frontier().append(HASHES[:7]).to_bytes()
    for damaged in (b"", stored[:-1], stored + b"\0", b"\0" * 8 + stored[8:]):
        with pytest.raises(ValueError, match="frontier"):
            Frontier.from_bytes(damaged)


def test_a_proof_outside_the_log_is_refused(read: TileReader) -> None:
    with pytest.raises(ValueError, match="not in a log"):
        inclusion_proof(read, 8, 8)
    with pytest.raises(ValueError, match="cannot continue"):
        consistency_proof(read, 9, 8)
    with pytest.raises(MissingTile):
        inclusion_proof(read, 0, LARGEST + 1)


def _flip(material: list[bytes], which: int, bit: int) -> list[bytes]:
    changed = bytearray(material[which])
    changed[bit // 8] ^= 1 << bit % 8
    return [*material[:which], bytes(changed), *material[which + 1 :]]
