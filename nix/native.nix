# The wheel of a package with native code, built from its source distribution by a recipe: a derivation for each module.
{
  stage,
  pins,
  toolchain,
  generator,
}:
let
  build = import ./native.nix {
    inherit
      stage
      pins
      toolchain
      generator
      ;
  };
in
{
  package,
  version,
  # Finds a recipe, as recipes.nix does.
  recipeFor,
  # As recipes.nix has found it.
  recipe,
  # The source distribution, or the folder of the sources.
  sdist ? null,
  source ? null,
  # The same as a place that can be read now.
  sourceToRead ? source,
}:
let
  inherit (builtins)
    concatMap
    elem
    filter
    match
    replaceStrings
    ;
  described = recipe.recipe;
  file = "${recipe.file}";
  libraries = described.libraries or [ ];
  modules = described.modules or [ ];

  # Source distributions are as large as wheels may be.
  rules = "strip=1,bytes=1073741824,entries=100000";
  format = if match ".*\\.zip" sdist.name != null then "zip" else "tar.gz";

  # The packages whose headers it needs.
  needs = concatMap (
    need:
    map (
      recipe:
      build {
        inherit recipe recipeFor;
        inherit (need) package version;
        sdist = pins.fetch {
          inherit (recipe.recipe.sdists.${need.version}) file digest;
          sources = [ "pypi:${need.package}==${need.version}/${recipe.recipe.sdists.${need.version}.file}" ];
        };
      }
    ) (recipeFor need.package need.version)
  ) (described.needs or [ ]);
  generators = if (described.generate or [ ]) == [ ] then [ ] else [ generator ];

  prepared = stage {
    stage = "prepare";
    name = "${package}-sources";
    outputs = [
      "out"
      "descriptions"
      "headers"
    ];
    arguments = [
      "--recipe"
      file
    ]
    ++ (
      if source == null then
        [
          "--archive"
          "sdist=${format},${rules}:${sdist}"
        ]
      else
        [
          "--source"
          source
        ]
    )
    ++ concatMap (source: [
      "--archive"
      "${source.name}=${source.format},strip=${toString (source.strip or 1)},bytes=${toString source.unpacked},entries=100000:${pins.fetch source}"
    ]) (described.sources or [ ])
    ++ concatMap (needed: [
      "--needed"
      "${needed.package}=${needed.prepared.headers}"
    ]) needs
    ++ concatMap (generator: [
      "--generator"
      generator.precompiled
    ]) generators
    ++ [
      "--output"
      (placeholder "out")
      "--descriptions"
      (placeholder "descriptions")
      "--headers"
      (placeholder "headers")
    ];
  };

  crates = import ./crates.nix { inherit stage pins toolchain; };
  inRust = filter crates.isRust modules;
  crateLibraryOf =
    module:
    crates.library {
      name = "${package}-${module.name}-library";
      description = "${prepared.descriptions}/${module.name}.toml";
      source = prepared;
      crates =
        if source == null then
          crates.ofRecipe (
            described.sdists.${version}.crates
              or (throw "the recipe of ${package} does not list the crates of ${version}: `ampoule wheel ${package}==${version}` says them")
          )
        else
          crates.ofFolder sourceToRead module;
    };

  linkedBy = module: filter (library: elem library.name (module.libraries or [ ])) libraries;
  libcxxFor =
    description: parts: toolchain.libcxxFor description (concatMap (part: part.sources or [ ]) parts);

  compiled =
    description: parts: more:
    stage {
      stage = "extension";
      name = "${package}-${description.name}";
      arguments = [
        "--sdk"
        toolchain.sdk
        "--cpython"
        toolchain.cpython
        "--description"
        "${prepared.descriptions}/${description.name}.toml"
      ]
      ++ [
        "--output"
        (placeholder "out")
      ]
      ++ concatMap (folder: [
        "--libcxx"
        folder
      ]) (libcxxFor description parts)
      ++ more
      # Last, as in the driver.
      ++ crates.given description (crateLibraryOf description) prepared;
    };
  libraryOf = library: compiled library [ library ] [ "--library" ];
  linked =
    module:
    concatMap (library: [
      "--link"
      "${library.name}=${libraryOf library}"
    ]) (linkedBy module);
  moduleOf = module: compiled module ([ module ] ++ linkedBy module) (linked module);

  wheel = stage {
    stage = "pack";
    name = "${package}-wheel";
    arguments = [
      "--recipe"
      file
      "--sources"
      prepared
    ]
    ++ concatMap (module: [
      "--module"
      "${module.name}=${moduleOf module}"
    ]) modules
    ++ concatMap (part: [
      "--built-with"
      part
    ]) (pins.versions "sdk" ++ (if inRust == [ ] then [ ] else [ "rustc=${pins.version "rustc"}" ]))
    ++ [
      "--output"
      (placeholder "out")
    ];
  };
  libcxx =
    concatMap (library: libcxxFor library [ library ]) libraries
    ++ concatMap (module: libcxxFor module ([ module ] ++ linkedBy module)) modules;
  underscored = replaceStrings [ "-" ] [ "_" ];
in
{
  inherit package prepared wheel;
  name = "${underscored package}-${underscored version}-cp3${pins.minor}-cp3${pins.minor}-wasi_0_0_0_wasm32.whl";

  precompiled = map (
    module:
    import ./precompiled.nix stage "${package}-${module.name}-precompiled" (moduleOf module)
  ) modules;

  # In the order of the driver, which needs the toolchain first; the same stage may be there several times.
  stages = [
    toolchain.sdk
    toolchain.cpython
    toolchain.interpreter
  ]
  ++ concatMap (generator: generator.stages) generators
  ++ map (needed: needed.prepared) needs
  ++ [ prepared ]
  ++ libcxx
  ++ map libraryOf libraries
  ++ (if inRust == [ ] then [ ] else [ toolchain.rust ])
  ++ map crateLibraryOf inRust
  ++ map moduleOf modules
  ++ [ wheel ];
}
