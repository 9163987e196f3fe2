"""How identities are compared: keys that bring likely twins together, and a score with reasons.

Each key is computed once for a person, so that a search costs as many look-ups as a person has
keys, however many people there are.
"""

import re

from bihuan.core.vault.types import Identity

LIKELY = 0.75
POSSIBLE = 0.5
_SPACES = re.compile(r"[\s·•.\-]+")


def plain(text: str) -> str:
    """A name or number without spaces, dots and dashes, of one case."""
    return _SPACES.sub("", text).upper()


def syllables(name: str) -> tuple[str, ...]:
    """The name as it is spoken. The dictionary is loaded at the first name, not at every start."""
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(plain(name)))


def keys(person: Identity) -> frozenset[str]:
    """Every key under which this person, or a miswritten form of them, can be found."""
    name, number = plain(person.name), plain(person.id_number)
    found = {f"id:{number}"} if number else set()
    if len(number) >= 15:  # one wrong or two swapped digits leave one half whole
        found |= {f"id<:{number[:10]}", f"id>:{number[-8:]}"}
    for phone in filter(None, (plain(person.phone), plain(person.guardian_phone))):
        found.add(f"tel:{phone}")
        if len(phone) >= 11:
            found |= {f"tel<:{phone[:7]}", f"tel>:{phone[-7:]}"}
    if name:
        spoken = syllables(person.name)
        found |= {f"name:{name}", f"said:{'-'.join(spoken)}", f"set:{'-'.join(sorted(spoken))}"}
        if person.born and len(name) > 1:  # one character of another radical
            found |= {f"drop:{name[:i]}{name[i + 1 :]}:{person.born[:4]}" for i in range(len(name))}
    return frozenset(found)


def similarity(one: Identity, other: Identity) -> tuple[float, tuple[str, ...]]:
    """How likely two records mean one person, 0..1, and why."""
    reasons: list[tuple[str, float]] = []
    left, right = plain(one.id_number), plain(other.id_number)
    if left and right:
        reasons.append(_number("id", left, right, same=1.0, near=0.8, apart=-0.6))
    phones = ({plain(p) for p in (x.phone, x.guardian_phone) if p} for x in (one, other))
    mine, theirs = phones
    if mine and theirs:
        best = max(
            (_number("phone", a, b, same=0.4, near=0.3, apart=0.0) for a in mine for b in theirs),
            key=lambda found: found[1],
        )
        reasons.append(best)
    if one.name and other.name:
        reasons.append(_name(plain(one.name), plain(other.name)))
    if one.born and other.born:
        reasons.append(("born.same", 0.25) if one.born == other.born else ("born.differs", -0.2))
    if one.sex and other.sex and one.sex != other.sex:
        reasons.append(("sex.differs", -0.3))
    score = max(0.0, min(1.0, sum(weight for _, weight in reasons)))
    return round(score, 2), tuple(code for code, weight in reasons if weight)


def _number(
    kind: str, left: str, right: str, *, same: float, near: float, apart: float
) -> tuple[str, float]:
    if left == right:
        return f"{kind}.same", same
    return (f"{kind}.near", near) if near_number(left, right) else (f"{kind}.differs", apart)


def near_number(left: str, right: str) -> bool:
    """One digit wrong, or two neighbours swapped."""
    if len(left) != len(right):
        return False
    wrong = [i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    if len(wrong) == 1:
        return True
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
    return swapped and left[wrong[0]] == right[wrong[1]] and left[wrong[1]] == right[wrong[0]]


def _name(left: str, right: str) -> tuple[str, float]:
    if left == right:
        return "name.same", 0.5
    mine, theirs = syllables(left), syllables(right)
    if mine == theirs:
        return "name.sounds_same", 0.45
    if sorted(left) == sorted(right) or sorted(mine) == sorted(theirs):
        return "name.transposed", 0.4
    apart = sum(a != b for a, b in zip(left, right, strict=False)) if len(left) == len(right) else 9
    return ("name.one_character", 0.3) if apart == 1 else ("name.differs", -0.3)
