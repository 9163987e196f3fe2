"""The verbs of organisations: people and posts, four parties, tokens."""

from bihuan.core.orgs.services.parties import (
    cover_venue,
    give_sector,
    record_personal_act,
    set_duty_line,
    set_slot,
    share_out,
    sign_slot,
    take_sector,
)
from bihuan.core.orgs.services.people import (
    appoint,
    end_post,
    end_tenure,
    found_org,
    open_account,
    open_post,
    record_absence,
    set_portfolio,
)
from bihuan.core.orgs.services.tokens import make_token, revoke_token, token_holder
from bihuan.core.orgs.services.venues import VenueInput, open_venue, open_venues, open_venues_of

__all__ = [
    "VenueInput",
    "appoint",
    "cover_venue",
    "end_post",
    "end_tenure",
    "found_org",
    "give_sector",
    "make_token",
    "open_account",
    "open_post",
    "open_venue",
    "open_venues",
    "open_venues_of",
    "record_absence",
    "record_personal_act",
    "revoke_token",
    "set_duty_line",
    "set_portfolio",
    "set_slot",
    "share_out",
    "sign_slot",
    "take_sector",
    "token_holder",
]
