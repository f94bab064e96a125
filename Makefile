# Everything that a person does with this project. `make` alone lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# pip --python: works without ensurepip, which Debian packs apart.
PIP := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check
DB ?= newsrust
HISTORIES ?= 100000

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check lint types crawl status psql db-stop lock words tracking-rules supply-chain faults simulate clean

help: ## List what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/runtime ## Crawl the bundled stand-in site into an embedded Postgres and show rows
	@$(BIN)/python -m demo.show

test: $(VENV)/dev ## Run the whole suite
	$(BIN)/python -m pytest -n auto --dist worksteal

check: lint types test ## Lint, types, tests

lint: $(VENV)/dev ## Lint and formatting
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/dev ## Types, strictly
	$(BIN)/mypy

crawl: $(VENV)/runtime ## Crawl www.newsrust.com: first all of it, then what is new
	$(BIN)/scrapy crawl newsrust

status: $(VENV)/runtime ## Show the last crawls and the counts
	$(BIN)/scrapy status

psql: $(VENV)/runtime ## Open the database with psql (DB=demo: that of the demo)
	$(BIN)/scrapy database psql $(DB)

db-stop: $(VENV)/runtime ## Stop the embedded Postgres
	$(BIN)/scrapy database stop

lock: $(VENV)/dev ## Pin the dependencies anew
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --upgrade pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --upgrade --group dev -c requirements.lock pyproject.toml \
	  -o requirements-dev.lock
	$(PIP) install -q --require-hashes -r requirements-dev.lock
	$(BIN)/python -m deploy.list_licences > docs/licences.md

words: $(VENV)/runtime ## Write the tables of words in docs/reading.md anew
	$(BIN)/python -m deploy.list_words

tracking-rules: $(VENV)/runtime ## Fetch the list of tracking parameters anew
	$(BIN)/python -m pipelines.links.refresh_rules

supply-chain: $(VENV)/dev ## Audit what is locked for known vulnerabilities (asks a public service)
	$(BIN)/python -m deploy.audit_lock

faults: $(VENV)/dev ## Run the suite in its long form, with new random faults: an hour
	FAULTS=long $(BIN)/python -m pytest -n auto --dist worksteal

simulate: $(VENV)/dev ## Play new histories of a blog and its crawls in memory (HISTORIES=100000)
	$(BIN)/python -m tests.simulation $(HISTORIES)

clean: ## Remove the virtual environment and the caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/runtime: requirements.lock | $(BIN)/python
	$(PIP) install -q --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev: requirements-dev.lock $(VENV)/runtime
	$(PIP) install -q --require-hashes -r requirements-dev.lock
	@touch $@
