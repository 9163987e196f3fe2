"""What every test may ask for."""

from datetime import UTC, datetime

import pytest

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Shanghai


@pytest.fixture
def at() -> datetime:
    """The moment at which a test's work happens."""
    return NOON
