# `make` alone lists what there is. Everything is set up by the targets themselves: Python 3.11+ with pip and venv, make and git suffice.
.DEFAULT_GOAL := help
export UV_SYSTEM_CERTS := true
PY   ?= python3
PORT ?= 8000
T    ?= tests
UV   := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
BIN  := .venv/bin
COMPILE = $(UV) pip compile -q pyproject.toml --universal --generate-hashes --python-version 3.11 --no-annotate --no-header

.PHONY: help setup demo test run worker interop check fix bench fuzz fuzz-smoke migration lock clean
help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ok ## .venv with everything from the hash lock, nothing else

# `pip --target` is allowed where a plain `pip install` is forbidden (PEP 668).
.tools/bin/uv:
	@echo "setting up: uv in .tools"
	@$(PY) -m pip install -q --disable-pip-version-check --root-user-action=ignore --target .tools uv

.venv/.ok: requirements-dev.lock pyproject.toml | $(UV)
	@echo "setting up: .venv from requirements-dev.lock"
	@$(UV) venv -q --allow-existing --python $(PY) .venv
	@VIRTUAL_ENV=.venv $(UV) pip sync -q --require-hashes requirements-dev.lock
	@VIRTUAL_ENV=.venv $(UV) pip install -q --no-deps --no-build-isolation -e .
	@touch $@

demo: .venv/.ok ## a seeded community on 127.0.0.1:8000 (PORT=…), with lines to try; Ctrl-C stops it
	@$(BIN)/laurels demo --port $(PORT)

test: .venv/.ok ## the tests, PostgreSQL included (T=path for some of them)
	@$(BIN)/pytest $(T)

run: .venv/.ok ## the service alone
	@$(BIN)/laurels serve --port $(PORT)

worker: .venv/.ok ## what is done beside the requests, on PostgreSQL (with SQLite `make run` does it too)
	@$(BIN)/laurels worker

interop: .venv/.ok ## verifiers written by others judge what a running service serves
	@$(BIN)/python -m interop

check: .venv/.ok ## format, lint, types, import contracts, README
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -q -p no:cacheprovider tests/house

fix: .venv/.ok ## whatever can be fixed by itself
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: .venv/.ok ## figures, as ratios against references of the same run
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.hostile

fuzz: .venv-fuzz/.ok ## more than a million strange inputs, guided by coverage; findings in var/fuzz
	@.venv-fuzz/bin/python -m fuzz

fuzz-smoke: .venv-fuzz/.ok ## a minute of it
	@.venv-fuzz/bin/python -m fuzz --seconds 60

# Apart from .venv: atheris is large, and nothing else needs it.
.venv-fuzz/.ok: requirements-fuzz.lock | $(UV)
	@echo "setting up: .venv-fuzz from requirements-fuzz.lock"
	@$(UV) venv -q --allow-existing --python $(PY) .venv-fuzz
	@VIRTUAL_ENV=.venv-fuzz $(UV) pip sync -q --require-hashes requirements-fuzz.lock
	@touch $@

migration: .venv/.ok ## a new migration from the models: make migration m="what it does"
	@at=$$(mktemp -d) && export LAURELS_DATABASE_URL=sqlite:///$$at/new.db && \
	  $(BIN)/alembic -q upgrade head && $(BIN)/alembic -q revision --autogenerate -m "$(m)"; rm -rf $$at

lock: | $(UV) ## the hash locks, from pyproject.toml
	@$(COMPILE) -o requirements.lock
	@$(COMPILE) --group dev -o requirements-dev.lock
	@$(COMPILE) --group fuzz -o requirements-fuzz.lock

clean: ## undo set-up and demo
	@rm -rf .venv .venv-fuzz .tools var interop/.venv-* interop/.node interop/node/node_modules interop/out
