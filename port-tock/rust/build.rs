// SPDX-License-Identifier: Apache-2.0 OR MIT

//! Links ebb's libraries, which CMake has built. EBB_LIBRARY_DIRS names their folders, separated by colons.

use std::env;
use std::path::Path;

/// The order counts for the linker: what refers to core comes first.
fn libraries() -> &'static [&'static str] {
    if env::var_os("CARGO_FEATURE_TOCK").is_some() {
        &["ebb_tock_break", "ebb_core"]
    } else {
        &["ebb_core"]
    }
}

/// Cargo looks at no library by itself, and would go on with what CMake has built before. One that is not there would
/// count as changed each time.
fn watch(folder: &str) {
    for library in libraries() {
        let file = Path::new(folder).join(format!("lib{library}.a"));
        if file.exists() {
            println!("cargo:rerun-if-changed={}", file.display());
        }
    }
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=EBB_LIBRARY_DIRS");
    match env::var("EBB_LIBRARY_DIRS") {
        Ok(folders) => {
            for folder in folders.split(':').filter(|folder| !folder.is_empty()) {
                println!("cargo:rustc-link-search=native={folder}");
                watch(folder);
            }
        }
        Err(_) => println!("cargo:warning=EBB_LIBRARY_DIRS does not say where libebb_core.a is"),
    }
    for library in libraries() {
        println!("cargo:rustc-link-lib=static={library}");
    }
}
