"""The packaged policy, loaded once for all policy tests."""

import pytest

from hub.access.beleid import Beleid
from hub.access.bundel import Bundel, laad_bundel
from hub.access.gevallen import Geval, lees_gevallen


@pytest.fixture(scope="session")
def bundel() -> Bundel:
    return laad_bundel()


@pytest.fixture(scope="session")
def beleid(bundel: Bundel) -> Beleid:
    return Beleid(bundel)


@pytest.fixture(scope="session")
def gevallen() -> dict[str, Geval]:
    return {geval.id: geval for geval in lees_gevallen()}
