//! The values inside of lists and objects, read where they lie.

use crate::cell::{Cell, Kind};
use crate::scan::{self, inside, space};

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
        let (kind, end) = match (json.get(at)?, path) {
            (b'[', _) => return self.list(at + 1, path, depth),
            (b'{', Some(path)) => return self.object(at + 1, path, depth),
            (b'"', None) => return self.text(at),
            (_, Some(_)) => return scan::skip(json, at).ok(),
            (b'{', None) => (Kind::Nested, scan::skip(json, at).ok()?),
            (b'n', None) => (Kind::Null, at + 4),
            (b't', None) => (Kind::True, at + 4),
            (b'f', None) => (Kind::False, at + 5),
            (_, None) => (Kind::Number, scan::number(json, at).ok()?),
        };
        let bytes = if kind.is_whole() { &[] } else { json.get(at..end)? };
        self.pass(Cell::new(kind, bytes), end)
    }

    fn pass(&mut self, cell: Cell<'_>, end: usize) -> Option<usize> {
        self.passed = (self.test)(cell);
        if self.passed { None } else { Some(end) }
    }

    fn text(&mut self, at: usize) -> Option<usize> {
        let text = scan::text(self.json, at).ok()?;
        let raw = self.json.get(inside(text))?;
        if !text.has_escapes {
            return self.pass(Cell::new(Kind::Text, raw), text.end + 1);
        }
        let mut decoded = std::mem::take(&mut self.scratch);
        decoded.clear();
        scan::unescape(raw, &mut decoded);
        let end = self.pass(Cell::new(Kind::Text, &decoded), text.end + 1);
        self.scratch = decoded;
        end
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
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let mut found = None;
        let mut at = space(self.json, from);
        while self.json.get(at)? != &b'}' {
            let (key, value) = scan::key(self.json, at).ok()?;
            let mut raw = self.json.get(inside(key))?;
            if key.has_escapes {
                self.scratch.clear();
                scan::unescape(raw, &mut self.scratch);
                raw = &self.scratch;
            }
            if raw == name.as_bytes() {
                found = Some(value);
            }
            at = space(self.json, scan::skip(self.json, value).ok()?);
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
