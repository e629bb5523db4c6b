# An extension module in C, C++ or Rust: `{ description; source; }`, or `{ description; archive; paths ? [ ]; }` for one from a pinned archive.
{
  stage,
  pins,
  toolchain,
  part,
  original,
  project,
}:
given:
let
  known = {
    source = null;
    archive = null;
    paths = [ ];
  };
  unexpected = builtins.attrNames (removeAttrs given ([ "description" ] ++ builtins.attrNames known));
  entry =
    if unexpected != [ ] then
      throw "buildPyComponent: an entry of `extensions` has the unexpected key '${builtins.head unexpected}'; its keys are description, source, archive, paths"
    else if !(given ? description) then
      throw "buildPyComponent: an entry of `extensions` has no `description`, the file that says how the module is built"
    else
      known // given;
  inherit (entry)
    description
    source
    archive
    paths
    ;

  file = part "file" description;
  described = import ./toml.nix (original "file" description);
  module = described.name;

  crates = import ./crates.nix { inherit stage pins toolchain; };
  isRust = crates.isRust described;

  libcxx = toolchain.libcxxFor described (described.sources or [ ]);

  unpacked = pins.unpackedOfProject stage "${project}-${module}-source" archive;

  sources = if source == null then unpacked else part "folder" source;

  library = crates.library {
    name = "${project}-${module}-library";
    description = file;
    source = sources;
    crates = crates.ofFolder (if source == null then unpacked else original "folder" source) described;
  };

  compiled = stage {
    stage = "extension";
    name = "${project}-${module}";
    arguments = [
      "--sdk"
      toolchain.sdk
      "--cpython"
      toolchain.cpython
      "--description"
      file
    ]
    ++ crates.given described library sources
    ++ [
      "--output"
      (placeholder "out")
    ]
    ++ builtins.concatMap (folder: [
      "--libcxx"
      folder
    ]) libcxx;
  };

  precompiled = import ./precompiled.nix stage "${project}-${module}-precompiled" compiled;
in
if (source == null) == (archive == null) then
  throw "the extension ${module} has either `source` or `archive`"
else
  {
    inherit module libcxx precompiled;
    file = compiled;
    rust =
      if isRust then
        [
          toolchain.rust
          library
        ]
      else
        [ ];
    # The package of the archive, as the driver names it: by the first source that tells it.
    provides =
      let
        named = map (builtins.match "pypi:([^=]+)==.*") (if archive == null then [ ] else archive.sources);
      in
      builtins.concatMap (name: if name == null then [ ] else name) named;
    pythonPath = map (path: "${unpacked}/${path}") paths;
    unpacked = if archive == null then [ ] else [ unpacked ];
  }
