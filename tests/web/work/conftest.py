"""Time that a test may let pass, and evidence kept in a folder of the test's own."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest


class Clock:
    """What time the pages believe it is."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(wall_clock: None, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set `clock.at` to let time pass."""
    made = Clock(at)
    monkeypatch.setattr("bihuan.web.middleware.read_clock", made)
    return made


@pytest.fixture(autouse=True)
def evidence_folder(settings: Any, tmp_path: Path) -> None:
    """Nothing is left behind."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
