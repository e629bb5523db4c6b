# Programs around a component: `run` calls one of its exports, `serve` answers HTTP requests with it. Both take more flags.
{ packages, tools }:
component:
let
  program =
    command:
    packages.writeShellScriptBin "${component.pname}-${command}" ''
      exec ${tools.ampoule} ${command} ${component} "$@"
    '';
in
{
  run = program "run";
  serve = program "serve";
}
