# Everything a newcomer needs: Python 3.11 or newer, make and git. `make help` lists the targets.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000
WORKERS ?= 2
BENCH_SCALE ?= small
export PORT BENCH_SCALE

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
ON_SQLITE := TEST_DATABASE=sqlite
ON_POSTGRES := TEST_DATABASE=postgresql $(BIN)/python -m tests.embedded_postgres
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --quiet \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

# Files that stand for finished steps: a step runs again when what it was made from has changed.
RUNTIME := $(VENV)/.done-requirements
DEVELOPMENT := $(VENV)/.done-requirements-dev
ASSETS := $(VENV)/.done-assets
CATALOGUES := $(VENV)/.done-translations
READY := $(RUNTIME) $(ASSETS) $(CATALOGUES)

.DEFAULT_GOAL := help
.PHONY: help run setup test test-sqlite test-postgresql browser check stress pages bench format requirements clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(READY) ## the example city at http://127.0.0.1:8000 (PORT=...), web and scheduler; Ctrl-C stops both
	@sh deploy/run-local.sh

setup: $(READY) ## virtual environment, front-end files and translations, without starting anything

test: test-sqlite test-postgresql ## the whole suite on SQLite and on PostgreSQL, with a real browser

test-sqlite: $(DEVELOPMENT) $(READY) browser ## the suite on SQLite, browser journeys included
	$(ON_SQLITE) $(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not stress"

test-postgresql: $(DEVELOPMENT) $(READY) browser ## the suite on PostgreSQL (TEST_POSTGRES_URL, else an embedded server)
	$(ON_POSTGRES) $(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not stress and (not journey or both_databases)"

browser: $(DEVELOPMENT)
	@$(BIN)/python -m tests.browser

check: $(DEVELOPMENT) $(READY) ## format, lint, types, architecture contracts, templates, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/djlint templates --check --quiet
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -m equipment_cloud.foundation.translations check
	$(ON_SQLITE) $(BIN)/pytest -q tests/architecture

stress: $(DEVELOPMENT) $(READY) ## races, kills and random loads at full count, on both databases
	STRESS=1 $(ON_SQLITE) $(BIN)/pytest tests/races tests/faults
	STRESS=1 $(ON_POSTGRES) $(BIN)/pytest tests/races tests/faults

pages: $(DEVELOPMENT) $(READY) browser ## every page as every role, both languages, two widths: pictures and a verdict
	$(BIN)/python -m tests.pages

bench: $(DEVELOPMENT) $(READY) ## speed against the targets (BENCH_SCALE=small or full); writes bench.json
	$(BIN)/python -m tests.benchmarks

format: $(DEVELOPMENT) ## put code and templates into the house's form
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .
	$(BIN)/djlint templates --reformat --quiet || true

requirements: $(DEVELOPMENT) ## pin anew what pyproject.toml asks for, everything behind it included
	$(COMPILE) --output-file requirements.txt > /dev/null
	$(COMPILE) --group dev --constraint requirements.txt --output-file requirements-dev.txt > /dev/null

clean: ## remove what make made, the local database excepted
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (make PYTHON=/path/to/python)."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.txt | $(BIN)/python
	$(PIP) install --requirement requirements.txt
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	$(PIP) install --requirement requirements-dev.txt
	@touch $@

$(ASSETS): package.json package-lock.json equipment_cloud/foundation/assets.py $(RUNTIME)
	$(BIN)/python -m equipment_cloud.foundation.assets
	@touch $@

$(CATALOGUES): $(wildcard equipment_cloud/translations/*/*.po) equipment_cloud/foundation/translations.py $(RUNTIME)
	$(BIN)/python -m equipment_cloud.foundation.translations compile
	@touch $@
