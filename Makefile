# Every target prints itself: make help
SHELL := /bin/bash
.DEFAULT_GOAL := help
# A uv on PATH may be a pyenv shim of another interpreter, so it is asked before it is trusted.
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .tools/uv/bin/uv)
RUN := .venv/bin/
ONCE ?=
DATA ?=
PORT ?= 8080
CONSOLE_PORT ?= 8000
STATE ?= demo-state

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

.tools/uv/bin/uv:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && python3 -m venv --help >/dev/null 2>&1 \
	  || { echo "Leeward needs Python 3.12 or newer and its venv module, or uv: install one of them (Debian: apt install python3-venv; pyenv: pyenv install 3.13)." >&2; exit 1; }
	python3 -m venv .tools/uv && .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check uv

.venv/.ready: requirements.lock pyproject.toml .python-version $(filter .tools/%,$(UV))
	$(UV) venv --quiet --allow-existing --python-preference system .venv 2>&1 | (grep -v -e pyenv -e 'Failed to inspect' -e '^ *$$' -e stderr -e 'exist in' -e '^ *[0-9.]*$$' -e cause -e Note: -e 'at the same' >&2 || true)
	@test -x .venv/bin/python || { echo "No Python 3.12 or newer found: install one (Debian 13: apt install python3; elsewhere: pyenv install 3.13)." >&2; exit 1; }
	$(UV) pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock
	$(UV) pip install --quiet --python .venv/bin/python --no-deps --editable .
	@touch $@

setup: .venv/.ready ## make the environment in .venv

demo: .venv/.ready ## start the platform for an invented school (ONCE=1: play the story, check it, exit)
	@exec $(RUN)leeward demo --state $(STATE) --port $(PORT) --console-port $(CONSOLE_PORT) $(if $(ONCE),--once)

test: .venv/.ready ## types, lint, arrows, every test
	$(RUN)ruff check
	$(RUN)ruff format --check
	$(RUN)lint-imports
	$(RUN)mypy
	$(RUN)pytest -n 2 -q
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
	  echo "the console's tests on PostgreSQL" && LEEWARD_TEST_DATABASE=postgresql $(RUN)pytest -n 2 -q tests/console; \
	else echo "skipped: the console's tests on PostgreSQL, which is not installed"; fi

bench: .venv/.ready ## measure side by side with the peers (installs them)
	@command -v nginx squid wrk squidGuard e2guardian traffic_server >/dev/null \
	  || DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends nginx-light squid-openssl wrk squidguard e2guardian trafficserver
	$(RUN)python -m benchmarks

.venv/.trained: .venv/.ready pyproject.toml
	$(UV) pip install --quiet --python .venv/bin/python --group train
	@touch $@

bench-alerts: .venv/.ready ## measure from a request to the open page, and a flood of findings (13 minutes)
	$(RUN)python -m benchmarks.alerts

quality: .venv/.trained ## measure how well signs of harm are found, beside peers (DATA=folder of labelled text)
	@test -n "$(DATA)" || { echo "Which labelled text? make quality DATA=FOLDER; benchmarks/labelled.py says what it may hold." >&2; exit 1; }
	$(RUN)python -m benchmarks.quality --data $(DATA)

weights: .venv/.trained ## learn the second stage anew (DATA=folder of labelled text)
	$(RUN)python -m training.second_stage $(if $(DATA),--data $(DATA))

lock: ## refresh requirements.lock from pyproject.toml
	$(UV) export --quiet --no-emit-project --no-header --format requirements-txt --output-file requirements.lock
	@rm -f uv.lock

docs: .venv/.ready ## regenerate the reference pages
	$(RUN)leeward docs --write

.PHONY: help setup demo test bench bench-alerts quality weights lock docs
