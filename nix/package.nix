# Ampoule's programs, built from source: statically, for a stage's sandbox has no libraries.
{
  lib,
  stdenv,
  glibc,
  rustPlatform,
}:
rustPlatform.buildRustPackage {
  pname = "ampoule";
  version = (builtins.fromTOML (builtins.readFile ../Cargo.toml)).workspace.package.version;

  src = lib.fileset.toSource {
    root = ../.;
    # All that cargo may read.
    fileset = lib.fileset.difference ../. (
      lib.fileset.unions [
        ../docs
        ../flake.lock
        ../flake.nix
        (lib.fileset.difference ../nix ../nix/template)
        (lib.fileset.difference ../tests (
          lib.fileset.unions [
            ../tests/support
            ../tests/toolchain
          ]
        ))
      ]
    );
  };
  cargoLock.lockFile = ../Cargo.lock;
  cargoBuildFlags = [
    "--workspace"
    "--bins"
  ];
  # The tests build whole components and fetch what these are made of; the flake's checks build components instead.
  doCheck = false;

  # glibc on Linux, so that the tools are the same as those of `cargo build`, down to what they precompile.
  buildInputs = lib.optional stdenv.hostPlatform.isLinux glibc.static;
  env = lib.optionalAttrs stdenv.hostPlatform.isLinux { RUSTFLAGS = "-C target-feature=+crt-static"; };

  meta = {
    description = "Builds Python applications into WebAssembly components, hermetically and reproducibly";
    license = with lib.licenses; [
      asl20
      llvm-exception
    ];
    mainProgram = "ampoule";
    platforms = lib.platforms.linux ++ lib.platforms.darwin;
  };
}
