"""What may be taken as evidence: types, names, sizes. Pure."""

from pathlib import PurePosixPath

ALLOWED = {
    "image/jpeg": "photo",
    "image/png": "photo",
    "image/webp": "photo",
    "application/pdf": "document",
    "text/plain": "document",
    "text/csv": "document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "document",
}


def kind_of(mime: str) -> str | None:
    """photo or document for a type that may be kept; None for any other."""
    return ALLOWED.get(mime)


def safe_name(name: str) -> str:
    """The last part of a file's name, without controls or path tricks, at most 120 characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(char for char in last if char.isprintable() and char not in '<>:"|?*')
    return printable.strip(". ")[:120] or "file"
