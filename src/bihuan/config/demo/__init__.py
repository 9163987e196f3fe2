"""The demonstration: an invented province, its people, and a directive on its way down.

This package is imported by the settings for the list of accounts: what needs the database is
imported when it is called.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

SCALES = ("tiny", "small", "full")


class Steps(Protocol):
    """Who waits for the load is told each step, and how far a long one has come."""

    def step(self, name: str) -> None:
        """A step begins."""

    def share(self, done: float) -> None:
        """So much of the step is done, 0 to 1."""


def load(*, scale: str, province: str, at: datetime, progress: Steps) -> None:
    """Fill an empty, migrated database: land, people, then the story as it stands at `at`.

    `province` is the code of a real one, "" for the invented.
    """
    from bihuan.config.demo.bulk import analyze
    from bihuan.config.demo.care import load_care
    from bihuan.config.demo.epidemic import load_epidemic
    from bihuan.config.demo.inquiries import load_inquiries
    from bihuan.config.demo.inspecting import load_inspecting
    from bihuan.config.demo.land import load_land
    from bihuan.config.demo.people import load_people
    from bihuan.config.demo.safety import load_safety
    from bihuan.config.demo.seasons import load_flows, load_seasons
    from bihuan.config.demo.sites import load_sites
    from bihuan.config.demo.situation import load_situation
    from bihuan.config.demo.spills import load_spills
    from bihuan.config.demo.story import tell_story
    from bihuan.config.demo.targets import load_targets
    from bihuan.config.demo.works import load_works
    from bihuan.config.speech import say

    progress.step(say("生成行政区划", "making the land"))
    code = load_land(scale=scale, province=province, at=at)
    progress.step(say("配备机构与人员", "staffing every place"))
    load_people(province=code, at=at)
    if not province:  # no invented findings about real places
        load_sites(province=code, at=at)
        progress.step(say("上演示例工作", "playing nine days of work"))
        parts = (
            load_epidemic, load_situation, load_care, load_inquiries,
            load_spills, load_targets, load_safety, load_inspecting, load_works, load_seasons, load_flows,
        )  # fmt: skip
        for part in parts:  # in this order: each builds on those before it
            part(province=code, at=at)
        tell_story(province=code, scale=scale, at=at, progress=progress.share)
    analyze()


def accounts() -> Iterator[str]:
    """The accounts of the loaded province, one line each, in the terminal's language."""
    from bihuan.config.demo.signin import PASSWORD, demo_accounts
    from bihuan.config.speech import say
    from bihuan.core.places.models import Place

    province = Place.objects.get(level="province", valid_to=None).code
    for account in demo_accounts(province):
        yield f"{account.username:<18} {PASSWORD}  {say(account.label, account.label_en)}"
