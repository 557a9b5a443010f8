# make demo, test, lint, types, check; VENV=DIR puts the environment elsewhere.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
OUT ?= out/demo
EXAMPLE := examples/policies/norland-labour-migration-policy.md

.PHONY: demo test lint types check

# Made again when the dependencies change.
$(VENV)/.run: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@

demo: $(VENV)/.run
	$(BIN)/gcm-align analyse $(EXAMPLE) --out $(OUT)

test: $(VENV)/.dev
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

check: lint types test
