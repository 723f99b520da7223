#!/usr/bin/env bash
# One run of a pipeline on AWS Batch: a plan, an array of stage tasks that waits for it, a commit that waits for all of them.
# Usage: submit.sh QUEUE TASKS [JOB DEFINITION]      TASKS: 2 to 10,000, the sizes that AWS Batch takes for an array
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
queue=$1 tasks=$2 definition=${3:-etl-orders}

# submit NAME COMMAND [OPTIONS]: the id of the new job.
submit() {
  local name=$1 command=$2
  shift 2
  aws batch submit-job --job-name "$definition-$name" --job-queue "$queue" --job-definition "$definition" \
    --container-overrides "{\"command\": $command}" --query jobId --output text "$@"
}

plan=$(submit plan '["plan", "/etl/orders.yaml", "--open", "--wait=10m"]')
# Which task: AWS_BATCH_JOB_ARRAY_INDEX and AWS_BATCH_JOB_ARRAY_SIZE.
stage=$(submit stage '["stage", "/etl/orders.yaml"]' --array-properties "size=$tasks" --depends-on "jobId=$plan")
commit=$(submit commit "[\"commit\", \"/etl/orders.yaml\", \"--of\", \"$tasks\", \"--wait=10m\"]" --depends-on "jobId=$stage")
echo "plan $plan, stage $stage, commit $commit"
