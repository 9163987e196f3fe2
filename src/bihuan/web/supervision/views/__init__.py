"""Views of supervision, by thing."""
