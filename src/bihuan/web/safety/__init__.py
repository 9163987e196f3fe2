"""Pages of work safety."""
