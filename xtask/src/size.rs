//! `cargo xtask size`: what a page loads before it can do anything, against a budget.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::project;

/// The budgets, in bytes. 1 KB is 1,000 bytes.
const BUDGET: &str = "pkg/size-budget.toml";

pub fn run() -> Result<ExitCode> {
    let budget = budget()?;
    let mut is_over = false;
    let mut entries: Vec<&String> = budget.iter().map(|(entry, ..)| entry).collect();
    entries.dedup();
    for entry in entries {
        let report = Report::measure(&project::package(), entry)?;
        println!("{}", report.table());
        for line in report.over(&budget) {
            is_over = true;
            println!("{line}");
        }
    }
    if is_over { bail!("the package is larger than {BUDGET} allows") } else { Ok(ExitCode::SUCCESS) }
}

/// One file's size, or that of all of them.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Size {
    fn of(bytes: &[u8]) -> Result<Self> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes)?;
        let parameters = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
        let mut compressed = Vec::new();
        brotli::BrotliCompress(&mut &*bytes, &mut compressed, &parameters)?;
        Ok(Self { raw: bytes.len(), gzip: gzip.finish()?.len(), brotli: compressed.len() })
    }

    fn add(self, other: Self) -> Self {
        Self { raw: self.raw + other.raw, gzip: self.gzip + other.gzip, brotli: self.brotli + other.brotli }
    }

    fn named(self, name: &str) -> Option<usize> {
        match name {
            "raw" => Some(self.raw),
            "gzip" => Some(self.gzip),
            "brotli" => Some(self.brotli),
            _ => None,
        }
    }
}

/// The files that a page loads for an entry point, with their sizes.
pub struct Report {
    entry: String,
    files: BTreeMap<String, Size>,
    total: Size,
}

impl Report {
    pub fn measure(package: &Path, entry: &str) -> Result<Self> {
        let mut files = BTreeMap::new();
        let mut waiting = vec![PathBuf::from(entry)];
        while let Some(file) = waiting.pop() {
            let name = file.to_string_lossy().replace('\\', "/");
            if files.contains_key(&name) {
                continue;
            }
            let bytes = fs::read(package.join(&file))
                .with_context(|| format!("cannot read pkg/{name}: run `cargo xtask build` first"))?;
            if file.extension().is_some_and(|extension| extension == "js") {
                for specifier in loaded(&String::from_utf8_lossy(&bytes)) {
                    waiting.push(resolve(&file, &specifier)?);
                }
            }
            files.insert(name, Size::of(&bytes)?);
        }
        let total = files.values().copied().fold(Size::default(), Size::add);
        Ok(Self { entry: entry.to_owned(), files, total })
    }

    pub fn table(&self) -> String {
        let width = self.files.keys().map(String::len).max().unwrap_or(0).max(4);
        let mut text = format!("{:width$} {:>10} {:>10} {:>10}\n", "file", "raw", "gzip -9", "brotli 11");
        let mut line = |name: &str, size: Size| {
            let numbers = [size.raw, size.gzip, size.brotli].map(grouped);
            text.push_str(&format!(
                "{name:width$} {:>10} {:>10} {:>10}\n",
                numbers[0], numbers[1], numbers[2]
            ));
        };
        for (name, size) in &self.files {
            line(name, *size);
        }
        line("total", self.total);
        text
    }

    /// For each budget that does not hold, a line that says so.
    pub fn over(&self, budget: &[(String, String, usize)]) -> Vec<String> {
        let over = budget.iter().filter(|(entry, ..)| *entry == self.entry);
        let over = over.filter_map(|(section, measure, limit)| {
            let size = self.total.named(measure)?;
            (size > *limit).then(|| {
                let (size, limit, excess) = (grouped(size), grouped(*limit), grouped(size - limit));
                format!("{section}: {size} bytes {measure}, {excess} over the budget of {limit}")
            })
        });
        over.collect()
    }
}

/// Reads the budgets as (entry point, measure, bytes).
pub fn budget() -> Result<Vec<(String, String, usize)>> {
    let text =
        fs::read_to_string(project::root().join(BUDGET)).with_context(|| format!("cannot read {BUDGET}"))?;
    parse_budget(&text).with_context(|| {
        format!("{BUDGET} is not a budget such as `[\"dist/index.js\"]` with `gzip = 70_000`")
    })
}

fn parse_budget(text: &str) -> Result<Vec<(String, String, usize)>> {
    let mut budget = Vec::new();
    for (section, limits) in &text.parse::<toml::Table>()? {
        for (measure, limit) in
            limits.as_table().with_context(|| format!("`{section}` is outside of a section"))?
        {
            if Size::default().named(measure).is_none() {
                bail!("`{measure}` is not one of raw, gzip, brotli");
            }
            let limit = limit.as_integer().and_then(|limit| usize::try_from(limit).ok());
            let limit = limit.with_context(|| format!("`{section}.{measure}` is not a number of bytes"))?;
            budget.push((section.clone(), measure.clone(), limit));
        }
    }
    if budget.is_empty() {
        bail!("there is no budget in it");
    }
    Ok(budget)
}

/// What a module makes the browser load: the targets of its static imports and `new URL(…, import.meta.url)`.
fn loaded(module: &str) -> Vec<String> {
    let code: String = module
        .lines()
        .filter(|line| !["//", "/*", "*"].iter().any(|comment| line.trim_start().starts_with(comment)))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut found = Vec::new();
    for word in ["from", "import", "new URL("] {
        for (index, _) in code.match_indices(word) {
            let before = code.get(..index).and_then(|before| before.chars().next_back());
            let after = code.get(index + word.len()..).unwrap_or_default().trim_start();
            let whole_word =
                !before.is_some_and(|c| c.is_alphanumeric() || ['_', '$', '.', '"', '\''].contains(&c));
            let quoted = after.strip_prefix('"').and_then(|text| text.split_once('"'));
            let quoted = quoted.or_else(|| after.strip_prefix('\'').and_then(|text| text.split_once('\'')));
            let Some((specifier, rest)) = quoted.filter(|_| whole_word) else { continue };
            if word == "new URL(" {
                if rest.trim_start_matches([',', ' ']).starts_with("import.meta.url") {
                    // Beside the module, as the browser resolves it, with or without a leading `./`.
                    found.push(format!("./{}", specifier.trim_start_matches("./")));
                }
            } else {
                found.push(specifier.to_owned());
            }
        }
    }
    found
}

fn resolve(from: &Path, specifier: &str) -> Result<PathBuf> {
    if !specifier.starts_with('.') {
        bail!("pkg/{} imports `{specifier}`, which a page without a bundler cannot load", from.display());
    }
    let mut path = from.parent().unwrap_or(Path::new("")).to_path_buf();
    for component in Path::new(specifier).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                path.pop();
            }
            component => path.push(component),
        }
    }
    Ok(path)
}

/// A number with a comma between thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_found_by_following_the_imports() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(
            "dist/index.js",
            "// import \"./comment.js\"\nimport load, * as all from \"./a.js\";\n\
             export * from './b.js';\nexport default () => new URL(\"./a_bg.wasm\", import.meta.url);\n\
             const x = Array.from(\"./no.js\"); import(\"./later.js\");\n",
        );
        write("dist/b.js", "import './index.js';\n");
        write(
            "dist/a.js",
            "import { x } from './snippets/s/x.js';\nnew URL('a_bg.wasm', import.meta.url);\n",
        );
        write("dist/a_bg.wasm", "wasm");
        write("dist/snippets/s/x.js", "export {\n  x,\n} from \"../../b.js\";\n");
        write("unused.js", "");
        let report = Report::measure(folder.path(), "dist/index.js").unwrap();
        let names: Vec<_> = report.files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["dist/a.js", "dist/a_bg.wasm", "dist/b.js", "dist/index.js", "dist/snippets/s/x.js"]
        );
        assert_eq!(report.total.raw, report.files.values().map(|size| size.raw).sum::<usize>());
    }

    #[test]
    fn a_missing_file_says_to_build() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("dist")).unwrap();
        fs::write(folder.path().join("dist/index.js"), "import './a.js';").unwrap();
        let error = format!("{:#}", Report::measure(folder.path(), "dist/index.js").err().unwrap());
        assert!(error.contains("pkg/dist/a.js") && error.contains("cargo xtask build"), "{error}");
    }

    #[test]
    fn a_budget_holds_up_to_its_last_byte() {
        let size = Size { raw: 3000, gzip: 1000, brotli: 900 };
        let report = Report { entry: "close".to_owned(), files: BTreeMap::new(), total: size };
        assert_eq!(report.over(&parse_budget("[close]\ngzip = 1_000").unwrap()), [""; 0]);
        assert_eq!(
            report.over(&parse_budget("[close]\ngzip = 999\nraw = 4_000").unwrap()),
            ["close: 1,000 bytes gzip, 1 over the budget of 999"]
        );
        assert_eq!(report.over(&parse_budget("[other]\ngzip = 1").unwrap()), [""; 0]);
    }

    #[test]
    fn a_budget_that_says_nothing_is_refused() {
        for text in
            ["", "[close]", "gzip = 1", "[close]\ngzip = -1", "[close]\nzip = 1", "[close]\ngzip = 70 KB"]
        {
            assert!(parse_budget(text).is_err(), "{text}");
        }
    }

    #[test]
    fn compression_is_at_its_highest() {
        let text = "the same words over and over ".repeat(1000);
        let size = Size::of(text.as_bytes()).unwrap();
        assert!(size.gzip < 250 && size.brotli < 80, "{size:?}");
    }
}
