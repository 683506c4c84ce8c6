"""What is said when a file of the lake cannot be read, with its remedy."""

from __future__ import annotations


class LakeError(Exception):
    """The lake cannot be read: says which file and why, and what to do."""

    def __init__(self, *what: object) -> None:
        super().__init__(
            f"数据湖有文件损坏，请运行 jiceng rebuild --lake · the lake is damaged, run jiceng rebuild --lake: "
            f"{': '.join(map(str, what))}"
        )
