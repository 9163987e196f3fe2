"""Accuracy and speed of reading communiqués."""
