"""The hub of the doors' tests, for who tries them."""

from tests.api.conftest import hub_app

__all__ = ["hub_app"]
