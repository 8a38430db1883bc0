# The four words of this project: demo, test, lint, bench. Each installs what it needs first.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3

.PHONY: demo test lint bench wheel clean

$(BIN)/.ready: pyproject.toml
	scripts/machine
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

demo: $(BIN)/.ready  ## run the main job on real containers, printing every command
	scripts/machine
	PATH="$(CURDIR)/$(BIN):$$PATH" scripts/demo

lint: $(BIN)/.ready  ## format, lint, types, layers
	$(BIN)/ruff format --check pkctl tests scripts
	$(BIN)/ruff check pkctl tests
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: $(BIN)/.ready lint  ## every test there is
	scripts/machine
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest -n 2 --dist loadfile

bench: $(BIN)/.ready  ## figures, each a ratio against a peer measured in the same run
	scripts/machine
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.bench

wheel: $(BIN)/.ready
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache
