"""The same hub as the tests of the doors have, and people at its console."""

from tests.api.conftest import hub_app

__all__ = ["hub_app"]
