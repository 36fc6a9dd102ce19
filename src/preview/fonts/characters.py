"""Writes the characters of the CJK fallback font, one code point a line: what a legacy Korean, Japanese or Chinese charset's first level holds."""
import sys
from fontTools.ttLib import TTFont

def charset(codec, first_rows):
    for row in first_rows:
        for cell in range(0xA1, 0xFF):
            try:
                yield from bytes([row, cell]).decode(codec)
            except UnicodeDecodeError:
                pass

wanted = set()
wanted.update(charset("euc_kr", range(0xA1, 0xFE)))           # KS X 1001: symbols, kana, 4,888 hanja
wanted.update(charset("euc_jp", range(0xA1, 0xD0)))           # JIS X 0208 up to level 1: 2,965 kanji
wanted.update(charset("gb2312", range(0xA1, 0xD8)))           # GB 2312 up to level 1: 3,755 hanzi
wanted.update(map(chr, range(0x2000, 0x2070)))                # general punctuation
wanted.update(map(chr, range(0x2150, 0x2300)))                # number forms, arrows, mathematical operators
wanted.update(map(chr, range(0x2460, 0x2500)))                # enclosed alphanumerics
wanted.update(map(chr, range(0x25A0, 0x2600)))                # geometric shapes
wanted.update(map(chr, range(0x2600, 0x27C0)))                # miscellaneous symbols, dingbats
wanted.update(map(chr, range(0x3000, 0x3400)))                # CJK punctuation, kana, bopomofo, compatibility jamo, enclosed CJK
wanted.update(map(chr, range(0x1100, 0x1200)))                # conjoining jamo, alone
wanted.update(map(chr, range(0xF900, 0xFA0C)))                # CJK compatibility: the 268 hanja KS X 1001 has twice
wanted.update(map(chr, range(0xFE30, 0xFE50)))                # vertical and small forms
wanted.update(map(chr, range(0xFF00, 0xFFF0)))                # full-width forms
pretendard = set(map(chr, TTFont(sys.argv[1]).getBestCmap()))
hangul = set(map(chr, range(0xAC00, 0xD7A4)))
for character in sorted((wanted - pretendard - hangul) - {c for c in wanted if ord(c) < 0xA0}):
    print(f"U+{ord(character):04X}")
