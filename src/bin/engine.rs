//! The worker that looks up and judges for the page.

fn main() {
    #[cfg(target_arch = "wasm32")]
    mxray::web::engine_worker::serve();
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("engine runs in the browser: build it with `make build`");
}
