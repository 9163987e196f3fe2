"""A paper as PDF. Typst does the work; the data goes in as JSON and is never source text.

The font that is shipped covers GB 2312; the system's fonts are asked for rarer characters.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno

from bihuan.web.printing.paper import Block, Code, Grid, Heading, Pairs, Paper, Signature, Text

HERE = Path(__file__).parent


def pdf(paper: Paper) -> bytes:
    """The paper typeset: the same paper gives the same bytes."""
    import typst  # 20 MB of machinery that only whoever prints needs

    told = {
        "title": paper.title, "number": paper.number, "sub": paper.sub, "lang": paper.language,
        "blocks": [_block(block) for block in paper.blocks],
    }  # fmt: skip
    made = typst.compile(
        _layout(), font_paths=_fonts(),
        sys_inputs={"paper": json.dumps(told, ensure_ascii=False)},
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=1)
def _fonts() -> Any:
    import typst

    return typst.Fonts(font_paths=[str(HERE / "fonts")])


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return (HERE / "paper.typ").read_bytes()


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, tint):
            return {"kind": "heading", "text": text, "tint": tint}
        case Text(text, quiet):
            return {"kind": "text", "text": text, "quiet": quiet}
        case Pairs(rows):
            return {"kind": "pairs", "rows": rows}
        case Grid(head, rows, numeric, caption):
            aligned = ["right" if i in numeric else "left" for i in range(len(head))]
            return {"kind": "grid", "head": head, "rows": rows, "aligned": aligned,
                    "caption": caption}  # fmt: skip
        case Signature(label, text):
            return {"kind": "signature", "label": label, "text": text}
        case Code(target, caption):
            drawn = segno.make(target, micro=False).svg_inline(border=0)
            return {"kind": "code", "svg": drawn, "caption": caption}
