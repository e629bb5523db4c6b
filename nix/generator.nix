# What runs the steps that generate sources: an app of Ampoule's own with Cython in it, as a snapshot, precompiled.
{
  stage,
  pins,
  build,
}:
let
  cython = pins.unpacked stage "cython";
  app = build (
    import ./settings.nix {
      name = "ampoule-generator";
      src = ../toolchain/prepare/generator;
      app = "generator";
      pythonPath = [
        "app"
        "${cython}"
      ];
      stdlib = "full";
    }
  );
  precompiled = import ./precompiled.nix stage "ampoule-generator-precompiled" app.stages.snapshot;
in
{
  inherit precompiled;
  stages = [
    cython
    app.stages.bindings
    app.stages.compiled
    app.stages.linked
    app.stages.snapshot
    precompiled
  ];
}
