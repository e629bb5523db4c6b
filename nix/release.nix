# What is there and need not be built: the tools of the flake's input; else what the release that this source is of has, fetched by its
# digests; else nothing.
{
  # The input of the flake.
  tools,
  # What `release.json` says, which only the source of a release has: for each system `{ PART: { "url": ..., "hash": ... } }`.
  release,
}:
packages:
let
  # The default is an empty file. Whatever else has no programs is a mistake, and not a wish to build them.
  isNothing =
    builtins.readFileType tools == "regular"
    && builtins.hashFile "sha256" tools == builtins.hashString "sha256" "";
  parts = release.${packages.stdenv.hostPlatform.system} or { };

  # An archive has one folder, in which a part of the toolchain is a folder of its own; the digest is that of what is left.
  fetched =
    part: more:
    packages.fetchzip (
      {
        name = "ampoule-${part}";
        inherit (parts.${part}) url hash;
      }
      // more
    );
  fetchedFolder =
    part:
    fetched part {
      postFetch = ''
        mv "$out/${part}" "$TMPDIR/part"
        rmdir "$out"
        mv "$TMPDIR/part" "$out"
      '';
    };
in
if !isNothing && builtins.pathExists "${tools}/bin/ampoule-link" then
  { prebuilt = tools; }
else if !isNothing then
  throw "the input `tools` (${tools}) has no bin/ampoule-link; give the folder above `bin`, such as `ampoule-release tools --output FOLDER` makes"
else if parts == { } then
  { }
else
  {
    prebuilt = fetched "tools" { };
    # What these tools have built.
    released = builtins.mapAttrs (part: _: fetchedFolder part) (removeAttrs parts [ "tools" ]);
  }
