"""Views of command."""
