# A check: calls exports of a component and compares what they give. Each call has a fresh instance.
{ system, tools }:
{
  component,
  # The result of each call, both in WAVE syntax: `{ "greet(\"Ada\")" = "\"Hello, Ada!\""; }`; or a file that `ampoule run --calls` reads.
  calls,
  # Other components, whose exports are what this one imports.
  standIns ? [ ],
  # More flags of `ampoule run`.
  flags ? [ ],
  name ? "${component.pname or "component"}-calls",
}:
let
  inherit (builtins) attrNames concatStringsSep map;
  lines = map (call: "${call}\n= ${calls.${call}}\n") (attrNames calls);
  isTable = builtins.isAttrs calls && !(calls ? outPath);
in
derivation {
  inherit name system;
  builder = tools.ampoule;
  args = [
    # A check must have an output: what Wasmtime has compiled.
    "--cache"
    (placeholder "out")
    "run"
    "${component}"
    "--calls"
    (if isTable then builtins.toFile "calls.txt" (concatStringsSep "" lines) else "${calls}")
  ]
  ++ map (standIn: "--with=${standIn}") standIns
  ++ flags;
}
