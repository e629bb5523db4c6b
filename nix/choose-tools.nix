# Which tools the flake takes: those of its input; else those of the release that this source is of, fetched by their digest; else null, as
# they are built from source.
{
  # The input of the flake.
  tools,
  # What `release.json` in the source of a release says.
  release,
}:
packages:
let
  # The default is an empty file. Whatever else has no programs is a mistake, and not a wish to build them.
  isNothing =
    builtins.readFileType tools == "regular"
    && builtins.hashFile "sha256" tools == builtins.hashString "sha256" "";
  released = release.tools.${packages.stdenv.hostPlatform.system} or null;
in
if !isNothing && builtins.pathExists "${tools}/bin/ampoule-link" then
  tools
else if !isNothing then
  throw "the input `tools` (${tools}) has no bin/ampoule-link; give the folder above `bin`, such as `ampoule-release tools --output FOLDER` makes"
else if released == null then
  null
else
  packages.fetchzip {
    name = "ampoule-tools";
    inherit (released) url hash;
    nativeBuildInputs = [ packages.zstd ];
  }
