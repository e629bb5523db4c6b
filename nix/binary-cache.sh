#!/usr/bin/env bash
# Writes the toolchain as a binary cache of Nix: nix-cache-info, and a .narinfo and a .nar.zst for each path, all in one folder, as the
# files of a release are.
# usage: binary-cache.sh FLAKE FOLDER [SECRET_KEY]
set -euo pipefail

flake=${1:?usage: binary-cache.sh FLAKE FOLDER [SECRET_KEY]}
folder=$(realpath --canonicalize-missing -- "${2:?usage: binary-cache.sh FLAKE FOLDER [SECRET_KEY]}")
key=${3:+&secret-key=$(realpath -- "$3")}

stages=("$flake#sdk^out,record" "$flake#cpython^out,record" "$flake#interpreter^out,record")
mapfile -t paths < <(nix build --no-link --print-out-paths "${stages[@]}")
nix copy --to "file://$folder?compression=zstd&compression-level=9$key" "${paths[@]}"

mv -- "$folder"/nar/* "$folder"
rmdir -- "$folder"/*/
sed -i 's|^URL: nar/|URL: |' "$folder"/*.narinfo
