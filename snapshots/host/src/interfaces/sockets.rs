//! `wasi:sockets`: there is no network, and every use of it is refused, as by a host that does not grant it.
//!
//! Without a socket, and without a stream of addresses, no other function of the package can be called.

use crate::Host;
use crate::guest::{Block, Guest};
use crate::handles::Resource;
use wasmtime::{Caller, Result};

/// The case `access-denied` of `error-code`.
const ACCESS_DENIED: u8 = 1;

/// `instance-network: func() -> network`
pub(crate) fn instance_network(caller: Caller<'_, Host>) -> u32 {
    Guest(caller).host().handles.insert(Resource::Network)
}

/// `create-tcp-socket: func(address-family: ip-address-family) -> result<tcp-socket, error-code>`, and that of UDP.
pub(crate) fn create_socket(caller: Caller<'_, Host>, _family: u32, result: u32) -> Result<()> {
    Block::<8>::error(4, ACCESS_DENIED).store(&mut Guest(caller), result)
}

/// `resolve-addresses: func(network: borrow<network>, name: string) -> result<resolve-address-stream, error-code>`
pub(crate) fn resolve_addresses(
    caller: Caller<'_, Host>,
    _network: u32,
    _name: u32,
    _length: u32,
    result: u32,
) -> Result<()> {
    Block::<8>::error(4, ACCESS_DENIED).store(&mut Guest(caller), result)
}
