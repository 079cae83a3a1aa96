"""Binds the hub to the outside world; nothing else chooses a database, a clock, keys or a network."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from psycopg_pool import ConnectionPool

from contracts.register import EVENTS
from hub.access.beleid import Beleid
from hub.api.app import create_app
from hub.api.clients import make_clients
from hub.api.doors import partner_routers
from hub.api.identity import SCOPES, make_identity
from hub.api.issuer import DevelopmentIssuer, development_issuer
from hub.api.jti import PostgresJtis
from hub.api.services import Services
from hub.audit.checkpoint import NoteSigner
from hub.handling.execute import Ledger
from hub.handling.explain import Explainer
from hub.handling.questions import Questions
from hub.handling.work import Work
from hub.ledger.checkpoints import LOGS, Checkpoints
from hub.ledger.database import Database, migrate, open_database
from hub.ledger.keys import FileKeyStore, SubjectKeys
from hub.ledger.mapper import MessageMapper
from hub.ledger.postgres import PostgresLedger
from hub.ledger.store import Recorded as Stored
from hub.log import Log
from hub.sealing import ViewSealer, utc_now
from hub.settings import Settings, key_file
from hub.views.folds import Recorded
from hub.views.projector import Projector
from hub.views.read import Views

HERE = Path(__file__).parent
MIGRATIONS = [HERE / "ledger" / "migrations", HERE / "views" / "migrations", HERE / "api" / "migrations"]


@dataclass(frozen=True, slots=True)
class Hub:
    """A whole hub, bound and ready; without a door yet."""

    settings: Settings
    database: Database
    store: PostgresLedger
    mapper: MessageMapper
    keys: SubjectKeys
    beleid: Beleid
    questions: Questions
    sealer: ViewSealer
    checkpoints: Checkpoints

    def work(self) -> Work:
        return Work(self.store, self.mapper, self.keys)

    def ledger(self) -> Ledger:
        secret = key_file(self.settings.data_folder / "keys" / "digest", lambda: os.urandom(32))
        return Ledger(self.store, self.mapper, self.keys, self.questions, secret)

    def explainer(self) -> Explainer:
        return Explainer(self.work, self.questions)

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        """The decoded ledger, for projectors."""
        stored: list[Stored] = self.store.read(after, limit)
        restored = self.mapper.to_messages(stored)
        return [Recorded(one.position, message.message) for one, message in zip(stored, restored, strict=True)]  # type: ignore[arg-type]

    def projector(self) -> Projector:
        return Projector(self.database.dsn, self.read, self.sealer)


@contextmanager
def open_hub(settings: Settings) -> Iterator[Hub]:
    """Open database, keys and policy; close them again. Raises DatabaseUnavailable, SettingsError, BeleidOngeldig."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    dsn = settings.database_url.get_secret_value() if settings.database_url else None
    beleid = Beleid.laad()
    with open_database(dsn, settings.data_folder) as database:
        migrate(database.dsn, MIGRATIONS)
        store = PostgresLedger(database)
        key_folder = settings.data_folder / "keys"
        key_folder.mkdir(parents=True, exist_ok=True)
        keys = SubjectKeys(store, FileKeyStore(key_folder / "kek", os.urandom), os.urandom, _seconds)
        try:
            yield Hub(
                settings=settings,
                database=database,
                store=store,
                mapper=MessageMapper(EVENTS.values(), keys, os.urandom),
                keys=keys,
                beleid=beleid,
                questions=Questions(beleid),
                sealer=ViewSealer(store, keys, os.urandom),
                checkpoints=Checkpoints(store, log_signers(settings)),
            )
        finally:
            store.close()


@contextmanager
def open_app(hub: Hub, log: Log) -> Iterator[FastAPI]:
    """The doors, with a projector thread that keeps the views while they are open."""
    with project_in_thread(hub), open_doors(hub, log) as app:
        yield app


@contextmanager
def open_doors(hub: Hub, log: Log) -> Iterator[FastAPI]:
    """The doors alone; somebody else keeps the views."""
    pool: ConnectionPool[psycopg.Connection[tuple[object, ...]]] = ConnectionPool(
        hub.database.dsn, min_size=1, max_size=8, open=True
    )
    try:
        services = _services(hub, pool, log)
        yield create_app(services, hub.settings, partner_routers(services))
    finally:
        pool.close()


@contextmanager
def project_in_thread(hub: Hub) -> Iterator[None]:
    """A projector in this process while the context lasts."""
    stop = threading.Event()
    projector = hub.projector()
    thread = threading.Thread(target=projector.follow, args=(stop, hub.store.wait), name="projector", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)
        projector.close()


def development_clients(hub: Hub) -> dict[str, Path]:
    """A registered system with a key for every organisation of the seat register; key files by OIN."""
    seats: dict[str, list[str]] = {}
    for seat in hub.beleid.instanties.values():
        seats.setdefault(seat.oin, []).append(seat.id)
    folder = hub.settings.data_folder / "clients"
    folder.mkdir(parents=True, exist_ok=True)
    return make_clients(folder, seats, SCOPES)


def log_signers(settings: Settings) -> dict[str, NoteSigner]:
    """The keys that sign checkpoints, each under the name of its log; made at the first start."""
    pem = key_file(settings.data_folder / "keys" / "checkpoint.pem", _new_signing_key)
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("keys/checkpoint.pem must hold an Ed25519 key")
    return {log: NoteSigner(f"{settings.log_origin}/{log}", key) for log in LOGS}


class SeatRegister:
    """The seats of the policy, for the doors."""

    def __init__(self, beleid: Beleid) -> None:
        self._seats = beleid.instanties

    def oin_van(self, zetel: str) -> str | None:
        seat = self._seats.get(zetel)
        return seat.oin if seat else None


def _services(hub: Hub, pool: ConnectionPool[psycopg.Connection[tuple[object, ...]]], log: Log) -> Services:
    seats = SeatRegister(hub.beleid)
    issuer: DevelopmentIssuer | None = None
    if hub.settings.issuer_url is None:
        issuer = development_issuer(hub.settings, seats, PostgresJtis(pool), utc_now, log)
    identity = make_identity(hub.settings, issuer.keys() if issuer else None, seats, utc_now, log)
    return Services(
        ledger=hub.ledger(),
        views=Views(pool, hub.sealer),
        access_log=hub.store,
        beleid=hub.beleid,
        questions=hub.questions,
        explainer=hub.explainer(),
        checkpoints=hub.checkpoints,
        identity=identity,
        issuer=issuer,
        log=log,
        clock=utc_now,
    )


def _new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _seconds() -> float:
    return utc_now().timestamp()
