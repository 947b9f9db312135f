//! Room `web`: the page assets are compiled in, so the room is compiled again when they were made anew.

fn main() {
    println!("cargo::rerun-if-changed=assets/dist/manifest.json");
}
