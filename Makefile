# `make run` shows Cordée working; `make check` before you show a change.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup check lint quick rules requirements bench bench-console bench-files chaos kills floods thorough lock audit fix test e2e run screenshots bundle docs wheel console-manifest clean

BIN := .venv/bin
CONSOLE := tests/console
HAS_NODE = $(shell command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && echo yes)
# Before Node 20 the web's crypto is there but not by its name.
NODE_FLAGS = $(shell node -e 'process.stdout.write(globalThis.crypto ? "" : "--experimental-global-webcrypto")')
# What may ask for a part that `make setup` does not bring stays out of `quick`.
QUICK := not e2e and not slow and not platform and not browser and not postgres
# Qt's plugin stops the whole run where Qt's libraries are missing; without it
# only the tests of windows are skipped.
PYTEST = $(BIN)/pytest $(shell $(BIN)/python -c 'import PySide6.QtWidgets' 2>/dev/null \
	|| echo -p no:pytest-qt)

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## everything that working on Cordée needs
	@.ci/packages check
	@$(MAKE) -s --no-print-directory $(BIN)/.dev
	@if command -v npm >/dev/null 2>&1; then \
		$(MAKE) -s --no-print-directory $(CONSOLE)/node_modules/.package-lock.json; fi

check: lint rules quick audit ## what must be green before a change is shown

lint: $(BIN)/.dev ## formatting, rules, types, import contracts, the console's modules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory console

quick: $(BIN)/.dev ## the tests that take seconds
	$(PYTEST) -q -m "$(QUICK)" $(ARGS)

rules: $(BIN)/.dev ## which test holds which rule of the terms and of safety
	@$(BIN)/python -m tests.make_rules_page
	@$(BIN)/python -m tests.make_requirements_page
	@$(BIN)/python -m tests.make_timeline

requirements: setup ## run the tests of safety and count: docs/security/requirements.md
	@.ci/packages test
	@$(BIN)/python -m tests.make_requirements_page --run

bench: $(BIN)/.dev ## bill a million random engagements against an oracle; ARGS=count
	$(BIN)/python -m benchmarks.bench_billing $(or $(ARGS),1000000)

chaos: $(BIN)/.dev ## 500 sessions over a bad network; ARGS="count seed"
	$(BIN)/python -m tests.chaos $(or $(ARGS),500 1)

kills: $(BIN)/.dev ## a relay under load, killed 100 times; ARGS="count seed"
	$(BIN)/python -m tests.chaos.kills $(or $(ARGS),100 1)

bench-line: $(BIN)/.dev ## the whole path on a slow line, beside other systems; ARGS=...
	$(BIN)/python -m benchmarks.bench_line $(ARGS)

bench-console: $(BIN)/.dev ## an hour at the console: how much its memory grows; ARGS=rounds
	$(BIN)/python -m benchmarks.bench_console_memory $(ARGS)

bench-files: $(BIN)/.dev ## 2 GiB each way, cut three times; keys beside a file; ARGS=...
	$(BIN)/python -m benchmarks.bench_files $(ARGS)

floods: $(BIN)/.dev ## strangers by the thousand on a real relay; ARGS=share
	$(BIN)/python -m tests.chaos.floods $(ARGS)

thorough: $(BIN)/.dev ## a hostile relay 500 x 60 steps, 200 000 inputs for the parsers
	CORDEE_THOROUGH=1 $(PYTEST) -q tests/property tests/fuzz $(ARGS)

fix: $(BIN)/.dev ## the formatting nobody should discuss
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

test: setup ## every test, with a real X server and a real browser
	@.ci/packages test
	@$(MAKE) -s --no-print-directory rules
	@$(MAKE) --no-print-directory console
	$(PYTEST) $(ARGS)

e2e: setup ## only the tests of the whole path, on real parts
	@.ci/packages test
	$(PYTEST) -m "e2e or browser or platform" $(ARGS)

run: $(BIN)/.runtime ## a relay, a first technician and an agent, here; ends by Ctrl-C
	@.ci/packages run
	@$(BIN)/cordee demo $(ARGS)

screenshots: setup ## the README's pictures and every view of the console, of real sessions
	@.ci/packages test
	$(BIN)/python -m tests.agent.window.screens docs/images --docs
	$(BIN)/python -m tests.e2e.screenshots docs/images

bundle: $(BIN)/.dev ## the one file that a customer downloads, in dist/
	@$(BIN)/python agent/bundle/build.py

docs: $(BIN)/.docs ## the documentation as pages, in site/
	$(BIN)/mkdocs build --strict

wheel: $(BIN)/.runtime ## the distribution, in dist/
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .
	@ls dist/*.whl

console-manifest: $(BIN)/.runtime ## sign what the console consists of; KEY=file, made if new
	@test -n "$(KEY)" || { echo "console-manifest: expected KEY=file"; exit 2; }
	@mkdir -p dist
	$(BIN)/cordee console-manifest --key $(KEY) --out dist/console.manifest

clean: ## what was built and cached; the data of `make run` stays
	rm -rf build dist site .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	rm -rf .hypothesis tests/e2e/.artifacts $(CONSOLE)/node_modules
	find server agent shared tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The console's modules, by Node and by TypeScript's reading of their JSDoc.
.PHONY: console
console:
ifneq ($(HAS_NODE),yes)
	@echo "missing: node and npm; the console's modules were not checked"
	@test -z "$$CORDEE_NO_MISSING"
else
	@$(MAKE) -s --no-print-directory $(CONSOLE)/node_modules/.package-lock.json
	@set -- $(wildcard $(CONSOLE)/*.test.mjs $(CONSOLE)/*/*.test.mjs); \
	if test $$# -gt 0; then node --test --test-reporter=spec $(NODE_FLAGS) "$$@"; fi
	cd $(CONSOLE) && node_modules/.bin/tsc --checkJs -p .
endif

# Stamps: pip and npm run again only when what they install from has changed.
# Only what the locks name, with the hashes they name (S-54).
LOCKED := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r
OURSELVES := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
$(BIN)/.runtime: pyproject.toml .ci/runtime.lock | .venv/pyvenv.cfg
	@echo "installing what Cordée runs with"
	@$(LOCKED) .ci/runtime.lock
	@$(OURSELVES)
	@touch $@

$(BIN)/.dev: pyproject.toml .ci/dev.lock | .venv/pyvenv.cfg
	@echo "installing what Cordée is built and tested with"
	@$(LOCKED) .ci/dev.lock
	@$(OURSELVES)
	@touch $(BIN)/.runtime $@

lock: .venv/pyvenv.cfg ## pin every dependency with its hashes, and list them as an SBOM
	@.ci/lock
	@$(BIN)/python -m tests.make_sbom

audit: $(BIN)/.dev ## known weaknesses of what the locks name, where the network allows
	@.ci/audit

$(BIN)/.docs: $(BIN)/.runtime
	@$(BIN)/pip install --quiet --disable-pip-version-check 'mkdocs>=1.6,<2'
	@touch $@

.venv/pyvenv.cfg: .ci/venv
	@.ci/venv
	@touch $@

$(CONSOLE)/node_modules/.package-lock.json: $(CONSOLE)/package-lock.json
	@cd $(CONSOLE) && npm ci --silent --no-audit --no-fund
	@touch $@
