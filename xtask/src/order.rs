//! The order of functions in a WebAssembly, which means nothing to what runs it and one and a half percent to gzip: it only
//! finds again what it saw within the last 32 KB, so functions that look alike belong together.

use std::collections::{HashMap, VecDeque};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasmparser::{Parser, Payload, TypeRef};

/// Bytes that gzip looks back.
const WINDOW: usize = 30_000;
/// Bytes of the pieces by which functions are compared.
const PIECE: usize = 6;

/// Gives functions names, by which `wasm-opt --reorder-functions-by-name` brings them in order.
pub fn name(wasm: &Path) -> Result<()> {
    let mut bytes = fs::read(wasm)?;
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                bodies.push(bytes.get(body.range()).context("a function is not where it is said to be")?);
            }
            _ => {}
        }
    }
    let names: Vec<(u32, String)> = (0..imported)
        .map(|import| (import, format!("0{import:05}")))
        .chain(order(&bodies).into_iter().zip(0_u32..).map(|(function, place)| {
            (imported + u32::try_from(function).unwrap_or(u32::MAX), format!("1{place:05}"))
        }))
        .collect();
    bytes.extend(section(names));
    fs::write(wasm, bytes).map_err(Into::into)
}

/// The places of functions in a good order: each is the one that has the most in common with those before it.
#[allow(clippy::indexing_slicing, reason = "all lists are as long, and places come from them")]
fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let mut owners: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, body) in bodies.iter().enumerate() {
        for piece in body.windows(PIECE) {
            let owners = owners.entry(piece).or_default();
            if owners.last() != Some(&function) {
                owners.push(function);
            }
        }
    }
    let mut pieces = vec![Vec::new(); bodies.len()];
    for owners in owners.values() {
        // What hardly any function lacks tells nothing of them.
        for &function in owners.iter().filter(|_| owners.len() > 1 && owners.len() * 4 < bodies.len()) {
            pieces[function].push(owners);
        }
    }
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    let mut shared = vec![0_usize; bodies.len()];
    let mut seen: HashMap<*const Vec<usize>, usize> = HashMap::new();
    let (mut window, mut length) = (VecDeque::new(), 0);
    let mut order = Vec::new();
    while let Some(at) = (0..left.len()).max_by_key(|&at| {
        let function = left[at];
        // A large part of a short function is worth less than the same part of a long one.
        ((shared[function] * 2 + 1) * 100_000 / (bodies[function].len() + 16), std::cmp::Reverse(function))
    }) {
        let function = left.remove(at);
        order.push(function);
        window.push_back(function);
        length += bodies[function].len();
        for &owners in &pieces[function] {
            let count = seen.entry(std::ptr::from_ref(owners)).or_default();
            *count += 1;
            if *count == 1 {
                owners.iter().for_each(|&owner| shared[owner] += 1);
            }
        }
        while length > WINDOW && window.len() > 1 {
            let Some(gone) = window.pop_front() else { break };
            length -= bodies[gone].len();
            for &owners in &pieces[gone] {
                let count = seen.entry(std::ptr::from_ref(owners)).or_default();
                *count -= 1;
                if *count == 0 {
                    owners.iter().for_each(|&owner| shared[owner] -= 1);
                }
            }
        }
    }
    order
}

/// A name section: <https://webassembly.github.io/spec/core/appendix/custom.html#name-section>.
fn section(mut names: Vec<(u32, String)>) -> Vec<u8> {
    names.sort_unstable();
    let mut map = Vec::new();
    number(names.len(), &mut map);
    for (function, name) in names {
        number(function as usize, &mut map);
        number(name.len(), &mut map);
        map.extend(name.into_bytes());
    }
    let mut content = vec![4];
    content.extend(b"name\x01");
    number(map.len(), &mut content);
    content.extend(map);
    let mut section = vec![0];
    number(content.len(), &mut section);
    section.extend(content);
    section
}

/// A number as WebAssembly writes it, LEB128.
fn number(mut number: usize, out: &mut Vec<u8>) {
    loop {
        let low = u8::try_from(number & 127).unwrap_or_default();
        number >>= 7;
        out.push(if number > 0 { low | 128 } else { low });
        if number == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_that_look_alike_stand_together() {
        let texts = ["aaaaaaaabbbbbbbb1", "xyxyxyxyzzzzzzzz1", "aaaaaaaabbbbbbbb2", "xyxyxyxyzzzzzzzz2"];
        let bodies: Vec<&[u8]> =
            texts.iter().map(|text| text.as_bytes()).chain((0..8).map(|_| &b"another"[..])).collect();
        let order = order(&bodies);
        let place = |function| order.iter().position(|&other| other == function).unwrap();
        assert_eq!(order.len(), bodies.len(), "none is lost");
        assert_eq!((place(0).abs_diff(place(2)), place(1).abs_diff(place(3))), (1, 1), "{order:?}");
    }

    #[test]
    fn numbers_are_written_seven_bits_a_byte() {
        for (given, written) in
            [(0, vec![0]), (127, vec![127]), (128, vec![128, 1]), (624_485, vec![0xe5, 0x8e, 0x26])]
        {
            let mut out = Vec::new();
            number(given, &mut out);
            assert_eq!(out, written);
        }
    }
}
