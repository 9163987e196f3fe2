"""Refusals of the domain: a stable code and the facts; the words live in the message tables.

A code is never reused for another meaning. Pages and JSON build their answer from
`code`, `facts` and `status` alone.
"""


class Refused(Exception):
    """An act was refused. `code` says why, `facts` with which figures or names."""

    status = 409
    default = "refused"

    def __init__(self, code: str = "", /, **facts: object) -> None:
        self.code = code or self.default
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        told = ", ".join(f"{key}={value}" for key, value in self.facts.items())
        return f"{self.code} ({told})" if told else self.code


class NotFound(Refused):
    """There is no such thing, or the asker may not know that there is."""

    status = 404
    default = "not_found"


class NotAllowed(Refused):
    """The post lacks the duty for this act."""

    status = 403
    default = "not_allowed"


class Unauthenticated(Refused):
    """Nobody is signed in, or the token is not valid."""

    status = 401
    default = "unauthenticated"


class NoSuchMove(Refused):
    """The loop has no such move from the state it is in."""

    default = "no_such_move"


class MoveBlocked(Refused):
    """Something is missing; the code names it."""

    default = "move_blocked"


class Stale(Refused):
    """Somebody else changed the row since it was read."""

    status = 412
    default = "stale"


class Conflict(Refused):
    """Another row stands in the way."""

    default = "conflict"


class Invalid(Refused):
    """The input cannot be taken; `facts` name field, row and reason."""

    status = 422
    default = "invalid"


class TooMany(Refused):
    """Too many attempts; try again later."""

    status = 429
    default = "too_many"


class SettingsWrong(Refused):
    """The site's settings cannot be used; `facts` name the setting and the mend."""

    status = 500
    default = "settings_wrong"
