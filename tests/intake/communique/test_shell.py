"""Reading from the shell: a table, a folder of records, and going on after a kill."""

import json
import tracemalloc
from pathlib import Path

import pytest

from bihuan.intake.communique import read
from bihuan.intake.communique.__main__ import main
from tests.intake.communique.generator import communique


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "one.txt").write_text(communique(1).text, encoding="utf-8")
    both = f"{communique(11).text}\n{communique(12).text}"
    (folder / "two.txt").write_text(both, encoding="utf-8")
    return folder


def test_a_folder_gives_one_record_a_file_and_parts_for_a_double_one(
    pages: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert main(["read", str(pages), "--out", str(out)]) == 0
    assert sorted(one.name for one in out.iterdir()) == [
        "one.json",
        "two-1.json",
        "two-2.json",
        "two.json",
    ]
    whole = json.loads((out / "two.json").read_text("utf-8"))
    parts = [json.loads((out / f"two-{n}.json").read_text("utf-8")) for n in (1, 2)]
    assert len(whole["directives"]) == sum(len(part["directives"]) for part in parts)


def test_a_second_run_goes_on_where_the_first_stopped(
    pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    main(["read", str(pages / "one.txt"), "--out", str(out)])
    before = (out / "one.json").stat().st_mtime_ns
    main(["read", str(pages), "--out", str(out)])
    assert (out / "one.json").stat().st_mtime_ns == before
    assert "1 read, 1 there already, 2 in all" in capsys.readouterr().err


def test_an_unreadable_file_is_told_and_does_not_stop_the_rest(
    pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pages / "empty.txt").write_bytes(b"")
    out = tmp_path / "out"
    assert main(["read", str(pages), "--out", str(out)]) == 1
    assert "empty.txt: intake.empty" in capsys.readouterr().err
    assert json.loads((out / "empty.json").read_text("utf-8"))["reason"] == "intake.empty"
    assert (out / "two.json").exists()


def test_the_table_has_a_row_a_demand(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(pages / "one.txt"), "--table"]) == 0
    told = capsys.readouterr().out
    for text, speaker in communique(1).demands:
        assert text in told
        assert speaker in told


def test_a_missing_file_is_a_usage_error() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["read", "/nowhere/at/all.txt"])
    assert stop.value.code == 2


def test_a_run_killed_in_the_middle_goes_on_and_leaves_no_half_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pages, out = tmp_path / "many", tmp_path / "out"
    pages.mkdir()
    for seed in range(6):
        (pages / f"{seed}.txt").write_text(communique(seed).text, encoding="utf-8")
    reads = iter(range(6))

    def breaks(*given: object, **named: object) -> object:
        if next(reads) == 3:
            raise KeyboardInterrupt
        return read(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("bihuan.intake.communique.__main__.read", breaks)
    with pytest.raises(KeyboardInterrupt):
        main(["read", str(pages), "--out", str(out)])
    monkeypatch.undo()
    assert len(list(out.glob("*.json"))) == 3
    assert main(["read", str(pages), "--out", str(out)]) == 0
    assert "3 read, 3 there already, 6 in all" in capsys.readouterr().err
    records = [json.loads(one.read_text("utf-8")) for one in out.iterdir()]
    assert len(records) == 6
    assert all(one["directives"] for one in records)


def test_memory_does_not_grow_with_the_number_of_pages(tmp_path: Path) -> None:
    pages = tmp_path / "many"
    pages.mkdir()
    text = communique(1).text

    def most(count: int) -> int:
        for number in range(count):
            (pages / f"{number}.txt").write_text(text, encoding="utf-8")
        tracemalloc.start()
        main(["read", str(pages), "--out", str(tmp_path / f"out-{count}")])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(2)  # fills the caches of the reader
    assert most(24) < 1.5 * most(6) + 200_000
