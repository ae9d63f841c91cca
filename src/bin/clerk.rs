//! The worker that adds up TLS-RPT reports, and writes and compares reports, for the page.

fn main() {
    #[cfg(target_arch = "wasm32")]
    mxray::web::clerk_worker::serve();
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("clerk runs in the browser: build it with `make build`");
}
