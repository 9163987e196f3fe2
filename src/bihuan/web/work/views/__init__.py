"""Views of My work, of one loop, of evidence and of responsibility."""
