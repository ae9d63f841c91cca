//! The worker that reads files and writes evidence for the page.

fn main() {
    #[cfg(target_arch = "wasm32")]
    mxray::web::reader_worker::serve();
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("reader runs in the browser: build it with `make build`");
}
