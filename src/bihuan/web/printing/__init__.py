"""Paper: one frozen description, typeset as PDF and written as a Word file."""

from bihuan.web.printing.files import FORMS, printed
from bihuan.web.printing.paper import Block, Code, Grid, Heading, Pairs, Paper, Signature, Text

__all__ = [
    "FORMS", "Block", "Code", "Grid", "Heading", "Pairs", "Paper", "Signature", "Text", "printed",
]  # fmt: skip
