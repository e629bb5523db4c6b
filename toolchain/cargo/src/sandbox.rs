//! What confines cargo, and with it the build scripts and procedural macros that it runs, as far as Linux lets a process without privileges
//! do so: by Landlock (files, TCP, signals, abstract sockets) and a filter of system calls (no sockets but Unix's). Where the kernel has no
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
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    };
    use std::collections::BTreeMap;
    use std::path::Path;

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
        for path in devices {
            rules = rules.add_rule(PathBeneath::new(PathFd::new(path)?, on_devices))?;
        }
        let own = PathBeneath::new(PathFd::new(scratch)?, AccessFs::from_all(VERSION));
        rules.add_rule(own)?.restrict_self()?;
        refuse_sockets()
    }

    /// Lets a process make sockets of its own machine only: others are said not to be there.
    fn refuse_sockets() -> Result<(), Failure> {
        const DOMAIN: u8 = 0;
        const UNIX: u64 = 1;
        const UNSUPPORTED: u32 = 97;
        #[cfg(target_arch = "x86_64")]
        const SOCKET: i64 = 41;
        #[cfg(not(target_arch = "x86_64"))]
        const SOCKET: i64 = 198;
        let other = SeccompCondition::new(DOMAIN, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, UNIX)?;
        let rules = BTreeMap::from([(SOCKET, vec![SeccompRule::new(vec![other])?])]);
        let filter = SeccompFilter::new(
            rules,
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
