"""Where views meet the subject keys: content in a view lies under the same keys as on the ledger."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import orjson

from hub.ledger.envelope import Compartment, Place, key_ids_of, seal, unseal
from hub.ledger.keys import RandBytes, SubjectKeys, UnknownKey
from hub.ledger.store import Change, KeyConflict, KeyId, LedgerStore
from hub.views.sealing import Opened, Unsealed

NOWHERE = UUID(int=0)
TRIES = 4


class ViewSealer:
    """Seals rows of views under the keys of the ledger."""

    def __init__(self, store: LedgerStore, keys: SubjectKeys, randbytes: RandBytes) -> None:
        self._store, self._keys, self._randbytes = store, keys, randbytes

    def seal_many(self, rows: Sequence[Unsealed]) -> list[bytes]:
        """One blob per row; a compartment of which a key was destroyed is left out."""
        keys = self._known({id for row in rows for id in _ids(row)})
        blobs = []
        for row in rows:
            base = KeyId(row.anchor, row.spoor)
            compartments = []
            for subjects, content in row.compartments:
                ids = (base, *(KeyId(subject, row.spoor) for subject in subjects))
                if all(keys[id] is not None for id in ids):
                    compartments.append(Compartment(ids, orjson.dumps(content)))
            place = Place(row.row_key, NOWHERE, 0)
            blobs.append(seal(orjson.dumps(row.open), compartments, keys, self._randbytes, place))
        return blobs

    def unseal_many(self, rows: Sequence[tuple[str, bytes]]) -> list[Opened]:
        """The rows again, without what was destroyed since."""
        keys = self._keys.get_many({id for _, blob in rows for id in key_ids_of(blob)})
        opened = []
        for row_key, blob in rows:
            open_part, contents = unseal(blob, keys, Place(row_key, NOWHERE, 0))
            opened.append(Opened(orjson.loads(open_part), tuple(orjson.loads(c) for c in contents if c is not None)))
        return opened

    def _known(self, ids: set[KeyId]) -> dict[KeyId, bytes | None]:
        """The keys; one that was never made is made, and durable, before anything lies under it."""
        try:
            return self._keys.get_many(ids)
        except UnknownKey:
            self._make(ids)
            return self._keys.get_many(ids)

    def _make(self, ids: set[KeyId]) -> None:
        stored = self._store.keys(list(ids))
        missing = [id for id in ids if id not in stored]
        for _ in range(TRIES):
            self._keys.get_many(missing, create=True)
            try:
                self._store.append(Change((), new_keys=self._keys.pending(missing)))
            except KeyConflict as conflict:
                self._keys.forget(conflict.ids)
                continue
            self._keys.confirm(missing)
            return


def _ids(row: Unsealed) -> set[KeyId]:
    if not row.compartments:
        return set()
    subjects = {subject for compartment in row.compartments for subject in compartment.subjects}
    return {KeyId(row.anchor, row.spoor), *(KeyId(subject, row.spoor) for subject in subjects)}


def utc_now() -> datetime:
    """The real clock of the hub; everywhere else time is an argument."""
    return datetime.now(UTC)
