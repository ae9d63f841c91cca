//! Which mailbox providers would show the logo.

use yew::prelude::*;

use crate::checks::bimi::providers::{AS_OF, Known, Shows, Standing, standings};

use super::icon::icon;

/// The table.
pub fn providers_table(known: &Known) -> Html {
    html! {
        <section class="providers" aria-labelledby="providers-title">
            <h3 id="providers-title">{"Who would show it"}</h3>
            <p class="hint">
                {tr!("What providers asked for in {AS_OF}. Each decides for itself, and changes its rules without notice. What the page knows of record and DMARC comes from a check of the domain.", AS_OF)}
            </p>
            <table id="providers" class="cards">
                <thead><tr><th scope="col">{"Provider"}</th><th scope="col">{"Shows"}</th><th scope="col">{"Still wants"}</th><th scope="col">{"Note"}</th></tr></thead>
                <tbody>{for standings(known).iter().map(row)}</tbody>
            </table>
        </section>
    }
}

fn row(standing: &Standing) -> Html {
    let shape = match standing.shows {
        Shows::LogoAndCheck | Shows::Logo => "pass",
        Shows::Perhaps => "info",
        Shows::No => "absent",
        Shows::Unknown => "unknown",
    };
    let wants = match (standing.shows, standing.wants.is_empty()) {
        (_, true) => tr!("nothing that can be seen from here"),
        (Shows::Unknown, false) => tr!("to be known first: {}", standing.wants.join(", ")),
        (_, false) => standing.wants.join("; "),
    };
    html! {
        <tr key={standing.id} data-provider={standing.id} data-shows={shape}>
            <th scope="row">{standing.provider}</th>
            <td data-label="Shows"><span class="status">{icon(shape)}{text!(standing.shows.words())}</span></td>
            <td data-label="Still wants"><span>{if standing.id == "microsoft" { tr!("nothing would help") } else { wants }}</span></td>
            <td data-label="Note"><span>{text!(standing.note)}</span></td>
        </tr>
    }
}
