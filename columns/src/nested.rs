//! The values inside of lists and objects, read where they lie.

use orgdeck_cells::Cell;
use orgdeck_cells::scan::{self, Taken, space};

/// Levels that are gone into: as many as a `Json` has.
const MAX_DEPTH: u32 = 512;

/// Whether a value passes that a JSON text has under a path, whose dots lead into objects. A list stands for each of its
/// items, on the way and at its end.
pub fn any_value(json: &[u8], path: Option<&str>, test: &mut dyn FnMut(Cell<'_>) -> bool) -> bool {
    let mut walk = Walk { json, test, scratch: Vec::new(), passed: false };
    walk.value(0, path, MAX_DEPTH);
    walk.passed
}

struct Walk<'a> {
    json: &'a [u8],
    test: &'a mut dyn FnMut(Cell<'_>) -> bool,
    scratch: Vec<u8>,
    passed: bool,
}

impl Walk<'_> {
    /// Looks at the value that begins here, and gives its end; nothing when there is no more to look for.
    fn value(&mut self, at: usize, path: Option<&str>, depth: u32) -> Option<usize> {
        let depth = depth.checked_sub(1)?;
        let json = self.json;
        let at = space(json, at);
        match (json.get(at)?, path) {
            (b'[', _) => self.list(at + 1, path, depth),
            (b'{', Some(path)) => self.object(at + 1, path, depth),
            (_, Some(_)) => scan::skip(json, at, Taken::Common).ok(),
            (_, None) => {
                let (cell, end, _) = scan::cell(json, at, &mut self.scratch).ok()?;
                self.passed = (self.test)(cell);
                (!self.passed).then_some(end)
            }
        }
    }

    fn list(&mut self, from: usize, path: Option<&str>, depth: u32) -> Option<usize> {
        let mut at = space(self.json, from);
        while self.json.get(at)? != &b']' {
            at = space(self.json, self.value(at, path, depth)?);
            if self.json.get(at)? == &b',' {
                at += 1;
            }
        }
        Some(at + 1)
    }

    /// Of two members with one name the last one counts, as in JavaScript.
    fn object(&mut self, from: usize, path: &str, depth: u32) -> Option<usize> {
        let (name, rest) = step(path);
        let mut found = None;
        let mut at = space(self.json, from);
        while self.json.get(at)? != &b'}' {
            let (key, value) = scan::key(self.json, at, Taken::Common).ok()?;
            if scan::said(self.json, key, &mut self.scratch) == name.as_bytes() {
                found = Some(value);
            }
            at = space(self.json, scan::skip(self.json, value, Taken::Common).ok()?);
            if self.json.get(at)? == &b',' {
                at = space(self.json, at + 1);
            }
        }
        if let Some(value) = found {
            self.value(value, rest, depth)?;
        }
        Some(at + 1)
    }
}

/// The first name of a path, and the path behind it.
fn step(path: &str) -> (&str, Option<&str>) {
    // The standard library's searcher weighs as much as all of this file.
    match path.as_bytes().iter().position(|byte| *byte == b'.') {
        Some(dot) => (path.get(..dot).unwrap_or_default(), path.get(dot + 1..)),
        None => (path, None),
    }
}
