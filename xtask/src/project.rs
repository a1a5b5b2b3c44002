//! Where things are in this checkout.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The target that the library is shipped for.
pub const WASM: &str = "wasm32-unknown-unknown";

static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
    // `cargo run` says where the manifest is now; the value compiled in would outlive a move of the checkout.
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .filter(|directory| directory.ends_with("xtask"))
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    manifest.parent().map_or(manifest.clone(), Path::to_path_buf)
});

/// The workspace's folder.
pub fn root() -> &'static Path {
    &ROOT
}

pub fn package() -> PathBuf {
    root().join("pkg")
}

/// The version of the workspace, which the library and this tool share.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
