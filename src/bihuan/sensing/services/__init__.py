"""The verbs of sensing."""
