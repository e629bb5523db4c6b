//! What import statements do not say about the stdlib.

/// What modules in C, and modules that import by a name they put together, import when they run.
const HIDDEN: &[(&str, &[&str])] = &[
    (
        "_asyncio",
        &[
            "asyncio.events",
            "asyncio.base_futures",
            "asyncio.exceptions",
            "asyncio.base_tasks",
            "asyncio.coroutines",
            "traceback",
        ],
    ),
    ("_codecs_cn", &["_multibytecodec"]),
    ("_codecs_hk", &["_multibytecodec"]),
    ("_codecs_iso2022", &["_multibytecodec"]),
    ("_codecs_jp", &["_multibytecodec"]),
    ("_codecs_kr", &["_multibytecodec"]),
    ("_codecs_tw", &["_multibytecodec"]),
    ("_csv", &["io"]),
    ("_datetime", &["_strptime", "time"]),
    ("_decimal", &["collections", "collections.abc", "numbers"]),
    ("_elementtree", &["copy", "pyexpat", "xml.etree.ElementPath"]),
    ("_pickle", &["_compat_pickle", "codecs", "copyreg", "functools"]),
    ("_socket", &["encodings.idna"]),
    ("_sqlite3", &["sqlite3.dump"]),
    ("_ssl", &["_socket"]),
    ("_zoneinfo", &["_datetime", "datetime"]),
    ("array", &["collections.abc"]),
    ("dbm", &["dbm.dumb", "dbm.sqlite3"]),
    ("email.base64mime", &["encodings.raw_unicode_escape"]),
    ("email.header", &["encodings.raw_unicode_escape"]),
    ("email.message", &["encodings.raw_unicode_escape"]),
    ("email.utils", &["encodings.raw_unicode_escape"]),
    ("encodings.idna", &["encodings.punycode"]),
    ("importlib.resources", &["importlib.readers"]),
    (
        "json",
        &[
            "encodings.utf_16_be",
            "encodings.utf_16_le",
            "encodings.utf_32_be",
            "encodings.utf_32_le",
        ],
    ),
    ("plistlib", &["encodings.utf_16_be", "encodings.utf_16_le"]),
    ("sysconfig", &[ampoule_image::SYSCONFIG_MODULE]),
    ("time", &["_strptime"]),
    ("xml.dom.domreg", &["xml.dom.minidom"]),
    ("xml.sax", &["xml.sax.expatreader"]),
    ("zipfile", &["encodings.cp437"]),
];

/// Imports that are not followed: modules of other systems, command lines of modules, the plain stand-ins of modules in C,
/// and what is found otherwise. The compiler of the app's files lists `unicodedata` for a file that is not ASCII or gives a
/// character by its name, `_hashlib` for one that names what `hashlib` has from there, and `unittest.async_case` likewise; for
/// `ssl` see [`TLS_CLIENTS`].
const NOT_FOLLOWED: &[(&str, &[&str])] = &[
    ("concurrent.futures", &["concurrent.futures.process"]),
    ("asyncio.base_events", &["ssl"]),
    ("asyncio.selector_events", &["ssl"]),
    ("asyncio.sslproto", &["ssl"]),
    ("datetime", &["_pydatetime"]),
    ("decimal", &["_pydecimal"]),
    ("email.utils", &["socket"]),
    ("ftplib", &["ssl"]),
    ("hashlib", &["_hashlib", "logging"]),
    ("hmac", &["_hashlib"]),
    ("http.client", &["ssl"]),
    ("imaplib", &["ssl"]),
    (
        "importlib._bootstrap_external",
        &["importlib.metadata", "importlib.readers"],
    ),
    ("logging.handlers", &["ssl"]),
    ("pickle", &["argparse", "pprint"]),
    ("platform", &["plistlib", "socket"]),
    ("poplib", &["ssl"]),
    ("random", &["hashlib", "statistics"]),
    ("re._parser", &["unicodedata"]),
    ("smtplib", &["ssl"]),
    ("traceback", &["unicodedata"]),
    ("types", &["_socket"]),
    ("unittest", &["unittest.async_case"]),
    ("urllib.request", &["ssl"]),
];

/// What the modules of the stdlib that talk to servers use for TLS. They import it if it is there; it goes in where the app
/// imports them itself, not where another module of the stdlib does, as `asyncio` and the parsers of XML do.
const TLS_CLIENTS: &[&str] = &[
    "ftplib",
    "http.client",
    "imaplib",
    "poplib",
    "smtplib",
    "urllib.request",
    "xmlrpc.client",
];

/// What the stdlib imports on other systems, and what it tests itself with.
const NEVER: &[&str] = &[
    "_aix_support",
    "_ios_support",
    "_osx_support",
    "asyncio.windows_events",
    "doctest",
    "encodings.mbcs",
];

/// What functions of the stdlib import and no component can use, or only a terminal.
const NEVER_FROM_FUNCTIONS: &[&str] = &[
    "_pyrepl",
    "argparse",
    "ctypes",
    "getopt",
    "multiprocessing",
    "pydoc",
    "readline",
    "rlcompleter",
    "subprocess",
    "tracemalloc",
    "webbrowser",
    "xmlrpc",
];

/// Modules of the bindings that many apps have and do not import: only if one does, what they import counts.
pub(crate) const OFFERED: &[&str] = &["poll_loop"];

/// What the interpreter may import by itself: to start, to decode text, to show an exception.
pub(crate) const ALWAYS: &[&str] = &[
    "abc",
    "encodings",
    "encodings.aliases",
    "encodings.ascii",
    "encodings.latin_1",
    "encodings.utf_8",
    "encodings.utf_8_sig",
    "io",
    "linecache",
    "os",
    "traceback",
    "warnings",
];

/// What a module imports, though no statement of it says so.
pub(crate) fn hidden(module: &str) -> &'static [&'static str] {
    named(HIDDEN, module)
}

/// What a module of the stdlib does better with, if it is the app that imports it.
pub(crate) fn wanted_by_the_app(module: &str) -> &'static [&'static str] {
    if TLS_CLIENTS.contains(&module) { &["ssl"] } else { &[] }
}

/// Whether an import of a module of the stdlib is followed. `in_function` says that one of its functions has it.
pub(crate) fn is_followed(module: &str, import: &str, in_function: bool) -> bool {
    let is_one_of = |names: &[&str]| names.iter().any(|name| is_within(import, name));
    let never = is_one_of(NEVER) || in_function && is_one_of(NEVER_FROM_FUNCTIONS);
    !never && !named(NOT_FOLLOWED, module).contains(&import)
}

/// Whether a module is another one or below it.
pub(crate) fn is_within(module: &str, package: &str) -> bool {
    let rest = module.strip_prefix(package);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn named(table: &'static [(&str, &[&str])], module: &str) -> &'static [&'static str] {
    table
        .iter()
        .find(|(name, _)| *name == module)
        .map_or(&[], |(_, imports)| imports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_of_functions_are_followed_but_for_those_of_no_use() {
        assert!(is_followed("collections", "heapq", true));
        assert!(!is_followed("json.tool", "argparse", true));
        assert!(is_followed("json.tool", "argparse", false));
        assert!(!is_followed("os", "multiprocessing.util", true));
        assert!(!is_followed("decimal", "_pydecimal", false));
    }
}
