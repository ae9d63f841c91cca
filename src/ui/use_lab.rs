//! What the lab says of a logo, as it becomes known: first the verdict, then what is seen.

use std::cell::Cell;
use std::rc::Rc;

use yew::prelude::*;

use crate::web::{Drawn, Judgement, lab};

use super::announce::Announce;
use super::named_file::NamedFile;
use super::shared::Shared;

/// Sides of the pictures that inboxes show, in CSS pixels.
pub const SIDES: [u32; 5] = [24, 32, 48, 64, 96];
/// More pixels for one CSS pixel are not drawn: nobody sees them.
const MAX_RATIO: f64 = 3.0;

/// What is known, or why it cannot be.
pub type Known<T> = Option<Shared<Result<T, String>>>;

/// Everything that the lab says.
#[derive(Clone, PartialEq)]
pub struct Looked {
    /// How the file was judged.
    pub judged: Known<Judgement>,
    /// What is seen, with a picture for each of [`SIDES`].
    pub drawn: Known<Drawn>,
}

/// Has the lab look at a file, for as long as it is the one that is shown.
#[hook]
pub fn use_lab(file: &NamedFile) -> Looked {
    let judged = use_state(|| None);
    let drawn = use_state(|| None);
    let announce = use_context::<Announce>();
    use_effect_with(file.clone(), {
        let (judged, drawn) = (judged.setter(), drawn.setter());
        move |file| {
            judged.set(None);
            drawn.set(None);
            let wanted = Rc::new(Cell::new(true));
            let (file, still_wanted) = (file.clone(), Rc::clone(&wanted));
            yew::platform::spawn_local(async move {
                let verdict = lab::judge(&file.bytes).await;
                if !still_wanted.get() {
                    return;
                }
                if let Some(Announce(say)) = announce {
                    say.emit(spoken(&file.name, &verdict));
                }
                judged.set(Some(Shared::from(Rc::new(verdict))));
                let seen = lab::draw(&file.bytes, SIDES.map(in_pixels).to_vec()).await;
                if still_wanted.get() {
                    drawn.set(Some(Shared::from(Rc::new(seen))));
                }
            });
            move || wanted.set(false)
        }
    });
    Looked { judged: (*judged).clone(), drawn: (*drawn).clone() }
}

/// Pixels of the screen for a length in CSS pixels.
pub fn in_pixels(side: u32) -> u32 {
    let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(1.0, MAX_RATIO);
    // A positive number below a thousand.
    (f64::from(side) * ratio).round() as u32
}

/// The verdict for those who do not see it.
fn spoken(name: &str, judged: &Result<Judgement, String>) -> String {
    match judged {
        Ok(judgement) if judgement.verdict.conforms => tr!("{name} conforms to SVG Tiny PS.", name),
        Ok(Judgement { verdict, .. }) => {
            let faults = verdict.faults.len() + verdict.more_faults;
            tr!(
                "{name} does not conform to SVG Tiny PS: {}.",
                tr!("{n} place to look at" | "{n} places to look at" % faults),
                name
            )
        }
        Err(why) => tr!("{name} could not be judged. {why}", name, why),
    }
}
