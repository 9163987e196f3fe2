"""Sensing: sentinels, their counts, detection by rule pack, signals and their verdicts."""
