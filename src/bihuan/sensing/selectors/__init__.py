"""What is known of sentinels, series and signals."""
