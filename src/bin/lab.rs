//! The worker that judges, repairs and draws logos for the page.

fn main() {
    #[cfg(target_arch = "wasm32")]
    mxray::web::lab_worker::serve();
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("lab runs in the browser: build it with `make build`");
}
