"""Evidence is kept in a folder of the test's own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def evidence_folder(settings: Any, tmp_path: Path) -> None:
    """Nothing is left behind."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
