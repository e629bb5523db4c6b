# What `[project]` of pyproject.toml says of an app, as packages of nixpkgs say it.
{ name, project }:
let
  # Only an expression of SPDX (PEP 639) says what the licence is; a table has its text.
  license = project.license or null;
  isOne = builtins.match "[A-Za-z0-9.+-]+" license != null;
  known = value: attribute: if value == null then { } else { ${attribute} = value; };
  urls = project.urls or { };
in
{
  pname = name;
  version = project.version or "0";
  meta = {
    platforms = import ./systems.nix;
    outputsToInstall = [ "out" ];
  }
  // known (project.description or null) "description"
  // known (urls.Homepage or urls.homepage or null) "homepage"
  // (
    if !builtins.isString license then
      { }
    else if isOne then
      {
        license = {
          shortName = license;
          spdxId = license;
        };
      }
    else
      { inherit license; }
  );
}
