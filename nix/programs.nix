# Programs around a component: `run` calls one of its exports, `serve` answers HTTP requests with it. Both take more flags. `apps` are the
# same for `nix run`; the component itself is no program of this machine.
{ packages, tools }:
component:
let
  program =
    command:
    packages.writeShellScriptBin "${component.pname}-${command}" ''
      exec ${tools.ampoule} ${command} ${component} "$@"
    '';
  app = program: description: {
    type = "app";
    program = "${program}/bin/${program.meta.mainProgram}";
    meta = { inherit description; };
  };
in
rec {
  run = program "run";
  serve = program "serve";
  apps = {
    default = apps.run;
    run = app run "Call an export of ${component.name}";
    serve = app serve "Answer HTTP requests with ${component.name}";
  };
}
