"""The API is asked at a fixed moment."""

import pytest


@pytest.fixture(autouse=True)
def fixed_moment(edges: None) -> None:
    """No answer depends on the day on which it is asked for."""
