# evenkeel: `make demo` shows the whole job, `make test` proves it. Everything is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "installing into $(VENV) (about a minute, once)"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "installing what the tests need into $(VENV) (once)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.installed

install: $(VENV)/.installed ## evenkeel into .venv

demo: $(VENV)/.installed ## bot, sandbox workspace and a model service that breaks; one address to open
	@$(BIN)/evenkeel demo

test: $(VENV)/.installed-dev ## every test that this machine can run
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

servers: ## the real servers of tests/real: Debian's packages, MLflow and Unleash (Debian, as root, once)
	@.ci/servers

pictures: $(VENV)/.installed-dev ## the README's pictures anew, from a demo that is walked for it
	@$(BIN)/python -m tests.pictures

bench: $(VENV)/.installed-dev ## speed and size, as ratios taken in one run
	@$(BIN)/python -m tests.benchmarks

lint: $(VENV)/.installed-dev ## ruff and mypy, strict, tests included
	@$(BIN)/ruff check bot tests
	@$(BIN)/ruff format --check bot tests
	@$(BIN)/mypy

lock: $(VENV)/.installed-dev ## the locks anew: versions and hashes, no addresses
	@$(PIP) install pip-tools
	@$(BIN)/pip-compile $(LOCK) -o requirements.lock pyproject.toml
	@$(BIN)/pip-compile $(LOCK) --extra dev -o requirements-dev.lock pyproject.toml
	@$(BIN)/pip-compile $(filter-out --build-deps-for editable,$(LOCK)) -o tests/real/locks/mlflow.lock tests/real/locks/mlflow.in

LOCK := --quiet --upgrade --build-deps-for editable --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.PHONY: help install demo test servers pictures bench lint lock
