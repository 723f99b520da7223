#!/usr/bin/env bash
# Parses and encodes a generated stream that is never on disk, and fails when it takes more than 256 MB of memory.
# Usage: bench/soak.sh orders|wide|quoted [SIZE]. The bench is built: dotnet build -c Release bench.
set -euo pipefail
cd "$(dirname "$0")/.."
# The garbage collector's settings that etl is published with (src/Runner/Etl.Runner.csproj): by itself it takes as much as the processor's cache is large.
export DOTNET_GCgen0size=400000 DOTNET_GCGen0MaxBudget=600000 DOTNET_GCConserveMemory=5 DOTNET_gcConcurrent=0
exec dotnet bench/bin/Release/net10.0/Etl.Bench.dll soak "$1" --size "${2:-300MB}" --limit 256MB
