# `make help` lists what there is. Everything runs from environments this file makes; nothing is installed elsewhere.
SHELL := /bin/bash
PYTHON ?= python3
UV := .venv-uv/bin/uv
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo up down pictures test check lint types bench sam-local simulate packages release audit mutants docs lock setup clean speech-data

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## ?/\1|/' | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: .venv/.ready .venv-sam/.ready .venv-emulator/.ready  ## make the three Python environments (.venv, .venv-sam, .venv-emulator)

$(UV): requirements/uv.txt
	@echo "setting up: uv, the installer"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=/path/to/python3")'
	@$(PYTHON) -m venv .venv-uv
	@.venv-uv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.ready: requirements/dev.txt pyproject.toml $(UV)
	@echo "setting up: .venv, the project and its tools"
	@$(UV) venv --quiet --clear --seed --python $(PYTHON) .venv
	@$(UV) pip install --quiet --python .venv --require-hashes -r requirements/dev.txt
	@$(UV) pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@touch $@

.venv-sam/.ready: requirements/sam.txt $(UV)
	@echo "setting up: .venv-sam, the SAM command line"
	@$(UV) venv --quiet --clear --python $(PYTHON) .venv-sam
	@$(UV) pip install --quiet --python .venv-sam --require-hashes -r requirements/sam.txt
	@touch $@

.venv-bench/.ready: requirements/bench.txt $(UV)
	@echo "setting up: .venv-bench, what the benchmark compares with"
	@$(UV) venv --quiet --clear --python $(PYTHON) .venv-bench
	@$(UV) pip install --quiet --python .venv-bench --require-hashes -r requirements/bench.txt
	@touch $@

.venv-docs/.ready: requirements/docs.txt $(UV)
	@echo "setting up: .venv-docs, the site generator"
	@$(UV) venv --quiet --clear --python $(PYTHON) .venv-docs
	@$(UV) pip install --quiet --python .venv-docs --require-hashes -r requirements/docs.txt
	@touch $@

.venv-emulator/.ready: requirements/emulator.txt $(UV)
	@echo "setting up: .venv-emulator, the local AWS"
	@$(UV) venv --quiet --clear --python $(PYTHON) .venv-emulator
	@$(UV) pip install --quiet --python .venv-emulator --require-hashes -r requirements/emulator.txt
	@touch $@

demo: setup  ## deploy to a local AWS and play calls against it
	@$(BIN)/pivot demo

up: setup  ## keep the deployed local stack running and print its address
	@$(BIN)/pivot up

down:  ## end what `make up` started
	@$(BIN)/pivot down

pictures:  ## renew the pictures in docs/images; needs `make up` and Chromium
	@$(BIN)/python docs/images/record_call.py
	@$(BIN)/python docs/images/record_softphone.py > /dev/null
	@$(BIN)/python docs/images/record_live_debug.py

test: setup  ## run all tests, those against the deployed local stack included; COVERAGE=1 measures coverage
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile $(if $(COVERAGE),--cov --cov-report=xml --cov-report=term:skip-covered)

check: setup lint types test  ## lint, types, the template, then all tests

lint: setup  ## ruff, spelling, plain English, the workflows, cfn-lint and sam validate
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell
	$(BIN)/python -m tools.prose
	$(BIN)/zizmor --offline --no-progress --quiet .github
	$(BIN)/cfn-lint template.yaml --include-checks I3510
	SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam validate --lint

types: setup  ## mypy, strict
	$(BIN)/mypy

bench: setup .venv-bench/.ready  ## figures as JSON lines and a table: make bench [ONLY=cold] [COMPARE=FILE]
	@$(BIN)/python -m benchmarks $(ONLY) $(if $(COMPARE),--compare $(COMPARE))

sam-local: setup  ## invoke every function with its events through `sam local invoke` (needs a Docker engine)
	@$(BIN)/python -m pivotctl.sam_local

simulate: setup  ## simulate the prepaid ledger: make simulate [SEED=7] [CALLS=1000000]
	.venv/bin/python -m tests.ledger.simulation $(if $(SEED),--seed $(SEED)) --calls $(or $(CALLS),10000)

packages: setup  ## build the four wheels into dist/
	@$(BIN)/python -m tools.packages

release: setup  ## check the version and the changelog, then build the wheels, the bill of materials and the notes
	@$(BIN)/python -m tools.release

docs: setup .venv-docs/.ready  ## build the documentation site into site/
	@$(BIN)/python -m tools.reference
	@.venv-docs/bin/zensical build --clean --strict
	@$(BIN)/python -m tools.llms

audit: setup  ## known vulnerabilities and licences of what is deployed
	@$(BIN)/python -m tools.audit

mutants: setup  ## mutation testing, resumable: make mutants [ONLY=ledger] [SAMPLE=100] [JOBS=2]
	@nice -n 19 $(BIN)/python -m tools.mutants $(ONLY) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(JOBS),--jobs $(JOBS))

LOCK_FOR = $(UV) pip compile --quiet --python-version 3.11 --generate-hashes --upgrade \
  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'
LOCK = $(LOCK_FOR) --universal
# For the oldest Python, without markers: one list of packages, whatever Python builds the layer.
LOCK_LAYER = $(LOCK_FOR) --python-platform linux
# The Lambda runtime brings boto3 and what it needs; docopt only serves num2words' own command.
NOT_IN_LAYER = boto3 botocore s3transfer python-dateutil six urllib3 docopt

speech-data: setup  ## renew what speech knows of languages and currencies, from CLDR
	.venv/bin/python tools/speech_data.py

lock: $(UV)  ## renew every locked requirements file
	$(LOCK) --extra cli --extra softphone --group dev pyproject.toml -o requirements/dev.txt
	$(LOCK) --group pyproject.toml:sam -o requirements/sam.txt
	$(LOCK) --group pyproject.toml:emulator -o requirements/emulator.txt
	$(LOCK) --group pyproject.toml:bench -o requirements/bench.txt
	$(LOCK_LAYER) pyproject.toml -c requirements/dev.txt $(NOT_IN_LAYER:%=--no-emit-package %) -o layers/dependencies/requirements.txt
	echo zensical | $(LOCK) - -o requirements/docs.txt
	echo uv | $(LOCK) - -o requirements/uv.txt

clean:  ## remove what the commands above made
	rm -rf .venv .venv-* .aws-sam .stack .mypy_cache .pytest_cache .ruff_cache .hypothesis
