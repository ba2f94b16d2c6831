# Two commands for a fresh machine with Python 3.11 or later and make: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo documents summaries test checks install lint types layers kernels unit long coverage bench fuzz clean

# ---- demo: judge a year of example tickets under the Trak contract ----

DEMO = contracts/trak/policy.sla examples/trak/events.jsonl --as-of 2026-01-01 \
  --supplied ScheduledMaintenance=examples/trak/maintenance.txt

demo: .venv/installed
	$(BIN)/slarules run $(DEMO) --fail-on never
	$(BIN)/slarules explain $(DEMO) --subject R-0009 --duty resolution
	$(MAKE) documents
	$(BIN)/slarules report $(DEMO) -o build/trak-report.html

# ---- documents: the summaries of the four contracts, for lawyers, in every format ----

CONTRACTS = collabware copiun cpi trak

documents: .venv/installed
	mkdir -p build
	for name in $(CONTRACTS); do \
	  for ending in html docx pdf md; do \
	    $(BIN)/slarules summary contracts/$$name/policy.sla -o build/$$name.$$ending || exit 1; \
	  done; \
	done

# ---- summaries: the Markdown ones that stand beside the contracts, made anew ----

summaries: .venv/installed
	for name in $(CONTRACTS); do \
	  $(BIN)/slarules summary contracts/$$name/policy.sla -o contracts/$$name/summary.md || exit 1; \
	done

# ---- test: every check ----

test: checks unit

checks: .venv/dev
	$(MAKE) -j2 kernels types layers lint

lint: .venv/dev
	$(BIN)/ruff check slarules tests benchmarks editors

types: .venv/dev
	$(BIN)/mypy

layers: .venv/dev
	$(BIN)/lint-imports

kernels: .venv/dev  # the machine code that takes longest, made once beside the checks: else each of two workers makes it
	$(BIN)/python -m tests.same --tickets 60 --seed 1

unit: .venv/dev
	$(BIN)/python -m pytest -n auto --dist worksteal

# ---- long: the same laws on many more random cases; an hour or more ----

LONG = SLARULES_RANDOM=1 SLARULES_ORACLE_TICKETS=100000 SLARULES_FORMAT_FILES=10000 SLARULES_LINT_CONDITIONS=500 \
  SLARULES_LINT_POLICIES=300 SLARULES_PROPOSE=all SLARULES_EDITOR_TEXTS=800 SLARULES_REPL_SCENARIOS=1000 \
  SLARULES_SAME_TICKETS=1000000 SLARULES_CLAIMS=200

long: .venv/dev
	$(LONG) $(BIN)/python -m pytest -n auto --dist worksteal

coverage: .venv/dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -p no:xdist tests --ignore tests/engine/test_oracle.py
	$(BIN)/coverage report --include 'slarules/engine/*,slarules/calendars/*,slarules/resolve/*'

bench: .venv/dev
	$(BIN)/python benchmarks/calendars.py
	$(BIN)/python benchmarks/reference.py
	$(BIN)/python benchmarks/editor.py
	$(BIN)/python benchmarks/documents.py
	$(BIN)/python -m benchmarks.engines --tickets 100000

# ---- fuzzing: random and mutated inputs for every reader of text ----

RUNS ?= 20000

fuzz: .venv/fuzz
	for target in $$($(BIN)/python -m tests.fuzz --list); do \
	  $(BIN)/python -m tests.fuzz $$target --runs $(RUNS) || exit 1; \
	done

# ---- the environment ----

install: .venv/installed

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) install --quiet -e '.[documents]'
	touch $@

.venv/dev: .venv/installed pyproject.toml
	$(PIP) install --quiet --no-compile -e '.[dev]'
	touch $@

.venv/fuzz: .venv/dev
	$(PIP) install --quiet -e '.[fuzz]'
	touch $@

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
