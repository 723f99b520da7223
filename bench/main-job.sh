#!/usr/bin/env bash
# The main job on one generated CSV object, beside rclone's copy of the same object between the same two local endpoints:
# time and peak memory of each, in one run. Usage: bench/main-job.sh [SIZE] [FOLDER]; needs rclone, node and GNU time.
set -euo pipefail
size=${1:-500MB}
work=${2:-$(mktemp -d)}
root=$(cd "$(dirname "$0")/.." && pwd)
dotnet build -c Release -v q --nologo "$root/bench" >/dev/null
dotnet build -c Release -v q --nologo "$root/src/Runner" >/dev/null
mkdir -p "$work/data/big/in"
cd "$work"
rm -f environment cloud.log
touch cloud.log
[ -f data/big/in/orders.csv ] || dotnet "$root/bench/bin/Release/net10.0/Etl.Bench.dll" generate orders --size "$size" --out data/big/in/orders.csv
cat > pipeline.yaml <<'YAML'
name: big
google: { credentials: "${GOOGLE_WIF_CONFIG:-wif.json}" }
source: { s3: { bucket: big, prefix: in/ } }
transforms: [ csv ]
sinks:
  - gcs: { bucket: big-staging }
  - bigquery: { project: big-project, dataset: big, table: orders, write: replace }
YAML

dotnet "$root/src/Runner/bin/Release/net10.0/etl.dll" local-cloud --folder "$work/cloud" --data "$work/data" > environment 2> cloud.log &
cloud=$!
trap 'kill $cloud' EXIT
until grep -q 'is up' cloud.log; do sleep 0.2; done
. ./environment
token=$(node "$root/tests/Acceptance/clients/token.mjs" 2>/dev/null | sed -E 's/.*"token":"([^"]*)".*/\1/')
cat > rclone.conf <<CONF
[s3]
type = s3
provider = Minio
env_auth = true
endpoint = $AWS_ENDPOINT_URL_S3
region = $AWS_REGION
[gcs]
type = google cloud storage
endpoint = $STORAGE_EMULATOR_HOST/storage/v1/
token = {"access_token":"$token","token_type":"Bearer","expiry":"2099-01-01T00:00:00Z"}
project_number = 1
bucket_policy_only = true
CONF
unset AWS_CA_BUNDLE

measure() { # NAME COMMAND...
  local name=$1
  shift
  /usr/bin/time -f "%e %M" -o time.txt "$@" > "$name.out" 2> "$name.err" || { cat "$name.err"; exit 1; }
  printf '%-28s %6.1f s   peak %4d MB\n' "$name" "$(cut -d' ' -f1 time.txt)" "$(( $(cut -d' ' -f2 time.txt) / 1000 ))"
}

echo "one object of $(stat -c %s data/big/in/orders.csv) bytes"
for round in 1 2 3; do
  rclone --config rclone.conf purge gcs:big-copy >/dev/null 2>&1 || true
  rclone --config rclone.conf mkdir gcs:big-copy 2>/dev/null || true
  rm -rf "$work/cloud/gcs/big-staging"
  measure "etl run" dotnet "$root/src/Runner/bin/Release/net10.0/etl.dll" run pipeline.yaml
  measure "rclone copy" rclone --config rclone.conf copy s3:big/in gcs:big-copy
done
grep -E '^(rows|bytes|time)' "etl run.out"
