//! The page.

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("app runs in the browser: build it with `make build`");
}
