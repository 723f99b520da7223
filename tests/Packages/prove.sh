#!/usr/bin/env bash
# Proves the packages as their users meet them: packed into a folder, the tool installed from there runs the README's main job; the template makes a source and a
# sink that build, pass their tests and run as plugins; so do the connectors in examples/. Nothing outside of a temporary folder is changed.
#   tests/Packages/prove.sh [CONFIGURATION]      Release when left out
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
configuration=${1:-Release}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
step() { printf '\n-- %s\n' "$*"; }

step "Pack"
feed="$work/feed"
"$root/deploy/packages/pack.sh" "$feed" "$configuration"
ls -l "$feed" | awk 'NR > 1 { print $5, $9 }'
for package in Etl.Core Etl.Formats Etl.Csv Etl.Testing etl; do
  file=$(ls "$feed/$package".[0-9]*.nupkg)
  ls "${file%.nupkg}.snupkg" > /dev/null
  unzip -l "$file" > "$work/list"
  for inside in README.md LICENSE; do
    grep -q " $inside\$" "$work/list" || { echo "$package has no $inside" >&2; exit 1; }
  done
  grep -q '"bomFormat": "CycloneDX"' "${file%.nupkg}.cdx.json" || { echo "$package has no list of what it is made of" >&2; exit 1; }
done
grep -q '"name": "ParquetSharp"' "$feed"/etl.[0-9]*.cdx.json

step "The same commit gives the same bytes, and its symbols name its sources"
for copy in one two; do
  git clone -q "$root" "$work/$copy"
  git -C "$work/$copy" remote set-url origin https://github.com/etl/etl.git
  dotnet build "$work/$copy/src/Core" -c Release -v q
done
cmp "$work"/{one,two}/src/Core/bin/Release/net10.0/Etl.Core.dll
grep -qa "raw.githubusercontent.com/etl/etl/$(git -C "$work/one" rev-parse HEAD)/" "$work/one/src/Core/bin/Release/net10.0/Etl.Core.pdb"
if grep -qaF "$work/one" "$work/one/src/Core/bin/Release/net10.0/Etl.Core.dll"; then echo "Etl.Core.dll holds a path of the machine it was built on" >&2; exit 1; fi

# What was packed just now must win over what an earlier proof left in the machine's cache.
cache=$(dotnet nuget locals global-packages -l | sed 's/^[^:]*: *//')
export NUGET_PACKAGES="$work/packages"
cat > "$work/NuGet.config" <<XML
<configuration>
  <packageSources><add key="packed" value="$feed" /></packageSources>
  <fallbackPackageFolders><add key="machine" value="$cache" /></fallbackPackageFolders>
</configuration>
XML
cd "$work"

step "The tool runs the README's main job"
dotnet tool install etl --tool-path "$work/tool" --add-source "$feed"
cp -r "$root/pipelines" .
"$work/tool/etl" run pipelines/orders.yaml --local | tee "$work/main"
grep -q '1,101 read = 1,098 loaded + 3 rejected + 0 filtered' "$work/main"

step "The template makes connectors that pass their tests and run"
new() { dotnet new "$@" --debug:custom-hive "$work/hive" > /dev/null; }
new install "$root/templates/etl-connector"
prove() { # folder
  dotnet build "$1/tests" -v q
  dotnet run --no-build --project "$1/tests"
}
for kind in source sink; do
  new etl-connector --kind "$kind" -n "My$kind" -o "My$kind"
  prove "My$kind"
  (cd "My$kind" && "$work/tool/etl" run pipeline.yaml) | tee "$work/run"
  grep -q '2 read = 2 loaded + 0 rejected + 0 filtered' "$work/run"
done
grep -q '"name":"two"' Mysink/out/table/*.ndjson

step "A plugin's package is fetched by name and version, and runs with nothing else there"
dotnet pack Mysource/src -o "$feed" -p:Version=1.2.0 -v q
mkdir packed && cp -r Mysource/data packed
sed -e 's|^name: .*|name: packed|' -e 's|^plugins: .*|plugins: [nuget:Mysource@1.2.0]|' Mysource/pipeline.yaml > packed/pipeline.yaml
rm -r Mysource
(cd packed && "$work/tool/etl" run pipeline.yaml) | tee "$work/run"
grep -q '2 read = 2 loaded + 0 rejected + 0 filtered' "$work/run"

for example in "$root"/examples/*/; do
  name=$(basename "$example")
  step "examples/$name"
  cp -r "$example" .
  prove "$name"
done
printf '\nproved\n'
