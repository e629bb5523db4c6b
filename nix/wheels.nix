# The locked dependencies of a project: a fixed-output derivation for each wheel of its pylock.toml (PEP 751), and the stage that installs
# those which a component wants. Markers are for the stage to evaluate: what is fetched is one wheel of each package. One of which none fits
# is built from its source distribution, if there is a recipe.
{
  stage,
  pins,
  part,
  # Builds a package by a recipe, as native.nix does, and finds that, as recipes.nix does.
  native,
  recipeFor,
}:
{
  project,
  src,
  pylock,
  # Packages that come some other way: compiled as extensions.
  provided,
}:
let
  inherit (builtins)
    concatMap
    elem
    elemAt
    filter
    genList
    head
    length
    match
    split
    ;

  # A lock that another derivation makes could only be read by building that first.
  isReadable =
    builtins.isString pylock && !builtins.hasContext pylock && (src.type or "") != "derivation"
    || builtins.isPath pylock;
  place = if builtins.isPath pylock then pylock else src + "/${pylock}";
  lock =
    if isReadable && !builtins.pathExists place then
      throw "there is no lock at ${toString pylock}: name one that exists, or leave `pylock` out"
    else if isReadable then
      import ./toml.nix place
    else
      throw "${project}: `pylock` is a path or a place below `src`, which are not made by a derivation";
  folder = dirOf place;

  pythonVersion = pins.version "cpython";
  minor = builtins.fromJSON pins.minor;

  # The tags of Python that fit, best first: the stage `wheels` has the same order.
  tags = [
    "cp3${toString minor}"
    "py3${toString minor}"
    "py3"
  ]
  ++ genList (distance: "py3${toString (minor - 1 - distance)}") minor;

  lastOf = list: elemAt list (length list - 1);
  nameOf = wheel: wheel.name or (unescaped (lastOf (split "/" (wheel.url or wheel.path))));
  unescaped = builtins.replaceStrings [ "%2B" "%2b" ] [ "+" "+" ];

  several = text: filter builtins.isString (split "\\." text);

  # The tags of Python of a wheel without native code; none for others.
  pureTags =
    wheel:
    let
      parts = match ".*-([^-]+)-([^-]+)-([^-]+)\\.whl" (nameOf wheel);
    in
    if parts != null && elem "none" (several (elemAt parts 1)) && elem "any" (several (elemAt parts 2)) then
      several (elemAt parts 0)
    else
      [ ];

  # Packages that do without their native modules.
  list = filter builtins.isString (split "\n" (builtins.readFile ../toolchain/native/src/speedups.txt));
  withoutSpeedups = filter (line: line != "" && match "#.*" line == null) list;

  # The tags of Python of a wheel with native code for one binary interface.
  nativeTags =
    abi: wheel:
    let
      parts = match ".*-([^-]+)-([^-]+)-([^-]+)\\.whl" (nameOf wheel);
    in
    if parts != null && elem abi (several (elemAt parts 1)) then several (elemAt parts 0) else [ ];
  exact = "cp3${toString minor}";

  # Whether a wheel has native code for the Python in components.
  isForComponents =
    wheel:
    let
      parts = match ".*-([^-]+)-([^-]+)-([^-]+)\\.whl" (nameOf wheel);
      has = place: elem (elemAt ownTags place) (several (elemAt parts place));
    in
    parts != null && has 0 && has 1 && has 2;
  ownTags = [
    exact
    exact
    "wasi_0_0_0_wasm32"
  ];

  # The wheel of a package that fits best: native code for components, then the first with the best tag. Those with native code that
  # is not needed come last.
  best =
    package:
    let
      wheels = package.wheels or [ ];
      with_ = tag: filter (wheel: elem tag (pureTags wheel)) wheels;
      native = abi: tag: filter (wheel: elem tag (nativeTags abi wheel)) wheels;
      stable = genList (distance: "cp3${toString (minor - distance)}") (minor + 1);
      last = if elem package.name withoutSpeedups then native exact exact ++ concatMap (native "abi3") stable else [ ];
      fitting = filter isForComponents wheels ++ concatMap with_ tags ++ last;
    in
    if fitting == [ ] then [ ] else [ (package // { wheel = head fitting; }) ];

  # The URL, if the lock has it, or the index.
  fetched = { name, version ? "", wheel, ... }: fetchedFile name version wheel;
  fetchedFile =
    name: version: locked:
    if locked ? path then
      builtins.path { path = folder + "/${locked.path}"; }
    else
      pins.fetch {
        file = nameOf locked;
        digest = builtins.convertHash {
          hash = locked.hashes.sha256;
          hashAlgo = "sha256";
          toHashFormat = "sri";
        };
        sources = if locked ? url then [ locked.url ] else [ "pypi:${name}==${version}/${nameOf locked}" ];
      };

  # The wheel of a package that has none, if a recipe builds it.
  builtOf =
    package:
    if best package != [ ] || !(package ? sdist) || elem package.name provided then
      [ ]
    else
      map (
        recipe:
        native {
          inherit recipe recipeFor;
          inherit (package) version;
          package = package.name;
          sdist = fetchedFile package.name package.version package.sdist;
        }
      ) (recipeFor package.name package.version);
  built = concatMap builtOf lock.packages;

  # In the order of the driver: files beside the lock, then those that are fetched.
  packages = concatMap best lock.packages;
  ordered =
    filter (package: package.wheel ? path) packages ++ filter (package: !(package.wheel ? path)) packages;

  installed = stage {
    stage = "wheels";
    name = "${project}-wheels";
    arguments = [
      "--pylock"
      (if builtins.isPath pylock then "${pylock}" else part "lock" pylock)
    ]
    ++ concatMap (package: [
      "--wheel"
      "${nameOf package.wheel}=${fetched package}"
    ]) ordered
    ++ concatMap (package: [
      "--built"
      "${package.name}=${package.wheel}"
    ]) built
    ++ [
      "--python-version"
      pythonVersion
    ]
    ++ concatMap (name: [
      "--provided"
      name
    ]) provided
    ++ [
      "--output"
      (placeholder "out")
    ];
  };
in
if pylock == null then
  {
    pythonPath = [ ];
    forAllSystems = [ ];
    stages = [ ];
    precompiled = [ ];
  }
else
  {
    pythonPath = [ installed ];
    # The same, if there is no native code in it.
    forAllSystems =
      if built == [ ] && builtins.all (package: pureTags package.wheel != [ ]) packages then
        [ installed ]
      else
        [ ];
    stages = concatMap (package: package.stages) built ++ [ installed ];
    # Whether the app reaches a module is not known yet.
    precompiled = concatMap (package: package.precompiled) built;
  }
