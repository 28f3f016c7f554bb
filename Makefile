# setup check fix quick test demo bench soak audit lock: everything a person or CI calls.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2
ROOMS := pipeline ocr storage search accounts owners web flows

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.venv/.ready: requirements.lock pyproject.toml setup/system
	@setup/system
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing Python packages (once, about two minutes)"
	@$(BIN)/pip install -q --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@$(BIN)/python -m compileall -q -j 0 .venv/lib >/dev/null 2>&1 || true # on all processors; imports take a third of the time
	@touch $@

setup: .venv/.ready ## make .venv with everything; costs nothing the second time
	@setup/system

demo: setup ## the whole product on sample dossiers; ONCE=1 ends when all is searchable; ACCOUNTS=1 asks people to sign in
	@$(BIN)/python -m tests.demo $(if $(ONCE),--once) $(if $(ACCOUNTS),--accounts)

test: setup ## the tests; ALL=1 (and CI) runs those too that kill and starve for many minutes
	@setup/system test
	@$(BIN)/python -m compileall -q -j 0 $(ROOMS) # the tests start the product some hundred times
	@$(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(if $(ALL)$(CI),,-m "not long") $(if $(CI),--cov --cov-report=term)
	@$(if $(ALL)$(CI),,echo "Left out: the long tests of kills, full disks and outages; make test ALL=1 runs them.")

quick: setup ## the tests that need no OCR engine, browser, server or reading room: a minute
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder --quick

check: setup ## format, lint, types, dead code, contracts
	@$(BIN)/ruff format --check -q .
	@$(BIN)/ruff check -q .
	@$(BIN)/mypy & $(BIN)/vulture && $(BIN)/lint-imports; others=$$?; wait $$! && exit $$others

fix: setup ## format and mend what can be mended
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check -q --fix .

bench: setup ## the measurements of docs/measurements.md; REAL=FOLDER adds those on real paper
	@$(BIN)/python bench/all.py $(if $(REAL),"$(REAL)")

soak: setup ## kill the watcher 200 times during a stream of drops; says whether anything was lost
	@$(BIN)/python bench/soak.py

audit: ## known vulnerabilities of the locked packages; says so when no data could be had
	@setup/audit

lock: ## write requirements.lock anew, with hashes and without any index address
	@$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-annotate --no-header --python-version 3.11 -q -o requirements.lock

.PHONY: help setup demo test quick check fix bench soak audit lock
