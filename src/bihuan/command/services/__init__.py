"""The verbs of command work."""

from bihuan.command.services.figures import refresh_figures
from bihuan.command.services.issue import issue_directive, prepare_directive, send_directive
from bihuan.command.services.meetings import record_meeting
from bihuan.command.services.plenaries import (
    call_plenary,
    call_roll,
    close_plenary,
    explain_demands,
    hold_plenary,
)
from bihuan.command.services.ready import preview
from bihuan.command.services.relays import (
    confirm_read,
    consent_to_stricter,
    map_to_task,
    plan_relay,
    say_none_here,
)

__all__ = [
    "call_plenary",
    "call_roll",
    "close_plenary",
    "confirm_read",
    "consent_to_stricter",
    "explain_demands",
    "hold_plenary",
    "issue_directive",
    "map_to_task",
    "plan_relay",
    "prepare_directive",
    "preview",
    "record_meeting",
    "refresh_figures",
    "say_none_here",
    "send_directive",
]
