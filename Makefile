# Two commands on a fresh machine: `make demo` and `make test`. `make check` is what CI checks.
PY      ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
SHELL   := bash

.PHONY: help setup setup-all demo test quick coverage check docs messages bench secrets lock
.DEFAULT_GOAL := help

help: ## list these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t16

$(BIN)/uv:
	$(PY) -m venv $(VENV)
	$(BIN)/pip install --quiet uv

$(VENV)/.app: requirements/app.txt pyproject.toml | $(BIN)/uv
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements/app.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps -e .
	@touch $@

$(VENV)/.all: requirements/all.txt pyproject.toml | $(BIN)/uv
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements/all.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps -e .
	@touch $(VENV)/.app $@

setup: $(VENV)/.app ## make .venv with what LureWatch needs

setup-all: $(VENV)/.all ## the same, with Airflow and everything the tests use

demo: setup ## crawl the sample sites, score, index, open the desk; `make demo ONCE=1` ends after the run
	.ci/machine demo
	$(BIN)/lurewatch demo $(if $(ONCE),--once) $(if $(FRESH),--fresh)

check: setup-all ## what CI checks besides the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m pytest -q tests/test_budget.py

# Two take the files that wait for services one after the other (tests/order.py); four keep the two processors of CI busy meanwhile.
WORKERS ?= 6
test: setup-all ## set up, start the real services, run every test; `WORKERS=2` spares memory and whoever else works here
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

QUICK := tests/foundation tests/enrichment tests/crawlers/{pages,text,sources} tests/index tests/desk/{cases,people,takedown} tests/test_tree.py
quick: setup-all ## the tests of pure logic, for every save: no service, nothing slow, no browser
	$(BIN)/python -m pytest -q -rfE --quick -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(QUICK)

docs: setup-all ## build the documentation site into build/site; a warning fails it
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet  # the theme is held to MkDocs 1 and says so at each build

# The sentences of one domain and the folders and files they stand in; sorted and without line numbers, so that merges are quiet.
define update_catalogues
	@mkdir -p build
	$(BIN)/pybabel -q extract -F desk/locales/babel.cfg -k Combination:2 --omit-header --no-location --sort-output --no-wrap -o build/$(1).pot $(2)
	$(BIN)/pybabel -q update -D $(1) -i build/$(1).pot -d desk/locales --omit-header --no-fuzzy-matching --ignore-obsolete --no-wrap
endef
messages: setup-all ## collect the sentences of pages, mails and notices into the catalogues below desk/locales (docs/translating.md)
	$(call update_catalogues,desk,foundation crawlers enrichment index desk lurewatch seeds)
	$(call update_catalogues,mail,desk/digest)
	$(call update_catalogues,notice,desk/takedown/notice.py desk/takedown/letters.py desk/takedown/formats)

coverage: setup-all ## run the tests and show which lines of each module they miss; build/coverage/index.html has the pages
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered --cov-report=html $(TESTS)

BENCHES ?= crawl render parse warc facts assess hostile fuzz search recall link
bench: setup-all ## ratios against named peers, side by side; `make bench BENCHES=crawl` runs one; `load` needs ELASTIC=http://...
	.ci/machine test
	@for name in $(BENCHES); do echo; echo "== $$name"; \
	    $(BIN)/python -m benchmarks.$$name $(if $(ELASTIC),--elastic $(ELASTIC)) || exit 1; done

LOCKED := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
lock: $(BIN)/uv ## pin all dependencies again, with hashes and no addresses
	cd requirements && ../$(BIN)/$(LOCKED) --all-extras ../pyproject.toml -o all.txt
	sed '/--hash/d; s/ \\$$//' requirements/all.txt > requirements/.constraints
	$(BIN)/$(LOCKED) -c requirements/.constraints --extra crawl --extra desk pyproject.toml -o requirements/app.txt
	$(BIN)/$(LOCKED) -c requirements/.constraints --extra crawl --extra desk --extra airflow pyproject.toml -o requirements/image.txt
	rm requirements/.constraints

secrets: setup ## random secrets for docker-compose, one file each in ./secrets; never overwrites
	$(BIN)/python -m deploy.stack.secret_files secrets
