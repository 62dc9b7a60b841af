# Everything a newcomer types. `make run` and `make test` set up what they need first.
PYTHON ?= python3.11
ifeq (, $(shell command -v $(PYTHON) 2>/dev/null))
PYTHON := python3
endif
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8501
JOBS ?= 2
BROWSERS ?= 2
# How `make test` runs what no browser is needed for: in the time that the browsers leave.
WHERE_LEFT := nice -n 19
# What is compiled once is kept, whatever the surroundings say: or each of the tests' processes compiles it again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run empty test unit deep browser lint types format lock catalogues bench clean

help:            ## what there is to make
	@grep -E '^[a-z]+: .*##|^[a-z]+:  +##' $(MAKEFILE_LIST) | sed 's/:.*##/  -/'

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# uv installs in seconds what takes pip a minute. Where it cannot, as behind a mirror that only pip knows of, pip does.
install = ($(PIP) uv && $(BIN)/uv pip install --quiet --python $(BIN)/python -r $(1)) || $(PIP) -r $(1)

$(VENV)/.run: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(call install,requirements.txt)
	$(BIN)/python -m compileall -q -j 0 -x '/(tests?|pip|setuptools|pkg_resources)/' $(VENV)/lib kpi_tree pages app.py || true
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(call install,requirements-dev.txt)
	touch $@

run: $(VENV)/.run  ## serve the app with the sample shop on http://localhost:8501
	$(BIN)/python -m kpi_tree serve --port $(PORT)

empty: $(VENV)/.run  ## serve the app on an empty home
	KPI_TREE_EMPTY=1 $(BIN)/python -m kpi_tree serve --port $(PORT)

lint: $(VENV)/.dev  ## ruff: style and common mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev  ## mypy, strict, on all but the screen
	$(NICE) $(BIN)/mypy

unit: $(VENV)/.dev  ## all tests that need no browser
	$(NICE) $(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal -m "not browser"

deep: $(VENV)/.dev  ## the properties, each asked twenty times as often and of other examples in every run; pages on more days
	KPI_TREE_DEEP=20 $(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal -m "hypothesis or days"

browser: $(VENV)/.dev  ## the tests that drive a real browser
	$(BIN)/python tests/browser/find_chromium.py --install
	$(BIN)/python -m pytest -q -n $(BROWSERS) --dist worksteal --reruns 2 -r fER -m browser tests/browser

# A browser waits for its server a third of the time. The tests without one take that time, at the lowest priority:
# as equals they would make a person's keys slower than a person's.
test: lint  ## everything
	$(MAKE) --jobs=3 --output-sync=target browser unit types NICE="$(WHERE_LEFT)"

format: $(VENV)/.dev  ## bring the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.dev  ## pin the newest versions that the ranges in pyproject.toml allow
	$(BIN)/python tools/lock.py

catalogues: $(VENV)/.dev  ## bring the message catalogues up to date with the code
	$(BIN)/python tools/catalogues.py

bench: $(VENV)/.dev  ## the benchmarks, small sizes
	for script in bench/*.py; do echo "== $$script"; $(BIN)/python $$script --small || exit 1; done

clean:           ## remove what was made here (not your home folder)
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
