#!/usr/bin/env bash
# What takes minutes: every command of the documentation, the real files, Lambda's deadlines and a token's whole life by the clock, the clients of others, reports in a browser.
# Usage: tests/Acceptance/run.sh [OPTIONS OF THE TEST RUNNER, such as -class '*TutorialTests']; first `npm ci` in clients/ and deploy/ here.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec dotnet run --project tests/Acceptance -- "$@"
