"""Questions to other sides, people handed over the line, and the installations at its other end."""
