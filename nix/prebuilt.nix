# The prebuilt tools as a package: links to them, made by Nix itself.
prebuilt:
derivation {
  name = "ampoule";
  system = "builtin";
  builder = "builtin:buildenv";
  manifest = "/dev/null";
  # One package: that it is there at all, its priority, how many paths it has, and its path.
  derivations = [
    "true"
    "5"
    "1"
    prebuilt
  ];
}
// {
  pname = "ampoule";
  version = (builtins.fromTOML (builtins.readFile ../Cargo.toml)).workspace.package.version;
  meta = {
    description = "Builds Python applications into WebAssembly components, hermetically and reproducibly";
    mainProgram = "ampoule";
  };
}
