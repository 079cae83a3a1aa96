"""How the hub connects: every setting reaches kafka-python, and a broker behind TLS and a password lets us in."""

from __future__ import annotations

import datetime as dt
import ipaddress
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from kafka import KafkaAdminClient
from kafka.errors import KafkaError
from pydantic import SecretStr, ValidationError

from deploy.kafka.broker import ApacheKafka, free_port
from hub.delivery.kafka_client import ClientCredentials, connection
from hub.settings import Settings

PASSWORD = "alleen-voor-de-proef"
JAVA = bool(shutil.which("java") and shutil.which("mvn"))


def test_every_setting_is_passed_on(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("ca", "certificate", "key")}
    chosen = connection(
        Settings(
            kafka_bootstrap_servers="een:9092,twee:9092",
            kafka_security_protocol="SASL_SSL",
            kafka_sasl_mechanism="SCRAM-SHA-512",
            kafka_username="hub",
            kafka_password=SecretStr(PASSWORD),
            kafka_ca_file=files["ca"],
            kafka_certificate_file=files["certificate"],
            kafka_key_file=files["key"],
        )
    )
    assert chosen["bootstrap_servers"] == ["een:9092", "twee:9092"]
    assert chosen["security_protocol"] == "SASL_SSL"
    assert chosen["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (chosen["sasl_plain_username"], chosen["sasl_plain_password"]) == ("hub", PASSWORD)
    assert [chosen[f"ssl_{name}file"] for name in ("ca", "cert", "key")] == [str(path) for path in files.values()]


@pytest.mark.parametrize(
    "chosen",
    [
        {"kafka_security_protocol": "SASL_SSL"},
        {"kafka_security_protocol": "SASL_SSL", "kafka_sasl_mechanism": "PLAIN", "kafka_username": "hub"},
        {
            "kafka_security_protocol": "SASL_SSL",
            "kafka_sasl_mechanism": "OAUTHBEARER",
            "kafka_username": "hub",
            "kafka_password": PASSWORD,
        },
        {"kafka_certificate_file": Path("c")},
    ],
)
def test_half_a_choice_does_not_start(chosen: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="HUB_KAFKA_") as refused:
        Settings(**chosen)
    assert PASSWORD not in str(refused.value)


def test_production_wants_tls() -> None:
    with pytest.raises(ValidationError, match="HUB_KAFKA_SECURITY_PROTOCOL"):
        Settings(
            production=True,
            public_url="https://hub.example",
            issuer_url="https://issuer.example",
            issuer_jwks="https://issuer.example/jwks",
            kafka_bootstrap_servers="een:9092",
        )


class TokenServer(BaseHTTPRequestHandler):
    """Gives numbered tokens."""

    given = 0

    def do_POST(self) -> None:
        TokenServer.given += 1
        body = orjson.dumps({"access_token": f"token-{TokenServer.given}", "expires_in": 60})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def test_a_token_is_kept_until_shortly_before_it_ends() -> None:
    server = HTTPServer(("127.0.0.1", 0), TokenServer)
    Thread(target=server.serve_forever, daemon=True).start()
    moments = iter([0.0, 0.0, 29.0, 31.0, 31.0])
    provider = ClientCredentials(f"http://127.0.0.1:{server.server_port}/", "hub", PASSWORD, lambda: next(moments))
    assert [provider.token() for _ in range(3)] == ["token-1", "token-1", "token-2"]
    server.shutdown()


@dataclass(frozen=True, slots=True)
class Guarded:
    """A broker behind TLS and a password. `ca`: who vouches for it."""

    address: str
    ca: Path

    def settings(self, password: str) -> Settings:
        return Settings(
            kafka_bootstrap_servers=self.address,
            kafka_security_protocol="SASL_SSL",
            kafka_sasl_mechanism="PLAIN",
            kafka_username="hub",
            kafka_password=SecretStr(password),
            kafka_ca_file=self.ca,
        )


def certificate() -> tuple[bytes, bytes]:
    """A key and a certificate for the loopback address, by itself, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, made.public_bytes(serialization.Encoding.PEM)


def one_line(pem: bytes) -> str:
    """As a value in a properties file."""
    return pem.decode().replace("\n", "\\n")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded")
    key, public = certificate()
    ca = folder / "ca.pem"
    ca.write_bytes(public)
    plain, control, closed = free_port(), free_port(), free_port()
    listeners = f"PLAINTEXT://127.0.0.1:{plain},CONTROLLER://127.0.0.1:{control},SASL_SSL://127.0.0.1:{closed}"
    login = "org.apache.kafka.common.security.plain.PlainLoginModule"
    broker = ApacheKafka(
        folder / "broker",
        plain,
        {
            "controller.quorum.voters": f"1@127.0.0.1:{control}",
            "listeners": listeners,
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL",
            "sasl.enabled.mechanisms": "PLAIN",
            "listener.name.sasl_ssl.plain.sasl.jaas.config": f'{login} required user_hub="{PASSWORD}";',
            "ssl.keystore.type": "PEM",
            "ssl.keystore.certificate.chain": one_line(public),
            "ssl.keystore.key": one_line(key),
        },
    )
    broker.start()
    yield Guarded(f"127.0.0.1:{closed}", ca)
    broker.stop()


if JAVA:  # the broker in the wheel knows no passwords

    def test_tls_and_the_right_password_let_us_in(guarded: Guarded) -> None:
        admin = KafkaAdminClient(**connection(guarded.settings(PASSWORD)))
        assert admin.list_topics() == []
        admin.close()

    def test_a_wrong_password_does_not(guarded: Guarded) -> None:
        with pytest.raises(KafkaError):
            KafkaAdminClient(**connection(guarded.settings("anders"))).list_topics()

    def test_a_broker_nobody_vouches_for_is_not_trusted(guarded: Guarded, tmp_path: Path) -> None:
        other = tmp_path / "ca.pem"
        other.write_bytes(certificate()[1])
        settings = guarded.settings(PASSWORD).model_copy(update={"kafka_ca_file": other})
        with pytest.raises(KafkaError):
            KafkaAdminClient(**connection(settings)).list_topics()
