"""Organisations, posts, people and who answers for what."""
