"""Bihuan: joint command for epidemic control and work safety."""

__version__ = "0.1.0"
