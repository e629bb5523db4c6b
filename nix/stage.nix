# A stage of the chain as a derivation: its program is the builder, its arguments are the stage's own, and nothing else is in the sandbox.
#
# Every output that the arguments name by `placeholder` must be listed in `outputs`. One more output, `record`, is the action's
# record: the digests of all that went in and came out, the same bytes that `ampoule build --records` writes.
{
  system,
  tools,
  contentAddressed,
}:
{
  stage,
  name,
  arguments,
  outputs ? [ "out" ],
}:
derivation (
  {
    inherit name system;
    builder = tools.${stage};
    args = arguments ++ [
      "--record"
      (placeholder "record")
    ];
    outputs = outputs ++ [ "record" ];
  }
  // (
    if contentAddressed then
      {
        __contentAddressed = true;
        outputHashMode = "nar";
        outputHashAlgo = "sha256";
      }
    else
      { }
  )
)
