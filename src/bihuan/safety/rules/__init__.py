"""Pure rules of work safety: own fields, limits, gates, grades, classes of accidents."""
