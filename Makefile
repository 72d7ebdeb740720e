# Every target works on a fresh machine with Python 3.11+ and make; the locks say what is installed.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
BENCH := $(VENV)/.bench
RELEASE := $(VENV)/.release
FUZZ := $(VENV)/.fuzz
SITE := $(VENV)/.site
DOCS_LANG ?= en
WEB := $(VENV)/.web
CODE := $(wildcard src tests benchmarks)
# Compiled files are kept, whatever the shell says: without them each start compiles anew.
export PYTHONDONTWRITEBYTECODE :=
PROSE := $(wildcard README.md CONTRIBUTING.md docs)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: brief docs docs-texts serve web test matrix matrix-can-run quick lint format types layers nightly fuzz supply sbom bench lock clean

brief: $(RUN)  ## the main job: check, solve and brief the bundled Kazakhstan model, offline
	-@$(MAKE) --no-print-directory web
	$(BIN)/kopir brief kazakhstan --out out

serve: $(RUN)  ## the bundled Kazakhstan model in a browser on this machine
	-@$(MAKE) --no-print-directory web
	$(BIN)/kopir serve kazakhstan

docs: $(SITE)  ## the documentation as a site in out/docs, with a search that works without a network
	$(BIN)/python -m sphinx -q -W --keep-going -b html -D language=$(DOCS_LANG) docs out/docs/$(DOCS_LANG)
	@echo out/docs/$(DOCS_LANG)/index.html

docs-texts: $(SITE)  ## what is to be translated of it, as catalogues in out/docs-texts
	$(BIN)/python -m sphinx -q -b gettext docs out/docs-texts

web: $(WEB)  ## the scripts of the pages, which work without them

test: $(DEV) web lint types layers  ## everything
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not install"

matrix: $(DEV)  ## wheel and sdist in empty environments: each Python found, newest and oldest allowed dependencies
	$(BIN)/python -m pytest -m install tests/install

matrix-can-run: $(DEV)  ## ends with an error where uv reaches no package index
	@echo rich | $(BIN)/uv pip compile -q --no-deps - >/dev/null 2>&1

quick: $(DEV) lint types layers  ## under a minute
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow and not install" -q --hypothesis-profile quick

lint: $(DEV)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/codespell $(PROSE) $(CODE)

format: $(DEV)
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

types: $(DEV)
	$(BIN)/mypy

layers: $(DEV)
	$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

nightly: $(DEV)  ## hostile input at length: 100,000 mutations, odd commands, documents and codes, kills at every step of a change
	$(BIN)/python -W ignore -m tests.hostile.mutations 100000
	$(BIN)/python -W ignore -m tests.hostile.asking 20000
	$(BIN)/python -W ignore -m tests.hostile.meaning
	$(BIN)/python -m tests.hostile.papers
	$(BIN)/python -m tests.hostile.kills

fuzz: $(FUZZ)  ## ten minutes of fuzzing the readers of documents, led by what their code covers
	$(BIN)/python -W ignore -m tests.hostile.fuzz --seconds 60

supply: $(RUN)  ## licences, advisories and wheels of what is installed beside kopir, where an index can be reached
	$(BIN)/python -m tests.contributing.supply

sbom: $(RELEASE)  ## what is installed beside kopir, with versions and hashes, in CycloneDX form
	mkdir -p out
	$(BIN)/cyclonedx-py requirements requirements/run.lock --pyproject pyproject.toml --output-reproducible -o out/sbom.json

bench: $(BENCH)  ## side-by-side ratios against named peers
	$(BIN)/python -m benchmarks

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(RUN): requirements/run.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements/run.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	@touch $@

$(DEV): requirements/dev.lock $(RUN)
	$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@

$(BENCH): requirements/bench.lock $(DEV)
	$(PIP) install --require-hashes -r requirements/bench.lock
	@touch $@

$(FUZZ): requirements/fuzz.lock $(DEV)
	$(PIP) install --require-hashes -r requirements/fuzz.lock
	@touch $@

$(SITE): requirements/docs.lock $(RUN)
	$(PIP) install --require-hashes -r requirements/docs.lock
	@touch $@

$(RELEASE): requirements/release.lock $(RUN)
	$(PIP) install --require-hashes -r requirements/release.lock
	@touch $@

$(WEB): web/package-lock.json web/tsconfig.json $(wildcard web/*.ts web/*.mjs web/brief/* web/zoom/* web/charts/*) | $(VENV)/bin/python
	command -v npm >/dev/null || $(PIP) install --require-hashes -r requirements/web.lock
	cd web && PATH="$$PATH:$(abspath $(BIN))" npm ci --no-audit --no-fund --loglevel=error
	cd web && PATH="$$PATH:$(abspath $(BIN))" npm run --silent build
	@touch $@

lock:  ## remake the locks; needs uv on PATH
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build pyproject.toml -o requirements/run.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build --group dev pyproject.toml -c requirements/run.lock -o requirements/dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build --group dev --group bench pyproject.toml -c requirements/dev.lock -o requirements/bench.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:web -o requirements/web.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build --group docs pyproject.toml -c requirements/run.lock -o requirements/docs.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build --group release pyproject.toml -c requirements/run.lock -o requirements/release.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group pyproject.toml:fuzz -o requirements/fuzz.lock

clean:
	rm -rf $(VENV) web/node_modules src/kopir/serve/static src/kopir/report/static out .kopir .pytest_cache .mypy_cache .ruff_cache .hypothesis
