"""What an operator may choose, read once at the start from the environment (`HUB_…`).

Each choice says what must be trusted for it. Secrets have no default: key files are made in the data
folder on the first start, mode 0600, and a key file that others may read stops the start.
"""

import os
import re
import secrets
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "HUB_"
#: Variables of the test suite, never read by the hub.
TEST_PREFIX = "HUB_TEST_"
MAX_BODY_BYTES = 2 * 1024 * 1024


class SettingsError(Exception):
    """The hub does not start: a setting is unknown, wrong or unsafe. The message never holds a value."""


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
        raise ValueError("must be an http(s) address without query or fragment")
    return value.rstrip("/")


WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """All choices of one running hub. Frozen; raises SettingsError through `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True, env_ignore_empty=True
    )

    database_url: SecretStr | None = None
    """PostgreSQL DSN; None = the embedded server in `data_folder`. Trusted to keep what it acknowledged; who can
    change it can withhold rows, but the transparency logs show every change of a fact."""

    data_folder: Annotated[Path, AfterValidator(Path.expanduser)] = Path("~/.local/share/signaalhub").expanduser()
    """Key files, embedded database and log tiles. Trusted wholly: who reads it can read personal content."""

    host: str = "127.0.0.1"
    """Address to listen on. Plain HTTP: everything between this socket and the TLS end point is trusted."""

    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """Port to listen on, 0 = any free one. Nothing rests on it."""

    public_url: WebAddress = "http://127.0.0.1:8000"
    """Address by which partners know the hub; the audience of every token. A wrong value refuses all tokens,
    a value shared with another service lets its tokens in here."""

    oin: Annotated[str, Field(pattern=r"^[0-9]{20}$")] = "00000099000000000153"
    """OIN of the organisation that runs the hub: the source that every notice names. Partners that trust another hub
    of the same number cannot tell the two apart."""

    production: bool = False
    """Real data. Refuses the development issuer, test organisations (OIN prefix 99) and plain http."""

    issuer_url: WebAddress | None = None
    """The one authorisation server whose tokens count; None = the development issuer. Trusted wholly: it can
    speak for every seat."""

    issuer_jwks: str | None = None
    """Its public keys: a file, or an https address. Who can change this can speak for every seat."""

    sign_in_url: WebAddress | None = None
    """The OpenID provider where people sign in for the console; None = the development issuer, and in production no
    console. Trusted wholly: it says who somebody is and which seats she may take."""

    sign_in_client_id: str | None = None
    """Our name at that provider; our public key is at /console/sleutels. Nothing rests on it. It must give this client
    refresh tokens, with a new ID token at each: by those the hub asks every five minutes whether somebody may still
    wear her hats. Its back-channel logout goes to /console/afgemeld-door-organisatie."""

    sign_in_scope: Annotated[str, Field(pattern=r"^openid( [a-z_:.-]+)*$")] = "openid"
    """What is asked of that provider. Some give refresh tokens for `openid offline_access` only."""

    stream_seconds: Annotated[float, Field(gt=0, le=86_400)] = 3_600.0
    """How long one stream of notices lasts before its reader must come again with its cursor. Nothing rests on it:
    the right to read is asked again before every batch."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least level of operational log lines. No level logs personal data."""

    max_body_bytes: Annotated[int, Field(ge=1024, le=64 * 1024 * 1024)] = MAX_BODY_BYTES
    """Largest request in bytes. Bounds the memory that one unauthenticated request may take."""

    kafka_bootstrap_servers: str | None = None
    """Kafka, `host:port,…`; None = HTTP only. Trusted for availability only: what it carries is checked on entry
    and encrypted on exit; and, by its access control, for who may write to an agency's topic."""

    kafka_prefix: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=40)] = "signaalhub"
    """First part of the names of our topics and consumer groups. Nothing rests on it; two hubs on one cluster that
    share it take each other's messages."""

    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    """How we speak to Kafka. Without SSL everybody on the way can read and change what agencies bring in."""

    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] | None = None
    """How we prove who we are, for the SASL protocols."""

    kafka_username: str | None = None
    """Our name at the broker; with OAUTHBEARER our client id."""

    kafka_password: SecretStr | None = None
    """Its password; with OAUTHBEARER the client secret. Who has it can read what agencies bring in."""

    kafka_token_url: WebAddress | None = None
    """Where OAUTHBEARER tokens come from (client credentials). It gets the client secret."""

    kafka_ca_file: Path | None = None
    """Authorities that may vouch for the broker (PEM); None = those of the machine. Who can change it can put a
    broker of their own in between."""

    kafka_certificate_file: Path | None = None
    """Our certificate for the broker, with our key in HUB_KAFKA_KEY_FILE (PEM); None = we show none."""

    kafka_key_file: Path | None = None
    """Private key of that certificate."""

    log_origin: Annotated[str, Field(pattern=r"^[a-z0-9.-]+(/[a-z0-9._-]+)*$", max_length=100)] = "signaalhub.nl"
    """Name of the transparency logs in their checkpoints. Witnesses know a log by it: changing it starts a log
    that nobody has witnessed."""

    witness_policy: Path | None = None
    """Who witnesses the logs and how many must (C2SP tlog-policy, with a URL per witness); None = nobody, and then the
    operator is trusted not to show two partners two logs."""

    webhook_ca_file: Path | None = None
    """Authorities beside those of the machine that may vouch for subscribers (PEM), such as PKIoverheid; None = no
    others. Who can change it can pose as a subscriber, and then gets notices without content and its Authorization."""

    webhook_seconds: Annotated[float, Field(gt=0, le=60)] = 15.0
    """How long a subscriber may take for one message. Nothing rests on it but patience."""

    webhook_loopback: bool = False
    """Development only: the machine itself counts as a public address for webhooks, by plain http as well. A
    subscriber could then reach what listens on this machine."""

    processing_log_url: WebAddress | None = None
    """Keeper of the Logboek Dataverwerkingen, an OTLP/HTTP address without `/v1/traces`; None = kept here only.
    Trusted to keep what it acknowledges: it gets pseudonyms and activities, no users and no content."""

    processing_log_required: bool = False
    """Nothing is shown before that keeper acknowledged it. Then who can stop the keeper can stop all reading."""

    processing_log_seconds: Annotated[float, Field(gt=0, le=60)] = 2.0
    """How long one acknowledgement may take. Nothing rests on it but patience."""

    @model_validator(mode="after")
    def _processing_log_is_whole(self) -> Self:
        if self.processing_log_required and self.processing_log_url is None:
            raise ValueError("HUB_PROCESSING_LOG_REQUIRED needs HUB_PROCESSING_LOG_URL")
        return self

    @model_validator(mode="after")
    def _sign_in_is_whole(self) -> Self:
        if (self.sign_in_url is None) != (self.sign_in_client_id is None):
            raise ValueError("HUB_SIGN_IN_URL and HUB_SIGN_IN_CLIENT_ID belong together: give both or neither")
        return self

    @model_validator(mode="after")
    def _kafka_is_whole(self) -> Self:
        if self.kafka_security_protocol.startswith("SASL"):
            needed = {
                "HUB_KAFKA_SASL_MECHANISM": self.kafka_sasl_mechanism,
                "HUB_KAFKA_USERNAME": self.kafka_username,
                "HUB_KAFKA_PASSWORD": self.kafka_password,
            }
            if self.kafka_sasl_mechanism == "OAUTHBEARER":
                needed["HUB_KAFKA_TOKEN_URL"] = self.kafka_token_url
            missing = [name for name, value in needed.items() if value is None]
            if missing:
                raise ValueError(f"HUB_KAFKA_SECURITY_PROTOCOL with SASL needs {', '.join(missing)}")
        if (self.kafka_certificate_file is None) != (self.kafka_key_file is None):
            raise ValueError("HUB_KAFKA_CERTIFICATE_FILE and HUB_KAFKA_KEY_FILE belong together: give both or neither")
        return self

    @model_validator(mode="after")
    def _external_issuer_is_whole(self) -> Self:
        if (self.issuer_url is None) != (self.issuer_jwks is None):
            raise ValueError("HUB_ISSUER_URL and HUB_ISSUER_JWKS belong together: give both or neither")
        if self.issuer_jwks and self.issuer_jwks.startswith("http://"):
            raise ValueError("HUB_ISSUER_JWKS must be a file or an https address")
        return self

    @model_validator(mode="after")
    def _production_is_safe(self) -> Self:
        if not self.production:
            return self
        if self.issuer_url is None:
            raise ValueError("the development issuer does not run in production: set HUB_ISSUER_URL")
        if self.kafka_bootstrap_servers is not None and self.kafka_security_protocol not in ("SSL", "SASL_SSL"):
            raise ValueError("HUB_KAFKA_SECURITY_PROTOCOL must be SSL or SASL_SSL in production")
        if self.webhook_loopback:
            raise ValueError("HUB_WEBHOOK_LOOPBACK is for development: webhooks go to public addresses in production")
        if self.oin.startswith("00000099"):
            raise ValueError("HUB_OIN is that of a test organisation: set your own in production")
        addresses = {
            "HUB_PUBLIC_URL": self.public_url,
            "HUB_ISSUER_URL": self.issuer_url,
            "HUB_SIGN_IN_URL": self.sign_in_url,
            "HUB_PROCESSING_LOG_URL": self.processing_log_url,
            "HUB_KAFKA_TOKEN_URL": self.kafka_token_url,
        }
        for name, address in addresses.items():
            if address is not None and not address.startswith("https://"):
                raise ValueError(f"{name} must begin with https:// in production")
        return self


def load_settings() -> Settings:
    """Read the environment. Raises SettingsError with every fault at once."""
    faults = list(_unknown_variables())
    try:
        settings = Settings()
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_url=False, include_context=False):
            name = "".join(f"{PREFIX}{part}".upper() for part in fault["loc"][:1])
            faults.append(f"{name}: {fault['msg']}" if name else fault["msg"])
    if faults:
        raise SettingsError("the hub does not start:\n" + "\n".join(f"- {fault}" for fault in faults))
    return settings


def _unknown_variables() -> list[str]:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    faults = []
    for name in sorted(os.environ):
        upper = name.upper()
        if upper.startswith(PREFIX) and not upper.startswith(TEST_PREFIX) and upper not in known:
            near = get_close_matches(upper, known, n=1)
            faults.append(f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else ""))
    return faults


def key_file(path: Path, make: Callable[[], bytes]) -> bytes:
    """The secret in `path`, made on first use, mode 0600.

    Of several processes that make it at once, one wins and all get its content. Raises SettingsError when
    others than its owner may read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    if not path.exists():
        _write_once(path, make())
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"{path.name} may be read by others: make its mode 0600 and replace the key")
    return path.read_bytes()


def _write_once(path: Path, content: bytes) -> None:
    """Whole or not at all, and never over an existing file."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass  # another process made it first; its key counts
    finally:
        draft.unlink()
