# Everything CI does, in the same order: make check. As a newcomer: make demo, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
T ?= tests

# Without bytecode every process of the demo and the tests would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check fmt lint types imports policies contracts bench clean

help: ## Show what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/' | expand -t 12

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# The sheets of the NL Design System; without npm the pages have our own plain sheet alone.
$(VENV)/styles: deploy/console/package-lock.json deploy/console/build.mjs $(VENV)/ready
	if command -v npm >/dev/null; then cd deploy/console && npm ci --ignore-scripts --no-audit --no-fund --silent && node build.mjs; fi
	touch $@

demo: $(VENV)/ready $(VENV)/styles ## Push the casebook through the real API and show who sees what (ARGS=--exit stops afterwards)
	$(BIN)/signaalhub demo $(ARGS)

test: $(VENV)/ready $(VENV)/styles ## Run all tests (T=tests/domain runs some)
	$(BIN)/python -m pytest $(T)

check: lint types imports policies contracts test ## All that CI does

fmt: $(VENV)/ready ## Format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/ready
	$(BIN)/mypy

imports: $(VENV)/ready
	$(BIN)/lint-imports --no-logo

policies: $(VENV)/ready
	$(BIN)/signaalhub policies check
	$(BIN)/signaalhub policies bewijs

contracts: $(VENV)/ready
	$(BIN)/python -m deploy.openapi --check
	$(BIN)/python -m deploy.check_openapi contracts/openapi.json
	$(BIN)/python -m deploy.asyncapi --check
	$(BIN)/python -m deploy.check_asyncapi contracts/asyncapi.json

bench: $(VENV)/ready ## Measure against the peers; prints ratios
	for name in ledger_append intake_http policy list_page access_log log_tree replay herzien kafka_intake kafka_relay webhooks console memory; do $(BIN)/python -m bench.$$name; done

clean: ## Remove the environment and the demo's data
	rm -rf $(VENV) data
