# Two commands for a fresh machine with Python 3.11 or later and make: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test install lint types layers unit coverage bench clean

# ---- demo: judge a year of example tickets under the Trak contract ----

DEMO = contracts/trak/policy.sla examples/trak/events.jsonl --as-of 2026-01-01 \
  --supplied ScheduledMaintenance=examples/trak/maintenance.txt

demo: .venv/installed
	$(BIN)/slarules run $(DEMO) --fail-on never
	$(BIN)/slarules explain $(DEMO) --subject R-0009 --duty resolution

# ---- test: every check ----

test: lint types layers unit

lint: .venv/dev
	$(BIN)/ruff check slarules tests benchmarks

types: .venv/dev
	$(BIN)/mypy

layers: .venv/dev
	$(BIN)/lint-imports

unit: .venv/dev
	$(BIN)/python -m pytest -n auto

coverage: .venv/dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -p no:xdist tests --ignore tests/engine/test_oracle.py
	$(BIN)/coverage report --include 'slarules/engine/*,slarules/calendars/*,slarules/resolve/*'

bench: .venv/dev
	$(BIN)/python benchmarks/calendars.py
	$(BIN)/python benchmarks/reference.py

# ---- the environment ----

install: .venv/installed

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) install --quiet -e .
	touch $@

.venv/dev: .venv/installed pyproject.toml
	$(PIP) install --quiet -e '.[dev]'
	touch $@

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
