# The tools, built by Nix in its sandbox from source: with Rust, crates and a C compiler of this machine instead of nixpkgs'.
{
  system,
  source,
  rust,
  crates,
}:
derivation {
  name = "ampoule-tools";
  inherit
    system
    source
    rust
    crates
    ;
  builder = "/bin/bash";
  args = [
    "-euc"
    ''
      export PATH=$rust/bin:/usr/bin HOME=$TMPDIR RUSTFLAGS='-C target-feature=+crt-static'
      cp -r --no-preserve=mode "$source" source
      cd source
      mkdir .cargo
      printf '%s\n' '[source.crates-io]' 'replace-with = "vendored"' '[source.vendored]' "directory = \"$crates\"" > .cargo/config.toml
      target=$(rustc --print host-tuple)
      cargo build --release --frozen --workspace --bins --target "$target"
      mkdir -p "$out/bin"
      find "target/$target/release" -maxdepth 1 -type f -perm -100 -exec cp -t "$out/bin" {} +
      # Nix ends a builder whose output is closed, and find closes its own before it exits: bash is to outlive it.
      exit 0
    ''
  ];
}
