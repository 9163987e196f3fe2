"""Names that mean the same: for registers of places and for figures. Pure."""

import unicodedata


def key_of(name: str) -> str:
    """A name without width, case, spaces and punctuation: "Ａ 店(一)" and "a店（一）" are one."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if char.isalnum())[:120]


def shortfall(*, now: float, target: float) -> float:
    """How far a figure is from its target, as a share of the target; of 1 where that is zero."""
    return abs(now - target) / (abs(target) or 1.0)
