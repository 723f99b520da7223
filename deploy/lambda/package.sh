#!/usr/bin/env bash
# Makes the zip of an AWS Lambda function on provided.al2023: Etl with its own .NET as `bootstrap`, and your pipelines beside it.
# Usage: deploy/lambda/package.sh [PIPELINES FOLDER] [ZIP] [x64|arm64]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
pipelines=$(realpath "${1:-$root/pipelines}")
zip=$(realpath -m "${2:-etl-lambda.zip}")
arch=${3:-x64}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet publish "$root/src/Runner" -c Release -a "$arch" --self-contained -p:DebugType=none -v q --nologo -o "$work" >&2
mv "$work/etl" "$work/bootstrap"
mkdir "$work/pipelines"
find "$pipelines" -maxdepth 1 \( -name '*.yaml' -o -name '*.yml' -o -name '*.json' \) ! -name '*.schema.json' -exec cp {} "$work/pipelines/" \;
unpacked=$(du -sb "$work" | cut -f1)
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
[ "$unpacked" -le 262144000 ] || { echo "The package unpacks to $unpacked bytes, and Lambda takes 262,144,000. Use the container image." >&2; exit 1; }
rm -f "$zip"
(cd "$work" && python3 -m zipfile -c "$zip" ./*)
echo "$zip: $(stat -c %s "$zip") bytes, $unpacked unpacked"
