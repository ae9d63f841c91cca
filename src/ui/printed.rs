//! The head of the report on paper: what it is, from when, and where to see it again.

use yew::prelude::*;

use crate::report::Report;

use super::address::Address;
use super::locale::moment;
use super::request::Request;
use super::share::link_of;

/// One line that screens do not show.
pub fn printed(request: &Request, report: &Report) -> Html {
    let address = Address { shared: None, ..request.address.clone() };
    html! {
        <p id="printed">{tr!("Mail security of {}, judged at {}. The same check again: {}", report.domain, moment(report.taken_at), link_of(&address))}</p>
    }
}
