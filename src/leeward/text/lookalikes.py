"""Letters that are written to look like others, and characters that nobody sees. Tables.

Sources: Unicode Technical Standard 39 (confusables) for Cyrillic, Greek, Armenian and Cherokee; Unicode's names for the rest.
"""

import unicodedata

_INVISIBLE = (
    *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE01F0), *range(0x1F3FB, 0x1F400),
    *(0x00AD, 0x034F, 0x061C, 0x0640, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E, 0x180F, 0x3164, 0xFEFF, 0xFFA0),
)  # fmt: skip
# What nobody sees: zero-width, bidi controls, variation selectors, tags, skin tones, soft hyphens, fillers, the Arabic tatweel.
DROPPED: dict[int, str | None] = dict.fromkeys(_INVISIBLE)

_PAIRS = {
    "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŧ": "t", "ŋ": "n", "ƒ": "f",
    "’": "'", "‘": "'", "ʼ": "'", "′": "'", "´": "'", "ʹ": "'", "＇": "'", "‛": "'", "ʻ": "'",
    # Arabic letters that keyboards and languages write differently; hamza and madda are marks and gone by now.
    "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ک": "ك", "ڪ": "ك", "ہ": "ه", "ھ": "ه", "ة": "ه", "ۃ": "ه", "ە": "ه", "ء": "",
}  # fmt: skip
_SMALL = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))


def _enclosed() -> dict[int, str]:
    """Letters in boxes and flags that compatibility forms leave alone."""
    out: dict[int, str] = {}
    for first in (0x1F150, 0x1F170, 0x1F1E6):
        out |= {first + number: chr(97 + number) for number in range(26)}
    return out


LETTERS: dict[int, str] = {ord(key): value for key, value in (_PAIRS | _SMALL).items()} | _enclosed()

_LIKE = {
    "a": "аαᎪꭺ", "b": "ьвβЬᏏ", "c": "сϲᏟⅽ", "d": "ԁᏧⅾ", "e": "еєεҽᎬ", "f": "ϝғ", "g": "ԍɡᏀ", "h": "һнհᎻ", "i": "іιӏᎥⅰ", "j": "јյᎫ",
    "k": "кκᏦ", "l": "ⅼӏᏞ", "m": "мⅿᎷ", "n": "пηոᏁ", "o": "оοσօంᎾ", "p": "рρᏢ", "q": "ԛգ", "r": "гᎡ", "s": "ѕꮪՏ", "t": "тτᎢ",
    "u": "υսцᏌ", "v": "ѵνᏙⅴ", "w": "ԝѡωᎳ", "x": "хχⅹ", "y": "уүγᎩ", "z": "ᏃΖ",
}  # fmt: skip
# Letters of other scripts that are taken for Latin ones. Used only where a word mixes scripts or becomes one of the library's.
CONFUSABLE: dict[int, str] = {
    ord(other): latin
    for latin, others in _LIKE.items()
    for char in others
    for other in {char, unicodedata.normalize("NFKC", char).casefold()}
    if ord(other) > 127
}
