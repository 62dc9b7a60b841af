"""The encoding of a file, right also where it is short and mostly ASCII."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.text.western import score_western

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE = 256 * 1024
SINGLE = ("cp1252", "iso-8859-15", "mac_roman", "cp1250", "cp850")
MULTI = ("cp932", "euc_jp", "gb18030")
_POLISH = re.compile(r"[A-Za-z]{2}[³¹](?![0-9])|(?<![A-Za-z])z³|œæ|[³¹][a-z]")
"""What Polish looks like when its letters ł, ą, ż and ś are taken for Western ones."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes are read: Python's name of the encoding, and bytes of a mark at its start."""

    name: str
    bom: int = 0


Chunks = Callable[[], Iterable[bytes | memoryview]]
"""A file's bytes, from its beginning, as often as they are asked for."""


def detect(data: bytes | memoryview, place: str = "") -> Encoding:
    """Find the encoding of a text file.

    Args:
        data: the whole file.
        place: the file's name for messages.

    Raises:
        Refused: the bytes are no text.

    >>> detect("Blå;1\\n".encode("cp1252")).name, detect("数量,値段\\n".encode("cp932")).name
    ('cp1252', 'cp932')
    >>> detect("a,b\\n1,2\\n".encode("utf-16-le")).name, detect(b"abc").name
    ('utf-16-le', 'utf-8')
    """
    return detect_in(lambda: (data,), place)


def detect_in(chunks: Chunks, place: str = "") -> Encoding:
    """Find the encoding of a text file too large to be held at once.

    Args:
        chunks: gives its bytes in pieces of 256 KB or more (the last may be smaller).

    Raises:
        Refused: the bytes are no text.
    """
    sample = bytes(next(iter(chunks()), b"")[:SAMPLE])
    for mark, name in BOMS:
        if sample.startswith(mark):
            times = 2 if sample.startswith(mark * 2) else 1  # a program has put its own before another's
            return Encoding(name, len(mark) * times)
    wide = _wide(sample[: 64 * 1024])
    if wide:
        return Encoding(wide)
    _refuse_binary(sample, chunks, place)
    if _decodes(chunks, "utf-8") and not _by_chance(chunks):
        return Encoding("iso2022_jp") if _escapes(sample, chunks) else Encoding("utf-8")
    return Encoding("utf-8" if _nearly_utf8(chunks) else _legacy(chunks))


_HIGH = re.compile(rb"[\x80-\xff]")
_END = re.compile(rb"[\r\n]")
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


_USUAL = re.compile(r"[^\u0180-\u0191\u0193-\u0217\u021c-\u02bb\u02bd-\u02c5\u0500-\u058f\u0700-\u07ff]")


def _by_chance(chunks: Chunks) -> bool:
    """Whether a text is UTF-8 only by chance: beyond ASCII it holds a sign or two, and of scripts that nearly
    nobody writes (``元`` of GB18030 makes such a pair)."""
    sample = _odd_lines(chunks, 4000)
    signs = set(_HIGH_RUN.sub("", sample.decode("utf-8", "replace")))
    return 0 < len(signs) <= 2 and not any(_USUAL.match(sign) for sign in signs)


_HIGH_RUN = re.compile(r"[\x00-\x7f]+")


def _nearly_utf8(chunks: Chunks) -> bool:
    """Whether a text is UTF-8 but for a few damaged bytes: no other encoding makes so many pairs that fit."""
    sample = _odd_lines(chunks)
    rest = _SEQUENCE.sub(b"", sample)
    good, bad = len(_SEQUENCE.findall(sample)), len(re.findall(rb"[\x80-\xff]", rest))
    return good >= 3 and 3 * bad <= good


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: zeros on one side of nearly every pair of ASCII, or kana and kanji high
    bytes."""
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    for name, mine, other in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if mine >= max(half * 0.15, 3) and other <= mine * 0.05:
            text = sample[: half * 2].decode(name, "replace")
            odd_chars = sum(1 for c in text if unicodedata.category(c) in ("Cn", "Co", "Cs") or c == "\ufffd")
            # Stray zeros among bytes of ASCII make pairs too: they are few, and hide the ends of lines.
            ends = len(re.findall(rb"[\r\n]", sample)), len(re.findall(r"[\r\n]", text))
            if odd_chars <= len(text) * 0.02 and "\0" not in text and ends[1] >= ends[0] / 2:
                return name
    return ""


def _refuse_binary(sample: bytes, chunks: Chunks, place: str) -> None:
    controls = len(re.findall(rb"[\x02-\x08\x0e-\x1a\x7f]", sample))
    line = _line_of_zero(chunks)
    if line is None and controls <= max(8, len(sample) // 200):
        return
    raise Refused(
        msg(
            "This is not a text table: it holds bytes that no text has (first in line {line}).",
            line=line or 1,
        ),
        place=place,
        remedy=msg("Export the table again as CSV or XLSX."),
    )


def _line_of_zero(chunks: Chunks) -> int | None:
    before = 0
    for number, chunk in enumerate(chunks()):
        part = bytes(chunk) if isinstance(chunk, memoryview) else chunk
        if (zero := part.find(b"\0")) >= 0:
            for earlier in islice(chunks(), number):  # counted only where there is something to tell
                before += bytes(earlier).count(b"\n")
            return before + part.count(b"\n", 0, zero) + 1
    return None


def _decodes(chunks: Chunks, name: str) -> bool:
    try:
        decoder = codecs.getincrementaldecoder(name)()
        for chunk in chunks():
            part = bytes(chunk) if isinstance(chunk, memoryview) else chunk
            if name != "utf-8" or not part.isascii() or decoder.getstate()[0]:
                decoder.decode(part)
        decoder.decode(b"", True)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _escapes(sample: bytes, chunks: Chunks) -> bool:
    return bool(re.search(rb"\x1b\$[@B]", sample[:65536])) and _decodes(chunks, "iso2022_jp")


def _legacy(chunks: Chunks) -> str:
    """The best of the older encodings, by how its decoding of the non-ASCII lines reads."""
    sample = _odd_lines(chunks)
    scores: dict[str, float] = {}
    for name in MULTI + SINGLE:
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        scores[name] = _score_wide(text, name) if name in MULTI else score_western(text, name)
    if "cp1250" in scores and _POLISH.search(sample.decode("cp1252", "replace")):
        scores["cp1250"] += 1.0
    for name in sorted(scores, key=lambda n: (-scores[n], (SINGLE + MULTI).index(n))):
        if _decodes(chunks, name):
            return name
    return "cp1252" if _decodes(chunks, "cp1252") else "latin-1"


def _odd_lines(chunks: Chunks, budget: int = 60_000) -> bytes:
    """Lines with something beside ASCII, up to some bytes; those of moderate length where there are any."""
    lines, size = [], 0
    for line in (line for part in _whole_lines(chunks) for line in _odd_in(part)):
        lines.append(line[:4000])
        size += len(lines[-1])
        if size > budget:
            break
    return b"\n".join(line for line in lines if len(line) < 4000) or b"\n".join(lines)


def _odd_in(part: bytes) -> Iterator[bytes]:
    """The lines of a text that hold more than ASCII. Looked for by those bytes, then by the ends around them:
    one pattern for a whole line takes the square of the length of each line of ASCII."""
    end = 0
    if part.isascii():  # a hundred times sooner than by the pattern
        return
    while found := _HIGH.search(part, end):
        start = max(part.rfind(b"\n", end, found.start()), part.rfind(b"\r", end, found.start())) + 1
        stop = _END.search(part, found.end())
        begin, end = max(start, end), stop.start() if stop else len(part)
        yield part[begin:end]


def _whole_lines(chunks: Chunks) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks():
        part = rest + chunk
        cut = max(part.rfind(b"\n"), part.rfind(b"\r")) + 1
        yield part[:cut]
        rest = part[cut:]
    yield rest


def _score_wide(text: str, name: str) -> float:
    """Mean goodness of the non-ASCII characters of East Asian text."""
    total, count = 0.0, 0
    for i, char in enumerate(text):
        if char < "\x80":
            continue
        count += 1
        around = text[i - 1] if i else "\n", text[i + 1] if i + 1 < len(text) else "\n"
        total += _wide_char(char, *around, half=1.3 if name == "euc_jp" else 0.55)
    return total / max(count, 1)


def _wide_char(char: str, before: str, after: str, *, half: float) -> float:
    """How well a character fits; ``half`` is the worth of kana of half width, which take two telling bytes in
    one encoding and any single one in the other."""
    code = ord(char)
    lonely = (before.isascii() and before.isalpha()) or (after.isascii() and after.islower())
    if 0x3041 <= code <= 0x30FE:
        return 1.5
    if 0xFF61 <= code <= 0xFF9F:
        near = 0xFF61 <= ord(before) <= 0xFF9F or 0xFF61 <= ord(after) <= 0xFF9F
        return half if near and not lonely else -1.0
    if 0x4E00 <= code <= 0x9FFF:
        common = _is_common(char)
        return (1.4 if char in _FREQUENT else 1.0 if common else -0.5) - (1.2 if lonely else 0.0)
    if 0xFF01 <= code <= 0xFF60 or char in "￥￡":
        return 1.2
    if 0x3000 <= code <= 0x3020 or char in "¥年月日℃※①②③〜":
        return 0.8
    if 0xE000 <= code <= 0xF8FF or unicodedata.category(char) in ("Cn", "Cc", "Co"):
        return -3.0
    return -0.6


_FREQUENT = frozenset(
    "商品名称数量金额額单単价價格合计計总總小日付期订订单単注文番号编客户戶顾顧店铺舗销售壳売上库库在庫税运送费費料备備考注类類型种種分担当"
    "年月時时间間分秒元円支付方式状态狀態完成取消退款地址城市省区區县町村都道府県电電话話手机機邮郵件人员員部门門公司会社社株式有限"
    "收入出成本利润利益率目标標实際际績计划画预予算前后後本次第一二三四五六七八九十百千万男女新旧大中高低用品茶水杯碗壶壷衣服鞋食物"
    "东東京阪北海南西上下广州深圳山川田村家具电器子手表书書图圖品牌颜色尺寸重量单位位位数客様者者名"
)
"""Signs that stand often in files of shops, in Chinese or Japanese."""


def _is_common(char: str) -> bool:
    """Level one of JIS X 0208, or of GB 2312."""
    for name, low, high in (("euc_jp", 0xB0, 0xCF), ("gb2312", 0xB0, 0xD7)):
        try:
            raw = char.encode(name)
        except UnicodeEncodeError:
            continue
        if len(raw) == 2 and low <= raw[0] <= high:
            return True
    return False
