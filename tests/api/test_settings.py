"""What stops the start, and what a log line can never hold."""

import json
import logging
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from hub.log import (
    CATALOGUE,
    REMOVED,
    HubGestart,
    HubGestopt,
    Log,
    LogEvent,
    TaakVoortgang,
    VerzoekAfgehandeld,
    take_over_library_logs,
)
from hub.settings import Settings, SettingsError, key_file, load_settings

CANARY = "999900018"
SAFE = {
    "HUB_PRODUCTION": "true",
    "HUB_OIN": "00000001111111111000",
    "HUB_PUBLIC_URL": "https://hub.example",
    "HUB_ISSUER_URL": "https://login.example",
    "HUB_ISSUER_JWKS": "https://login.example/jwks",
}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.upper().startswith("HUB_"):
            monkeypatch.delenv(name)


class TestSettings:
    def test_start_without_any(self) -> None:
        assert load_settings().production is False

    def test_each_says_what_it_trusts(self) -> None:
        source = Path(__import__("hub.settings").settings.__file__).read_text()
        for name in Settings.model_fields:
            after = source.split(f"    {name}: ", 1)[1]
            assert '"""' in after.split("\n\n", 1)[0], name

    def test_unknown_ones_stop_the_start_all_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HUB_PROT", "1")
        monkeypatch.setenv("HUB_GEHEIM", CANARY)
        with pytest.raises(SettingsError) as refused:
            load_settings()
        assert "HUB_PROT is not a setting; did you mean HUB_PORT?" in str(refused.value)
        assert "HUB_GEHEIM" in str(refused.value)
        assert CANARY not in str(refused.value)

    def test_wrong_ones_stop_the_start_without_their_value(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HUB_PORT", "geheim")
        monkeypatch.setenv("HUB_LOG_LEVEL", "geheim")
        with pytest.raises(SettingsError) as refused:
            load_settings()
        assert "HUB_PORT" in str(refused.value)
        assert "HUB_LOG_LEVEL" in str(refused.value)
        assert "geheim" not in str(refused.value)

    def test_test_variables_are_not_ours(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HUB_TEST_KAFKA", "localhost:9092")
        load_settings()

    def test_a_password_is_not_shown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HUB_DATABASE_URL", "postgresql://hub:geheim@db/hub")
        assert "geheim" not in repr(load_settings())

    def test_production_that_is_safe(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in SAFE.items():
            monkeypatch.setenv(name, value)
        assert load_settings().production

    @pytest.mark.parametrize(
        "unsafe",
        [
            {"HUB_ISSUER_URL": "", "HUB_ISSUER_JWKS": ""},
            {"HUB_PUBLIC_URL": "http://hub.example"},
            {"HUB_ISSUER_URL": "http://login.example"},
            {"HUB_ISSUER_JWKS": "http://login.example/jwks"},
            {"HUB_ISSUER_JWKS": ""},
        ],
    )
    def test_production_that_is_unsafe(self, monkeypatch: pytest.MonkeyPatch, unsafe: dict[str, str]) -> None:
        for name, value in (SAFE | unsafe).items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SettingsError):
            load_settings()


class TestKeyFile:
    def test_is_made_once_for_its_owner(self, tmp_path: Path) -> None:
        path = tmp_path / "keys" / "een"
        assert key_file(path, lambda: b"first") == b"first"
        assert key_file(path, lambda: b"second") == b"first"
        assert path.stat().st_mode & 0o777 == 0o600
        assert [entry.name for entry in path.parent.iterdir()] == ["een"]

    def test_that_others_may_read_stops_the_start(self, tmp_path: Path) -> None:
        path = tmp_path / "een"
        path.write_bytes(b"key")
        path.chmod(0o640)
        with pytest.raises(SettingsError, match="0600"):
            key_file(path, lambda: b"")

    def test_of_another_process_that_was_first_counts(self, tmp_path: Path) -> None:
        path = tmp_path / "een"

        def late() -> bytes:
            path.write_bytes(b"theirs")
            path.chmod(0o600)
            return b"ours"

        assert key_file(path, late) == b"theirs"


def written(*events: LogEvent, level: str = "debug") -> list[dict[str, object]]:
    stream = StringIO()
    log = Log(stream, level, lambda: datetime(2026, 3, 1, tzinfo=UTC))  # type: ignore[arg-type]
    for event in events:
        log.write(event)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


class TestLog:
    def test_numbers_are_unique_and_every_event_is_listed(self) -> None:
        numbers = [kind.NUMBER for kind in CATALOGUE]
        assert len(set(numbers)) == len(numbers)
        import hub.log

        declared = {
            kind for kind in vars(hub.log).values() if isinstance(kind, type) and issubclass(kind, LogEvent)
        } - {LogEvent}
        assert declared == set(CATALOGUE)

    def test_a_line_names_number_level_and_moment(self) -> None:
        (line,) = written(HubGestart("0.1.0", "127.0.0.1:8000", "ingebed", False))
        assert (line["nummer"], line["niveau"], line["tijdstip"]) == (1000, "info", "2026-03-01T00:00:00Z")

    def test_unlisted_fields_and_events_cannot_be_logged(self) -> None:
        with pytest.raises(TypeError):
            HubGestart("0.1.0", "x", "ingebed", False, bsn=CANARY)  # type: ignore[call-arg]

        class Eigen(LogEvent):
            NUMBER, LEVEL = 1, "info"

        with pytest.raises(TypeError, match="catalogue"):
            written(Eigen())

    def test_a_canary_in_any_field_is_removed(self) -> None:
        lines = written(
            VerzoekAfgehandeld("GET", f"/v1/{CANARY}/x", 200, 1.0, "0" * 32),
            HubGestopt(f"bsn:{CANARY}."),
            TaakVoortgang("herbouw", int(CANARY), 0),
        )
        assert CANARY not in json.dumps(lines)
        assert json.dumps(lines).count(REMOVED) == 3

    def test_levels_below_the_least_are_not_written(self) -> None:
        assert written(HubGestopt("SIGTERM"), level="warning") == []

    def test_a_failing_stream_stops_nothing(self) -> None:
        stream = StringIO()
        stream.close()
        Log(stream, "info", lambda: datetime(2026, 3, 1, tzinfo=UTC)).write(HubGestopt("SIGTERM"))

    def test_libraries_speak_without_their_words(self) -> None:
        stream = StringIO()
        root = logging.root
        before = (root.handlers[:], root.level)
        try:
            take_over_library_logs(Log(stream, "info", lambda: datetime(2026, 3, 1, tzinfo=UTC)))
            logging.getLogger("een.bibliotheek").error("record of %s failed", CANARY)
        finally:
            root.handlers[:], root.level = before[0], before[1]
        line = json.loads(stream.getvalue())
        assert CANARY not in stream.getvalue()
        assert (line["bibliotheek"], line["niveau"]) == ("een.bibliotheek", "error")
