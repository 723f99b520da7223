#!/usr/bin/env bash
# The long run: COUNT seeds of kills and COUNT seeds of fault plans (default 200 each). Usage: tests/Chaos/run.sh [COUNT] [FIRST SEED]
set -euo pipefail
cd "$(dirname "$0")/../.."
export ETL_CHAOS_COUNT=${1:-200} ETL_CHAOS_FIRST=${2:-1}
ETL_CHAOS_REPORT=$(mktemp)
export ETL_CHAOS_REPORT
trap 'rm -f "$ETL_CHAOS_REPORT"' EXIT
status=0
dotnet test -c Release --project tests/Chaos/Etl.Chaos.Tests.csproj || status=$?
awk -F'\t' '
  { trials[$1]++; struck[$1] += $3; n = split($5, kinds, ","); for (i = 1; i <= n; i++) if (kinds[i] != "") faults[kinds[i]]++ }
  END {
    printf "%d trials passed, %d processes killed\n%d trials of shared runs passed, %d processes killed\n%d fault plans passed, %d faults done\n", trials["kill"], struck["kill"], trials["tasks"], struck["tasks"], trials["faults"], struck["faults"]
    for (k in faults) printf "  %-16s %d\n", k, faults[k]
  }' "$ETL_CHAOS_REPORT"
exit "$status"
