#!/bin/sh
# Runs a command in a root that set-up.sh made, with folders of this machine bound into it.
# usage: enter.sh ROOT [FOLDER=PLACE ...] -- COMMAND [ARGUMENT ...]
#
# It has a network of its own with nothing but the loopback, processes of its own, which end with it, and a plain environment.
# The root is entered by pivot_root: in a plain chroot no user namespace can be made, and both Nix's sandbox and Bazel's need one.
set -eu
root=$(realpath -- "${1:?usage: enter.sh ROOT [FOLDER=PLACE ...] -- COMMAND [ARGUMENT ...]}")
shift
exec unshare --mount --propagation private --net --pid --fork --kill-child -- sh -euc '
    root=$1
    shift
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --rbind /sys "$root/sys"
    mount -t tmpfs tmpfs "$root/run"
    while [ "$1" != -- ]; do
        mkdir -p "$root/${1#*=}"
        mount --rbind "${1%%=*}" "$root/${1#*=}"
        shift
    done
    shift
    mkdir -p "$root/.old"
    cd "$root"
    pivot_root . .old
    cd /
    umount --lazy /.old
    ip link set lo up
    exec env --ignore-environment PATH=/usr/bin:/usr/sbin HOME=/root LANG=C.UTF-8 "$@"
' sh "$root" "$@"
