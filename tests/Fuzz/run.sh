#!/usr/bin/env bash
# The long run: AFL++ drives one target and follows the branches it takes. Usage: tests/Fuzz/run.sh TARGET [SECONDS]
# Needs afl-fuzz (Debian: afl++) and the sharpfuzz tool (dotnet tool install --global SharpFuzz.CommandLine).
set -euo pipefail
target=${1:?one of sniff, infer, parse}
seconds=${2:-28800}
cd "$(dirname "$0")/../.."
out=artifacts/fuzz/$target
mkdir -p "$out"
rm -rf "$out/bin"
dotnet publish -c Release -v q --nologo tests/Fuzz -o "$out/bin"
for assembly in Etl.Csv CsvHelper; do sharpfuzz "$out/bin/$assembly.dll"; done
mkdir -p "$out/seeds"
dotnet "$out/bin/Etl.Fuzz.dll" seeds "$out/seeds"
AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 \
  afl-fuzz -V "$seconds" -t 20000 -m none -i "$out/seeds" -o "$out/found" -- dotnet "$out/bin/Etl.Fuzz.dll" afl "$target"
