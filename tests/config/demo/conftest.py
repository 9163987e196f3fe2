"""The smallest demonstration, loaded once for the tests of a module."""

from datetime import UTC, datetime

import pytest

from bihuan.config import demo

AT = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


@pytest.fixture
def loaded(db):
    """The tiny invented province with its people."""
    demo.load(scale="tiny", province="", at=AT, progress=lambda line: None)
    return AT
