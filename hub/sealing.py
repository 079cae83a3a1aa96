"""Where views meet the subject keys: content in a view lies under the same keys as on the ledger."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import orjson

from hub.ledger.envelope import Compartment, Place, opened, seal
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
        stored = [opened(blob) for _, blob in rows]
        keys = self._keys.get_many({id for one in stored for id in one.key_ids})
        answers = []
        for (row_key, _), one in zip(rows, stored, strict=True):
            contents = one.contents(keys, Place(row_key, NOWHERE, 0))
            answers.append(
                Opened(orjson.loads(one.open_part), tuple(orjson.loads(c) for c in contents if c is not None))
            )
        return answers

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
