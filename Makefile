# Parc commun: the habits of this checkout. `make help` lists them.
# From a fresh clone, only Python 3.11 or later is needed; all the rest goes into .venv/.

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11 python,\
	$(shell command -v $(name) >/dev/null 2>&1 && $(name) -c \
	'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
BIN := .venv/bin
WORKERS ?= 3
# Compiled files are kept even where the environment says not to: else each worker compiles 10 s of tests again.
KEEP := PYTHONDONTWRITEBYTECODE=
MARK ?= not long

.DEFAULT_GOAL := help
.PHONY: help run setup test long check format catalogues screenshots journeys bench lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "  make %-11s %s\n", $$1, $$2 }'

run: .venv/.run ## Set up, load the demo data into an empty database, serve at http://127.0.0.1:8000
	$(BIN)/python app.py --demo

setup: .venv/.test ## Install what running, tests and checks need

test: .venv/.test ## Run the tests on SQLite, PostgreSQL and a browser (ARGS="-k lots" to choose)
	@sh tools/find_browser.sh
	@sh tools/find_checkers.sh
	@$(KEEP) $(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

long: .venv/.test ## Run the long tests: kills, fuzz, drills, big sizes
	@sh tools/find_browser.sh
	@sh tools/find_checkers.sh
	@$(KEEP) $(BIN)/pytest -m long $(ARGS)

check: .venv/.test ## Check style, types, import contracts, translations and docs
	@failed=; \
	for step in "ruff check ." "ruff format --check ." "mypy" "lint-imports" \
		"python tools/catalogues.py check" "python tools/docs.py"; do \
		echo "== $$step"; $(BIN)/$$step || failed="$$failed [$$step]"; \
	done; \
	if [ -n "$$failed" ]; then echo "Not right:$$failed"; exit 1; fi; echo "All is right."

format: .venv/.test ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

catalogues: .venv/.test ## Add new texts to the French catalogues
	$(BIN)/python tools/catalogues.py update

screenshots: .venv/.test ## Make the pictures of the README again
	@sh tools/find_browser.sh
	@$(BIN)/python -m tools.screenshots

journeys: .venv/.test ## Print docs/journeys.md from the journeys that the tests play
	@$(BIN)/python -m tools.journeys

bench: .venv/.test ## Measure (NAME="references" to choose, SIZE=1000)
	@$(BIN)/python -m bench $(NAME) $(if $(SIZE),--size $(SIZE))

lock: .venv/.run ## Pin the requirements again, with their hashes
	$(BIN)/pip install --quiet -r requirements/tool.in
	cd requirements && for name in run rounds test; do \
		../$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header $$name.in -o $$name.txt || exit 1; \
	done

clean: ## Remove caches and what tests left behind
	rm -rf .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis .coverage htmlcov test-results test-artefacts
	find . -path ./.venv -prune -o -name __pycache__ -type d -print | xargs rm -rf
	find translations -name '*.mo' -delete

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed; none was found." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "$(PYTHON) cannot make an environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

.venv/.run: requirements/run.txt requirements/rounds.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/rounds.txt
	@touch $@

.venv/.test: requirements/test.txt .venv/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@
