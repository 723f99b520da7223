# A Slurm cluster of several nodes on this machine, on loopback, with everything it writes in one folder. Sourced by run.sh.
# Needs Debian's slurm-wlm and munge, whose slurmd may run several times on one machine. It runs as whoever starts it, with a munged and a key of its own; what the machine has of Slurm is left alone.

cluster_pids=()

# cluster_start FOLDER NODES CPUS: each node offers that many processors, whatever the machine has.
cluster_start() {
  cluster=$1
  local nodes=$2 cpus=$3 user node munged slurmctld slurmd
  user=$(id -un)
  munged=$(PATH=$PATH:/usr/sbin command -v munged) slurmctld=$(PATH=$PATH:/usr/sbin command -v slurmctld) slurmd=$(PATH=$PATH:/usr/sbin command -v slurmd)
  mkdir -p "$cluster"/{munge,state,logs}
  chmod 700 "$cluster"/munge
  head -c 128 /dev/urandom >"$cluster/munge/key"
  chmod 600 "$cluster/munge/key"
  cat >"$cluster/slurm.conf" <<CONF
ClusterName=etl
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$((port))
SlurmUser=$user
SlurmdUser=$user
AuthInfo=socket=$cluster/munge/socket,cred_expire=10
CommunicationParameters=NoAddrCache
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool-%n
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd-%n.pid
SlurmctldLogFile=$cluster/logs/slurmctld.log
SlurmdLogFile=$cluster/logs/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,bf_interval=2
SlurmdTimeout=10
ReturnToService=2
JobRequeue=1
KillWait=5
CONF
  for node in $(seq "$nodes"); do
    echo "NodeName=node$node NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$((port + node)) CPUs=$cpus RealMemory=100" >>"$cluster/slurm.conf"
  done
  echo "PartitionName=etl Nodes=ALL Default=YES State=UP MaxTime=30" >>"$cluster/slurm.conf"
  export SLURM_CONF="$cluster/slurm.conf"

  "$munged" --foreground --force --num-threads=2 --key-file="$cluster/munge/key" --socket="$cluster/munge/socket" --pid-file="$cluster/munge/pid" --log-file="$cluster/munge/log" --seed-file="$cluster/munge/seed" >"$cluster/logs/munged.out" 2>&1 &
  cluster_pids+=($!)
  wait_for 20 test -S "$cluster/munge/socket"
  "$slurmctld" -D -c >"$cluster/logs/slurmctld.out" 2>&1 &
  cluster_pids+=($!)
  for node in $(seq "$nodes"); do
    mkdir -p "$cluster/spool-node$node"
    "$slurmd" -D -N "node$node" >"$cluster/logs/slurmd-node$node.out" 2>&1 &
    cluster_pids+=($!)
    eval "slurmd_node$node=$!"
  done
  wait_for 180 all_idle "$nodes"
}

all_idle() { [ "$(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l)" = "$1" ]; }

# cluster_kill NODE: its slurmd, its step daemons and their tasks, all at once, as when the machine is gone.
cluster_kill() {
  local slurmd_pid job steps=() tree=()
  eval "slurmd_pid=\$slurmd_$1"
  for job in $(squeue -h -w "$1" -t R -o %A); do
    for step in $(pgrep -f "^slurmstepd: \\[$job\\."); do
      # Another cluster on this machine is none of ours.
      tr '\0' '\n' <"/proc/$step/environ" | grep -qx "SLURM_CONF=$SLURM_CONF" && steps+=("$step" $(descendants "$step"))
    done
  done
  tree=("$slurmd_pid" $(descendants "$slurmd_pid") "${steps[@]}")
  kill -KILL "${tree[@]}" 2>/dev/null || true
}

descendants() { local child; for child in $(pgrep -P "$1"); do echo "$child"; descendants "$child"; done; }

cluster_stop() {
  local pid
  scancel --user "$(id -un)" 2>/dev/null || true
  for pid in "${cluster_pids[@]}"; do kill $(descendants "$pid") "$pid" 2>/dev/null || true; done
  for pid in "${cluster_pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}

# wait_for SECONDS COMMAND...
wait_for() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $until ] || { echo "waited too long for: $*" >&2; return 1; }
    sleep 0.3
  done
}
