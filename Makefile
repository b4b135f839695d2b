# make run    set up .venv and see what works in Hickory: a first look at every policy
# make test   the test suite
# make help   everything else
#
# Needs Python 3.11 to 3.13 and make. uv is used where it is installed, else venv and pip.
# PYTHON=/path/to/python chooses an interpreter; VENV=dir puts the environment elsewhere.

VENV ?= .venv
PYTHON ?=
BIN := $(VENV)/bin
IN_PARALLEL := -n 2 --dist loadfile
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run test test-slow bench lint docs clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

run: $(READY) ## Hickory, North Carolina: what works? A first look at every policy, compared
	$(BIN)/millworks rank --quick

test: $(READY) ## Run the tests (minutes)
	$(BIN)/python -m pytest $(IN_PARALLEL)

test-slow: $(READY) ## Run the tests that take longer
	$(BIN)/python -m pytest $(IN_PARALLEL) -m slow || [ $$? -eq 5 ]

bench: $(READY) ## Measure speed; ratios within one run, kept as JSON
	$(BIN)/python -m benchmarks

lint: $(READY) ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(READY) ## Write the parts of docs/ that are read off the code
	$(BIN)/python docs/generate.py

clean: ## Remove the environment and all caches; results in outputs/ stay
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup: $(READY) ## Set up the environment only

# Runs again only when a dependency or a pin has changed. A venv left half-made is made anew.
# Each candidate interpreter is started, because a name on the path may be an empty shim.
$(READY): pyproject.toml constraints.txt
	@set -e; \
	if ! $(BIN)/python -c '' 2>/dev/null; then \
	  rm -rf $(VENV)/bin $(VENV)/lib $(VENV)/pyvenv.cfg; \
	  found=; \
	  for candidate in $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3 python); do \
	    if "$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
	    then found="$$candidate"; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "make: no Python 3.11, 3.12 or 3.13 found; say where one is: make run PYTHON=/path/to/python" >&2; exit 2; \
	  fi; \
	  echo "Setting up $(VENV) with $$("$$found" --version)"; \
	  if command -v uv >/dev/null 2>&1; then uv venv --quiet --python "$$found" $(VENV); \
	  else "$$found" -m venv $(VENV) || { \
	    echo "make: this Python has no venv; on Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }; \
	  fi; \
	fi; \
	if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[report,notebooks,cluster,test,dev]'; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[report,notebooks,cluster,test,dev]'; \
	fi; \
	touch $(READY)
