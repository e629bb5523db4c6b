# The library of an extension module in Rust: the stage `cargo`, with each crate of the lock as a fixed-output derivation.
{
  stage,
  pins,
  toolchain,
}:
let
  inherit (builtins)
    concatMap
    elemAt
    filter
    fromTOML
    isString
    match
    pathExists
    readFile
    split
    ;

  fileOf = crate: "${crate.name}-${crate.version}.crate";

  # In the order of the driver.
  sorted = builtins.sort (one: other: fileOf one < fileOf other);

  fetch =
    { name, version, digest }@crate:
    pins.fetch {
      inherit digest;
      file = fileOf crate;
      sources = [ "crate:${name}@${version}" ];
    };

  # The nearest lock beside the manifest or above it, in the source folder.
  nearest =
    source: folder:
    let
      lock = source + (if folder == "" then "/Cargo.lock" else "/${folder}/Cargo.lock");
      above = match "(.*)/[^/]+" folder;
    in
    if pathExists lock then
      lock
    else if folder == "" then
      throw "${toString source} has no Cargo.lock, by which its crates are pinned: make one with `cargo generate-lockfile`, or name one by `lock` in the description"
    else
      nearest source (if above == null then "" else elemAt above 0);
in
rec {
  isRust = description: (description.kind or "c") == "rust";

  # What the stage `extension` is given of a module: in Rust it is linked from a library, and its sources are in that.
  given =
    description: library: source:
    if isRust description then
      [
        "--link"
        "crate=${library}"
      ]
    else
      [
        "--source"
        source
      ];

  # The crates of the lock that a source folder has.
  ofFolder =
    source: description:
    let
      folder = match "(.*)/[^/]+" (description.manifest or "Cargo.toml");
      lock =
        if description ? lock then
          source + "/${description.lock}"
        else
          nearest source (if folder == null then "" else elemAt folder 0);
      fromRegistry = filter (package: package ? source) (fromTOML (readFile lock)).package;
    in
    map (
      package:
      if !(package ? checksum) then
        throw "${package.name} ${package.version} has no checksum in ${toString lock}: only crates of cargo's registry can be had, none from git"
      else
        {
          inherit (package) name version;
          digest = builtins.convertHash {
            hash = package.checksum;
            hashAlgo = "sha256";
            toHashFormat = "sri";
          };
        }
    ) fromRegistry;

  # Those that a recipe lists: NAME VERSION DIGEST.
  ofRecipe = map (
    text:
    let
      parts = filter isString (split " " text);
    in
    {
      name = elemAt parts 0;
      version = elemAt parts 1;
      digest = elemAt parts 2;
    }
  );

  library =
    {
      name,
      description,
      source,
      crates,
    }:
    stage {
      stage = "cargo";
      inherit name;
      arguments = [
        "--rust"
        toolchain.rust
        "--sdk"
        toolchain.sdk
        "--description"
        description
        "--source"
        source
      ]
      ++ concatMap (crate: [
        "--crate"
        "${crate.name}-${crate.version}=${fetch crate}"
      ]) (sorted crates)
      ++ [
        # Nix' own sandbox is around it; in that, Landlock lets no file be moved.
        "--sandboxed"
        "--output"
        (placeholder "out")
      ];
    };
}
