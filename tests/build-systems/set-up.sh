#!/usr/bin/env bash
# Makes a root folder with Nix, Bazel and a server of the Remote Execution API, out of Debian's packages. Needs root and apt.
# usage: set-up.sh ROOT        a root that is there already is left as it is; two at once make it once
set -euo pipefail

root=$(realpath --canonicalize-missing "${1:?usage: set-up.sh ROOT}")
packages=(
    # What scripts and tests in the root call.
    base-files bash coreutils findutils git grep iproute2 procps python3-minimal sed util-linux
    # A C compiler and linker: Bazel looks for them, and Ampoule's own programs are built with them.
    gcc libc6-dev
    nix-bin
    bazel-bootstrap bazel-platforms bazel-rules-rust
    buildbox
    # What BuildGrid keeps its jobs in.
    postgresql
)

make_root() {
    local mirror partial=$root.partial
    command -v mmdebstrap >/dev/null || install_mmdebstrap
    mirror=$(mirror_of_apt)
    # Debian's development version has these programs; its mirror is the one that apt is set up with, which may be one of a past day.
    rm -rf -- "$partial"
    mmdebstrap --variant=extract \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
        --include="$(printf '%s,' "${packages[@]}")" sid "$partial" "$mirror"
    # Packages are unpacked and not configured: what their scripts would have done, and is needed, stands here.
    printf 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n' >"$partial/etc/passwd"
    printf 'root:x:0:\nnogroup:x:65534:\n' >"$partial/etc/group"
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$partial/etc/hosts"
    for program in java javac jar; do
        ln -sf "/usr/lib/jvm/default-java/bin/$program" "$partial/usr/bin/$program"
    done
    for program in bash:sh gcc:cc python3:python; do
        ln -sf "${program%:*}" "$partial/usr/bin/${program#*:}"
    done
    mkdir -p "$partial"/{dev,nix,proc,root,run,sys,tmp}
    chmod 1777 "$partial/tmp"
    rm -rf "$partial"/var/cache/apt/archives/*.deb "$partial"/var/lib/apt/lists/*
    mv -- "$partial" "$root"
}

install_mmdebstrap() {
    apt-get update --quiet
    DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends mmdebstrap
}

mirror_of_apt() {
    local mirror target=('Created-By: Packages' 'Origin: Debian' 'Label: Debian')
    mirror=$(apt-get indextargets --format '$(REPO_URI)' "${target[@]}" | head -n 1)
    if [ -z "$mirror" ]; then
        # apt knows whose its mirrors are once it has read them.
        apt-get update --quiet >&2
        mirror=$(apt-get indextargets --format '$(REPO_URI)' "${target[@]}" | head -n 1)
    fi
    if [ -z "$mirror" ]; then
        echo "error: apt is set up with no mirror of Debian on this machine; add one to its sources" >&2
        return 1
    fi
    printf '%s\n' "$mirror"
}

mkdir -p -- "$(dirname -- "$root")"
exec 9>"$root.lock"
flock 9
[ -d "$root" ] || make_root >&2
