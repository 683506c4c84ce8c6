"""The sample is written once per session."""

from __future__ import annotations

from pathlib import Path

import pytest

from samples.city import Sample, SampleWriter, write_sample


@pytest.fixture(scope="session")
def writer() -> SampleWriter:
    return SampleWriter(2014)


@pytest.fixture(scope="session")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample") / "inbox"


@pytest.fixture(scope="session")
def sample(inbox: Path) -> Sample:
    return write_sample(inbox)
