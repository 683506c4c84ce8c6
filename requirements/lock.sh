#!/usr/bin/env bash
# Resolve every lock file again. They hold hashes and no addresses; dev.lock holds every extra,
# the others are cut from it so that all environments agree on every version.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}
compile() { "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$@"; }
compile pyproject.toml --all-extras --output-file requirements/dev.lock
# uv constraints cannot carry hashes: strip them for the two narrower locks.
pins=$(mktemp)
trap 'rm -f "$pins"' EXIT
grep -E '^[a-z0-9]' requirements/dev.lock | sed 's/ *\\$//' > "$pins"
compile pyproject.toml --constraint "$pins" --extra build --output-file requirements/run.lock
compile pyproject.toml --constraint "$pins" --extra build --extra server --output-file requirements/server.lock
printf 'uv==%s\n' "$("$uv" --version | cut -d' ' -f2)" | compile - --output-file requirements/bootstrap.lock
