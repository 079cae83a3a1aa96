"""What an abonnee must remember to do everything once and in order, whenever it is killed.

A notice is in the journal before it is answered for; what it led to is written in the same transaction as the fact
that it was done. No content is kept, unless the owner asks for it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from adapters.abonnee.notices import Bericht

_TABLES = """
CREATE TABLE IF NOT EXISTS bericht (
    id TEXT PRIMARY KEY, onderwerp TEXT NOT NULL, reeks INTEGER NOT NULL, bericht TEXT NOT NULL,
    uitkomst TEXT, volgnummer INTEGER UNIQUE, UNIQUE (onderwerp, reeks)
);
CREATE INDEX IF NOT EXISTS wachtend ON bericht (onderwerp, reeks) WHERE uitkomst IS NULL;
CREATE TABLE IF NOT EXISTS stand (onderwerp TEXT PRIMARY KEY, reeks INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hiaat (
    onderwerp TEXT NOT NULL, van INTEGER NOT NULL, tot INTEGER NOT NULL, PRIMARY KEY (onderwerp, van)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tegenstrijdig (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cursor (enige INTEGER PRIMARY KEY CHECK (enige = 1), plaats INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS antwoord (
    terugroeping_id TEXT PRIMARY KEY, signaal_id TEXT NOT NULL, gevolg TEXT NOT NULL, gegeven INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kopie (adres TEXT PRIMARY KEY, inhoud TEXT NOT NULL) WITHOUT ROWID;
"""
#: The least waiting notice of each subject, and the last place that was done.
_FIRST = """
SELECT b.bericht, MIN(b.reeks), COALESCE(s.reeks, 0), b.onderwerp FROM bericht b
LEFT JOIN stand s ON s.onderwerp = b.onderwerp WHERE b.uitkomst IS NULL GROUP BY b.onderwerp
"""
_NEXT = """
SELECT b.bericht, b.reeks, COALESCE(s.reeks, 0) FROM bericht b LEFT JOIN stand s ON s.onderwerp = b.onderwerp
WHERE b.onderwerp = ? AND b.uitkomst IS NULL ORDER BY b.reeks LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Voortgang:
    """The state of the journal in numbers. `hiaten_gesloten`: gone past, because the hub gives it no more."""

    ontvangen: int = 0
    verwerkt: int = 0
    opgehaald: int = 0
    vervallen: int = 0
    geweigerd: int = 0
    wachtend: int = 0
    hiaten_open: int = 0
    hiaten_gesloten: int = 0
    terugroepingen: int = 0
    tegenstrijdig: int = 0


class Hiaat(NamedTuple):
    """Places of a subject that are missing, from and to included."""

    onderwerp: str
    van: int
    tot: int


class Journal:
    """A file of SQLite; whatever a method wrote is on disk when it returns. For several threads."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o700)
        self._lock = Lock()
        self._db = sqlite3.connect(data / "abonnee.sqlite", check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        self._db.close()

    def ontvang(self, berichten: Sequence[Bericht], cursor: int | None = None) -> int:
        """Keep notices that are not there yet, and up to where all are there now; the number that was new."""
        with self._transaction():
            new = sum(self._keep(one) for one in berichten)
            if cursor is not None:
                self._db.execute("INSERT OR REPLACE INTO cursor VALUES (1, ?)", (cursor,))
        return new

    def cursor(self) -> int:
        """Up to where all notices were taken in, by the hub's count; 0 for none."""
        with self._lock:
            found = self._db.execute("SELECT plaats FROM cursor").fetchone()
        return int(found[0]) if found else 0

    def volgende(self) -> list[Bericht]:
        """The next notice of each subject that can be done now: everything before it was."""
        with self._lock:
            rows = self._db.execute(_FIRST).fetchall()
        return [Bericht.model_validate_json(text) for text, first, done, _ in rows if first <= done + 1]

    def daarna(self, onderwerp: str) -> Bericht | None:
        """What can be done next of one subject."""
        with self._lock:
            found = self._db.execute(_NEXT, (onderwerp,)).fetchone()
        if found is None or found[1] > found[2] + 1:
            return None
        return Bericht.model_validate_json(found[0])

    def hiaten(self) -> list[Hiaat]:
        """What is missing before the first waiting notice of each subject."""
        with self._lock:
            found = self._firsts()
        return [Hiaat(subject, done + 1, first - 1) for subject, first, done in found if first > done + 1]

    def sluit_hiaten(self, hiaten: Sequence[Hiaat]) -> int:
        """Go on past what the hub does not give any more: it was withdrawn, or is no longer for this seat.

        Only for gaps seen before the whole feed was read. One that was filled meanwhile stays as it is.
        """
        with self._transaction():
            open_now = {subject: (done, first) for subject, first, done in self._firsts()}
            closed = 0
            for one in hiaten:
                if open_now.get(one.onderwerp) == (one.van - 1, one.tot + 1):
                    self._db.execute("INSERT OR IGNORE INTO hiaat VALUES (?, ?, ?)", one)
                    self._reach(one.onderwerp, one.tot)
                    closed += 1
        return closed

    def rond_af(self, bericht: Bericht, uitkomst: str, kopie: tuple[str, str | None] | None = None) -> bool:
        """Write that a notice was done, and with it what is kept: an address and its content, None to destroy it.

        False where it was done before.
        """
        with self._transaction():
            done = self._db.execute(
                "UPDATE bericht SET uitkomst = ?, volgnummer = (SELECT COALESCE(MAX(volgnummer), 0) + 1 FROM bericht) "
                "WHERE id = ? AND uitkomst IS NULL",
                (uitkomst, str(bericht.id)),
            )
            if done.rowcount == 0:
                return False
            self._reach(bericht.subject, bericht.reeks)
            if kopie is not None:
                self._copy(*kopie)
        return True

    def neem_terug(self, terugroeping_id: str, signaal_id: str) -> str:
        """Destroy our copies of a recalled signal; what to answer, the same however often this is asked."""
        with self._transaction():
            known = self._db.execute(
                "SELECT gevolg FROM antwoord WHERE terugroeping_id = ?", (terugroeping_id,)
            ).fetchone()
            if known:
                return str(known[0])
            gone = self._db.execute("DELETE FROM kopie WHERE instr(inhoud, ?) OR instr(adres, ?)", (signaal_id,) * 2)
            gevolg = "vernietigd" if gone.rowcount else "geen-kopie"
            self._db.execute("INSERT INTO antwoord VALUES (?, ?, ?, 0)", (terugroeping_id, signaal_id, gevolg))
        return gevolg

    def bevestigd(self, terugroeping_id: str) -> None:
        """The hub has our answer."""
        with self._transaction():
            self._db.execute("UPDATE antwoord SET gegeven = 1 WHERE terugroeping_id = ?", (terugroeping_id,))

    def kopieen(self) -> dict[str, str]:
        """All that is kept, by address."""
        with self._lock:
            return dict(self._db.execute("SELECT adres, inhoud FROM kopie").fetchall())

    def verwerkt(self) -> list[tuple[str, int, UUID, str]]:
        """Everything that was done, in the order in which it was: subject, place, id, outcome."""
        with self._lock:
            rows = self._db.execute(
                "SELECT onderwerp, reeks, id, uitkomst FROM bericht WHERE volgnummer NOT NULL ORDER BY volgnummer"
            ).fetchall()
        return [(subject, place, UUID(id), outcome) for subject, place, id, outcome in rows]

    def voortgang(self) -> Voortgang:
        """Where we are."""
        with self._lock:
            outcomes = dict(self._db.execute("SELECT uitkomst, COUNT(*) FROM bericht GROUP BY uitkomst").fetchall())
            open_now = sum(first > done + 1 for _, first, done in self._firsts())
            counts = {
                "hiaten_gesloten": self._count("hiaat"),
                "tegenstrijdig": self._count("tegenstrijdig"),
                "terugroepingen": self._count("antwoord WHERE gegeven"),
            }
        waiting = int(outcomes.pop(None, 0))
        done = sum(outcomes.values())
        by_outcome = {one.name: int(outcomes[one.name]) for one in fields(Voortgang) if one.name in outcomes}
        return Voortgang(
            ontvangen=waiting + done, verwerkt=done, wachtend=waiting, hiaten_open=open_now, **by_outcome, **counts
        )

    def _keep(self, bericht: Bericht) -> int:
        text, key = bericht.model_dump_json(by_alias=True), (bericht.subject, bericht.reeks)
        new = self._db.execute(
            "INSERT OR IGNORE INTO bericht (id, onderwerp, reeks, bericht) VALUES (?, ?, ?, ?)",
            (str(bericht.id), *key, text),
        ).rowcount
        there = self._db.execute("SELECT id FROM bericht WHERE onderwerp = ? AND reeks = ?", key).fetchone()
        if there is None or there[0] != str(bericht.id):
            # Two notices for one place, or one notice for two: the hub contradicts itself; the first one stands.
            self._db.execute("INSERT OR IGNORE INTO tegenstrijdig VALUES (?)", (str(bericht.id),))
        return new

    def _firsts(self) -> list[tuple[str, int, int]]:
        return [(subject, first, done) for _, first, done, subject in self._db.execute(_FIRST)]

    def _reach(self, onderwerp: str, reeks: int) -> None:
        self._db.execute(
            "INSERT INTO stand VALUES (?, ?) ON CONFLICT DO UPDATE SET reeks = MAX(reeks, excluded.reeks)",
            (onderwerp, reeks),
        )

    def _copy(self, adres: str, inhoud: str | None) -> None:
        if inhoud is None:
            self._db.execute("DELETE FROM kopie WHERE adres = ?", (adres,))
        else:
            self._db.execute("INSERT OR REPLACE INTO kopie VALUES (?, ?)", (adres, inhoud))

    def _count(self, of: str) -> int:
        return int(self._db.execute(f"SELECT COUNT(*) FROM {of}").fetchone()[0])  # noqa: S608 - our own words

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
