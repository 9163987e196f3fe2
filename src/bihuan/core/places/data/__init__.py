"""The real tree as facts; see SOURCE.md."""
