"""Binds the logs to their keys and their witnesses."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from hub.audit.quorum import PolicyRefused, TrustPolicy, parse_policy
from hub.audit.witnesses import HttpAsking
from hub.ledger.checkpoints import LOGS, Checkpoints, Signers
from hub.ledger.published import PublishedStore
from hub.ledger.publisher import ROUND_SECONDS, Publisher
from hub.ledger.signing import SigningKeys
from hub.log import GeenGetuigen, Log, TaakMislukt, place_of
from hub.sealing import utc_now
from hub.settings import Settings, SettingsError
from hub.tasks import beside

WITNESS_SECONDS = 5.0


def trust_policy(settings: Settings) -> TrustPolicy:
    """Who witnesses the logs, from the file that the settings name; nobody without one. Raises SettingsError."""
    if settings.witness_policy is None:
        return TrustPolicy()
    try:
        policy = parse_policy(settings.witness_policy.read_bytes())
    except OSError:
        raise SettingsError("HUB_WITNESS_POLICY is not a readable file") from None
    except PolicyRefused as refused:
        raise SettingsError(f"HUB_WITNESS_POLICY cannot be used:\n{refused}") from None
    schemes = ("https://",) if settings.production else ("https://", "http://")
    wrong = [one.name for one in policy.witnesses.values() if one.url and not one.url.startswith(schemes)]
    if wrong:
        raise SettingsError(f"HUB_WITNESS_POLICY: these witnesses need {' or '.join(schemes)}: {', '.join(wrong)}")
    return policy


def signing_keys(settings: Settings) -> SigningKeys:
    """The keys that sign the logs; the first is made at the first start."""
    return SigningKeys(settings.data_folder / "keys", settings.log_origin, LOGS)


def log_signers(settings: Settings) -> dict[str, Signers]:
    """Who signs each log now."""
    keys = signing_keys(settings)
    signers = {log: keys.signers(log) for log in LOGS}
    return {log: Signers(found[-1], found[:-1], keys.statements(log)) for log, found in signers.items()}


@contextmanager
def publish_in_thread(checkpoints: Checkpoints, store: PublishedStore, policy: TrustPolicy, log: Log) -> Iterator[None]:
    """Checkpoints are handed out while the context lasts."""
    if not policy.witnesses:
        log.write(GeenGetuigen())
    ask = HttpAsking(WITNESS_SECONDS)
    publisher = Publisher(checkpoints, store, policy, ask, utc_now, log)

    def failed(error: Exception) -> None:
        log.write(TaakMislukt("controlepunten", type(error).__name__, place_of(error), ROUND_SECONDS))

    try:
        with beside(("publisher", partial(publisher.follow, failed=failed))):
            yield
    finally:
        publisher.close()
        ask.close()
