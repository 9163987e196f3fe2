"""The verbs of the epidemic side."""
