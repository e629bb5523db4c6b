# A package that is made of a folder by a recipe: `{ recipe; source; }`, or `{ recipe; archive; }`.
{
  stage,
  pins,
  native,
  recipeFor,
  part,
  original,
  project,
}:
given:
let
  described = import ./toml.nix (original "file" given.recipe);
  inherit (described) package;
  unexpected = builtins.attrNames (
    removeAttrs given [
      "recipe"
      "source"
      "archive"
    ]
  );

  unpacked = pins.unpackedOfProject stage "${project}-${package}-source" given.archive;
  source = if given ? source then part "folder" given.source else unpacked;

  # As the stage `prepare` has it, if the sources do not say theirs.
  exact = builtins.match "==[ ]*([^*,]+)" described.versions;
  built = native {
    inherit package recipeFor source;
    sourceToRead = if given ? source then original "folder" given.source else unpacked;
    version = if exact == null then "0" else builtins.head exact;
    recipe = {
      recipe = described;
      file = part "file" given.recipe;
    };
  };
  installed = pins.unpack stage {
    name = "${project}-${package}";
    archive = built.wheel;
    format = "zip";
    strip = 0;
    bytes = 1073741824;
    entries = 100000;
  };
in
if unexpected != [ ] then
  throw "buildPyComponent: an entry of `extensions` with a `recipe` has the unexpected key '${builtins.head unexpected}'; its other keys are source, archive"
else if (given ? source) == (given ? archive) then
  throw "the package ${package} has either `source` or `archive`"
else
  {
    pythonPath = [ installed ];
    inherit (built) precompiled;
    stages = (if given ? source then [ ] else [ unpacked ]) ++ built.stages ++ [ installed ];
  }
