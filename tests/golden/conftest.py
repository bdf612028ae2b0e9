"""``pytest tests/golden --update-golden`` rewrites the transcripts; the difference is for a person to review."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the option."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files with what the program does now")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether to rewrite; not where the option is unknown because pytest was started from above this folder."""
    return bool(request.config.getoption("--update-golden", default=False))
