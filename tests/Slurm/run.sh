#!/usr/bin/env bash
# A pipeline on a real Slurm cluster: three nodes on this machine, an array of stage tasks, a commit that depends on them. Half-way, one node dies with
# its tasks; Slurm starts them again elsewhere. The table must be the one of a run in one process. Everything listens on loopback.
# Usage: tests/Slurm/run.sh [OBJECTS] [TASKS]      KEEP=1 keeps the folder. Bounded to ten minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
objects=${1:-300} tasks=${2:-6} nodes=3
if [ -z "${BOUNDED:-}" ]; then BOUNDED=1 exec timeout --foreground --signal=TERM --kill-after=30 600 "$0" "$@"; fi
for program in slurmctld slurmd munged; do
  if ! PATH=$PATH:/usr/sbin command -v "$program" >/dev/null; then
    echo "skipped: $program is not installed (Debian: apt-get install slurm-wlm munge)"
    [ "${ETL_TEST_REQUIRE_ALL:-}" = 1 ] && exit 1 || exit 0
  fi
done

etl_dll=$PWD/src/Runner/bin/${CONFIGURATION:-Debug}/net10.0/etl.dll
[ -f "$etl_dll" ] || dotnet build -v q --nologo -c "${CONFIGURATION:-Debug}" src/Runner
export ETL="dotnet $etl_dll" NO_COLOR=1
folder=$(mktemp -d)
port=$((20000 + RANDOM % 10000))
. tests/Slurm/cluster.sh
cloud=
stop() {
  cluster_stop
  [ -z "$cloud" ] || { kill "$cloud" 2>/dev/null; wait "$cloud" 2>/dev/null; } || true
  [ -n "${KEEP:-}" ] && echo "kept: $folder" || rm -rf "$folder"
}
trap stop EXIT
trap 'exit 143' TERM INT

# Input: small objects, some gzip; and a large one in byte ranges, with line ends in its quoted fields.
mkdir -p "$folder"/data/acme/in
python3 - "$folder/data/acme/in" "$objects" <<'PY'
import gzip, random, sys
folder, objects = sys.argv[1], int(sys.argv[2])
random.seed(7)
row = 0
def rows(count, note):
    global row
    out = ["id,amount,note\n"]
    for _ in range(count):
        out.append(f'{row},{random.randrange(100000)}.{random.randrange(10)}5,"{note(row)}"\n')
        row += 1
    return "".join(out).encode()
for i in range(objects):
    data = rows(random.randrange(50, 400), lambda r: f"note {r}")
    name = f"{folder}/{i:05d}.csv"
    if i % 3 == 0:
        with gzip.open(name + ".gz", "wb") as file: file.write(data)
    else:
        with open(name, "wb") as file: file.write(data)
with open(f"{folder}/large.csv", "wb") as file:
    file.write(rows(60000, lambda r: f"line\n{r},2.05,two" if r % 5 else "x" * 200))
PY
pipeline() {
  cat >"$folder/$1.yaml" <<YAML
name: $1
source: { s3: { bucket: acme, prefix: in/ } }
transforms: [ csv: { split_size: 512kB } ]
sinks:
  - gcs: { bucket: slurm-staging, prefix: $1/ }
  - bigquery: { project: proj-ect, dataset: slurm, table: $1 }
YAML
}
pipeline one
pipeline many

$ETL local-cloud --folder "$folder/cloud" --data "$folder/data" >"$folder/cloud.env" 2>"$folder/cloud.log" &
cloud=$!
wait_for 60 grep -q 'is up' "$folder/cloud.log"
set -a
. "$folder/cloud.env"
set +a

echo "== One process"
$ETL run "$folder/one.yaml" 2>/dev/null | grep -E '^(objects|rows|bytes)'

echo "== $tasks tasks on $nodes nodes"
cluster_start "$folder/slurm" "$nodes" 1
deploy/slurm/submit.sh "$folder/many.yaml" "$tasks" --output="$folder/slurm/logs/%x-%a.out" 2>/dev/null | tee "$folder/submitted"
stage=$(sed -nE 's/.*stage tasks ([0-9]+).*/\1/p' "$folder/submitted") commit=$(sed -nE 's/.*commit ([0-9]+)$/\1/p' "$folder/submitted")

# Half-way: something is staged, something is not, and the node has a task.
stored() { find "$folder/cloud/gcs" -type f | wc -l; }
before=$(stored) whole=$(stored)
half_way() { [ "$(stored)" -gt $((before + whole / 8)) ] && [ -n "$(squeue -h -w node2 -t R -o %A)" ]; }
wait_for 120 half_way
victim=$(squeue -h -w node2 -t R -o %K)
cluster_kill node2
echo "killed node2 with task $victim of $tasks, when $((($(stored) - before) * 100 / whole)) % was staged"

# A commit that comes too early loads nothing, and says which tasks are missing.
status=0
# (What the killed task was at is missing for sure; Slurm notices after ten seconds.)
$ETL commit "$folder/many.yaml" --of "$tasks" >"$folder/early" 2>&1 || status=$?
[ "$status" = 3 ] || { echo "an early commit ended with $status"; cat "$folder/early"; exit 1; }

state() { scontrol show job "$1" 2>/dev/null | sed -nE 's/.*JobState=([A-Z_]+).*/\1/p' | sort | uniq -c | tr -s ' \n' ' '; }
over() { scontrol show job "$commit" | grep -qE 'JobState=(COMPLETED|FAILED|CANCELLED|TIMEOUT)'; }
wait_for 300 over || { squeue; cat "$folder"/slurm/logs/etl-*; exit 1; }
requeued=$(scontrol show job "$stage" | grep -oE 'Requeue=1 Restarts=[1-9]' | wc -l)
echo "stage:$(state "$stage")($requeued started again), commit:$(state "$commit")"
grep -hE 'splits staged|error' "$folder"/slurm/logs/etl-stage-*.out || true
grep -hE '^(objects|rows|bytes)|error' "$folder"/slurm/logs/etl-commit-*.out || true
[ "$requeued" -ge 1 ] || { echo "no task was started again"; exit 1; }
scontrol show job "$commit" | grep -q JobState=COMPLETED || exit 1

echo "== The tables"
query="SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS ids, SUM(id) AS sum, SUM(amount) AS amount, SUM(LENGTH(note)) AS length, (SELECT COUNT(*) FROM (SELECT * FROM slurm.one EXCEPT DISTINCT SELECT * FROM slurm.many)) AS missing, (SELECT COUNT(*) FROM (SELECT * FROM slurm.many EXCEPT DISTINCT SELECT * FROM slurm.one)) AS more FROM slurm"
one=$($ETL query "$query.one" --pipeline "$folder/one.yaml") many=$($ETL query "$query.many" --pipeline "$folder/many.yaml")
echo "$many"
[ "$one" = "$many" ] || { echo "the tables differ; one process gave:"; echo "$one"; exit 1; }
echo "the table of $tasks tasks is the table of one process"
