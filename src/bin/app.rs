//! The page.

#[cfg(target_arch = "wasm32")]
fn main() {
    mxray::ui::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("app runs in the browser: build it with `make build`");
}
