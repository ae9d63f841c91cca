//! One request of a session by `fetch`, its body read up to its limit.

use gloo_net::http;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReadableStream, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache, RequestCredentials,
    RequestMode, RequestRedirect, ResponseType,
};

use crate::evidence::Failure;
use crate::source::{Fetch, Request, Response};

/// Carries out a request; `signal` ends it from outside.
pub(super) async fn fetch(request: &Request, signal: &AbortSignal) -> Result<Response, Failure> {
    let builder = http::Request::get(&request.url)
        .abort_signal(Some(signal))
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .referrer_policy(ReferrerPolicy::NoReferrer);
    let builder = match request.fetch {
        // This media type needs no preflight (Fetch §2.2.2, a safelisted `Accept`).
        Fetch::Dns => {
            builder.header("accept", "application/dns-message").mode(RequestMode::Cors).redirect(RequestRedirect::Error)
        }
        // A redirect that is not followed shows as such, where the host lets the page read it (Fetch §4.4).
        Fetch::Body { follow_redirects } => builder.mode(RequestMode::Cors).redirect(if follow_redirects {
            RequestRedirect::Follow
        } else {
            RequestRedirect::Manual
        }),
        // Fetch §5.3: an opaque request must follow redirects.
        Fetch::Probe => builder.mode(RequestMode::NoCors).redirect(RequestRedirect::Follow),
    };
    // A browser gives no reason, so that a page learns nothing about other sites.
    let response = builder.send().await.map_err(|_| Failure::Network)?;
    match response.type_() {
        ResponseType::Opaque => return Ok(Response::Opaque),
        ResponseType::Opaqueredirect => return Err(Failure::Redirected { status: None, to: None }),
        _ => {}
    }
    let body = match response.body() {
        Some(stream) => read(&stream, request.max_octets).await?,
        None => Vec::new(),
    };
    Ok(Response::Read { status: response.status(), content_type: response.headers().get("content-type"), body })
}

/// Reads a stream to its end, or to the limit and no further.
async fn read(stream: &ReadableStream, limit: usize) -> Result<Vec<u8>, Failure> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut body = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(|_| Failure::Network)?;
        if field(&chunk, "done").is_truthy() {
            return Ok(body);
        }
        let octets: Uint8Array = field(&chunk, "value").dyn_into().map_err(|_| Failure::Network)?;
        let length = usize::try_from(octets.length()).unwrap_or(usize::MAX);
        if body.len().saturating_add(length) > limit {
            // What becomes of the rest is of no interest.
            let _ = reader.cancel();
            return Err(Failure::TooLarge { limit });
        }
        body.extend(octets.to_vec());
    }
}

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
