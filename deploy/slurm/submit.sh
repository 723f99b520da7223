#!/usr/bin/env bash
# One run of a pipeline on a Slurm cluster: plan here, then an array of stage tasks, then a commit that waits for all of them.
# Usage: submit.sh PIPELINE TASKS [sbatch options for every job, such as --partition=batch --mem=2G --time=2:00:00]
# The pipeline file, and what it reads from the environment, must be the same on every node. ETL names the command when it is not `etl`.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
pipeline=$(realpath "$1") tasks=$2
shift 2
etl=${ETL:-etl}

plan=$($etl plan "$pipeline" --open --json)
run=$(sed -n 's/^  "run": "\([0-9a-f]*\)",$/\1/p' <<<"$plan")
[ -n "$run" ] || { echo "$(basename "$pipeline"): nothing new to load."; exit 0; }

# A task that dies with its node is started again on another one (--requeue), and goes on where it was.
stage=$(sbatch --parsable --job-name=etl-stage --requeue --array="0-$((tasks - 1))" "$@" --wrap "exec $etl stage '$pipeline' --run $run --of $tasks")
# A commit whose tasks failed can never run: it goes, and the run stays open for the next submit, which does only what is missing.
commit=$(sbatch --parsable --job-name=etl-commit --requeue --dependency="afterok:$stage" --kill-on-invalid-dep=yes "$@" --wrap "exec $etl commit '$pipeline' --run $run --of $tasks")
echo "run $run: stage tasks $stage, commit $commit"
