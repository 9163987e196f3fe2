"""Views of work safety, by thing."""
