"""One night over the whole sample, as far as a test needs it; written, read, built and checked once per session."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from jiceng import night
from jiceng.settings import Settings
from samples.city import Sample, write_sample

RUN_ID = "20150201T170000Z"


@dataclass(frozen=True)
class SampleNight:
    """A data directory of its own, and the sample that was put into its inbox."""

    settings: Settings
    sample: Sample


@pytest.fixture(scope="session")
def night_read(tmp_path_factory: pytest.TempPathFactory) -> SampleNight:
    """The sample after intake, register and reading."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("sample_night"))
    sample = write_sample(settings.inbox)
    night.intake(settings, RUN_ID)
    registered = night.update_register(settings, RUN_ID)
    for batch in registered.batches:
        night.read(settings, RUN_ID, batch)
    return SampleNight(settings, sample)


@pytest.fixture(scope="session")
def night_built(night_read: SampleNight) -> SampleNight:
    """The sample after the build."""
    night.build(night_read.settings, RUN_ID)
    return night_read


@pytest.fixture(scope="session")
def night_checked(night_built: SampleNight) -> SampleNight:
    """The sample after the checks."""
    night.check(night_built.settings, RUN_ID)
    return night_built
