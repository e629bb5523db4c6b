//! The files in the component, as the stage `snapshot` has packed them into its memory (`guest/runtime/files/image.h`).

use std::ops::Range;

/// The sizes of the header, of a node and of a mount, and where the image can begin.
const HEADER: usize = 8;
const NODE: usize = 32;
const MOUNT: usize = 12;
const ALIGNMENT: usize = 4;

/// The kind of a node that is a folder.
const FOLDER: usize = 0;

/// The image in a memory.
#[derive(Debug, PartialEq, Eq)]
pub struct Image {
    /// All of it.
    pub range: Range<usize>,
    /// The files, by path, with the places of their contents in the memory.
    pub files: Vec<(String, Range<usize>)>,
}

impl Image {
    /// Finds the image. Its header and its first node, the folder /, have no choice; all that they lead to must be one, too.
    pub fn find(memory: &[u8]) -> Option<Image> {
        let places = (0..memory.len().saturating_sub(HEADER + NODE)).step_by(ALIGNMENT);
        places
            .filter(|place| is_start(memory, *place))
            .find_map(|place| read(memory, place))
    }
}

fn word(memory: &[u8], place: usize) -> Option<usize> {
    let bytes = memory.get(place..place + 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
}

/// Whether numbers of nodes and mounts are followed by the folder /, whose empty name comes first after them.
fn is_start(memory: &[u8], place: usize) -> bool {
    let words = [0, 1, 2, 3, 4, 5, 6].map(|index| word(memory, place + 4 * index).unwrap_or_default());
    let [nodes, mounts, name, name_length, parent, kind, first] = words;
    let names = HEADER
        .saturating_add(nodes.saturating_mul(NODE))
        .saturating_add(mounts.saturating_mul(MOUNT));
    nodes > 1 && mounts > 0 && name == names && (name_length, parent, kind, first) == (0, 0, FOLDER, 1)
}

fn read(memory: &[u8], place: usize) -> Option<Image> {
    let (nodes, mounts) = (word(memory, place)?, word(memory, place + 4)?);
    let image = &memory[place..];
    let mut paths: Vec<String> = Vec::new();
    let mut files = Vec::new();
    for number in 0..nodes {
        let field = |index: usize| word(image, HEADER + number * NODE + 4 * index);
        let (name, parent, kind) = (text(image, field(0)?, field(1)?)?, field(2)?, field(3)?);
        let path = match number {
            0 => String::new(),
            _ => format!("{}/{name}", paths.get(parent)?),
        };
        if kind != FOLDER {
            let content = place + field(4)?..place + field(4)? + field(5)?;
            files.push((path.clone(), memory.get(content.clone()).map(|_| content)?));
        }
        paths.push(path);
    }
    // The path of the last mount is what was written last.
    let last = HEADER + nodes * NODE + (mounts - 1) * MOUNT;
    let end = word(image, last)? + word(image, last + 4)?;
    text(image, word(image, last)?, word(image, last + 4)?)?;
    Some(Image {
        range: place..place + end,
        files,
    })
}

fn text(image: &[u8], start: usize, length: usize) -> Option<&str> {
    std::str::from_utf8(image.get(start..start + length)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An image with one file, /a, as the stage packs it.
    fn image() -> Vec<u8> {
        let names = (HEADER + 2 * NODE + MOUNT) as u32;
        let words = [
            [2, 1].as_slice(),
            &[names, 0, 0, 0, 1, 1, 0, 0],
            &[names, 1, 0, 1, names + 1, 4, 4, 5],
            &[names + 5, 1, 0],
        ];
        let mut bytes: Vec<u8> = words.concat().into_iter().flat_map(u32::to_le_bytes).collect();
        bytes.extend(b"atext/");
        bytes
    }

    #[test]
    fn the_image_is_found_where_it_is() {
        let mut memory = vec![1; 64];
        memory.extend(image());
        let end = memory.len();
        memory.extend([7; 50]);
        let found = Image::find(&memory).unwrap();
        assert_eq!(found.range, 64..end);
        assert_eq!(found.files, [("/a".to_string(), end - 5..end - 1)]);
        assert_eq!(Image::find(&memory[..end - 1]), None);
        assert_eq!(Image::find(&[0; 100]), None);
    }
}
