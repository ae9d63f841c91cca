//! The table, a page of it at a time.

use std::rc::Rc;

use yew::prelude::*;

use crate::report::Summary;
use crate::ui::hosted::hosted;
use crate::ui::icon::icon;
use crate::ui::state::Settings;
use crate::ui::words::{status_id, status_word};

use super::earlier::STATUSES;
use super::row::{Sight, TableRow};
use super::state::{Action, Row, Sort, State, View};

/// Rows on one page: more are more than a browser lays out at once.
pub const PAGE: usize = 50;

/// The list as it is shown.
#[derive(Properties, PartialEq)]
pub struct Shown {
    /// The list.
    pub state: UseReducerHandle<State>,
    /// The rows that are shown, in their order.
    pub rows: Rc<Vec<Rc<Row>>>,
    /// Resolvers, selectors and anchors of the checks.
    pub settings: Settings,
}

/// The table.
#[component]
pub fn Table(props: &Shown) -> Html {
    let state = &props.state;
    let pages = props.rows.len().div_ceil(PAGE).max(1);
    let page = state.view.page.min(pages - 1);
    let under_way: Vec<&Rc<Row>> = state.under_way.iter().filter_map(|at| state.rows.get(*at)).collect();
    let titles = [(Sort::Domain, "Domain"), (Sort::Grade, "Grade"), (Sort::Score, "Score")];
    let technologies = Summary::COLUMNS.iter().enumerate().map(|(at, one)| (Sort::Technology(at), one.label()));
    html! {
        <div class="list-table">
            <div class="scroll" tabindex="0" role="region" aria-label="Table of domains">
                <table id="rows" class="cards" role="table" aria-rowcount={(props.rows.len() + 1).to_string()}>
                    <thead role="rowgroup"><tr role="row">
                        {for titles.into_iter().chain(technologies).map(|(sort, title)| heading(state, sort, title))}
                        if state.earlier.is_some() {
                            <th role="columnheader" scope="col">{"Changed"}</th>
                        }
                    </tr></thead>
                    <tbody role="rowgroup">
                        {for props.rows.iter().skip(page * PAGE).take(PAGE).map(|row| {
                            let checking = under_way.iter().any(|other| Rc::ptr_eq(other, row));
                            let address = props.settings.address(row.domain.as_str()).write();
                            hosted!(TableRow {
                                row: Sight(Rc::clone(row)), checking, address, earlier: state.earlier.clone(),
                            }, key = row.domain.as_str())
                        })}
                    </tbody>
                </table>
            </div>
            <p class="hint legend" aria-hidden="true">
                {for STATUSES.into_iter().map(|status| html! {
                    <span key={status_id(status)}>{icon(status_id(status))}{" "}{text!(status_word(status))}</span>
                })}
            </p>
            {turning(state, page, pages)}
        </div>
    }
}

/// A title that sorts by its column; a second press turns the order round, a third takes that of the list.
fn heading(state: &UseReducerHandle<State>, sort: Sort, title: &'static str) -> Html {
    let View { sort: current, backwards, .. } = state.view;
    let direction = match (current == sort, backwards) {
        (false, _) => "none",
        (true, false) => "ascending",
        (true, true) => "descending",
    };
    let onclick = {
        let state = state.clone();
        move |_: MouseEvent| {
            let (sort, backwards) = match direction {
                "none" => (sort, false),
                "ascending" => (sort, true),
                _ => (Sort::List, false),
            };
            state.dispatch(Action::Look(View { sort, backwards, page: 0, ..state.view.clone() }));
        }
    };
    html! {
        <th key={title} role="columnheader" scope="col" aria-sort={direction}>
            <button type="button" class="quiet" {onclick}>{text!(title)}</button>
        </th>
    }
}

/// The pages, where there are several.
fn turning(state: &UseReducerHandle<State>, page: usize, pages: usize) -> Html {
    let turn = |to: usize| {
        let state = state.clone();
        move |_: MouseEvent| state.dispatch(Action::Look(View { page: to, ..state.view.clone() }))
    };
    html! {
        <p class="buttons" hidden={pages == 1}>
            <button id="list-back" type="button" class="quiet" disabled={page == 0} onclick={turn(page.saturating_sub(1))}>{"Page before"}</button>
            <span id="list-page">{tr!("Page {} of {pages}", page + 1, pages)}</span>
            <button id="list-next" type="button" class="quiet" disabled={page + 1 == pages} onclick={turn(page + 1)}>{"Next page"}</button>
        </p>
    }
}
