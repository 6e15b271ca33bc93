# Everything runs in an environment of its own, made from locked, hash-checked dependencies.
# Needs: make, Python >= 3.11 (choose one with PYTHON=...). A second call does no installing.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --require-hashes

.PHONY: help demo test quick check lock clean

help:
	@echo "make demo    watch the tutorial, then run eleven days of May 2021 and open the report"
	@echo "make test    all tests"
	@echo "make quick   the tests that take no browser and no patience"
	@echo "make check   format, lint, types, import contract"
	@echo "make lock    resolve the dependencies afresh and write requirements/"
	@echo "make clean   remove the environment"

demo: $(VENV)/.core
	$(BIN)/mantlet demo

# The kernels are tested twice: as plain Python, which checks array bounds, and compiled.
test: $(VENV)/.test
	@tools/install-system-needs
	@failed=0; \
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -q -m "not slow" tests/kernels || failed=1; \
	$(BIN)/python -m pytest || failed=1; \
	exit $$failed

quick: $(VENV)/.test
	$(BIN)/python -m pytest -q -m "not slow and not browser"

# Import-linter's cache outlives the files it is about, hence --no-cache.
# Types are checked against the extras too, which come with the tests' needs.
check: $(VENV)/.lint $(VENV)/.test
	@failed=0; \
	for step in "ruff format --check" "ruff check" mypy "lint-imports --no-logo --no-cache"; do \
		echo "== $$step"; $(BIN)/$$step || failed=1; \
	done; \
	exit $$failed

lock: $(VENV)/.lint
	tools/lock $(BIN)/uv

clean:
	rm -rf $(VENV)

$(VENV)/.made:
	@$(PYTHON) tools/make_venv.py $(VENV)
	@touch $@

$(VENV)/.core: requirements/core.txt requirements/build.txt pyproject.toml $(VENV)/.made
	@echo "Installing the locked dependencies (about 150 MB, a minute or two) ..."
	@$(INSTALL) -r requirements/core.txt -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.core
	@echo "Installing what the tests need ..."
	@$(INSTALL) -r requirements/test.txt
	@touch $@

$(VENV)/.lint: requirements/lint.txt $(VENV)/.core
	@echo "Installing the checkers ..."
	@$(INSTALL) -r requirements/lint.txt
	@touch $@
