"""The command line for Kafka: `signaalhub kafka aansluiten|topics|inname|quarantaine`."""

import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Annotated, Any

import cyclopts
from kafka import KafkaAdminClient
from kafka.errors import KafkaError
from rich.console import Console
from rich.table import Table

from hub.delivery.kafka_client import connection
from hub.delivery.kafka_intake import RETRY_SECONDS, make_intake
from hub.delivery.kafka_quarantine import Quarantine
from hub.delivery.kafka_topics import Aanlevertopic, TopicFolder, TopicsInvalid, topic_of
from hub.log import Log, TaakMislukt, place_of
from hub.main import Hub, collect_less
from hub.sealing import utc_now
from hub.settings import Settings

Look = Callable[[Hub, str, str, tuple[str, ...]], None]
HOUR = 3_600_000
#: What waits in quarantine or as a receipt goes after so long.
KEPT_MILLISECONDS = 14 * 24 * HOUR
#: What headers of ours may add to a message.
HEADROOM_BYTES = 64 * 1024
BEHEERDER = "beheerder@hub"


class Connecting:
    """The commands, bound to a way to open the hub, to the access log, the operational log and a place to print."""

    def __init__(
        self,
        hub: Callable[[], AbstractContextManager[Hub]],
        look: Look,
        log: Callable[[Settings], Log],
        out: Console,
    ) -> None:
        self._hub, self._look, self._log, self._out = hub, look, log, out

    def add_to(self, app: cyclopts.App) -> None:
        """Give `app` these commands."""
        kafka = cyclopts.App(name="kafka", help="Topics by which agencies bring in, and what was refused there.")
        quarantine = cyclopts.App(name="quarantaine", help="Messages that the ledger did not take.")
        kafka.command(self.connect, name="aansluiten")
        kafka.command(self.topics, name="topics")
        kafka.command(self.take_in, name="inname")
        quarantine.command(self.show, name="lijst")
        quarantine.command(self.offer_again, name="herhaal")
        kafka.command(quarantine)
        app.command(kafka)

    def connect(
        self,
        client: str,
        zetel: str,
        *,
        partities: int = 6,
        kopieen: int = -1,
        ontvangsten: Annotated[bool, cyclopts.Parameter(negative=())] = False,
    ) -> int:
        """Give a system of an agency a topic to bring in by, and make the topics that are not there.

        Who may write to the topic is for the access control of Kafka: see docs/trust.md.

        Parameters
        ----------
        client
            The system, `<oin>:<systeem>`.
        zetel
            The seat in which it speaks there.
        partities
            Partitions of a new topic.
        kopieen
            Copies of a new topic; as the cluster has it by default.
        ontvangsten
            Also give a receipt for every message.
        """
        with self._hub() as hub:
            oin, seat = client.partition(":")[0], hub.beleid.instanties.get(zetel)
            if seat is None or seat.oin != oin:
                self._out.print("Deze zetel is niet bekend of niet van deze organisatie.", style="red")
                return 1
            name = topic_of(hub.settings.kafka_prefix, "aanlevering", zetel)
            topic = _folder(hub).add(client, name, zetel, ontvangsten)
            _make(hub.settings, topic, partities, kopieen)
            self._out.print(f"{topic.naam}: {client} als {zetel}", markup=False)
        return 0

    def topics(self) -> int:
        """List the topics, and who speaks there."""
        table = Table("topic", "systeem", "zetel", "ontvangsten")
        with self._hub() as hub:
            for one in _folder(hub).topics().values():
                table.add_row(one.naam, one.client, one.zetel, "ja" if one.ontvangsten else "nee")
        self._out.print(table)
        return 0

    def take_in(self) -> int:
        """Run one more worker that takes in, until interrupted; a serving hub has one of its own."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        with self._hub() as hub:
            failed = partial(_failed, self._log(hub.settings))
            collect_less()
            make_intake(hub.settings, hub.ledger(), hub.store, hub.policy).follow(stop, utc_now, failed)
        return 0

    def show(self, zetel: str, *, aantal: int = 100) -> int:
        """List what waits in the quarantine of a seat, oldest first: where, since when and why; never what it says.

        Parameters
        ----------
        zetel
            Seat, such as politie.avim@oost-nederland.
        aantal
            How many at most.
        """
        table = Table("plaats", "sinds", "herkomst", "reden")
        with self._hub() as hub:
            for topic in _of_seat(hub, zetel):
                self._look(hub, "kafka quarantaine lijst", BEHEERDER, (f"topic:{topic.quarantaine}",))
                for one in _quarantine(hub, topic).kept(aantal):
                    since = f"{one.sinds:%Y-%m-%d %H:%M:%S}"
                    table.add_row(f"{one.partitie}:{one.offset}", since, one.herkomst, _sentence(one.reden))
        self._out.print(table if table.row_count else "Er wacht niets.")
        return 0

    def offer_again(self, zetel: str, *, aantal: int = 100) -> int:
        """Offer what waits again, oldest first; what is refused again comes back at the end.

        Parameters
        ----------
        zetel
            Seat, such as politie.avim@oost-nederland.
        aantal
            How many at most.
        """
        with self._hub() as hub:
            for topic in _of_seat(hub, zetel):
                self._look(hub, "kafka quarantaine herhaal", BEHEERDER, (f"topic:{topic.quarantaine}",))
                number = _quarantine(hub, topic).offer_again(aantal)
                self._out.print(f"{topic.naam}: {number} opnieuw aangeboden", markup=False)
        return 0


def _failed(log: Log, error: Exception) -> None:
    log.write(TaakMislukt("kafka-inname", type(error).__name__, place_of(error), RETRY_SECONDS))


def _folder(hub: Hub) -> TopicFolder:
    return TopicFolder(hub.settings.data_folder / "clients")


def _of_seat(hub: Hub, zetel: str) -> list[Aanlevertopic]:
    return [one for one in _folder(hub).topics().values() if one.zetel == zetel]


def _quarantine(hub: Hub, topic: Aanlevertopic) -> Quarantine:
    return Quarantine(connection(hub.settings), f"{hub.settings.kafka_prefix}.quarantaine", topic)


def _sentence(reden: dict[str, Any]) -> str:
    faults = "; ".join(f"{one['veld']}: {one['melding']}" for one in reden.get("fouten") or ())
    return f"{reden.get('status', '')} {reden.get('detail', '')} {faults}".strip()


def _make(settings: Settings, topic: Aanlevertopic, partitions: int, copies: int) -> None:
    """Make the topics that are not there. Raises KafkaError."""
    largest = {"max.message.bytes": str(settings.max_body_bytes + HEADROOM_BYTES)}
    kept = {"retention.ms": str(KEPT_MILLISECONDS)}
    wanted = {topic.naam: (partitions, largest), topic.quarantaine: (1, largest | kept)}
    if topic.ontvangsten:
        wanted[topic.ontvangstentopic] = (1, kept)
    admin = KafkaAdminClient(**connection(settings))
    try:
        there = set(admin.list_topics())
        new = {
            name: {"num_partitions": number, "replication_factor": copies, "configs": configs}
            for name, (number, configs) in wanted.items()
            if name not in there
        }
        if new:
            admin.create_topics(new, wait_for_metadata=True)
    finally:
        admin.close()


#: What the command line answers with exit code 3: a part is not reachable, or a file is not readable.
UNREACHABLE = (KafkaError, TopicsInvalid)
