"""My work, the lists of loops, and the page of one loop."""
