# Each target does all set-up by itself, into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
BENCH_STAMP := $(VENV)/.installed-bench
SIZES ?= shipped 200 10000 100000 1000000
TUNING := tests/eval/tuning
JUDGING := tests/eval/judging
MORE ?=
FOREIGN_PYTHON := telemelya==0.2.2 fakeredis[lua]==2.40.0 moto[s3,server]==5.2.5
FOREIGN_NODE := telegram-test-api@4.2.1

.PHONY: help install chat test check lint format types layers knowledge figures drawn unit wheel soak foreign eval fit bench clean

help:  ## what there is
	@sed -n 's/^\([a-z]*\):.*##/\1\t/p' $(MAKEFILE_LIST) | expand -t 12

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip

$(STAMP): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(DEV_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(STAMP)

$(BENCH_STAMP): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@touch $@ $(STAMP)

install: $(STAMP)  ## set up .venv with what chat and Telegram need

chat: $(STAMP)  ## chat in the terminal
	@$(BIN)/zhuiwen chat

test: check unit wheel  ## everything that CI runs

check: lint types layers knowledge drawn  ## lint, types, layers, knowledge, figures

lint: $(DEV_STAMP)  ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(DEV_STAMP)  ## let ruff format and mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(DEV_STAMP)  ## mypy
	$(BIN)/mypy

layers: $(DEV_STAMP)  ## import-linter
	$(BIN)/lint-imports

knowledge: $(DEV_STAMP)  ## check the content
	$(BIN)/zhuiwen check

figures: $(DEV_STAMP)  ## draw the figures of the content
	$(BIN)/python -m figures

drawn: $(DEV_STAMP)  ## check that the figures are what their scripts draw
	$(BIN)/python -m figures --check

unit: $(DEV_STAMP)  ## all tests but the wheel's and the long ones
	$(BIN)/python -m pytest -n 2 -m 'not wheel and not soak'

wheel: $(DEV_STAMP)  ## build a wheel and test it in an environment of its own
	$(BIN)/python -m pytest -m wheel

soak: $(DEV_STAMP)  ## the long tests of the Telegram bot: crashes, faults, crowds
	$(BIN)/python -m pytest -m soak -s

foreign: $(DEV_STAMP)  ## try the Telegram bot against servers that others wrote to test bots (needs npm)
	$(PYTHON) -m venv .cache/foreign/python
	.cache/foreign/python/bin/python -m pip install --quiet --disable-pip-version-check $(FOREIGN_PYTHON)
	npm install --silent --prefix .cache/foreign $(FOREIGN_NODE)
	$(BIN)/python -m pytest -rs tests/telegram/test_foreign.py

eval: $(DEV_STAMP)  ## how well it answers, on the judging half of our query sets; writes the tables and pictures of the pages
	$(BIN)/zhuiwen eval --leave-one-out $(JUDGING)/single.jsonl $(JUDGING)/oos.jsonl $(JUDGING)/dialogues.jsonl
	$(BIN)/python -m measures

fit: $(STAMP)  ## fit the decision anew on the tuning half, and on query sets given as MORE
	$(BIN)/zhuiwen eval --fit $(TUNING)/single.jsonl $(TUNING)/oos.jsonl $(MORE)

bench: $(BENCH_STAMP)  ## race the engine and its peers (SIZES="shipped 200" for a short run; all take half an hour)
	@mkdir -p .cache
	$(BIN)/python -m tests.bench.run .cache/bench.json $(SIZES)
	$(BIN)/python -m tests.bench.stages .cache/stages.json
	$(BIN)/python -m tests.bench.report .cache/bench.json .cache/stages.json docs

clean:  ## remove what was made here
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
