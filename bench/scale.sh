#!/usr/bin/env bash
# What a run costs by steps and by tasks: 1,000 small objects, and one large object in byte ranges; in one process, by steps, and by tasks on a Slurm cluster
# on this machine. Prints wall and processor seconds of the etl processes (not of the local cloud, which plays the other side).
# Usage: bench/scale.sh [LARGE SIZE] [TASKS]        needs Debian's slurm-wlm, munge, time
set -euo pipefail
cd "$(dirname "$0")/.."
large=${1:-300MB} tasks=${2:-4} nodes=2
dotnet publish -c Release -v q --nologo -o bench/out/etl src/Runner >&2
dotnet build -c Release -v q --nologo bench >&2
etl=$PWD/bench/out/etl/etl
folder=$(mktemp -d)
export NO_COLOR=1 DOTNET_TieredPGO=0
port=$((20000 + RANDOM % 10000))
. tests/Slurm/cluster.sh
cloud=
stop() {
  cluster_stop
  [ -z "$cloud" ] || { kill "$cloud" 2>/dev/null; wait "$cloud" 2>/dev/null; } || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 143' TERM INT

mkdir -p "$folder"/data/small/in "$folder"/data/large/in
for i in $(seq -w 0 999); do { echo id,amount,note; seq -f "%.0f,12.5,note of some length" "$((10#$i * 200))" "$((10#$i * 200 + 199))"; } >"$folder/data/small/in/$i.csv"; done
dotnet bench/bin/Release/net10.0/Etl.Bench.dll generate orders --size "$large" --out "$folder/data/large/in/orders.csv"

# pipeline NAME BUCKET
pipeline() {
  cat >"$folder/$1.yaml" <<YAML
name: $1
source: { s3: { bucket: $2, prefix: in/ } }
transforms: [ csv: { split_size: 16MB } ]
sinks:
  - gcs: { bucket: scale-staging, prefix: $1/ }
  - bigquery: { project: proj-ect, dataset: scale, table: ${1//-/_} }
YAML
}

"$etl" local-cloud --folder "$folder/cloud" --data "$folder/data" >"$folder/cloud.env" 2>"$folder/cloud.log" &
cloud=$!
wait_for 60 grep -q 'is up' "$folder/cloud.log"
set -a
. "$folder/cloud.env"
set +a

# timed FILE COMMAND...: wall, user and system seconds of each process, a line each.
timed() { local file=$1; shift; /usr/bin/time -a -o "$folder/$file" -f '%e %U %S' "$@" >>"$folder/out" 2>&1; }
sum() { awk '{ wall += $1; cpu += $2 + $3; n++ } END { printf "%d processes, %.1f s processor, %.1f s wall one after another\n", n, cpu, wall }' "$folder/$1"; }

cluster_start "$folder/slurm" "$nodes" 1
for shape in small large; do
  for way in one steps slurm; do pipeline "$shape-$way" "$shape"; done
  echo "== $shape"
  timed "$shape-start" "$etl" stage "$folder/$shape-steps.yaml" --task 0 --of 1
  printf 'nothing to do:        '; sum "$shape-start"
  timed "$shape-one" "$etl" run "$folder/$shape-one.yaml" --parallelism 2
  printf 'one process:          '; sum "$shape-one"
  timed "$shape-plan" "$etl" plan "$folder/$shape-steps.yaml" --open
  timed "$shape-stage" "$etl" stage "$folder/$shape-steps.yaml" --task 0 --of 1 --parallelism 2
  timed "$shape-again" "$etl" stage "$folder/$shape-steps.yaml" --task 0 --of 1 --parallelism 2
  timed "$shape-commit" "$etl" commit "$folder/$shape-steps.yaml"
  for step in plan stage again commit; do printf '%-22s' "$step:"; sum "$shape-$step"; done

  started=$(date +%s.%N)
  printf '#!/bin/sh\nexec /usr/bin/time -a -o %s -f "%%e %%U %%S" %s "$@"\n' "$folder/$shape-slurm" "$etl" >"$folder/timed-etl"
  chmod +x "$folder/timed-etl"
  submitted=$(ETL="$folder/timed-etl" deploy/slurm/submit.sh "$folder/$shape-slurm.yaml" "$tasks" --output="$folder/slurm/logs/%x-%a.out" 2>/dev/null)
  echo "$submitted"
  commit=$(sed -nE 's/.*commit ([0-9]+)$/\1/p' <<<"$submitted")
  over() { scontrol show job "$commit" | grep -qE 'JobState=(COMPLETED|FAILED|CANCELLED|TIMEOUT)'; }
  wait_for 900 over
  printf '%s tasks, %s nodes:     ' "$tasks" "$nodes"; sum "$shape-slurm"
  awk -v started="$started" -v ended="$(date +%s.%N)" 'BEGIN { printf "  whole, with Slurm:  %.1f s wall\n", ended - started }'
  for way in one slurm; do "$etl" query "SELECT COUNT(*) AS n FROM scale.${shape}_$way" --pipeline "$folder/$shape-$way.yaml" 2>/dev/null | grep -E '[0-9]' | tail -1; done
done
