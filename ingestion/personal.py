"""What looks like a fact about a person, and how it is shown without giving it away.

Identity numbers (GB 11643), mobile and landline numbers and bank cards (Luhn digit) are found however they are typed:
full-width, with blanks, hyphens, dots or line breaks between the digits, run together, or as a number that a
spreadsheet has cut to 15 digits. Codes of organisations are left alone: 12-digit division codes by their length,
18-character credit codes by their check character (GB 32100).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise

from ingestion.named_persons import without_named_persons

_JOINED = '"&"'  # how a formula joins two texts
_WIDE = r',:|*+~="&'  # typed between the parts of a number, but of lists, amounts, times and sums as well
_BETWEEN = rf"(?:[\s\-._()/{_WIDE}]{{0,3}}|\s{{4,40}})"  # what people type between the digits of one number
# How many digits the parts have that mobile numbers, identity numbers and cards are split into.
_SPLITS = re.compile(
    "[347],(?:8|4|4,4)|6,(?:8,3|8,4|8,3,1|6,3|9|12|4,4,4|4,4,3,1)|14,4|14,3,1|4(?:,4){3,4}(?:,[1-3])?|4,4,4,6"
    "|[1-3](?:,3){3,6}"  # as thousands
)
_APART = re.compile(rf"[{_WIDE}]|\s{{4}}")
_RUN = re.compile(rf"[0-9](?:{_BETWEEN}[0-9])+(?:{_BETWEEN}[Xx](?![0-9A-Za-z]))?")
_GROUP = re.compile(r"[0-9]+|[Xx]")
_SCIENTIFIC = re.compile(r"[0-9]\.[0-9]{5,}[Ee]\+?[0-9]{1,2}(?![0-9])")
_SUM = re.compile(r"\.[0-9]|\s*元")  # behind figures whose thousands are set apart
_SMALL = re.compile(r"[Ee]-[0-9]")
_LANDLINE = re.compile(
    r"(?<![0-9])(?:(?:\+?86|0086)[\s-]?)?\(?0(?:10|2[0-9]|[3-9][0-9]{2})"
    rf"{_BETWEEN}[2-8][0-9]{{2,3}}[\s\-{_WIDE}]?[0-9]{{4}}(?![0-9])"
)
_NAMED_TELEPHONE = re.compile(
    r"(?:电话|手机|座机|传真|热线|联系方式|[Tt][Ee][Ll])[^0-9]{0,4}([2-8][0-9]{2,3}[\s-]?[0-9]{4})(?![0-9])"
)
_MOBILE = re.compile(r"(?:0|86|0086|17951|12593)?1[3-9][0-9]{9}")
_WHOLE_LANDLINE = re.compile(r"(?:86|0086)?0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}")
_COUNTRY = re.compile(r"(?:00)?86(?=[0-9]{15})")
_BIRTHDAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_IDENTITY = re.compile(rf"[1-8][0-9]{{5}}(?:18|19|20)[0-9]{{2}}{_BIRTHDAY}[0-9]{{3}}[0-9Xx]")
_ROUNDED_IDENTITY = re.compile(r"[1-8][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])320{4}")  # 31999x to 15 digits
_OLD_IDENTITY = re.compile(rf"[1-8][0-9]{{5}}[2-9][0-9]{_BIRTHDAY}[0-9]{{3}}")  # before 1999, without a check digit
_CARD = re.compile(r"(?:[3-6][0-9]|95)[0-9]{14,17}")
_INEXACT_CARD = "9558"  # beyond 2**53, where a number loses its last digit already
FEWEST, _MOST = 7, 19  # digits of a number that is looked for
_FEWEST_OF_PERSON = 10
_EXACT, _MOST_EXACT = 15, 17  # digits that Excel, and any program, keeps of a number; zeros stand for the rest

_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECKS = "10X98765432"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def is_personal_text(text: str) -> bool:
    """Whether a text holds an identity number, a telephone number, a bank card, or a name that it calls a person's."""
    return len(text) >= FEWEST and shown(text) != text


@lru_cache(maxsize=32_768)
def shown(text: str) -> str:
    """The text as it may be kept and shown.

    Of every number of a person only three digits and the last two, and *** for the names that it calls a person's.
    """
    return without_named_persons(_without_numbers(text))


def shown_lines(text: str) -> str:
    """A text of several lines as it may be shown: lines that came from different places make up no number together."""
    return "\n".join(map(shown, text.split("\n")))


def _without_numbers(text: str) -> str:
    if len(text) < FEWEST or sum(map(str.isdigit, text)) + text.count("〇") < FEWEST:
        return text
    plain = text if text.isascii() else "".join(map(_plain, text))
    parts, end = [], 0
    for first, last in _apart(_numbers(plain)):
        digits = "".join(filter(str.isalnum, plain[first:last]))
        parts += [text[end:first], f"{digits[:3]}****{digits[-2:]}"]
        end = last
    return "".join([*parts, text[end:]]) if parts else text


@cache
def _plain(character: str) -> str:
    """One character as ASCII where it stands for such a one: full-width digits, blanks and hyphens of all kinds."""
    if character.isascii():
        return character
    alike = unicodedata.normalize("NFKC", character)
    if len(alike) == 1 and alike.isascii():
        return alike
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character == "〇":
        return "0"
    if character in "“”":
        return '"'
    if character in "·・•。｡":
        return "."
    if "\u2400" <= character <= "\u2426" or character == "\ufffd":  # what stands for a control character in a name
        return " "
    category = unicodedata.category(character)
    if category == "Pd" or character in "−ー":
        return "-"
    return " " if category in ("Zs", "Zl", "Zp", "Cf", "Cc", "Mn") else character


def _apart(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in their order, those that overlap as one."""
    apart: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if apart and first < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        else:
            apart.append((first, last))
    return apart


def _numbers(plain: str) -> Iterator[tuple[int, int]]:
    """From where to where the numbers of persons stand."""
    for found in _LANDLINE.finditer(plain):
        yield found.span()
    for found in _NAMED_TELEPHONE.finditer(plain):
        yield found.span(1)
    for found in _SCIENTIFIC.finditer(plain):
        if _is_cut_off(found[0]):
            yield found.span()
    for run in _RUN.finditer(plain):
        yield from _in_run(plain, list(_GROUP.finditer(plain, *run.span())))


def _in_run(plain: str, groups: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Groups of digits that together are one number; the longest that begins with a group counts."""
    begin = 0
    while begin < len(groups):
        number, longest = "", None
        for end in range(begin, len(groups)):
            number += groups[end][0]
            if len(number) > _MOST:
                if end == begin and plain[groups[begin].start() - 1 : groups[begin].start()] != ".":
                    longest = end  # longer than any figure or code: two numbers run together
                break
            parts = groups[begin : end + 1]
            if len(number) < _FEWEST_OF_PERSON or not (_is_of_person(number) or _is_landline(number, parts)):
                continue
            if not (_is_decimal(plain, parts) or _is_list(plain, parts)):
                longest = end
        if longest is None:
            begin += 1
        else:
            yield groups[begin].start(), groups[longest].end()
            begin = longest + 1


def _is_landline(number: str, groups: list[re.Match[str]]) -> bool:
    """Whether it is one, broken anywhere; in more than three parts digit by digit only, else dates would look alike."""
    return _WHOLE_LANDLINE.fullmatch(number) is not None and (len(groups) <= 3 or len(groups) == len(number))


def _is_decimal(plain: str, groups: list[re.Match[str]]) -> bool:
    """Whether groups are a figure's fraction, such as 466.6666666666667 or 1.9530242552749317e-53, not 138.12345678."""
    if _SMALL.match(plain, groups[-1].end()) and plain[groups[-1].start() - 1] == ".":
        return True
    if len(groups) != 2 or plain[groups[0].end() : groups[1].start()] != ".":
        return False
    return [len(group[0]) for group in groups] not in ([3, 8], [7, 4])


def _is_list(plain: str, groups: list[re.Match[str]]) -> bool:
    """Whether groups held apart by commas and the like are figures of their own, not parts as numbers are split."""
    between = [plain[a.end() : b.start()] for a, b in pairwise(groups)]
    if not any(_APART.search(text) for text in between if text != _JOINED):
        return False
    if set(between) == {","} and _SUM.match(plain, groups[-1].end()):
        return True
    return not _SPLITS.fullmatch(",".join(str(len(group[0])) for group in groups))


def _is_of_person(number: str) -> bool:
    if _MOBILE.fullmatch(number):
        return True
    country = _COUNTRY.match(number)
    own = [number] if country is None else [number, number[country.end() :]]
    return any(_is_identity(one) or _OLD_IDENTITY.fullmatch(one) or _is_card(one) for one in own) or (
        len(number) == _MOST and _is_identity(number[1:], is_whole=True)  # a serial number before it
    )


def _is_cut_off(figure: str) -> bool:
    """Whether a number written as 1.1010519491231E+17 was one of a person: beyond 15 digits the last are lost."""
    value = Decimal(figure)
    number = f"{value:.0f}"
    if len(number) > _EXACT:
        return len(number) <= _MOST and (len(figure) > _EXACT or _IDENTITY.fullmatch(number) is not None)
    return value == int(value) and _is_of_person(number)


def _is_identity(number: str, *, is_whole: bool = False) -> bool:
    """Whether it is an identity number; unless it is to be whole, also one that has lost its last digits."""
    if not _IDENTITY.fullmatch(number):
        return not is_whole and _ROUNDED_IDENTITY.fullmatch(number) is not None
    total = sum(weight * int(digit) for weight, digit in zip(_IDENTITY_WEIGHTS, number[:17], strict=True))
    if _IDENTITY_CHECKS[total % 11] == number[17].upper():
        return True
    if is_whole:
        return False
    # Stored as a number it lost its last digits: Excel keeps 15 of them, other programs write 16 or 17.
    is_division = number[2] in "12345678"  # what a credit code has there
    return number.endswith("0") and not (is_division and is_credit_code(number) and _is_organisation_code(number[8:17]))


def _is_card(number: str) -> bool:
    if not _CARD.fullmatch(number) or is_credit_code(number):
        return False
    digits = [int(digit) for digit in reversed(number)]
    total = sum(digit if n % 2 == 0 else digit * 2 - 9 * (digit > 4) for n, digit in enumerate(digits))
    # Stored as a number it lost its last digits, as identity numbers do.
    is_cut_off = number.endswith("0" * max(1, len(number) - _MOST_EXACT))
    is_certain = number.startswith("62") or len(number) > _MOST_EXACT
    return total % 10 == 0 or (is_cut_off and is_certain) or number.startswith(_INEXACT_CARD)


def is_credit_code(code: str) -> bool:
    """Whether 18 characters are a unified social credit code, by its check character (GB 32100)."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    if len(code) != 18 or not set(code) <= set(alphabet):
        return False
    total = sum(weight * alphabet.index(sign) for weight, sign in zip(_CREDIT_WEIGHTS, code[:17], strict=True))
    return alphabet.index(code[17]) == (31 - total % 31) % 31


def _is_organisation_code(code: str) -> bool:
    """Whether nine digits are an organisation's code, which a credit code holds, by their check digit (GB 11714)."""
    total = sum(weight * int(digit) for weight, digit in zip(_ORGANISATION_WEIGHTS, code[:8], strict=True))
    return code[8] == "0123456789X0"[11 - total % 11]
