"""Pages of the frame: home, search, notices, help, language, errors."""
