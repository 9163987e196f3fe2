"""Proof: content-addressed files and typed statements, with time, place and maker."""
