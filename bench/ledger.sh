#!/usr/bin/env bash
# Measures what a ledger of OBJECTS costs a run, beside one of none and beside the state's first layout: the figures of docs/reliability.md.
# Usage: bench/ledger.sh [OBJECTS]
set -euo pipefail
cd "$(dirname "$0")/.."
objects=${1:-1000000}
dotnet build -c Release -v q --nologo bench >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
measure() { dotnet bench/bin/Release/net10.0/Etl.Bench.dll ledger "$@"; }
echo "== in parts"
measure "$folder/parts" --objects "$objects"
measure "$folder/parts" --objects "$objects" --new 0
measure "$folder/parts" --objects "$objects" --new 10
echo "== no ledger at all"
measure "$folder/none" --objects 0 --new 10
measure "$folder/none" --objects 0 --new 10
echo "== the first layout, read and written over"
measure "$folder/first" --objects "$objects" --first-layout
measure "$folder/first" --objects "$objects" --new 0
