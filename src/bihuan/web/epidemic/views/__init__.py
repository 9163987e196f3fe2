"""Views by thing."""
