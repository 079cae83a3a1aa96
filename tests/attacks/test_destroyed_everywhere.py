"""After destruction nothing on disk gives it back: not the database's files, not its write-ahead log, not old copies.

Every raw file of the data folder is searched, of a server of its own: for what was said, for the data key, and for
the key that a thief would need for the wrapped data keys that do stay behind.
"""

import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from contracts.bewaring import TijdvaksleutelVernietigd, VernietigSignaal
from contracts.inhoud import Betrokkene, SignaalInhoud, Signaalmelding
from contracts.signaal import RegistreerSignaal
from hub.audit.verify import verify_log
from hub.exporting import export_log_to, verifier_key
from hub.handling.bewaarlijst import BEHEERDER
from hub.handling.execute import Request
from hub.ledger.checkpoints import LOGS
from hub.ledger.keys import KeyStoreError, context
from hub.ledger.store import KeyId, WrappedKey
from hub.main import Hub, open_hub
from hub.settings import Settings
from tests.handling.bewaarwereld import CRITERIA
from tests.handling.executing import AVIM, NU

NAME, BSN, WORDS = "Kanaria Wegfictema", "999900006", "kanarie vliegt bij de brug om kwart over negen"
STAYS = "Blijva Bestaatnog"
LATER = NU + timedelta(days=5 * 366)


def said(id: UUID, person: UUID, name: str) -> RegistreerSignaal:
    content = SignaalInhoud(
        vormen=("seksuele-uitbuiting",),
        zekerheid="vermoeden",
        toelichting=WORDS if name == NAME else "gewoon",
        betrokkenen=(Betrokkene(betrokkene_id=person, naam=name, bsn=BSN if name == NAME else None),),
    )
    melding = Signaalmelding(
        kenmerk=name[:6], spoor="riec", regio="ede", inhoud=content, criteria=CRITERIA, wpg_artikel="8"
    )
    return RegistreerSignaal(signaal_id=id, melding=melding)


@dataclass
class Disk:
    """A hub with a server and a data folder of its own, and two signals in it."""

    hub: Hub
    folder: Path
    gone: UUID
    stays: UUID

    def everything(self) -> dict[Path, bytes]:
        """Every byte of every file there is, after all that waits was written."""
        with psycopg.connect(self.hub.database.dsn, autocommit=True) as connection:
            connection.execute("checkpoint")
        return {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def holding(self, canary: bytes) -> list[str]:
        """The files that hold these bytes."""
        return [str(path.relative_to(self.folder)) for path, content in self.everything().items() if canary in content]

    def project(self) -> None:
        projector = self.hub.projector()
        try:
            while projector.run_once():
                pass
        finally:
            projector.close()


@pytest.fixture(scope="module")
def disk() -> Iterator[Disk]:
    folder = Path(tempfile.mkdtemp(prefix="signaalhub-kanarie-"))
    folder.chmod(0o711)
    with open_hub(Settings(data_folder=folder)) as hub:
        chance = random.Random(11)
        ids = [UUID(int=chance.getrandbits(128), version=4) for _ in range(4)]
        ledger = hub.ledger()
        for id, person, name in ((ids[0], ids[1], NAME), (ids[2], ids[3], STAYS)):
            ledger.execute(Request(said(id, person, name), AVIM), NU if name == NAME else LATER)
        world = Disk(hub, folder, ids[0], ids[2])
        world.project()
        yield world
    shutil.rmtree(folder)


@dataclass(frozen=True)
class Secrets:
    """What a thief looks for, as it was before the destruction."""

    key: bytes
    wrapped: WrappedKey
    keks: dict[str, str]


@pytest.fixture(scope="module")
def secrets(disk: Disk) -> Secrets:
    id = KeyId(disk.gone, "riec")
    (key,) = disk.hub.keys.get_many([id]).values()
    assert key is not None
    lines = (disk.folder / "keys" / "kek").read_text().splitlines()
    return Secrets(key, disk.hub.store.keys([id])[id], dict(line.split(":") for line in lines))


@pytest.fixture(scope="module")
def destroyed(disk: Disk, secrets: Secrets) -> Disk:
    """The same disk after the run of the day on which the term was over."""
    assert disk.holding(secrets.wrapped.wrapped or b""), "the search sees what is there"
    hub, terms = disk.hub, disk.hub.beleid.bewaartermijnen
    command = VernietigSignaal(signaal_id=disk.gone, termijn="wgs-vijf-jaar")
    hub.ledger().execute(Request(command, BEHEERDER), LATER)
    disk.project()
    old = secrets.wrapped
    thief = hub.key_store.unwrap(old.kek or "", old.wrapped or b"", context(old.id))
    assert thief == secrets.key, "until its epoch ends, an old copy still opens"
    assert hub.tijdvakken().run(terms, LATER, at_once=True) == 1
    return disk


@pytest.mark.parametrize("canary", [NAME, BSN, WORDS])
def test_no_file_ever_holds_what_was_said(destroyed: Disk, canary: str) -> None:
    assert destroyed.holding(canary.encode()) == []
    assert destroyed.holding(canary.encode("utf-16-le")) == []


def test_no_file_holds_the_data_key_or_the_key_over_it(destroyed: Disk, secrets: Secrets) -> None:
    assert destroyed.holding(secrets.key) == []
    for hexadecimal in secrets.keks.values():
        assert destroyed.holding(hexadecimal.encode()) == []
        assert destroyed.holding(bytes.fromhex(hexadecimal)) == []


def test_what_stays_behind_of_the_data_key_opens_with_no_key_there_is(destroyed: Disk, secrets: Secrets) -> None:
    old = secrets.wrapped
    assert destroyed.holding(old.wrapped or b""), "the write-ahead log still has it: that is what the epochs are for"
    for kek in (old.kek or "", *destroyed.hub.key_store.names()):
        with pytest.raises(KeyStoreError):
            destroyed.hub.key_store.unwrap(kek, old.wrapped or b"", context(old.id))


def test_the_other_signal_stays_on_the_ledger_and_in_its_view(destroyed: Disk) -> None:
    hub = destroyed.hub
    hub.keys.forget([KeyId(destroyed.stays, "riec")])
    readable = repr(hub.mapper.to_messages(hub.store.read(0, 100)))
    assert STAYS in readable
    assert NAME not in readable
    with psycopg.connect(hub.database.dsn) as connection:
        rows = connection.execute("select zetel, signaal_id, casus_id, status, inhoud from zicht_signaal").fetchall()
    keys = [f"zicht_signaal|{zetel}|{signaal}|{casus}" for zetel, signaal, casus, _, _ in rows]
    opened = hub.sealer.unseal_many([(key, row[4]) for key, row in zip(keys, rows, strict=True)])
    shown = {row[1]: (row[3], repr(one)) for row, one in zip(rows, opened, strict=True)}
    assert STAYS in shown[destroyed.stays][1]
    assert shown[destroyed.gone][0] == "vernietigd"
    assert NAME not in shown[destroyed.gone][1]


def test_both_logs_still_verify_and_say_that_it_happened(destroyed: Disk, tmp_path: Path) -> None:
    for log in LOGS:
        export_log_to(destroyed.hub, log, tmp_path / log)
        assert verify_log(tmp_path / log, [verifier_key(destroyed.hub, log)]) == []
    topics = [one.topic for one in destroyed.hub.store.read(0, 100)]
    assert topics[-2:] == ["nl.overheid.mensenhandel.signaal-vernietigd.v1", TijdvaksleutelVernietigd.TYPE]


def test_views_made_anew_hold_nothing_of_it(destroyed: Disk) -> None:
    projector = destroyed.hub.projector()
    try:
        projector.rebuild(lambda position, rows: None, destroyed.hub.store.head())
    finally:
        projector.close()
    test_the_other_signal_stays_on_the_ledger_and_in_its_view(destroyed)
