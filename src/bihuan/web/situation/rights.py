"""Which duties open the pages of a place. What of it a post sees is the selectors' work."""

SEES = ("directive.issue", "personal.act", "supervise.plan")
"""Posts that lead, serve or inspect a place: they see all of it."""
