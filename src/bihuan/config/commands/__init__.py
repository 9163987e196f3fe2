"""One file for each command or group of commands of `bihuan`; see `config/command.py`."""
