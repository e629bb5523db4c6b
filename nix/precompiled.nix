# A module compiled for the machine that builds.
stage: name: module:
stage {
  stage = "precompile";
  inherit name;
  arguments = [
    "--module"
    module
    "--output"
    (placeholder "out")
  ];
}
