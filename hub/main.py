"""Binds the hub to the outside world; nothing else chooses a database, a clock, keys or a network."""

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import psycopg
from fastapi import FastAPI
from psycopg_pool import ConnectionPool

from contracts.register import EVENTS
from hub.access.beleid import Beleid
from hub.access.ondertekening import Ondertekenaar
from hub.api.app import create_app
from hub.api.clients import ClientFolder, make_clients
from hub.api.doors import partner_routers
from hub.api.identity import SCOPES, make_identity
from hub.api.issuer import DevelopmentIssuer, development_issuer
from hub.api.jti import PostgresJtis
from hub.api.services import Services
from hub.api.stroom import Stroomduur
from hub.audit.access import AccessLog
from hub.audit.quorum import TrustPolicy
from hub.console.opening import open_console
from hub.delivery.abonnementen import Abonnementen
from hub.delivery.bezorgingen import Bezorgingen
from hub.delivery.feed import Feed
from hub.delivery.gebeurtenissen import Gebeurtenissen, aankondiging
from hub.delivery.omroep import Omroep
from hub.delivery.uitgang import Uitgang
from hub.delivery.vormen import vormen_uit
from hub.delivery.webhook_keys import WebhookKeys
from hub.handling import bewaarlijst, toezicht, verlopen
from hub.handling.activeren import Activating
from hub.handling.beleidsversies import Beleidsversies, Policy
from hub.handling.bewaarlijst import Bewaarlijst
from hub.handling.bewaren import Bewaren
from hub.handling.bewijsbundels import Bundelaar
from hub.handling.execute import Ledger
from hub.handling.explain import Explainer
from hub.handling.herzien import LOOK_SECONDS, Reviser
from hub.handling.navragen import Navragen
from hub.handling.plichtenklok import Plichtenklok
from hub.handling.questions import Questions
from hub.handling.tijdvakken import Tijdvakken
from hub.handling.work import Work
from hub.ledger.checkpoints import Checkpoints
from hub.ledger.database import Database, migrate, open_database
from hub.ledger.epochs import PostgresEpochs
from hub.ledger.keys import FileKeyStore, SubjectKeys
from hub.ledger.mapper import MessageMapper
from hub.ledger.postgres import PostgresLedger
from hub.ledger.published import PostgresPublished
from hub.ledger.store import Recorded as Stored
from hub.log import BeleidNietGeladen, Log
from hub.processing_log import processing_log
from hub.publishing import log_signers, publish_in_thread, trust_policy
from hub.sealing import ViewSealer, utc_now
from hub.settings import Settings, key_file
from hub.tasks import Task, beside, in_threads
from hub.views.folds import Recorded
from hub.views.projector import Projector
from hub.views.read import Views

HERE = Path(__file__).parent
MIGRATIONS = [HERE / part / "migrations" for part in ("ledger", "views", "api", "delivery", "console")]


@dataclass(frozen=True, slots=True)
class Hub:
    """A whole hub, bound and ready; without a door yet."""

    settings: Settings
    database: Database
    store: PostgresLedger
    mapper: MessageMapper
    keys: SubjectKeys
    key_store: FileKeyStore
    policy: Beleidsversies
    sealer: ViewSealer
    checkpoints: Checkpoints
    published: PostgresPublished
    trust: TrustPolicy

    @property
    def beleid(self) -> Beleid:
        """The policy in force now."""
        return self.policy.at(utc_now()).beleid

    def work(self) -> Work:
        return Work(self.store, self.mapper, self.keys)

    def ledger(self) -> Ledger:
        secret = key_file(self.settings.data_folder / "keys" / "digest", lambda: os.urandom(32))
        own = {**Activating(self.ondertekenaar).handlers(), **Bewaren(self.store).handlers()}
        own |= Navragen(self.store).handlers()
        return Ledger(self.store, self.mapper, self.keys, self.policy, secret, own)

    def ondertekenaar(self, client_id: str) -> Ondertekenaar | None:
        """The registered system that signs under this name."""
        client = ClientFolder(self.settings.data_folder / "clients").client(client_id)
        return Ondertekenaar(client_id, client.jwk, client.zetels) if client else None

    def explainer(self) -> Explainer:
        return Explainer(self.work, self.policy)

    def read(self, after: int, limit: int) -> Sequence[Recorded]:
        """The decoded ledger, for projectors."""
        stored: list[Stored] = self.store.read(after, limit)
        restored = self.mapper.to_messages(stored)
        return [Recorded(one.position, message.message) for one, message in zip(stored, restored, strict=True)]  # type: ignore[arg-type]

    def bewaarlijst(self) -> Bewaarlijst:
        return Bewaarlijst(self.ledger(), self.policy)

    def tijdvakken(self) -> Tijdvakken:
        return Tijdvakken(self.ledger(), self.epochs(), self.key_store)

    def epochs(self) -> PostgresEpochs:
        return PostgresEpochs(self.database.dsn)

    def bundelaar(self) -> Bundelaar:
        return Bundelaar(self.store, self.mapper, self.work, self.policy, self.checkpoints, self.published)

    def reviser(self) -> Reviser:
        return Reviser(self.store, self.ledger(), self.policy, self.work)

    def plichten(self) -> Plichtenklok:
        return Plichtenklok(self.ledger(), self.mapper, self.policy, self.work)

    def projector(self) -> Projector:
        return Projector(self.database.dsn, self.read, self.sealer, outbox=Uitgang())

    def gebeurtenissen(self, pool: ConnectionPool[psycopg.Connection[tuple[object, ...]]]) -> Gebeurtenissen:
        return Gebeurtenissen(pool, self.database.dsn, lambda zetel: zetel in self.beleid.instanties)

    def webhook_keys(self) -> WebhookKeys:
        return WebhookKeys(self.settings.data_folder / "keys" / "webhooks")

    def abonnementen(self) -> Abonnementen:
        return Abonnementen(self.store, self.work, self.policy, utc_now)


@contextmanager
def open_hub(settings: Settings, *, gevallen: bool = False) -> Iterator[Hub]:
    """Open database, keys and policy; close them again. Raises DatabaseUnavailable, SettingsError, BeleidOngeldig.

    `gevallen`: the decision cases of the policy are asked as well.
    """
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    dsn = settings.database_url.get_secret_value() if settings.database_url else None
    trust = trust_policy(settings)
    beleid = Beleid.laad(gevallen=gevallen)
    with open_database(dsn, settings.data_folder) as database:
        migrate(database.dsn, MIGRATIONS)
        store, published = PostgresLedger(database), PostgresPublished(database.dsn)
        key_folder = settings.data_folder / "keys"
        key_folder.mkdir(parents=True, exist_ok=True)
        key_store = FileKeyStore(key_folder / "kek", os.urandom)
        keys = SubjectKeys(store, key_store, os.urandom, _seconds)
        mapper = MessageMapper(EVENTS.values(), keys, os.urandom)
        failed = partial(_not_loaded, Log(sys.stderr, settings.log_level, utc_now))
        try:
            yield Hub(
                settings=settings,
                database=database,
                store=store,
                mapper=mapper,
                keys=keys,
                key_store=key_store,
                policy=Beleidsversies(store, mapper, Questions(beleid), time.monotonic, failed),
                sealer=ViewSealer(store, keys, os.urandom),
                checkpoints=Checkpoints(store, log_signers(settings)),
                published=published,
                trust=trust,
            )
        finally:
            published.close()
            store.close()


@contextmanager
def open_app(hub: Hub, log: Log, clock: Callable[[], datetime] = utc_now) -> Iterator[FastAPI]:
    """The doors, with threads that keep the views, and what is disclosed in line with the policy, and inspect.

    `clock`: the moment at which what is asked counts; tokens and threads keep real time.
    """
    with (
        project_in_thread(hub),
        revise_in_threads(hub, log),
        inspect_in_threads(hub, log),
        open_doors(hub, log, clock) as app,
    ):
        yield app


@contextmanager
def open_doors(hub: Hub, log: Log, clock: Callable[[], datetime] = utc_now) -> Iterator[FastAPI]:
    """The doors alone, and the checkpoints; somebody else keeps the views."""
    pool: ConnectionPool[psycopg.Connection[tuple[object, ...]]] = ConnectionPool(
        hub.database.dsn, min_size=1, max_size=8, open=True
    )
    try:
        with (
            publish_in_thread(hub.checkpoints, hub.published, hub.trust, log),
            processing_log(hub.store, hub.settings, log) as access_log,
            ExitStack() as opened,
        ):
            notices = hub.gebeurtenissen(pool)
            omroep = Omroep(notices)
            opened.callback(notices.close)
            opened.callback(omroep.close)
            services = _services(hub, pool, log, clock, access_log, notices, omroep)
            app = create_app(services, hub.settings, partner_routers(services))
            open_console(app, hub.settings, pool, services.issuer, lambda: services.beleid, utc_now)
            yield app
    finally:
        pool.close()


@contextmanager
def project_in_thread(hub: Hub) -> Iterator[None]:
    """A projector in this process while the context lasts."""
    with (
        closing(hub.projector()) as projector,
        beside(("projector", partial(projector.follow, wait=hub.store.wait))),
    ):
        yield


@contextmanager
def revise_in_threads(hub: Hub, log: Log) -> Iterator[None]:
    """What is disclosed is kept in line with policy and clock, in this process, while the context lasts."""
    tasks: list[Task] = [
        ("herzien", LOOK_SECONDS, hub.reviser().follow),
        ("verlopen", verlopen.LOOK_SECONDS, verlopen.Verloop(hub.ledger()).follow),
    ]
    with in_threads(tasks, log, utc_now):
        yield


@contextmanager
def inspect_in_threads(hub: Hub, log: Log) -> Iterator[None]:
    """Accesses are reviewed, and what may be kept no longer is listed, in rounds, while the context lasts."""
    tasks: list[Task] = [
        ("toezicht", toezicht.LOOK_SECONDS, toezicht.Toezicht(hub.ledger()).follow),
        ("bewaarlijst", bewaarlijst.LOOK_SECONDS, hub.bewaarlijst().follow),
        ("tijdvakken", bewaarlijst.LOOK_SECONDS, hub.tijdvakken().follow(hub.policy)),
    ]
    with in_threads(tasks, log, utc_now):
        yield


def collect_less() -> None:
    """Before long work: messages are trees that die young, and what is there by now lives as long as the hub.

    A thousand signals in hand are some 50,000 objects without a cycle; looking through them finds nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


def development_clients(hub: Hub) -> dict[str, Path]:
    """A registered system with a key for every organisation of the seat register; key files by OIN."""
    seats: dict[str, list[str]] = {}
    for seat in hub.beleid.instanties.values():
        seats.setdefault(seat.oin, []).append(seat.id)
    folder = hub.settings.data_folder / "clients"
    folder.mkdir(parents=True, exist_ok=True)
    return make_clients(folder, seats, SCOPES)


class SeatRegister:
    """The seats of the policy in force, for the doors."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def oin_van(self, zetel: str) -> str | None:
        seat = self._policy.at(utc_now()).beleid.instanties.get(zetel)
        return seat.oin if seat else None


def _services(
    hub: Hub,
    pool: ConnectionPool[psycopg.Connection[tuple[object, ...]]],
    log: Log,
    clock: Callable[[], datetime],
    access_log: AccessLog,
    notices: Gebeurtenissen,
    omroep: Omroep,
) -> Services:
    seats = SeatRegister(hub.policy)
    issuer: DevelopmentIssuer | None = None
    if hub.settings.issuer_url is None:
        issuer = development_issuer(hub.settings, seats, PostgresJtis(pool), utc_now, log)
    identity = make_identity(hub.settings, issuer.keys() if issuer else None, seats, utc_now, log)
    views = Views(pool, hub.sealer, clock)
    return Services(
        ledger=hub.ledger(),
        views=views,
        access_log=access_log,
        policy=hub.policy,
        explainer=hub.explainer(),
        checkpoints=hub.checkpoints,
        bundelaar=hub.bundelaar(),
        published=hub.published,
        trust=hub.trust,
        identity=identity,
        issuer=issuer,
        log=log,
        clock=clock,
        feed=Feed(notices, hub.abonnementen(), vormen_uit(views), clock),
        omroep=omroep,
        stroomduur=Stroomduur(hub.settings.stream_seconds),
        kondig_aan=partial(aankondiging, adres=hub.settings.public_url, oin=hub.settings.oin),
        bezorgingen=Bezorgingen(pool),
        webhook_keys=hub.webhook_keys(),
    )


def _not_loaded(log: Log, versie: str) -> None:
    log.write(BeleidNietGeladen(versie=versie))


def _seconds() -> float:
    return utc_now().timestamp()
