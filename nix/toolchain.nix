# The toolchain's stages: the same for every app.
{ stage, pins }:
rec {
  sdk = stage {
    stage = "sdk";
    name = "ampoule-sdk";
    arguments = [
      "--clang"
      (pins.file "clang")
      "--wasi-libc"
      (pins.file "wasi-libc")
      "--compiler-rt"
      (pins.file "compiler-rt")
      "--output"
      (placeholder "out")
    ];
  };

  cpython = stage {
    stage = "cpython";
    name = "ampoule-cpython";
    outputs = [
      "out"
      "tests"
    ];
    arguments = [
      "--sdk"
      sdk
      "--source"
      (pins.file "cpython")
      "--zlib"
      (pins.file "zlib")
      "--bzip2"
      (pins.file "bzip2")
      "--xz"
      (pins.file "xz")
      "--sqlite"
      (pins.file "sqlite")
      "--aws-lc"
      (pins.file "aws-lc")
      "--output"
      (placeholder "out")
      "--tests"
      (placeholder "tests")
    ];
  };

  interpreter = seeded 0;

  # The interpreter whose hashes have a seed.
  seeded = hashSeed: stage {
    stage = "interpreter";
    name = "ampoule-interpreter";
    arguments = [
      "--sdk"
      sdk
      "--cpython"
      cpython
      "--hash-seed"
      (toString hashSeed)
      "--output"
      (placeholder "out")
    ];
  };
}
