//! The worker that reads files, writes evidence and packs it into links for the page.

fn main() {
    #[cfg(target_arch = "wasm32")]
    mxray::web::reader_worker::serve();
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("reader runs in the browser: build it with `make build`");
}
