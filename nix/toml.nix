# Reads a file of TOML as tools write it. Nix reads no dates (`upload-time = 2026-10-02T23:07:22Z` in locks of uv, pip and pdm): they become strings.
file:
let
  inherit (builtins)
    concatStringsSep
    elemAt
    isString
    split
    stringLength
    substring
    ;
  # A value that is a date or a time, behind its key.
  key = "([\n{,][ \t]*[A-Za-z0-9_-]+[ \t]*=[ \t]*)";
  time = "[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?";
  date = "([0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ]${time}([Zz]|[+-][0-9]{2}:[0-9]{2})?)?|${time})";
  quoted = part: if isString part then part else "${elemAt part 0}\"${elemAt part 1}\"";
  # The first line, too, has a line's end before it.
  read = concatStringsSep "" (map quoted (split (key + date) "\n${builtins.readFile file}"));
in
builtins.addErrorContext "while reading ${toString file}" (
  builtins.fromTOML (substring 1 (stringLength read) read)
)
