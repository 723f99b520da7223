#!/usr/bin/env bash
# Measures Etl beside its peers, in one run, and prints the tables of docs/performance.md.
# Usage: bench/run.sh [SECTION...] [--scale 1] [--rounds 5] [--only ROW...] [--folder bench/data] [--clock wall|processor]
# Sections: scan sniff whole convert big compressed cp932 bytes profile writers. Needs node, npm, gzip, zstd, iconv and GNU time.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d bench/peers/node_modules/nodejs-polars ] || (cd bench/peers && npm install --no-package-lock --no-audit --no-fund >&2)
dotnet publish -c Release -v q --nologo -o bench/out/etl src/Runner >&2
dotnet build -c Release -v q --nologo bench >&2
exec dotnet bench/bin/Release/net10.0/Etl.Bench.dll compare --root . "$@"
