from __future__ import annotations

import pytest
from fake_linear_result import fake_result

from millworks.report.linear import linear_charts
from millworks.study.results import LinearResult


@pytest.fixture(scope="session")
def result() -> LinearResult:
    return fake_result()


@pytest.fixture(scope="session")
def charts(result):
    return {chart.slug: chart for chart in linear_charts(result, "hickory-0123abcd")}
