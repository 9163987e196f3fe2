"""Pages of command: directives, relays, cascades, meetings, ledgers, stricter demands."""
