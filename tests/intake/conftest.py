import pytest

from tests.conftest import NOON
from tests.factories import build_world
from tests.intake.reader import fake_read


@pytest.fixture
def world(db, monkeypatch):
    """The small province, and a reader that marks each line as a demand (see `reader`)."""
    monkeypatch.setattr("bihuan.intake.communique.read", fake_read)
    return build_world(NOON)
