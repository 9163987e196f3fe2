"""The situation of a place: its map, its page, and the board of what is out of control."""
