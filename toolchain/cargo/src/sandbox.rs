//! What confines cargo, and with it the build scripts and procedural macros that it runs, as far as Linux lets a process without privileges
//! do so: by Landlock (files, TCP, signals, abstract sockets) and a filter of system calls (no sockets). Where the kernel has no
//! Landlock, as on other systems, they have what the user has.

use crate::Error;
use std::path::Path;

/// Confines this thread and all that it starts, for good: inputs and the system's programs can be read and run, and only `scratch` be
/// written.
///
/// # Errors
/// When the kernel has what confines and refuses to.
pub fn confine(inputs: &[&Path], scratch: &Path) -> Result<(), Error> {
    system::confine(inputs, scratch).map_err(|error| Error::Sandbox(error.to_string()))
}

#[cfg(target_os = "linux")]
mod system {
    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
        RulesetCreatedAttr, Scope,
    };
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};
    use walkdir::WalkDir;

    type Failure = Box<dyn std::error::Error + Send + Sync>;

    /// The newest version of Landlock whose rules are known; of an older kernel all that it has is taken.
    const VERSION: ABI = ABI::V6;

    /// The system's programs and libraries, among them the shell that the scripts of the toolchain name.
    const SYSTEM: [&str; 6] = ["/bin", "/lib", "/lib64", "/nix/store", "/usr/bin", "/usr/lib"];

    /// The devices that programs open.
    const DEVICES: [&str; 4] = ["/dev/null", "/dev/random", "/dev/urandom", "/dev/zero"];

    pub(super) fn confine(inputs: &[&Path], scratch: &Path) -> Result<(), Failure> {
        let system = SYSTEM.iter().map(Path::new).filter(|path| path.exists());
        let devices = DEVICES.iter().map(Path::new).filter(|path| path.exists());
        let reading = AccessFs::from_read(VERSION);
        let on_devices = AccessFs::ReadFile | AccessFs::WriteFile;
        let mut rules = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(VERSION))?
            .handle_access(AccessNet::from_all(VERSION))?
            .scope(Scope::from_all(VERSION))?
            .create()?;
        for path in inputs.iter().copied().chain(system) {
            rules = rules.add_rule(PathBeneath::new(PathFd::new(path)?, reading))?;
        }
        for path in inputs.iter().flat_map(|input| linked(input)) {
            let access = if path.is_dir() {
                reading
            } else {
                reading & AccessFs::from_file(VERSION)
            };
            rules = rules.add_rule(PathBeneath::new(PathFd::new(path)?, access))?;
        }
        for path in devices {
            rules = rules.add_rule(PathBeneath::new(PathFd::new(path)?, on_devices))?;
        }
        let own = PathBeneath::new(PathFd::new(scratch)?, AccessFs::from_all(VERSION));
        rules.add_rule(own)?.restrict_self()?;
        refuse_sockets()
    }

    /// Where the files of a folder really are, as far as they are links: Bazel's sandbox has links to folders of the same form.
    fn linked(folder: &Path) -> BTreeSet<PathBuf> {
        let entries = WalkDir::new(folder).into_iter().filter_map(Result::ok);
        let links = entries.filter(|entry| entry.depth() > 0 && entry.path_is_symlink());
        let real = links.filter_map(|entry| {
            let real = entry.path().canonicalize().ok()?;
            let inside = entry.path().strip_prefix(folder).ok()?;
            let depth = inside.components().count();
            Some(match real.ends_with(inside) {
                true => real.ancestors().nth(depth)?.to_path_buf(),
                false => real,
            })
        });
        real.collect()
    }

    /// Has a process make no sockets, by which it could reach other machines, or servers of this one: they are said not to be supported. So
    /// is io_uring, which makes them past this filter.
    fn refuse_sockets() -> Result<(), Failure> {
        const UNSUPPORTED: u32 = 97;
        const IO_URING_SETUP: i64 = 425;
        // The second is the same call of programs with pointers of 32 bits.
        #[cfg(target_arch = "x86_64")]
        const SOCKET: [i64; 2] = [41, 41 | 1 << 30];
        #[cfg(not(target_arch = "x86_64"))]
        const SOCKET: [i64; 1] = [198];
        let refused = SOCKET
            .into_iter()
            .chain([IO_URING_SETUP])
            .map(|call| (call, Vec::new()));
        let filter = SeccompFilter::new(
            refused.collect(),
            SeccompAction::Allow,
            SeccompAction::Errno(UNSUPPORTED),
            std::env::consts::ARCH.try_into()?,
        )?;
        let program: BpfProgram = filter.try_into()?;
        Ok(seccompiler::apply_filter(&program)?)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    pub(super) fn confine(_: &[&std::path::Path], _: &std::path::Path) -> Result<(), std::convert::Infallible> {
        Ok(())
    }
}
