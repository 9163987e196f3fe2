import pytest

from tests.intake.reader import fake_read

TEXT = "记录:全市安全生产电视电话会议\n#深入学习精神\n要排查渡口安全,要检查旅馆安全\n月底前完成检测"


@pytest.fixture(autouse=True)
def reader(monkeypatch):
    """One demand a line: see `tests.intake.reader`."""
    monkeypatch.setattr("bihuan.intake.communique.read", fake_read)


@pytest.fixture
def document(world, at):
    """A document of the city's office."""
    from bihuan.intake import services

    return services.upload(data=TEXT.encode(), name="会议.txt", by=world.city, at=at)[0]
