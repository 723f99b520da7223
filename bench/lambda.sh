#!/usr/bin/env bash
# Measures a Lambda function of Etl beside one of Python with the same job, in one run: the table of docs/lambda.md.
# Usage: bench/lambda.sh [SIZE] [ROUNDS]; needs python3 with boto3 (apt-get install python3-boto3).
set -euo pipefail
cd "$(dirname "$0")/.."
python3 -c 'import boto3' || { echo "python3 has no boto3: apt-get install python3-boto3" >&2; exit 1; }
dotnet publish -c Release -a x64 --self-contained -p:PublishReadyToRunComposite=true -p:DebugType=none -v q --nologo -o bench/out/lambda src/Runner >&2
dotnet build -c Release -v q --nologo bench >&2
dotnet bench/bin/Release/net10.0/Etl.Bench.dll lambda bench/out/lambda/etl bench/lambda/bootstrap.py --size "${1:-1MB}" --rounds "${2:-5}"
