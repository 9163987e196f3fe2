"""What supervision shows, by thing: `selectors.lists`, `selectors.plans`, …."""
