"""The smallest demonstration."""

from datetime import UTC, datetime

import pytest

from bihuan.config.demo.land import load_land
from bihuan.config.demo.people import load_people
from bihuan.config.demo.sites import load_sites

AT = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


class Told:
    """What is told to whoever waits."""

    def __init__(self):
        self.steps, self.shares = [], []
        self.step, self.share = self.steps.append, self.shares.append


@pytest.fixture
def loaded(db):
    """The tiny invented province with its people and key places, before anything happened."""
    load_land(scale="tiny", province="", at=AT)
    load_people(province="99", at=AT)
    load_sites(province="99", at=AT)
    return AT
