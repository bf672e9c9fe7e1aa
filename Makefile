# make run   builds and checks the graph, and answers a real question
# make test  every check that a change must pass: format, lint, types, floors, tests
# make expected  records the rows of saved queries and the data dictionary anew; read the diff as code
# make notebooks  executes the notebooks and writes them as .ipynb and HTML, with their figures
# make web   puts the libraries of pages in place, by npm
# make lock  writes the lock files anew from pyproject.toml

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

# The SPARQL editor and the network page's library; without npm /sparql is a plain form.
WEB := node_modules/.bundled

.PHONY: run test lint expected notebooks web lock clean

run: $(VENV)/.run $(if $(shell command -v npm),$(WEB))
	@$(BIN)/kg build >/dev/null
	@$(BIN)/kg ask regions-sharing-concept -p concept=一网通办 -f table
	@echo
	@echo "接下来试试 | Try next (. $(BIN)/activate):"
	@echo "  kg ask                                              全部问题 | every question"
	@echo "  kg ask regions-sharing-concept -p concept=适老化     换一个概念 | another concept"
	@echo "  kg ask targets-by-concept -p by=2022                谁承诺了什么 | who promised what by 2022"
	@echo "  kg find 适老化                                       全文检索 | full-text search"
	@echo "  kg show 上海                                         一个地区的事实与引文 | a region's facts and quotes"
	@echo "  kg serve                                            SPARQL 端点与网页 | a SPARQL endpoint and pages"
	@echo "  kg export xlsx -o tables.xlsx                       全部表格 | every table, for Excel"
	@echo "  kg coverage                                         原文读了多少 | how much of the text is read"

test: $(VENV)/.test $(WEB) lint
	@scripts/system.sh
	$(BIN)/pytest -n auto -q

lint: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

expected: $(VENV)/.test
	$(BIN)/pytest -q -n0 --accept tests/test_saved_queries.py -k expected_rows
	$(BIN)/pytest -q -n0 --accept tests/exports/test_workbook.py -k dictionary

notebooks: $(VENV)/.test
	@$(BIN)/kg build >/dev/null
	@$(BIN)/python scripts/notebooks.py

# A stamp says which lock file the environment holds; --require-hashes refuses anything else.
$(VENV)/.run: requirements/run.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -e $(VENV)/.test || $(BIN)/pip install -q --require-hashes -r requirements/run.txt
	@$(BIN)/pip install -q --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.test: requirements/test.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --require-hashes -r requirements/test.txt
	@$(BIN)/pip install -q --no-deps --no-build-isolation --no-index -e .
	@touch $@ $(VENV)/.run

web: $(WEB)

$(WEB): package.json package-lock.json scripts/bundle.mjs
	@command -v npm >/dev/null || { echo "没有 npm，请安装 Node.js 20 | npm is missing: install Node.js 20" >&2; exit 1; }
	node scripts/bundle.mjs
	@touch $@

lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install -q pip-tools
	for name in run test; do \
	  extras=$$(test $$name = run || echo "--extra test --extra curate"); \
	  $(VENV)-lock/bin/pip-compile -q --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-emit-trusted-host --allow-unsafe --strip-extras --all-build-deps $$extras \
	    -o requirements/$$name.txt pyproject.toml || exit 1; \
	done
	rm -rf $(VENV)-lock

clean:
	rm -rf build node_modules src/kg/web/static/vendor $(VENV)
