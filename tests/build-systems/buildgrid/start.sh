#!/usr/bin/env bash
# Starts a BuildGrid server with two workers in a root that set-up.sh made, where /buildgrid has BuildGrid's Python packages.
# All is at the loopback's ports 18980 to 18985 and under /scratch/buildgrid, and ends with the root's processes.
set -euo pipefail

here=$(realpath -- "$(dirname -- "$0")")
export work=/scratch/buildgrid
bgd() { PYTHONPATH=/buildgrid python3 /buildgrid/bin/bgd "$@"; }

# Waits until something listens at a port.
await() {
    for _ in {1..600}; do
        (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        sleep 0.1
    done
    echo "error: nothing listens at port $1; the logs are in $work" >&2
    return 1
}
export -f await

start_database() {
    local postgres
    postgres=$(echo /usr/lib/postgresql/*/bin)
    install --directory --owner nobody "$work/database"
    # PostgreSQL does not run as root.
    setpriv --reuid=nobody --regid=nogroup --clear-groups bash -euc '
        "$1/initdb" --auth=trust --username=nobody --no-locale --encoding=UTF8 "$2"
        exec "$1/postgres" -D "$2" -c listen_addresses=127.0.0.1 -c port=18983 -c unix_socket_directories=
    ' bash "$postgres" "$work/database" >"$work/database.log" 2>&1 &
    await 18983
}

start_server() {
    mkdir "$work/blobs"
    bgd migrate apply postgresql://nobody@127.0.0.1:18983/postgres >"$work/migrate.log" 2>&1
    bgd server start "$here/server.yml" >"$work/server.log" 2>&1 &
    await 18980
}

# A worker and its local cache see the same mounts, and no other worker's.
start_worker() {
    unshare --mount --propagation private bash -euc '
        name=$1 port=$2
        buildbox-casd --bind "127.0.0.1:$port" --cas-remote=http://127.0.0.1:18980 "$work/$name" >"$work/$name-casd.log" 2>&1 &
        await "$port"
        exec buildbox-worker --bots-remote=http://127.0.0.1:18980 --cas-remote="http://127.0.0.1:$port" \
            --buildbox-run=/usr/bin/buildbox-run-hosttools --platform OSFamily=linux --concurrent-jobs=1 --verbose "$name" >"$work/$name.log" 2>&1
    ' bash "$1" "$2" &
}

mkdir -p "$work"
start_database
start_server
start_worker first 18984
start_worker second 18985
await 18984
await 18985
