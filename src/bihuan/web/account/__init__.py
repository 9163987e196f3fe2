"""Signing in and out, the post one acts in, one's own security."""
