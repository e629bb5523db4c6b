# The Python packages with WIT of their own below a folder, by their componentize-py.toml: the dotted name and the folder of each. What
# the stage `compile` leaves out is left out here, too.
exclude:
let
  inherit (builtins)
    any
    attrNames
    concatMap
    filter
    match
    readDir
    replaceStrings
    ;

  # A pattern as a regular expression: `*` stays in a name, and `**` does not.
  regular =
    let
      special = [ "." "+" "(" ")" "{" "}" "|" "^" "$" "\\" ];
    in
    replaceStrings ([ "**/" "**" "*" "?" "[!" ] ++ special) (
      [ "(.*/)?" ".*" "[^/]*" "[^/]" "[^" ] ++ map (character: "\\${character}") special
    );
  tidy = text: builtins.elemAt (match "(\\./)*(.*[^/])/*" text) 1;
  # One without `/` is of names, one with it of paths below the folder.
  fits =
    name: path: text:
    let
      pattern = tidy text;
      fitted = if match ".*/.*" pattern == null then name else "/${path}";
    in
    match "/?(${regular pattern})" fitted != null;
  isLeftOut =
    name: path: match "\\..*|__pycache__|node_modules" name != null || any (fits name path) exclude;

  find =
    parts: folder:
    let
      entries = readDir folder;
      path = name: builtins.concatStringsSep "/" (parts ++ [ name ]);
      isSearched = name: entries.${name} == "directory" && !isLeftOut name (path name);
      file = "componentize-py.toml";
      isPackage = entries ? ${file} && !isLeftOut file (path file);
      found = {
        inherit folder;
        name = builtins.concatStringsSep "." parts;
      };
    in
    if entries ? "pyvenv.cfg" && parts != [ ] then
      [ ]
    else
      (if isPackage then [ found ] else [ ])
      ++ concatMap (name: find (parts ++ [ name ]) (folder + "/${name}")) (
        filter isSearched (attrNames entries)
      );
in
find [ ]
