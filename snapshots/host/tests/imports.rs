//! The imported functions, called from small modules in the text format.

use ampoule_host::{Captured, Command, Files, Finished, HostConfiguration, HostError, run_command};

/// A program with a memory, an allocator that hands out ever higher addresses, and the given imports and body.
fn program(imports: &str, body: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
            {imports}
            (memory (export "memory") 4)
            (global $next (mut i32) (i32.const 4096))
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                (local $address i32)
                (local.set $address (global.get $next))
                (global.set $next (i32.and (i32.const -8)
                    (i32.add (i32.const 7) (i32.add (global.get $next) (local.get 3)))))
                (local.get $address))
            (data (i32.const 1024) "lib/a.txt")
            (data (i32.const 1056) "new.txt")
            (data (i32.const 1088) "hello, host")
            (func (export "wasi:cli/run@0.2.0#run") (result i32)
                {body}
                (i32.const 0)))"#
    );
    wat::parse_str(&text).expect("the test's own module is valid")
}

fn run(module: &[u8], files: Files) -> (Finished, Vec<u8>) {
    let captured = Captured::new();
    let finished = run_command(
        module,
        HostConfiguration {
            files,
            stdout: captured.sink(),
            seed: [7; 32],
            ..HostConfiguration::default()
        },
    )
    .expect("the program runs");
    (finished, captured.take())
}

const STDOUT: &str = r#"
    (import "wasi:cli/stdout@0.2.0" "get-stdout" (func $stdout (result i32)))
    (import "wasi:io/streams@0.2.0" "[method]output-stream.blocking-write-and-flush"
        (func $write (param i32 i32 i32 i32)))"#;

const FILES: &str = r#"
    (import "wasi:filesystem/preopens@0.2.6" "get-directories" (func $preopens (param i32)))
    (import "wasi:filesystem/types@0.2.6" "[method]descriptor.open-at"
        (func $open (param i32 i32 i32 i32 i32 i32 i32)))
    (import "wasi:filesystem/types@0.2.6" "[method]descriptor.stat" (func $stat (param i32 i32)))
    (import "wasi:filesystem/types@0.2.6" "[method]descriptor.read-via-stream"
        (func $reader (param i32 i64 i32)))
    (import "wasi:filesystem/types@0.2.6" "[method]descriptor.write" (func $put (param i32 i32 i32 i64 i32)))
    (import "wasi:io/streams@0.2.6" "[method]input-stream.read" (func $read (param i32 i64 i32)))"#;

#[test]
fn standard_output_reaches_the_sink() {
    let module = program(
        STDOUT,
        "(call $write (call $stdout) (i32.const 1088) (i32.const 11) (i32.const 64))",
    );
    let (finished, output) = run(&module, Files::new());
    assert_eq!((finished.code, output.as_slice()), (0, &b"hello, host"[..]));
}

#[test]
fn a_file_is_opened_and_read() {
    let mut files = Files::new();
    files.add("/lib/a.txt", "from the tree").unwrap();
    let body = r#"
        (call $preopens (i32.const 0))
        (call $open (i32.load (i32.load (i32.const 0))) (i32.const 0) (i32.const 1024) (i32.const 9)
            (i32.const 0) (i32.const 1) (i32.const 16))
        (call $stat (i32.load (i32.const 20)) (i32.const 128))
        (if (i64.ne (i64.load (i32.const 152)) (i64.const 13)) (then unreachable))
        (call $reader (i32.load (i32.const 20)) (i64.const 5) (i32.const 32))
        (call $read (i32.load (i32.const 36)) (i64.const 100) (i32.const 48))
        (call $write (call $stdout) (i32.load (i32.const 52)) (i32.load (i32.const 56)) (i32.const 64))"#;
    let (_, output) = run(&program(&format!("{FILES}{STDOUT}"), body), files);
    assert_eq!(output, b"the tree");
}

/// Creates `new.txt` and writes `hello, host` from its third byte on; the code of `open-at` is the exit status.
const CREATE: &str = r#"
    (call $preopens (i32.const 0))
    (call $open (i32.load (i32.load (i32.const 0))) (i32.const 0) (i32.const 1056) (i32.const 7)
        (i32.const 1) (i32.const 2) (i32.const 16))
    (if (i32.load8_u (i32.const 16)) (then (return (i32.const 1))))
    (call $put (i32.load (i32.const 20)) (i32.const 1088) (i32.const 5) (i64.const 2) (i32.const 32))"#;

#[test]
fn writes_to_a_writable_tree_are_captured() {
    let (finished, _) = run(&program(FILES, CREATE), Files::new().writable());
    let written = finished.files.written();
    assert_eq!(written.len(), 1);
    assert_eq!(written["/new.txt"], b"\0\0hello");
}

#[test]
fn a_tree_is_read_only_unless_said_otherwise() {
    let (finished, _) = run(&program(FILES, CREATE), Files::new());
    assert_eq!(finished.code, 1);
    assert!(finished.files.written().is_empty());
}

#[test]
fn clocks_and_random_bytes_are_the_same_in_every_run() {
    let imports = format!(
        r#"{STDOUT}
        (import "wasi:random/random@0.2.0" "get-random-u64" (func $random (result i64)))
        (import "wasi:clocks/wall-clock@0.2.0" "now" (func $wall (param i32)))
        (import "wasi:clocks/monotonic-clock@0.2.0" "now" (func $now (result i64)))"#
    );
    let body = r#"
        (i64.store (i32.const 256) (call $random))
        (call $wall (i32.const 264))
        (i64.store (i32.const 280) (call $now))
        (call $write (call $stdout) (i32.const 256) (i32.const 32) (i32.const 64))"#;
    let module = program(&imports, body);
    let (_, first) = run(&module, Files::new());
    let (_, second) = run(&module, Files::new());
    assert_eq!(first, second);
    assert_eq!(first[8..16], 315_532_800u64.to_le_bytes());
    assert_eq!(first[24..32], 2_000u64.to_le_bytes());
}

#[test]
fn timers_pass_without_waiting() {
    let imports = r#"
        (import "wasi:clocks/monotonic-clock@0.2.0" "subscribe-duration" (func $timer (param i64) (result i32)))
        (import "wasi:clocks/monotonic-clock@0.2.0" "now" (func $now (result i64)))
        (import "wasi:io/poll@0.2.0" "poll" (func $poll (param i32 i32 i32)))"#;
    let body = r#"
        (i32.store (i32.const 0) (call $timer (i64.const 7200000000000)))
        (i32.store (i32.const 4) (call $timer (i64.const 3600000000000)))
        (call $poll (i32.const 0) (i32.const 2) (i32.const 8))
        (if (i32.ne (i32.load (i32.const 12)) (i32.const 1)) (then unreachable))
        (if (i32.ne (i32.load (i32.load (i32.const 8))) (i32.const 1)) (then unreachable))
        (if (i64.lt_u (call $now) (i64.const 3600000000000)) (then unreachable))"#;
    run(&program(imports, body), Files::new());
}

#[test]
fn exit_gives_its_code() {
    let imports = r#"(import "wasi:cli/exit@0.2.8" "exit-with-code" (func $exit (param i32)))"#;
    let (finished, _) = run(&program(imports, "(call $exit (i32.const 42))"), Files::new());
    assert_eq!(finished.code, 42);
}

#[test]
fn what_the_host_lacks_traps_by_its_name_when_it_is_called() {
    let imports = r#"(import "wasi:http/types@0.2.0" "[constructor]fields" (func $fields (result i32)))"#;
    run(&program(imports, ""), Files::new());
    let calling = program(imports, "(drop (call $fields))");
    let error = run_command(&calling, HostConfiguration::default()).unwrap_err();
    let message = error.to_string();
    assert!(matches!(error, HostError::Trap { .. }));
    assert!(
        message.contains("wasi:http/types@0.2.0 [constructor]fields"),
        "{message}"
    );
}

#[test]
fn the_network_is_refused() {
    let imports = r#"
        (import "wasi:sockets/instance-network@0.2.0" "instance-network" (func $network (result i32)))
        (import "wasi:sockets/network@0.2.0" "[resource-drop]network" (func $drop (param i32)))
        (import "wasi:sockets/tcp-create-socket@0.2.0" "create-tcp-socket" (func $tcp (param i32 i32)))
        (import "wasi:sockets/udp-create-socket@0.2.0" "create-udp-socket" (func $udp (param i32 i32)))
        (import "wasi:sockets/ip-name-lookup@0.2.0" "resolve-addresses" (func $names (param i32 i32 i32 i32)))"#;
    let is_denied = |place: u32| {
        let (tag, code) = (place, place + 4);
        format!(
            "(if (i32.ne (i32.load8_u (i32.const {tag})) (i32.const 1)) (then unreachable))
            (if (i32.ne (i32.load8_u (i32.const {code})) (i32.const 1)) (then unreachable))"
        )
    };
    let body = format!(
        "(call $tcp (i32.const 0) (i32.const 0))
        (call $udp (i32.const 0) (i32.const 8))
        (call $names (call $network) (i32.const 1024) (i32.const 9) (i32.const 16))
        (call $drop (i32.const 1))
        {} {} {}",
        is_denied(0),
        is_denied(8),
        is_denied(16)
    );
    run(&program(imports, &body), Files::new());
}

#[test]
fn a_handle_that_was_dropped_is_unknown() {
    let imports =
        format!(r#"{STDOUT}(import "wasi:io/streams@0.2.0" "[resource-drop]output-stream" (func $drop (param i32)))"#);
    let body = "(call $drop (call $stdout))
        (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64))";
    let error = run_command(&program(&imports, body), HostConfiguration::default()).unwrap_err();
    assert!(error.to_string().contains("unknown WASI handle 1"), "{error}");
}

#[test]
fn a_module_without_main_is_no_command() {
    let module = wat::parse_str("(module)").unwrap();
    assert!(matches!(Command::compile(&module), Err(HostError::MissingExport(_))));
}

#[test]
fn a_trap_is_told_with_its_cause_and_place() {
    let module = wat::parse_str(
        r#"(module (memory (export "memory") 1)
            (func $divide (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0)))
            (func (export "wasi:cli/run@0.2.0#run") (result i32) (call $divide (i32.const 0))))"#,
    );
    let error = run_command(&module.unwrap(), HostConfiguration::default()).unwrap_err();
    let message = error.to_string();
    assert!(message.contains("integer divide by zero\n  in divide"), "{message}");
}
