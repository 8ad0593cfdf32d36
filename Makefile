# The commands of the project; `make help` lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
# What was compiled is kept, whatever this machine says: else each of hundreds of processes compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
# The first Python on this machine that is one of ours; PYTHON=… overrides.
PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$p" && break; done)

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: demo
demo: .venv/installed ## start everything on this machine and plan a trip (PORT=8000)
	@exec $(BIN)/python -m bot demo

.PHONY: test
test: .venv/installed-dev ## the whole test suite, three tests at a time on two cores (ARGS="-k name" for a part)
	@PYTEST_XDIST_AUTO_NUM_WORKERS=$$($(BIN)/python -c 'import os; print((os.cpu_count() or 1) * 3 // 2 or 1)') \
		$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: property
property: .venv/installed-dev ## the planner against thousands of random worlds and requests (takes hours)
	@$(BIN)/python -m pytest tests/planner/test_oracle.py tests/planner/test_properties.py \
		tests/planner/test_relaxing.py tests/planner/test_loosening.py tests/planner/test_amending.py tests/planner/test_vocabulary.py \
		tests/planner/test_best.py tests/planner/test_joining.py tests/planner/test_generated.py \
		-p tests.planner.examples --hypothesis-profile=thorough --timeout=0 $(ARGS)

.PHONY: check
check: .venv/installed-dev ## lint, format, types, architecture, known vulnerabilities (AUDIT=skip: not those)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest tests/test_architecture.py tests/test_requirements.py
	@$(BIN)/python -m tests.audit $(if $(filter skip,$(AUDIT)),--skip)

.PHONY: e2e
e2e: .venv/installed-dev ## the tests that drive a browser
	@$(BIN)/python -m pytest -m browser

.PHONY: bench
bench: .venv/installed-dev .venv-service/installed ## how long parsing, planning and answering take, alone and under load
	@SERVICE_PYTHON=.venv-service/bin/python $(BIN)/python -m tests.bench $(ARGS)

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Safiri needs Python 3.11, 3.12 or 3.13; none was found on this machine." >&2; exit 1; }
	@echo "Making .venv with $(PYTHON) …"
	@$(PYTHON) -m venv .venv || { echo "If it says ensurepip is missing: apt install python3-venv" >&2; rm -rf .venv; exit 1; }

.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installing what Safiri needs (once; takes a minute or two) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

# What a server has and nothing else: packages for tests, where they are installed, are found and loaded, too.
# SERVER_PYTHON: of which Python. One that was compiled without profiles (pyenv's) takes a third longer than Debian's.
SERVER_PYTHON = $(BIN)/python
.venv-service/installed: requirements.txt | .venv/bin/python
	@echo "Installing what a server has, to measure that …"
	@$(SERVER_PYTHON) -m venv --clear .venv-service
	@.venv-service/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/installed-dev: requirements.txt requirements-dev.txt | .venv/bin/python
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/installed
