// SPDX-License-Identifier: Apache-2.0 OR MIT

//! Links ebb's libraries, which CMake has built. EBB_LIBRARY_DIRS names their folders, separated by colons.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=EBB_LIBRARY_DIRS");
    match env::var("EBB_LIBRARY_DIRS") {
        Ok(folders) => {
            for folder in folders.split(':').filter(|folder| !folder.is_empty()) {
                println!("cargo:rustc-link-search=native={folder}");
            }
        }
        Err(_) => println!("cargo:warning=EBB_LIBRARY_DIRS does not say where libebb_core.a is"),
    }
    // The order counts for the linker: what refers to core comes first.
    if env::var_os("CARGO_FEATURE_TOCK").is_some() {
        println!("cargo:rustc-link-lib=static=ebb_tock_break");
    }
    println!("cargo:rustc-link-lib=static=ebb_core");
}
