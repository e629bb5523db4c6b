{
  description = "A Python application that becomes a WebAssembly component";

  # Where Ampoule is: a URL or a folder of yours, here or by `--override-input ampoule ...`.
  inputs.ampoule.url = "flake:ampoule";

  outputs =
    { self, ampoule }:
    {
      # `nix run .#run -- CALL` calls an export; `nix run .#serve` answers HTTP requests, if the component can.
      packages = builtins.mapAttrs (_: library: rec {
        default = library.buildPyComponent { src = ./.; };
        inherit (default) run serve;
      }) ampoule.lib;

      # The calls of `tests/calls.txt`.
      checks = builtins.mapAttrs (_: packages: packages.default.tests) self.packages;

      devShells = builtins.mapAttrs (_: packages: {
        default = packages.default.shell;
      }) self.packages;
    };
}
