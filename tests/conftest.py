"""What every run of the tests says at its end."""

from __future__ import annotations

import pytest

FAULT_TRIALS = "fault_trials"  # the property under which a test records how many faults it tried


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many faults were tried: the reports come from whichever process ran the tests."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    tried = {
        report.nodeid.rpartition("::")[2]: int(str(number))
        for report in reports
        for name, number in report.user_properties
        if name == FAULT_TRIALS
    }
    if tried:
        terminalreporter.section(f"故障试验 fault trials: {sum(tried.values())}")
        for test, number in sorted(tried.items(), key=lambda item: -item[1]):
            terminalreporter.write_line(f"{number:6} {test}")
