#!/usr/bin/env bash
# Builds deploy/docker/Dockerfile with no daemon and no registry, and runs the main job in it with a read-only root as a user of no name.
# The base image is a Debian made on the spot, the SDK is this machine's. Debian, as root: apt-get install buildah mmdebstrap.
# Usage: deploy/docker/prove.sh [FOLDER]; the folder keeps the Debian between calls.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
skip() { echo "skipped: $*" >&2; exit 77; }
for program in buildah mmdebstrap unshare chroot dotnet; do
  command -v "$program" >/dev/null || skip "$program is not installed"
done
[ "$(id -u)" = 0 ] || skip "chroot isolation needs root"
unshare -m true 2>/dev/null || skip "this sandbox forbids mount namespaces"

work=$(mktemp -d)
keep=${1:-$work}
mkdir -p "$keep"
sdk=$(dirname "$(readlink -f "$(command -v dotnet)")")
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
build() { buildah --root "$work/storage" --runroot "$work/run" "$@"; }
container=
clean() {
  [ -z "$container" ] || build umount "$container" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean EXIT

echo "== base image: Debian with what .NET needs of a system"
[ -f "$keep/base.tar" ] || mmdebstrap --quiet --variant=essential --include=ca-certificates,tzdata,libssl3,libstdc++6,zlib1g \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$keep/base.tar"
image() { # NAME CONFIG...
  local name=$1 scratch
  shift
  scratch=$(build from scratch)
  build add -q "$scratch" "$keep/base.tar" / >/dev/null
  build config "$@" "$scratch"
  build commit -q --rm "$scratch" "$name" >/dev/null
}
image localhost/base --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
image localhost/sdk --env "PATH=$sdk:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" --env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

echo "== image"
# What the build restores is fetched here, so that it needs no network.
(cd "$root" && dotnet restore src/Runner -a x64 -p:SelfContained=true -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=true -v q --nologo >&2)
build build --isolation chroot --build-arg SDK_IMAGE=localhost/sdk --build-arg BASE_IMAGE=localhost/base \
  --build-arg REVISION="$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)" \
  --volume "$sdk:$sdk:ro" --volume "$packages:/root/.nuget/packages" -f "$root/deploy/docker/Dockerfile" -t localhost/etl "$root" > "$work/build.log" 2>&1 || { tail -40 "$work/build.log" >&2; exit 1; }
container=$(build from localhost/etl)
rootfs=$(build mount "$container")
build inspect --type image --format 'user {{.OCIv1.Config.User}}, entry point {{.OCIv1.Config.Entrypoint}}, stop signal {{.OCIv1.Config.StopSignal}}, labels {{len .OCIv1.Config.Labels}}' localhost/etl

echo "== the main job: read-only root, /tmp in memory, user 10001, pipelines mounted"
cat > "$work/inside.sh" <<'INSIDE'
set -eu
rootfs=$1 pipelines=$2
shift 2
mount --bind "$rootfs" "$rootfs"
mount -o remount,ro,bind "$rootfs"
mount -t tmpfs tmpfs "$rootfs/tmp"
mount -t proc proc "$rootfs/proc"
mount --rbind /dev "$rootfs/dev"
mount --bind "$pipelines" "$rootfs/pipelines"
mount -o remount,ro,bind "$rootfs/pipelines"
exec chroot --userspec=10001:10001 "$rootfs" /usr/bin/env -i PATH=/opt/etl:/usr/bin:/bin HOME=/tmp DOTNET_EnableDiagnostics=0 NO_COLOR=1 sh -c 'cd /pipelines && "$@"' sh "$@"
INSIDE
inside() { unshare -m --propagation private sh "$work/inside.sh" "$rootfs" "$root/pipelines" "$@"; }
if inside sh -c 'touch /opt/etl/x 2>/dev/null || touch /pipelines/x 2>/dev/null'; then echo "the root is not read-only" >&2; exit 1; fi
inside etl run orders.yaml --local --local-folder /tmp/etl | tee "$work/out"
grep -q '1,101 read = 1,098 loaded + 3 rejected + 0 filtered' "$work/out"

echo "== figures"
size() { du -sm --exclude=./proc --exclude=./dev "$1" | cut -f1; }
printf 'image %s MB: Etl with its .NET %s MB, the rest Debian\n' "$(size "$rootfs")" "$(size "$rootfs/opt/etl")"
inside sh -c 'for i in 1 2 3 4 5; do s=$(date +%s%N); etl --version >/dev/null; e=$(date +%s%N); echo "etl --version: $(( (e - s) / 1000000 )) ms"; done'
