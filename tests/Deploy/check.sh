#!/usr/bin/env bash
# Holds every definition in deploy/ against its service's published types: Kubernetes and Cloud Run by TypeScript, AWS Batch, ECS and EventBridge Scheduler by
# botocore's models, Step Functions by its validator, shell scripts by bash; and all of them against what Etl asks of a place it runs in.
# Needs node and npm, and Debian's python3-botocore and python3-yaml. Usage: tests/Deploy/check.sh
set -euo pipefail
cd "$(dirname "$0")"
python=/usr/bin/python3
for need in "node --version" "npm --version" "$python -c import\ botocore,yaml"; do
  if ! eval "$need" >/dev/null 2>&1; then
    echo "skipped: this needs $need (Debian: apt-get install nodejs npm python3-botocore python3-yaml)"
    [ "${ETL_TEST_REQUIRE_ALL:-}" = 1 ] && exit 1 || exit 0
  fi
done
[ -d node_modules ] || npm ci --no-audit --no-fund --silent
for script in ../../deploy/*/*.sh; do bash -n "$script"; done
$python check_aws.py
node check.mjs
echo "all definitions in deploy/ are as their services say"
