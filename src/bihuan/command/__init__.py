"""Meetings, directives and their way down: who relays, who answers what, how far it came."""
