"""Documents in, checked drafts out: nothing is guessed silently, and the original is kept."""
