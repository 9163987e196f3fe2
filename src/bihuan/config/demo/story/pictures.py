"""Invented photographs: enough to see how evidence looks, plainly no real place."""

import io
from functools import cache
from random import Random

from PIL import Image, ImageDraw

SIZE = (960, 640)


@cache
def picture(number: int) -> bytes:
    """A drawn street under a sky, as JPEG; each number always the same bytes."""
    random = Random(number)  # noqa: S311  a drawing, no secret
    sky = (150 + random.randrange(60), 180 + random.randrange(50), 215)
    image = Image.new("RGB", SIZE, sky)
    draw = ImageDraw.Draw(image)
    left = 0
    while left < SIZE[0]:
        width, height = random.randrange(70, 170), random.randrange(180, 420)
        grey = random.randrange(120, 200)
        draw.rectangle((left, 520 - height, left + width, 520), fill=(grey, grey - 8, grey - 20))
        for x in range(left + 12, left + width - 20, 28):
            for y in range(532 - height, 500, 40):
                lit = (250, 235, 170) if random.random() < 0.3 else (80, 95, 115)
                draw.rectangle((x, y, x + 14, y + 22), fill=lit)
        left += width + random.randrange(0, 16)
    draw.rectangle((0, 520, *SIZE), fill=(95, 98, 102))
    draw.text((16, 608), f"demo picture {number + 1}", fill=(235, 235, 235))
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=70)
    return packed.getvalue()
