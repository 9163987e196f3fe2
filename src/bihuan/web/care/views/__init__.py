"""Views of isolation and care: the board, facilities, people, and what somebody asks about themselves."""
