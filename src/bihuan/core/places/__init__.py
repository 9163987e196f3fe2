"""Places: the administrative tree, its history and its boundaries."""
