"""Refusals of the places package."""

from bihuan.core.errors import Conflict, Invalid, NotFound


class UnknownPlace(NotFound):
    """No place has, or had, this code on that day."""

    default = "places.unknown"


class AlreadyLoaded(Conflict):
    """The province is in the database; a second load would double it."""

    default = "places.already_loaded"


class BadMove(Invalid):
    """The places and codes given cannot be joined in this way."""

    default = "places.bad_move"


class BadFile(Invalid):
    """The file cannot be read as what it should be."""

    default = "places.bad_file"
