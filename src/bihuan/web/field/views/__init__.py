"""Views, by thing."""
