"""Views of intake."""
