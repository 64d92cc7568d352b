"""What a run imports, imported once by the process that all runs of a test are forked from."""

import great_expectations  # noqa: F401

import orchestration.batch
import orchestration.quality.suites
import orchestration.report.site  # noqa: F401
