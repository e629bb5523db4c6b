{
  description = "A Python application that becomes a WebAssembly component";

  # Where Ampoule is: a URL or a folder of yours, here or by `--override-input ampoule ...`.
  inputs.ampoule.url = "flake:ampoule";

  outputs =
    { self, ampoule }:
    {
      packages = builtins.mapAttrs (_: library: {
        default = library.buildPyComponent { src = ./.; };
      }) ampoule.lib;

      checks = self.packages;
    };
}
