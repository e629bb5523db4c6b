# The pinned inputs are in the store already, added by `nix store add-file`; tools are given, prebuilt. What is a script needs this
# machine's shell in the sandbox: `--option sandbox-paths '/bin=/usr/bin /lib=/usr/lib /lib64=/usr/lib64'`.
system:
let
  # The same store path as that of nixpkgs' fetchers: it follows from the name and the digest.
  added =
    name: hash:
    derivation {
      inherit name;
      system = "builtin";
      builder = "builtin:fetchurl";
      url = "there-is-no-network:///add-it-by-nix-store-add-file/${name}";
      outputHash = hash;
      outputHashMode = "flat";
    };
  # The same for a folder, added by `nix store add`.
  addedFolder =
    name: hash:
    derivation {
      inherit name;
      system = "builtin";
      builder = "builtin:fetchurl";
      url = "there-is-no-network:///add-it-by-nix-store-add/${name}";
      outputHash = hash;
      outputHashMode = "recursive";
    };
  nothing =
    name:
    derivation {
      inherit name;
      system = "builtin";
      builder = "builtin:buildenv";
      manifest = "/dev/null";
      derivations = [ ];
    };
  # What this machine's shell makes, with some variables.
  scripted =
    name: variables: script:
    derivation (
      variables
      // {
        inherit name system;
        builder = "/bin/bash";
        PATH = "/bin";
        args = [
          "-euc"
          # Nix ends a builder whose output is closed, and the last command closes its own before it exits: bash is to outlive it.
          "${script}\nexit 0"
        ];
      }
    );
  packages = {
    stdenv.hostPlatform = { inherit system; };
    callPackage =
      file: arguments:
      let
        function = import file;
      in
      function (builtins.intersectAttrs (builtins.functionArgs function) packages // arguments);

    fetchurl = { name, hash, ... }: added name hash;
    fetchCrate = { name, hash, ... }: added name hash;
    fetchzip = { name, hash, ... }: addedFolder name hash;
    fetchPypi =
      {
        pname,
        version,
        hash,
        format ? "setuptools",
        python ? "py2.py3",
        abi ? "none",
        platform ? "any",
        extension ? "tar.gz",
        ...
      }:
      if format == "wheel" then
        added "${pname}-${version}-${python}-${abi}-${platform}.whl" hash
      else
        added "${pname}-${version}.${extension}" hash;

    extend =
      overlay:
      let
        extended = packages // overlay extended packages;
      in
      extended;

    lib = { };
    glibc = { };
    rustPlatform = throw "without nixpkgs the tools cannot be built: give prebuilt ones with --override-input tools path:FOLDER";

    writeShellScriptBin =
      name: text:
      scripted name { inherit text; } ''
        mkdir -p "$out/bin"
        printf '#!/bin/sh\n%s' "$text" > "$out/bin/${name}"
        chmod +x "$out/bin/${name}"
      ''
      // {
        meta.mainProgram = name;
      };
    mkShell =
      {
        name ? "shell",
        shellHook ? "",
        packages ? [ ],
      }:
      scripted name {
        # `nix develop` asks for them.
        outputs = [ "out" ];
        shellHook = ''
          export PATH=${builtins.concatStringsSep ":" (map (package: "${package}/bin") packages)}:$PATH
          ${shellHook}
        '';
      } "echo > $out";
    python313 = nothing "python3";
    cargo = nothing "cargo";
    clippy = nothing "clippy";
    rustc = nothing "rustc";
    rustfmt = nothing "rustfmt";
    clang-tools = nothing "clang-tools";
    nixfmt-tree = nothing "nixfmt-tree";
  };
in
packages
