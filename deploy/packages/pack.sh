#!/usr/bin/env bash
# Packs a release into FOLDER: the NuGet packages and the tool, their symbols, and beside each package a list of all it is made of (SBOM, CycloneDX 1.6).
# Nothing is published. The same commit gives the same bytes in any folder.
# Usage: deploy/packages/pack.sh FOLDER [CONFIGURATION]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
feed=$(realpath -m "$1") configuration=${2:-Release}
mkdir -p "$feed"
cd "$root"
dotnet tool restore > /dev/null
for project in Core Formats Csv Testing Runner; do
  dotnet pack "src/$project" -c "$configuration" -v q --nologo -o "$feed"
  file=$(ls -t "$feed"/*.nupkg | head -1)
  name=$(basename "$file" .nupkg)
  version=$(grep -oE '[0-9]+\.[0-9]+\.[0-9]+([-+].*)?$' <<< "$name")
  dotnet CycloneDX "src/$project/Etl.$project.csproj" --output "$feed" --filename "$name.cdx.json" --output-format Json --spec-version 1.6 \
    --set-name "${name%."$version"}" --set-version "$version" --exclude-dev --include-project-references --disable-package-restore > "$feed/sbom.log" || { cat "$feed/sbom.log" >&2; exit 1; }
  rm "$feed/sbom.log"
done
