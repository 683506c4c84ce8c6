"""XML of a workbook as events. An entity is refused wherever it is declared: none is ever expanded, no file fetched."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat


def parse(
    xml: bytes, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], hear: Callable[[str], None]
) -> None:
    """Tell of every element's start and end, and of the text between, in one piece.

    Raises ExpatError for what is no XML, ValueError where an entity is declared.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = hear
    parser.EntityDeclHandler = _refuse_entity
    parser.Parse(xml, True)


def _refuse_entity(*_: object) -> None:
    raise ValueError("it declares entities")
