# An extension module in C or C++: `{ description; source; }`, or `{ description; archive; paths ? [ ]; }` for one from a pinned archive.
{
  stage,
  pins,
  toolchain,
  part,
  original,
  project,
}:
{
  description,
  source ? null,
  archive ? null,
  paths ? [ ],
}:
let
  file = part description;
  module = (import ./toml.nix (builtins.readFile (original description))).name;

  unpacked = stage {
    stage = "unpack";
    name = "${project}-${module}-source";
    arguments = [
      "--archive"
      (pins.fetch archive)
      "--format"
      archive.format
      "--strip"
      (toString (archive.strip or 1))
      "--bytes"
      (toString archive.unpacked)
      "--entries"
      "100000"
      "--output"
      (placeholder "out")
    ];
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
      "--source"
      (if source == null then unpacked else part source)
      "--output"
      (placeholder "out")
    ];
  };

  precompiled = stage {
    stage = "precompile";
    name = "${project}-${module}-precompiled";
    arguments = [
      "--module"
      compiled
      "--output"
      (placeholder "out")
    ];
  };
in
if (source == null) == (archive == null) then
  throw "the extension ${module} has either `source` or `archive`"
else
  {
    inherit module precompiled;
    file = compiled;
    # The package of the archive, as the driver names it: by the first source that tells it.
    provides =
      let
        named = map (builtins.match "pypi:([^=]+)==.*") (if archive == null then [ ] else archive.sources);
      in
      builtins.concatMap (name: if name == null then [ ] else name) named;
    pythonPath = map (path: "${unpacked}/${path}") paths;
    unpacked = if archive == null then [ ] else [ unpacked ];
  }
