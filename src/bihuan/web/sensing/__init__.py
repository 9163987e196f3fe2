"""Pages of sensing: signals, the day's counts, the register of sentinels."""
