//! The files of a Debian package: an ar archive whose member `data.tar.*` holds them (deb(5)).

use crate::tree::Tree;
use crate::{Cause, Limit, stream, tarball};
use std::fs::File;
use std::io::BufReader;

pub(crate) fn read(file: File, limit: Limit, tree: &mut Tree) -> Result<(), Cause> {
    let mut members = ar::Archive::new(BufReader::new(file));
    while let Some(member) = members.next_entry() {
        let member = member.map_err(Cause::damaged)?;
        let name = String::from_utf8_lossy(member.header().identifier()).into_owned();
        match name.trim_end_matches('/').strip_prefix("data.tar") {
            Some(".xz") => return tarball::read(stream::xz(member)?, limit, tree),
            Some(".gz") => return tarball::read(stream::gzip(member), limit, tree),
            Some("") => return tarball::read(member, limit, tree),
            Some(_) => {
                return Err(Cause::Damaged(format!(
                    "its member {name} is compressed in a way that is not read here"
                )));
            }
            None => {}
        }
    }
    Err(Cause::Damaged("it has no member data.tar".to_string()))
}
