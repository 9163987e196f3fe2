"""Files of others are what the manifest says; templates keep to what the policy allows."""

import gzip
import hashlib
import re
import tomllib
from pathlib import Path

import pytest

import bihuan.web

WEB = Path(bihuan.web.__file__).parent
VENDOR = WEB / "static/web/vendor"
MANIFEST = tomllib.loads((VENDOR / "MANIFEST.toml").read_text(encoding="utf-8"))
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
ICON = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|symbol=["']([a-z0-9-]+)["']""")
SPRITE = set(
    re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons/icons.svg").read_text(encoding="utf-8"))
)


@pytest.mark.parametrize("package", MANIFEST["package"], ids=lambda package: package["name"])
def test_every_vendored_file_has_its_sum_and_a_licence(package: dict) -> None:
    folder = VENDOR / package["folder"]
    assert {file.name for file in folder.iterdir()} == set(package["sha256"])
    assert "LICENSE" in package["sha256"]
    for name, said in package["sha256"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == said, name


@pytest.mark.parametrize("packed", sorted(VENDOR.rglob("*.gz")), ids=lambda path: path.name)
def test_a_packed_file_holds_the_plain_one(packed: Path) -> None:
    assert gzip.decompress(packed.read_bytes()) == packed.with_suffix("").read_bytes()


def test_a_browser_that_can_gets_the_packed_file(client) -> None:
    address = "/static/web/vendor/tabler/tabler.min.css"
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    sent = b"".join(answer.streaming_content)  # reading to the end closes the file
    assert answer["Content-Encoding"] == "gzip"
    assert len(sent) < 100_000
    assert answer["Content-Type"].startswith("text/css")


def test_no_vendored_folder_is_missing_from_the_manifest() -> None:
    listed = {package["folder"] for package in MANIFEST["package"]}
    assert {folder.name for folder in VENDOR.iterdir() if folder.is_dir()} == listed


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_nothing_that_the_policy_refuses(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<[^>]*\sstyle=", text), "no style attribute"
    assert not re.search(r"<[^>]*\son[a-z]+=", text), "no event attribute"
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert not re.search(r"data-bs-(?!theme)", text), "Tabler's scripts are not loaded"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_icon_of_a_template_is_in_the_sprite(template: Path) -> None:
    named = {a or b for a, b in ICON.findall(template.read_text(encoding="utf-8"))}
    assert named <= SPRITE


def test_every_icon_named_in_code_is_in_the_sprite() -> None:
    from bihuan.web.nav import GROUPS, entries
    from bihuan.web.words import MOVES, STATES

    named = {entry.icon for entry in entries()} | {icon for _words, icon in GROUPS.values()}
    named |= {move[1] for move in MOVES.values()} | {state[2] for state in STATES.values()}
    assert named <= SPRITE


@pytest.mark.parametrize(
    "script", sorted((WEB / "static/web/js").glob("*.js")), ids=lambda path: path.name
)
def test_a_script_stays_short_and_writes_no_markup(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    assert not re.search(r"\beval\(|new Function|\.innerHTML\s*=", text)
