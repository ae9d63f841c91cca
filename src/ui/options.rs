//! What a check may need beyond the domain: resolvers, selectors, trust anchors and a relay.

use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::state::Settings;

/// The fields and whom they tell.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// As typed.
    pub settings: Settings,
    /// They were edited.
    pub onset: Callback<Settings>,
}

/// The fields, folded away until they are wanted.
#[component]
pub fn OptionFields(props: &Props) -> Html {
    let change = |edit: fn(&mut Settings, String)| {
        let (settings, onset) = (props.settings.clone(), props.onset.clone());
        move |text: String| {
            let mut settings = settings.clone();
            edit(&mut settings, text);
            onset.emit(settings);
        }
    };
    let resolvers = change(|settings, text| settings.resolvers = text);
    let selectors = change(|settings, text| settings.selectors = text);
    let bimi = change(|settings, text| settings.bimi_selector = text);
    let anchors = change(|settings, text| settings.anchors = text);
    let relay = change(|settings, text| settings.relay = text);
    let of_area = |event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value();
    let of_input = |event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value();
    html! {
        <details id="options">
            <summary>{"Resolvers, selectors, trust anchors, relay"}</summary>
            <div class="fields">
                <div class="wide">
                    <label for="resolvers">{"DNS-over-HTTPS resolvers, one address per line"}</label>
                    <textarea
                        id="resolvers" rows="2" spellcheck="false" aria-describedby="resolvers-hint"
                        placeholder="https://dns.example.net/dns-query" value={props.settings.resolvers.clone()}
                        oninput={move |event| resolvers(of_area(event))}
                    />
                    <p id="resolvers-hint" class="hint">
                        {"Left empty, the page asks Cloudflare and Google. Any resolver that lets web pages read its answers (CORS) works."}
                    </p>
                </div>
                <div>
                    <label for="selectors">{"DKIM selectors"}</label>
                    <input
                        id="selectors" type="text" spellcheck="false" autocapitalize="none" aria-describedby="selectors-hint"
                        placeholder="mail2026, s1" value={props.settings.selectors.clone()}
                        oninput={move |event| selectors(of_input(event))}
                    />
                    <p id="selectors-hint" class="hint">
                        {"The DNS has no list of them. Look for s= in the DKIM-Signature header of a mail you sent, or paste the whole header."}
                    </p>
                </div>
                <div>
                    <label for="bimi-selector">{"BIMI selector"}</label>
                    <input
                        id="bimi-selector" type="text" spellcheck="false" autocapitalize="none"
                        aria-describedby="bimi-hint" placeholder="default" value={props.settings.bimi_selector.clone()}
                        oninput={move |event| bimi(of_input(event))}
                    />
                    <p id="bimi-hint" class="hint">{"Nearly always “default”. A sender’s address, as in news@example.com, finds the record that counts for it (lps=)."}</p>
                </div>
                <div class="wide">
                    <label for="anchors">{"DNSSEC trust anchors, one DS or DNSKEY record per line"}</label>
                    <textarea
                        id="anchors" rows="2" spellcheck="false" aria-describedby="anchors-hint"
                        placeholder=". IN DS 20326 8 2 E06D44B8…" value={props.settings.anchors.clone()}
                        oninput={move |event| anchors(of_area(event))}
                    />
                    <p id="anchors-hint" class="hint">
                        {"Left empty, proofs start at the two root keys of IANA. Your own are for a network with a root of its own."}
                    </p>
                </div>
                <div class="wide">
                    <label for="relay">{"Your own relay for files that pages may not read"}</label>
                    <input
                        id="relay" type="text" inputmode="url" spellcheck="false" autocapitalize="none" aria-describedby="relay-hint"
                        placeholder="https://relay.example.net/?url=" value={props.settings.relay.clone()}
                        oninput={move |event| relay(of_input(event))}
                    />
                    <p id="relay-hint" class="hint">
                        {"Empty: none is asked. A relay sees which domain you check and can forge what it returns, so use only one that you run yourself (docs/relay.md of mxray says how). It is asked for MTA-STS policies, logos and their certificates, and only where the host itself does not let this page read them; the report says so."}
                    </p>
                </div>
            </div>
        </details>
    }
}
