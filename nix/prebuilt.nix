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
  meta.mainProgram = "ampoule";
}
