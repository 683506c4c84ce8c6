"""What is installed, offline, from its own metadata: installed.py licences | audit

`licences` lists every package with its version and licence. `audit` proves that the environment is what the lock file
says: the same packages in the same versions, every installed file with the hash that its wheel recorded. Whether
a version has a known vulnerability no offline check can tell; `audit` says so, and asks pip-audit where there is one.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent
_OWN = "jiceng"
_BOOTSTRAP = {"pip", "setuptools", "uv", "wheel"}  # what an environment begins with


def main(arguments: list[str]) -> int:
    installed: dict[str, Distribution] = {canonicalize_name(found.name): found for found in distributions()}
    match arguments:
        case ["licences"]:
            for name, package in sorted(installed.items()):
                print(f"{name}\t{package.version}\t{licence(package)}")
            return 0
        case ["audit", lock]:
            return audit(installed, HERE / lock)
    print(__doc__)
    return 2


def licence(package: Distribution) -> str:
    """The SPDX expression, else what the classifiers name, else the first line of the free text."""
    said = package.metadata
    if "License-Expression" in said:
        return str(said["License-Expression"])
    named = [c.split(" :: ")[-1] for c in said.get_all("Classifier") or () if c.startswith("License :: ")]
    if named and named != ["OSI Approved"]:
        return " / ".join(named)
    lines = str(said["License"]).strip().splitlines() if "License" in said else []
    return lines[0][:60] if lines else "?"


def audit(installed: dict[str, Distribution], lock: Path) -> int:
    problems = [*differences(installed, pins(lock)), *changed_files(installed.values())]
    for problem in problems:
        print(problem)
    print(f"{len(installed)} 个包与 {lock.name} 核对，{len(problems)} 处不符 · packages held against the lock")
    return max(bool(problems), vulnerabilities(lock))


def pins(lock: Path) -> dict[str, str]:
    """Name and version of every package that the lock file has for this Python and system."""
    found: dict[str, str] = {}
    for line in re.findall(r"^[a-z0-9][^\\\n]*", lock.read_text(encoding="utf-8"), flags=re.M):
        requirement = Requirement(line.strip())
        if requirement.marker is None or requirement.marker.evaluate():
            found[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return found


def differences(installed: dict[str, Distribution], pinned: dict[str, str]) -> Iterator[str]:
    for name in sorted(pinned.keys() - installed.keys()):
        yield f"没有安装 not installed: {name}=={pinned[name]}"
    for name in sorted(installed.keys() - pinned.keys() - {_OWN} - _BOOTSTRAP):
        yield f"锁定文件中没有 not in the lock: {name}=={installed[name].version}"
    for name in sorted(pinned.keys() & installed.keys()):
        if installed[name].version != pinned[name]:
            yield f"版本不符 another version: {name} {installed[name].version}, locked {pinned[name]}"


def changed_files(packages: Iterable[Distribution]) -> Iterator[str]:
    """Files that are missing or not as any of the packages that share them recorded them."""
    recorded: dict[Path, set[str]] = {}
    for package in packages:
        for file in package.files or ():
            if file.hash is not None and file.hash.mode == "sha256" and file.suffix != ".pyc":
                recorded.setdefault(Path(str(file.locate())), set()).add(file.hash.value)
    for path, hashes in sorted(recorded.items()):
        if not path.is_file():
            yield f"文件缺失 missing: {path}"
            continue
        digest = base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
        if digest not in hashes:
            yield f"文件被改动 changed since it was installed: {path}"


def vulnerabilities(lock: Path) -> int:
    """Ask an advisory service, where there is pip-audit and a network."""
    if shutil.which("pip-audit") is None:
        print("已知漏洞未核对：需要联网和 pip-audit · known vulnerabilities were not looked up; with a network:")
        print(f"  uvx pip-audit --disable-pip --require-hashes -r {lock.relative_to(HERE.parent)}")
        return 0
    return subprocess.run(["pip-audit", "--disable-pip", "--require-hashes", "-r", str(lock)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
