import pytest

from tests.conftest import NOON
from tests.factories import build_world


@pytest.fixture
def world(db):
    return build_world(NOON)
