# The files of toolchain/pins.json as fixed-output derivations. The store path of each follows from its name and digest alone,
# so one that is in the store already (`nix store add-file`) is never fetched.
{ system, fetchers }:
let
  inherit (builtins)
    concatMap
    filter
    head
    match
    ;

  pins = (builtins.fromJSON (builtins.readFile ../toolchain/pins.json)).pins;

  firstOf = message: list: if list == [ ] then throw message else head list;

  pinNamed = name: firstOf "toolchain/pins.json has no ${name}" (filter (pin: pin.name == name) pins);

  fileFor =
    pin:
    firstOf "${pin.name} ${pin.version} is pinned for other systems than ${system}" (
      filter (file: (file.platform or system) == system) pin.files
    );

  # The URL of a source, or null where it is a name within a package registry.
  urlOf =
    source:
    let
      debian = match "debian:(pool/.*)" source;
    in
    if debian != null then
      "mirror://debian/${head debian}"
    else if match "https?://.*" source != null then
      source
    else
      null;

  fetchPypi =
    file: hash:
    let
      wheel = match "([^-]+)-([^-]+)-([^-]+)-([^-]+)-([^-]+)\\.whl" file;
      archive = match "(.+)-([^-]+)\\.(tar\\.gz|zip)" file;
      part = builtins.elemAt;
    in
    if wheel != null then
      fetchers.fetchPypi {
        inherit hash;
        format = "wheel";
        pname = part wheel 0;
        version = part wheel 1;
        dist = part wheel 2;
        python = part wheel 2;
        abi = part wheel 3;
        platform = part wheel 4;
      }
    else if archive != null then
      fetchers.fetchPypi {
        inherit hash;
        pname = part archive 0;
        version = part archive 1;
        extension = part archive 2;
      }
    else
      throw "${file} is neither a wheel nor a source archive of a Python package";

  fetchCrate =
    crate: name: hash:
    fetchers.fetchCrate {
      inherit name hash;
      pname = head crate;
      version = builtins.elemAt crate 1;
      unpack = false;
    };
in
rec {
  # The version of a pin.
  version = name: (pinNamed name).version;

  # Its version up to the second point.
  series = name: head (match "([0-9]+\\.[0-9]+)\\..*" (version name));

  # The minor version of Python: 13 of 3.13.
  minor = head (match "3\\.([0-9]+)\\..*" (version "cpython"));

  # The pins of a group with their versions: `NAME=VERSION`.
  versions =
    group: map (pin: "${pin.name}=${pin.version}") (filter (pin: (pin.group or "") == group) pins);

  # An archive, unpacked by a stage.
  unpacked =
    stage: name:
    let
      pin = pinNamed name;
      file = fileFor pin;
    in
    unpack stage {
      name = "ampoule-${name}";
      archive = fetch file;
      inherit (pin.unpack) format strip;
      inherit (file.limit) bytes entries;
    };

  # The archive of a project's extension, as pyproject.toml has it.
  unpackedOfProject =
    stage: name: archive:
    unpack stage {
      inherit name;
      archive = fetch archive;
      inherit (archive) format;
      strip = archive.strip or 1;
      bytes = archive.unpacked;
      entries = 100000;
    };

  unpack =
    stage:
    {
      name,
      archive,
      format,
      strip,
      bytes,
      entries,
    }:
    stage {
      stage = "unpack";
      inherit name;
      arguments = [
        "--archive"
        archive
        "--format"
        format
        "--strip"
        (toString strip)
        "--bytes"
        (toString bytes)
        "--entries"
        (toString entries)
        "--output"
        (placeholder "out")
      ];
    };

  # The arguments of a stage that unpacks the archives of a group, which is named for it.
  archives = group: concatMap archiveOf (filter (pin: (pin.group or "") == group) pins);

  # Those of a stage that unpacks the archives of some pins, as far as they are for this system.
  archivesOf =
    isWanted:
    let
      isHere = pin: builtins.any (file: (file.platform or system) == system) pin.files;
    in
    concatMap archiveOf (filter (pin: isWanted pin && isHere pin) pins);

  # Those of a stage that unpacks one archive.
  archive = name: archiveOf (pinNamed name);

  archiveOf =
    pin:
    let
      file = fileFor pin;
      inherit (pin.unpack) format strip;
      inherit (file.limit) bytes entries;
      rules = "${format},strip=${toString strip},bytes=${toString bytes},entries=${toString entries}";
    in
    [
      "--archive"
      "${pin.name}=${rules}:${fetch file}"
    ];

  # A file with `file` (its name), `digest` and `sources`, as pins.json and pyproject.toml have them.
  fetch =
    {
      file,
      digest,
      sources,
      ...
    }:
    let
      # A store path's name has no tilde.
      name = builtins.replaceStrings [ "~" ] [ "-" ] file;
      urls = filter (url: url != null) (map urlOf sources);
      crates = filter (crate: crate != null) (map (match "crate:([^@]+)@(.+)") sources);
    in
    if urls != [ ] then
      fetchers.fetchurl {
        inherit name urls;
        hash = digest;
      }
    else if crates != [ ] then
      fetchCrate (head crates) name digest
    else
      fetchPypi file digest;
}
