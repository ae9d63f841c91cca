//! What `<mx-ray>` and the JavaScript API run: a door with three handles, opened by `mx-ray-worker.js`.

#[cfg(target_arch = "wasm32")]
mod door {
    use js_sys::Function;
    use mxray::embed;
    use wasm_bindgen::prelude::*;

    /// A check that goes on until it has told a report or a fault, or is stopped.
    #[wasm_bindgen]
    pub struct Check(embed::Check);

    #[wasm_bindgen]
    impl Check {
        /// Starts a check; `tell` hears of it. Throws `{code, message}` where it cannot be done.
        #[wasm_bindgen(constructor)]
        pub fn new(domain: &str, options: JsValue, tell: Function) -> Result<Check, JsValue> {
            embed::Check::start(domain, options, tell).map(Check)
        }

        /// Ends it: every request is aborted.
        pub fn stop(self) {
            self.0.stop();
        }
    }

    /// Judges by evidence alone: `{report, wanted}`.
    #[wasm_bindgen]
    pub fn assess(domain: &str, options: JsValue, evidence: JsValue) -> Result<JsValue, JsValue> {
        embed::assess_values(domain, options, &evidence)
    }
}

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("embed runs in the browser: build it with `make build`");
}
