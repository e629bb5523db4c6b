//! Packs files into the image that the guest reads at run time; `guest/runtime/files/image.h` is its form.

use ampoule_action::parallel;
use std::collections::{BTreeMap, VecDeque};

/// miniz_oxide's best level short of its slowest.
const LEVEL: u8 = 9;

/// The size of the header, of a node and of a mount.
const HEADER: usize = 8;
const NODE: usize = 32;
const MOUNT: usize = 12;

#[derive(Debug)]
enum Entry<'a> {
    Folder(BTreeMap<&'a str, Entry<'a>>),
    /// A file, by its path, with its size.
    File(&'a str, u64),
}

/// The kinds of a node.
const FOLDER: u32 = 0;
const STORED: u32 = 1;
const DEFLATED: u32 = 2;

#[derive(Debug, Default)]
struct Node {
    name: u32,
    name_length: u32,
    parent: u32,
    kind: u32,
    start: u32,
    length: u32,
    size: u32,
    nanoseconds: u32,
}

/// Packs files, given by their absolute paths and sizes. Of a path that is a file and a folder at the same time, the folder wins.
///
/// Some files at a time are read and compressed, on all cores; `progress` is told how many are done, and of how many.
pub(crate) fn pack<E: Send>(
    files: &[(String, u64)],
    read: impl Fn(&str) -> Result<Vec<u8>, E> + Sync,
    progress: impl Fn(u64, u64) + Sync,
) -> Result<Vec<u8>, E> {
    let mut root = BTreeMap::new();
    for (path, size) in files {
        insert(&mut root, path.trim_start_matches('/'), Entry::File(path, *size));
    }
    let mounts = mounts(&root);
    let root = Entry::Folder(root);
    let entries = in_order(&root);
    let mut image = Image {
        nodes: Vec::with_capacity(entries.len()),
        bytes: vec![0; HEADER + entries.len() * NODE + mounts.len() * MOUNT],
    };
    let mut next_child = 1;
    let mut rest = entries.as_slice();
    while !rest.is_empty() {
        let (batch, later) = rest.split_at(batch(rest));
        let before = (entries.len() - rest.len()) as u64;
        let done = |done, _| progress(before + done, entries.len() as u64);
        let packed = parallel::map(None, batch, |(_, _, entry)| packed(entry, &read), done)?;
        for ((name, parent, entry), packed) in batch.iter().zip(packed) {
            image.add(name, *parent, entry, packed, &mut next_child);
        }
        rest = later;
    }
    Ok(image.finish(&mounts))
}

/// As many bytes of files are held beside the image, and the last of them.
const HELD: u64 = 16 << 20;

/// How many of the entries are packed before they are added to the image.
fn batch(entries: &[(&str, u32, &Entry<'_>)]) -> usize {
    let mut held = 0;
    let fits = |(_, _, entry): &&(&str, u32, &Entry<'_>)| {
        let fits = held < HELD;
        if let Entry::File(_, size) = entry {
            held += size;
        }
        fits
    };
    entries.iter().take_while(fits).count()
}

/// What is in a file, compressed if that makes it smaller.
struct Packed {
    kind: u32,
    content: Vec<u8>,
    size: u32,
    nanoseconds: u32,
}

/// Packs a file; none for a folder.
fn packed<E>(entry: &Entry<'_>, read: impl Fn(&str) -> Result<Vec<u8>, E>) -> Result<Option<Packed>, E> {
    let Entry::File(path, _) = entry else {
        return Ok(None);
    };
    let bytes = read(path)?;
    let size = bytes.len() as u32;
    let nanoseconds = ampoule_host::nanoseconds_of(&bytes);
    let deflated = miniz_oxide::deflate::compress_to_vec(&bytes, LEVEL);
    let (kind, content) = match deflated.len() < bytes.len() {
        true => (DEFLATED, deflated),
        false => (STORED, bytes),
    };
    Ok(Some(Packed {
        kind,
        content,
        size,
        nanoseconds,
    }))
}

fn insert<'a>(folder: &mut BTreeMap<&'a str, Entry<'a>>, path: &'a str, file: Entry<'a>) {
    match path.split_once('/') {
        None => {
            folder.entry(path).or_insert(file);
        }
        Some((name, rest)) => {
            let entry = folder.entry(name).or_insert_with(|| Entry::Folder(BTreeMap::new()));
            if let Entry::File(..) = entry {
                *entry = Entry::Folder(BTreeMap::new());
            }
            if let Entry::Folder(children) = entry {
                insert(children, rest, file);
            }
        }
    }
}

/// The paths that the image takes for itself, wherever the host may have mounted something above them.
fn mounts(root: &BTreeMap<&str, Entry<'_>>) -> Vec<Vec<String>> {
    // The stdlib is mounted where it is: the rest of `/lib` may be the host's.
    let stdlib: Vec<&str> = ampoule_image::STDLIB.split('/').collect();
    let mut mounts = vec![Vec::new()];
    for (name, entry) in root {
        match entry {
            Entry::Folder(children) if *name == stdlib[0] && children.contains_key(stdlib[1]) => {
                mounts.push(stdlib.iter().map(|name| (*name).to_owned()).collect());
            }
            Entry::Folder(_) => mounts.push(vec![(*name).to_owned()]),
            Entry::File(..) => {}
        }
    }
    mounts
}

/// All entries, each after its folder and beside its siblings, with the numbers of their folders.
fn in_order<'a>(root: &'a Entry<'a>) -> Vec<(&'a str, u32, &'a Entry<'a>)> {
    let mut found = Vec::new();
    let mut pending = VecDeque::from([("", 0, root)]);
    while let Some(next) = pending.pop_front() {
        let number = found.len() as u32;
        found.push(next);
        if let Entry::Folder(children) = next.2 {
            pending.extend(children.iter().map(|(name, child)| (*name, number, child)));
        }
    }
    found
}

struct Image {
    nodes: Vec<Node>,
    /// The image, in which the table comes first; it is written at the end.
    bytes: Vec<u8>,
}

impl Image {
    fn add(&mut self, name: &str, parent: u32, entry: &Entry<'_>, packed: Option<Packed>, next_child: &mut u32) {
        let mut node = Node {
            name: self.place(name.as_bytes()),
            name_length: name.len() as u32,
            parent,
            ..Node::default()
        };
        if let Entry::Folder(children) = entry {
            node.kind = FOLDER;
            node.start = *next_child;
            node.length = children.len() as u32;
            *next_child += node.length;
        }
        if let Some(Packed {
            kind,
            content,
            size,
            nanoseconds,
        }) = packed
        {
            node.nanoseconds = nanoseconds;
            node.kind = kind;
            node.start = self.place(&content);
            node.length = content.len() as u32;
            node.size = size;
        }
        self.nodes.push(node);
    }

    /// Appends bytes; gives their place in the image.
    fn place(&mut self, bytes: &[u8]) -> u32 {
        let place = self.bytes.len() as u32;
        self.bytes.extend_from_slice(bytes);
        place
    }

    fn finish(mut self, mounts: &[Vec<String>]) -> Vec<u8> {
        let mut table = vec![self.nodes.len() as u32, mounts.len() as u32];
        let mounts: Vec<[u32; 3]> = mounts.iter().map(|path| self.mount(path)).collect();
        for node in &self.nodes {
            table.extend([
                node.name,
                node.name_length,
                node.parent,
                node.kind,
                node.start,
                node.length,
                node.size,
                node.nanoseconds,
            ]);
        }
        table.extend(mounts.iter().flatten());
        for (bytes, word) in self.bytes.chunks_exact_mut(4).zip(table) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        self.bytes
    }

    fn mount(&mut self, path: &[String]) -> [u32; 3] {
        let node = path.iter().fold(0, |folder, name| self.child(folder, name));
        let path = format!("/{}", path.join("/"));
        [self.place(path.as_bytes()), path.len() as u32, node]
    }

    fn child(&self, folder: u32, name: &str) -> u32 {
        let Node { start, length, .. } = self.nodes[folder as usize];
        let has_name = |child: &u32| {
            let node = &self.nodes[*child as usize];
            let begin = node.name as usize;
            &self.bytes[begin..begin + node.name_length as usize] == name.as_bytes()
        };
        (start..start + length).find(has_name).unwrap_or(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(image: &[u8], place: usize) -> usize {
        u32::from_le_bytes(image[place..place + 4].try_into().unwrap()) as usize
    }

    fn text(image: &[u8], place: usize) -> &str {
        let start = word(image, place);
        std::str::from_utf8(&image[start..start + word(image, place + 4)]).unwrap()
    }

    /// What a reader finds: the paths of all files with their bytes, from the folder / on.
    fn unpack(image: &[u8], node: usize, path: &str, found: &mut BTreeMap<String, Vec<u8>>) {
        let place = HEADER + node * NODE;
        let [kind, start, length, size] = [12, 16, 20, 24].map(|field| word(image, place + field));
        if kind == FOLDER as usize {
            for child in start..start + length {
                let child_place = HEADER + child * NODE;
                assert_eq!(word(image, child_place + 8), node, "a child knows its folder");
                unpack(image, child, &format!("{path}/{}", text(image, child_place)), found);
            }
            return;
        }
        let content = &image[start..start + length];
        let bytes = match kind {
            kind if kind == STORED as usize => content.to_vec(),
            _ => miniz_oxide::inflate::decompress_to_vec(content).unwrap(),
        };
        assert_eq!(bytes.len(), size);
        let nanoseconds = ampoule_host::nanoseconds_of(&bytes) as usize;
        assert_eq!(word(image, place + 28), nanoseconds);
        found.insert(path.to_owned(), bytes);
    }

    fn mount_paths(image: &[u8]) -> Vec<&str> {
        let nodes = word(image, 0);
        let first = HEADER + nodes * NODE;
        (0..word(image, 4))
            .map(|mount| text(image, first + mount * MOUNT))
            .collect()
    }

    fn packed_image(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
        let sizes = files.iter().map(|(path, bytes)| (path.clone(), bytes.len() as u64));
        let read = |path: &str| Ok::<_, std::convert::Infallible>(files[path].clone());
        pack(&sizes.collect::<Vec<_>>(), read, |_, _| ()).unwrap()
    }

    #[test]
    fn files_come_out_as_they_went_in() {
        let files = BTreeMap::from([
            ("/app/app.py".to_owned(), b"print(1)\n".repeat(100)),
            ("/app/data/empty".to_owned(), Vec::new()),
            ("/app/data/short".to_owned(), b"x".to_vec()),
            ("/bindings/wit_world/__init__.py".to_owned(), b"pass".to_vec()),
            ("/lib/python3.13/json/__init__.pyc".to_owned(), vec![0; 5000]),
        ]);
        let image = packed_image(&files);
        let mut found = BTreeMap::new();
        unpack(&image, 0, "", &mut found);
        assert_eq!(found, files);
        assert_eq!(mount_paths(&image), ["/", "/app", "/bindings", "/lib/python3.13"]);
        assert_eq!(packed_image(&files), image);
    }

    #[test]
    fn batches_end_with_the_file_that_is_too_much() {
        let entries = [HELD / 2, HELD, 1, HELD].map(|size| Entry::File("/file", size));
        let entries: Vec<_> = entries.iter().map(|entry| ("file", 0, entry)).collect();
        assert_eq!(batch(&entries), 2);
        assert_eq!(batch(&entries[2..]), 2);
        assert_eq!(batch(&entries[3..]), 1);
    }

    #[test]
    fn no_file_is_an_image_too() {
        let image = packed_image(&BTreeMap::new());
        assert_eq!(word(&image, 0), 1);
        assert_eq!(mount_paths(&image), ["/"]);
    }
}
