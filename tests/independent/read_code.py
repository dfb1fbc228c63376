#!/usr/bin/env python3
"""Reads the code that `clientbook witness checkpoint --svg` draws, by zxing-cpp, and prints its text.

usage: read_code.py FILE    (needs the packages zxing-cpp and pillow)
"""

import pathlib
import re
import sys

import zxingcpp
from PIL import Image

svg = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
image = Image.new("L", (side, side), 255)
for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", svg):
    image.putpixel((int(x), int(y)), 0)
found = zxingcpp.read_barcodes(image.resize((4 * side, 4 * side), Image.Resampling.NEAREST))
if len(found) != 1:
    sys.exit("no code is read")
sys.stdout.write(found[0].bytes.decode())
