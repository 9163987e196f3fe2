"""What an installation keeps for itself."""

import stat

from bihuan.config import home


def test_a_secret_is_made_once_and_for_the_owner_only(tmp_path, monkeypatch):
    monkeypatch.setenv("BIHUAN_HOME", str(tmp_path / "new"))
    first = home.secret("some_key")
    assert len(first) >= 48
    assert home.secret("some_key") == first
    mode = (tmp_path / "new" / "secrets" / "some_key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert [path.name for path in (tmp_path / "new" / "secrets").iterdir()] == ["some_key"]


def test_the_environment_may_give_the_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("BIHUAN_HOME", str(tmp_path))
    monkeypatch.setenv("BIHUAN_SOME_KEY", "given")
    assert home.secret("some_key") == "given"
    assert list(tmp_path.iterdir()) == []


def test_commands_speak_of_the_database_last_served(tmp_path, monkeypatch):
    monkeypatch.setenv("BIHUAN_HOME", str(tmp_path))
    assert home.current_database() == home.SITE
    home.set_current_database("demo_44")
    assert home.current_database() == "demo_44"
