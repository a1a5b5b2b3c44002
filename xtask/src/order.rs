//! The order of functions in a WebAssembly, which means nothing to what runs it and two and a half percent to gzip: it only
//! finds again what it saw within the last 32 KB, so functions that look alike belong together.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::thread;

use anyhow::{Result, anyhow};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use wasmparser::{FunctionBody, Operator, Parser, Payload, TypeRef};

/// Bytes that gzip looks back.
const WINDOW: usize = 30_000;
/// Bytes of the pieces by which functions are compared.
const PIECE: usize = 6;
/// Functions that have a piece in common, at most, for it to tell that they are alike.
const RARE: usize = 40;
/// Functions beside which each is tried.
const TRIED: usize = 2;
/// How often all of them are: what has moved has other numbers, and other neighbours.
const ROUNDS: usize = 2;
/// The quickest compression that is within a thousandth of the best.
const EFFORT: u32 = 7;

/// Gives functions names, by which `wasm-opt --reorder-functions-by-name` brings them in order.
pub fn name(wasm: &Path) -> Result<()> {
    let mut bytes = fs::read(wasm)?;
    let (mut imported, mut split) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                split.push(parts(&body, &bytes, imported)?);
            }
            _ => {}
        }
    }
    let as_they_are: Vec<usize> = (0..split.len()).collect();
    let mut order = order(&numbered(&split, imported, &as_they_are));
    for _ in 0..ROUNDS {
        order = settled(&numbered(&split, imported, &order), order)?;
    }
    let functions = order.into_iter().zip(0_u32..).map(|(function, place)| {
        (imported + u32::try_from(function).unwrap_or(u32::MAX), format!("1{place:05}"))
    });
    let imports = (0..imported).map(|import| (import, format!("0{import:05}")));
    let names = imports.chain(functions).collect();
    bytes.extend(section(names));
    fs::write(wasm, bytes).map_err(Into::into)
}

/// The functions in a good order: each is the one that has the most in common with those before it.
#[allow(clippy::indexing_slicing, reason = "all lists are as long, and places come from them")]
fn order<Body: AsRef<[u8]>>(bodies: &[Body]) -> Vec<usize> {
    let owners = owners(bodies);
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
        ((shared[function] * 2 + 1) * 100_000 / (bodies[function].as_ref().len() + 16), Reverse(function))
    }) {
        let function = left.remove(at);
        order.push(function);
        window.push_back(function);
        length += bodies[function].as_ref().len();
        for &owners in &pieces[function] {
            let count = seen.entry(std::ptr::from_ref(owners)).or_default();
            *count += 1;
            if *count == 1 {
                owners.iter().for_each(|&owner| shared[owner] += 1);
            }
        }
        while length > WINDOW && window.len() > 1 {
            let Some(gone) = window.pop_front() else { break };
            length -= bodies[gone].as_ref().len();
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

/// A better order: each function, long ones first, goes beside one that it has much in common with, if all of them then
/// come to less.
#[allow(clippy::indexing_slicing, reason = "all lists are as long, and places come from them")]
fn settled(bodies: &[Vec<u8>], mut order: Vec<usize>) -> Result<Vec<usize>> {
    let alike = alike(bodies);
    let mut least = compressed(bodies, &order)?;
    let mut functions = order.clone();
    functions.sort_by_key(|&function| (Reverse(bodies[function].len()), function));
    for function in functions {
        let rest: Vec<usize> = order.iter().copied().filter(|&other| other != function).collect();
        let beside = |other: &usize| rest.iter().position(|known| known == other).map(|at| [at, at + 1]);
        let tries: Vec<Vec<usize>> = alike[function]
            .iter()
            .filter_map(beside)
            .flatten()
            .map(|at| [&rest[..at], &[function], &rest[at..]].concat())
            .collect();
        let lengths: Vec<Result<usize>> = thread::scope(|scope| {
            let started: Vec<_> =
                tries.iter().map(|order| scope.spawn(|| compressed(bodies, order))).collect();
            let ended = started.into_iter().map(|thread| thread.join());
            ended.map(|length| length.unwrap_or_else(|_| Err(anyhow!("the compression failed")))).collect()
        });
        for (length, tried) in lengths.into_iter().zip(tries) {
            let length = length?;
            if length < least {
                (least, order) = (length, tried);
            }
        }
    }
    Ok(order)
}

/// For each function those that it has the most in common with.
#[allow(clippy::indexing_slicing, reason = "all lists are as long, and places come from them")]
#[allow(clippy::cast_precision_loss, reason = "no function is that long")]
fn alike(bodies: &[Vec<u8>]) -> Vec<Vec<usize>> {
    let mut shared: Vec<HashMap<usize, f64>> = vec![HashMap::new(); bodies.len()];
    let owners = owners(bodies);
    // In an order, for sums of such numbers depend on it.
    let mut lists: Vec<&Vec<usize>> =
        owners.values().filter(|list| (2..RARE).contains(&list.len())).collect();
    lists.sort_unstable();
    for list in lists {
        // The fewer have it, the more it says.
        let weight = 1.0 / (list.len() as f64).sqrt();
        for &function in list {
            for &other in list.iter().filter(|&&other| other != function) {
                *shared[function].entry(other).or_default() += weight;
            }
        }
    }
    let best = |(function, shared): (usize, HashMap<usize, f64>)| {
        let both = |other: usize| (bodies[function].len() + bodies[other].len()) as f64;
        let mut best: Vec<(f64, usize)> =
            shared.into_iter().map(|(other, sum)| (sum / both(other).sqrt(), other)).collect();
        best.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        best.into_iter().take(TRIED).map(|(_, other)| other).collect()
    };
    shared.into_iter().enumerate().map(best).collect()
}

/// The pieces that there are, each with the functions that have it.
fn owners<Body: AsRef<[u8]>>(bodies: &[Body]) -> HashMap<&[u8], Vec<usize>> {
    let mut owners: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (function, body) in bodies.iter().enumerate() {
        for piece in body.as_ref().windows(PIECE) {
            let owners = owners.entry(piece).or_default();
            if owners.last() != Some(&function) {
                owners.push(function);
            }
        }
    }
    owners
}

/// A part of a function: bytes that stay, and the function that they end in a call of, whose number its place makes.
type Part<'a> = (&'a [u8], Option<usize>);

/// The parts of a function, in a WebAssembly that imports so many.
fn parts<'a>(body: &FunctionBody, wasm: &'a [u8], imported: u32) -> Result<Vec<Part<'a>>> {
    let mut parts = Vec::new();
    let mut from = body.range().start;
    let mut code = body.get_operators_reader()?;
    while !code.eof() {
        let at = code.original_position() + 1;
        if let Operator::Call { function_index } = code.read()?
            && let Some(own) = function_index.checked_sub(imported)
        {
            parts.push((wasm.get(from..at).unwrap_or_default(), Some(own as usize)));
            from = code.original_position();
        }
    }
    parts.push((wasm.get(from..body.range().end).unwrap_or_default(), None));
    Ok(parts)
}

/// The functions with the numbers in them that an order gives to those they call.
#[allow(clippy::indexing_slicing, reason = "the places are those of functions")]
fn numbered(split: &[Vec<Part>], imported: u32, order: &[usize]) -> Vec<Vec<u8>> {
    let mut numbers = vec![0; order.len()];
    for (place, &function) in order.iter().enumerate() {
        numbers[function] = imported as usize + place;
    }
    let written = |parts: &Vec<Part>| {
        let mut body = Vec::new();
        for (bytes, called) in parts {
            body.extend_from_slice(bytes);
            if let Some(called) = called {
                number(numbers[*called], &mut body);
            }
        }
        body
    };
    split.iter().map(written).collect()
}

/// What functions come to in this order.
#[allow(clippy::indexing_slicing, reason = "the places are those of functions")]
fn compressed(bodies: &[Vec<u8>], order: &[usize]) -> Result<usize> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(EFFORT));
    for &function in order {
        encoder.write_all(&bodies[function])?;
    }
    Ok(encoder.finish()?.len())
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
