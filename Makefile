# The commands of the project. `make` alone lists them.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
PIP := $(VENV)/bin/python -m pip --quiet --quiet --disable-pip-version-check
RUN_READY := $(VENV)/.run-ready
TEST_READY := $(VENV)/.test-ready
SPARK_READY := $(VENV)/.spark-ready
TESTS ?= tests
WORKERS ?= 2
FAULTS ?= all
LINKAGE ?= 100000 1000000 5000000
PEOPLE ?= 10000 100000 1000000
SECTIONS ?=
JAVA := $(if $(JAVA_HOME),$(JAVA_HOME)/bin/java,java)
NO_JAVA := Spark needs Java 17, which was not found (Debian: apt-get install openjdk-17-jre-headless).

export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false

.DEFAULT_GOAL := help
.PHONY: help setup setup-spark run test test-faults test-spark ui check conformance conformance-spark bench-cld bench-linkage bench-clients bench-road bench-report pictures java-found

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(RUN_READY) ## prepare the environment in .venv; nothing more

setup-spark: java-found $(SPARK_READY) ## add Spark as a second engine to .venv; it needs Java 17

run: $(RUN_READY) ## do the main job on the sample: extracts in, filled returns out
	@$(VENV)/bin/returns run

test: $(TEST_READY) ## run every test (TESTS=tests/unit for some of them)
	@$(VENV)/bin/python -m pytest -n $(WORKERS) $(TESTS)

test-faults: $(TEST_READY) ## kill, starve and damage runs in every known way, and compare what the reruns leave (KILLS=30)
	@RETURNS_TEST_FAULTS=$(FAULTS) $(VENV)/bin/python -m pytest -q -n $(WORKERS) tests/faults

test-spark: java-found $(SPARK_READY) ## build the sample with both engines and compare every row and every pack
	@RETURNS_TEST_SPARK=1 $(VENV)/bin/python -m pytest -q tests/engines

conformance: $(TEST_READY) ## compare every official table of the kit, both methods
	@PYTHONPATH=. $(VENV)/bin/python tests/conformance/run_kit.py

conformance-spark: java-found $(SPARK_READY) ## build the kit with both engines and compare every row (SECTIONS=dhsc: that part)
	@PYTHONPATH=.:tests/engines $(VENV)/bin/python tests/engines/run_kit.py $(SECTIONS)

bench-cld: $(TEST_READY) ## time the official chain on 1M and 10M rows
	@PYTHONPATH=. $(VENV)/bin/python tests/conformance/bench_cld.py 10 90

bench-linkage: $(TEST_READY) ## measure the person index beside plain Splink (LINKAGE=100000: the small sets only)
	@PYTHONPATH=. $(VENV)/bin/python -m benchmarks.linkage.run $(LINKAGE)

bench-clients: $(TEST_READY) ## time a supplier's 300 clients of 100 people, one of them broken
	@PYTHONPATH=. $(VENV)/bin/python -m benchmarks.many_clients.run

bench-report: $(TEST_READY) ## time the pages and workbooks of a council of 30,000 people
	@PYTHONPATH=. $(VENV)/bin/python -m benchmarks.report.run

pictures: $(TEST_READY) ## take the pictures of the documentation from three months of the sample
	@$(VENV)/bin/python tests/journey/take_pictures.py

bench-road: $(TEST_READY) ## time, memory and disk of the road by size, and of one new extract (PEOPLE=10000: that size)
	@RETURNS_MEMORY_LIMIT=$${RETURNS_MEMORY_LIMIT:-6GB} PYTHONPATH=. $(VENV)/bin/python -m benchmarks.road.run $(PEOPLE)

ui: $(RUN_READY) ## open the Dagster web interface on the same definitions
	@mkdir -p .dagster && cp orchestration/dagster.yaml .dagster/
	@DAGSTER_HOME="$(CURDIR)/.dagster" $(VENV)/bin/dagster dev

check: $(TEST_READY) ## lint Python and SQL, check types
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/sqlfluff lint --processes $(WORKERS) --disable-progress-bar dbt_project/models dbt_project/returns dbt_project/products

# The stamps make the second time take no time; a half-made environment has none and is made anew.
$(RUN_READY): requirements/run.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Preparing the environment in $(VENV): about two minutes, once."
	@"$(PYTHON)" -m venv --clear $(VENV)
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Asked before anything is fetched, and every time: the environment may outlive the Java it was made for.
java-found:
	@"$(JAVA)" -version > /dev/null 2>&1 || { echo "$(NO_JAVA)" >&2; exit 1; }
	@"$(JAVA)" -version 2>&1 | grep -qE 'version "(1[7-9]|[2-9][0-9])' \
		|| { echo "Spark needs Java 17 or newer; $(JAVA) is older." >&2; exit 1; }

# Spark is a large archive and needs Java: never in the way of `make run` and `make test`.
$(SPARK_READY): requirements/spark.txt $(TEST_READY)
	@echo "Adding Spark."
	@$(PIP) install --require-hashes -r requirements/spark.txt
	@touch $@

$(TEST_READY): requirements/test.txt $(RUN_READY)
	@echo "Adding what the tests need."
	@$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@
