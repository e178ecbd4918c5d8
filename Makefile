# One-line targets; everything runs in the project's own environment (.venv), made by uv.
SHELL := /bin/bash
UV := $(shell if uv --version >/dev/null 2>&1; then echo uv; else echo .tools/bin/uv; fi)
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

.PHONY: help setup run shell test check format train evaluate

help:            ## Show the targets
	@grep -E '^[a-z]+: .*##' Makefile | sed 's/:.*##/ -/'

.tools/bin/uv:
	PYENV_VERSION= python3 -m venv .tools || python3 -m venv .tools
	.tools/bin/python -m pip install --quiet uv

setup: $(filter .tools/bin/uv,$(UV)) ## Install everything into .venv
	@$(UV) sync --frozen --quiet

run: setup ## Serve the bot, its actions and the chat page on PORT (5005)
	@$(UV) run --frozen --no-sync xenia serve

shell: setup ## Talk to the bot in the terminal
	@$(UV) run --frozen --no-sync xenia shell

test: setup ## Run the whole test suite
	@$(UV) run --frozen --no-sync pytest

check: setup ## Format, lint, types, import directions, data
	@$(UV) run --frozen --no-sync ruff format --check .
	@$(UV) run --frozen --no-sync ruff check .
	@$(UV) run --frozen --no-sync mypy
	@$(UV) run --frozen --no-sync lint-imports
	@$(UV) run --frozen --no-sync python -m training.check_data

format: setup ## Format the code
	@$(UV) run --frozen --no-sync ruff format .
	@$(UV) run --frozen --no-sync ruff check --fix .

train: setup ## Train all models
	@$(UV) run --frozen --no-sync xenia train --all

evaluate: setup ## Measure the models, write docs/results.md
	@$(UV) run --frozen --no-sync xenia evaluate
