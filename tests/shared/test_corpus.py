"""The labelled development set: the figures that the method page promises, by its own scorer."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bihuan.intake.communique.__main__ import write_all

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
BARS = {
    "demand_f1": 0.93,
    "speaker_acc_all_gold": 0.90,
    "domain_macro_f1": 0.78,
    "actionable_f1_matched": 0.92,
    "metadata_acc": 0.88,
    "meta_level": 0.92,
    "responsible_f1_matched": 0.85,
    "deadline_f1_matched": 0.90,
    "problem_f1_matched": 0.90,
    "clean_char_f1": 0.99,
    "clean_char_f1_worst": 0.95,
    "index_negatives_rejected": 1.0,
    "index_communiques_accepted": 1.0,
}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    if not CORPUS.exists():
        pytest.skip("no labelled corpus beside this repository")
    out = tmp_path_factory.mktemp("records")
    write_all([CORPUS / "raw"], out)
    scorer = [sys.executable, str(CORPUS / "score_intake.py"), str(out), str(CORPUS / "gold")]
    run = subprocess.run(
        [*scorer, "--index", str(CORPUS / "index.csv"), "--json"],
        capture_output=True,
        check=True,
        text=True,
    )
    told: dict[str, float] = json.loads(run.stdout)
    return told


@pytest.mark.parametrize("figure", BARS)
def test_each_figure_holds(figures: dict[str, float], figure: str) -> None:
    assert figures[figure] >= BARS[figure]
