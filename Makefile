# Two commands matter: `make lab` opens JupyterLab with a sample project, `make test` runs every test.
# Both set everything up by themselves and need only Python 3.11+, Node 20+, git and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
WORKSPACE ?= sample-workspace
PORT ?= 8888

export PYTHON_KEYRING_BACKEND := keyring.backends.null.Keyring
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export npm_config_fund := false
export npm_config_audit := false
export npm_config_update_notifier := false

TYPESCRIPT := $(shell git ls-files -co --exclude-standard -- 'widgets/ts/*' 'server_ext/labextension/*' 2>/dev/null)
WIDGET := widgets/cvat_lab_widgets/static/annotator.js
PANEL := server_ext/cvat_lab_server/labextension/package.json

.PHONY: lab test bench coverage-table lint format setup setup-test build browser clean

lab: setup $(WORKSPACE)/workspace.duckdb ## JupyterLab with a sample project on real video and photos
	CVAT_LAB_WORKSPACE=$(abspath $(WORKSPACE)) $(BIN)/jupyter lab --port $(PORT) --ServerApp.root_dir=notebooks \
	  $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB_ARGS) "--LabApp.default_url=/lab/tree/01_quickstart.ipynb"

test: setup-test browser ## all tests, browser tests included
	npm test
	$(BIN)/python -m pytest -n 2 --dist loadfile

bench: setup-test browser ## measure, and write docs/benchmarks.md
	$(BIN)/python -m benchmarks

coverage-table: setup-test ## docs/coverage.md: requirement -> tests
	$(BIN)/python -m tests.coverage_table

lint: setup-test ## everything that pre-commit checks
	$(BIN)/pre-commit run --all-files

format: setup-test
	$(BIN)/ruff check --fix . && $(BIN)/ruff format . && npm run format

setup: $(VENV)/.installed
setup-test: $(VENV)/.installed-test $(PEERS)/.installed
build: $(WIDGET) $(PANEL)

# Not `npm ci`: it demands the native packages of every platform, and mirrors of the registry hold only some.
node_modules/.installed: package.json package-lock.json
	npm install --no-save --no-progress
	touch $@

$(WIDGET): node_modules/.installed $(TYPESCRIPT) | $(VENV)/.made
	npm run build --workspace widgets/ts/widget
	touch $@

$(PANEL): node_modules/.installed $(TYPESCRIPT) | $(VENV)/.made
	npm run build --workspace server_ext/labextension
	touch $@

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.installed: pyproject.toml $(WIDGET) $(PANEL) | $(VENV)/.made
	SKIP_JUPYTER_BUILDER=1 $(BIN)/python -m pip install -q -e .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	SKIP_JUPYTER_BUILDER=1 $(BIN)/python -m pip install -q -e ".[hub,test]"
	touch $@

# CVAT's own clients live in an environment of their own: their pins must not touch ours.
$(PEERS)/.installed:
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install -q "cvat-cli==2.80.0" "cvat-sdk==2.80.0"
	touch $@

browser: ## Debian's Chromium, installed when it is missing and we may
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; \
	  else echo "browser tests need Chromium: install it, for example with 'sudo apt install chromium'"; exit 1; fi

$(WORKSPACE)/workspace.duckdb: | setup
	$(BIN)/cvat-lab sample --workspace $(WORKSPACE)

clean:
	rm -rf $(VENV) $(PEERS) node_modules server_ext/cvat_lab_server/labextension widgets/cvat_lab_widgets/static
