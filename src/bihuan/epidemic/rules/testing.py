"""What a round of testing needs by the guideline in force: people, sites, tubes. Pure."""

from dataclasses import dataclass
from math import ceil

from bihuan.core.packs.types import Pack


@dataclass(frozen=True, slots=True)
class RoundNeeds:
    """Samplers for one round within the hours of the guideline, sites from-to, tubes."""

    samplers: int
    sites: tuple[int, int]
    tubes: int
    hours: float


def round_needs(guideline: Pack, *, people: int, pool: int = 0) -> RoundNeeds:
    """For so many residents; `pool` of the guideline where none is given."""

    def said(key: str) -> int:
        return int(guideline.value_of(f"round.{key}"))

    return RoundNeeds(
        samplers=ceil(people / said("residents_per_sampler")),
        sites=(
            ceil(people / said("residents_per_site_most")),
            ceil(people / said("residents_per_site_least")),
        ),
        tubes=ceil(people / (pool or said("pool"))),
        hours=float(guideline.value_of("round.hours")),
    )
