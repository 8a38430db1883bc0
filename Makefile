# The four words of this project: demo, test, lint, bench. Each installs what it needs first.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
PYTEST = PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest

.PHONY: demo test lint bench wheel clean

$(BIN)/.ready: pyproject.toml tests/constraints.txt
	scripts/machine
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev --constraint tests/constraints.txt
	touch $@

demo: $(BIN)/.ready  ## run the main job on real containers, printing every command
	scripts/machine
	PATH="$(CURDIR)/$(BIN):$$PATH" scripts/demo

lint: $(BIN)/.ready  ## format, lint, types, layers
	$(BIN)/ruff format --check pkctl tests scripts
	$(BIN)/ruff check pkctl tests
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# What failed is run once more by itself: a failure that another suite's load made is shown, and what is broken fails again.
test: $(BIN)/.ready lint  ## every test there is
	scripts/machine
	$(PYTEST) -n 2 --dist loadfile || { [ $$? = 1 ] && $(PYTEST) --last-failed --last-failed-no-failures none; }

bench: $(BIN)/.ready  ## figures, each a ratio against a peer measured in the same run
	scripts/machine
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.bench

wheel: $(BIN)/.ready
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache
