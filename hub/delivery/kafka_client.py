"""How every part of the hub speaks to Kafka: one set of connection settings, and tokens where the broker asks them."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpx
from kafka.net.sasl.oauth import AbstractTokenProvider

from hub.settings import Settings

#: A token is asked anew so many seconds before it ends.
EARLY_SECONDS = 30.0
TOKEN_TIMEOUT_SECONDS = 10.0
#: A broker that comes back is found soon, and one that stays away is not asked without end.
RECONNECT = {"reconnect_backoff_ms": 100, "reconnect_backoff_max_ms": 5_000, "bootstrap_timeout_ms": 10_000}


def connection(settings: Settings) -> dict[str, Any]:
    """The arguments by which a consumer, producer or admin client of kafka-python connects.

    Raises ValueError where HUB_KAFKA_BOOTSTRAP_SERVERS is not set.
    """
    if settings.kafka_bootstrap_servers is None:
        raise ValueError("HUB_KAFKA_BOOTSTRAP_SERVERS is not set")
    chosen: dict[str, Any] = {
        "bootstrap_servers": settings.kafka_bootstrap_servers.split(","),
        "client_id": "signaalhub",
        "security_protocol": settings.kafka_security_protocol,
        **RECONNECT,
    }
    files = {
        "ssl_cafile": settings.kafka_ca_file,
        "ssl_certfile": settings.kafka_certificate_file,
        "ssl_keyfile": settings.kafka_key_file,
    }
    chosen |= {name: str(path) for name, path in files.items() if path is not None}
    if settings.kafka_security_protocol.startswith("SASL"):
        chosen |= _credentials(settings)
    return chosen


def _credentials(settings: Settings) -> dict[str, Any]:
    username = settings.kafka_username or ""
    password = settings.kafka_password.get_secret_value() if settings.kafka_password else ""
    if settings.kafka_sasl_mechanism == "OAUTHBEARER":
        provider = ClientCredentials(settings.kafka_token_url or "", username, password, time.monotonic)
        return {"sasl_mechanism": "OAUTHBEARER", "sasl_oauth_token_provider": provider}
    return {
        "sasl_mechanism": settings.kafka_sasl_mechanism,
        "sasl_plain_username": username,
        "sasl_plain_password": password,
    }


class ClientCredentials(AbstractTokenProvider):  # type: ignore[misc] # kafka-python is untyped
    """Tokens of an authorisation server for our client id and secret, kept until shortly before they end."""

    def __init__(self, url: str, client_id: str, secret: str, clock: Callable[[], float]) -> None:
        super().__init__()
        self._url, self._client, self._clock = url, (client_id, secret), clock
        self._lock, self._token, self._until = threading.Lock(), "", 0.0

    def token(self) -> str:
        """Raises httpx.HTTPError when no token is to be had."""
        with self._lock:
            if self._clock() >= self._until:
                form = {"grant_type": "client_credentials"}
                answer = httpx.post(self._url, data=form, auth=self._client, timeout=TOKEN_TIMEOUT_SECONDS)
                content = answer.raise_for_status().json()
                self._token = str(content["access_token"])
                self._until = self._clock() + float(content.get("expires_in", 0)) - EARLY_SECONDS
            return self._token


def acknowledged(sent: Iterable[Any], seconds: float) -> None:
    """Returns when the broker has acknowledged all that was sent. Raises KafkaError."""
    for one in sent:
        one.get(timeout=seconds)
