//! Tries what a build script may not.

use std::io::ErrorKind::PermissionDenied;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::path::Path;

fn main() {
    // A server of this machine that would answer.
    let network = TcpListener::bind("127.0.0.1:0").is_err()
        && TcpStream::connect("127.0.0.1:9").is_err_and(|error| error.kind() != std::io::ErrorKind::ConnectionRefused)
        && UdpSocket::bind("127.0.0.1:0").is_err()
        && UnixDatagram::unbound().is_err();
    let refused = |result: std::io::Result<()>| result.is_err_and(|error| error.kind() == PermissionDenied);
    let reading = refused(std::fs::read_to_string("/etc/passwd").map(drop));
    let listing = refused(std::fs::read_dir("/").map(drop));
    let place = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let outside = Path::new(&place).ancestors().nth(3).unwrap().join("left-behind");
    let writing = refused(std::fs::write(outside, "x")) && refused(std::fs::write("/tmp/left-behind", "x"));
    let environment = std::env::var_os("AMPOULE_TEST_SECRET").is_none();
    let inside = std::fs::write(Path::new(&std::env::var("OUT_DIR").unwrap()).join("written"), "x").is_ok();
    let told = [network, reading, listing, writing, environment, inside];
    assert_eq!(told, [true; 6], "network, reading, listing, writing, environment, inside");
}
