//! Components without a life cycle of their own: Yew compiles all that mounts, compares and updates a component anew for
//! each one, some 5 KB every time. Here one component hosts all others, so that the page carries that code once.

use std::any::{Any, type_name};
use std::rc::Rc;

use yew::functional::{FunctionProvider, Hook, HookContext};
use yew::html::HtmlResult;
use yew::prelude::*;
use yew::virtual_dom::Key;

use super::{language, words};

/// A component with its properties, whichever it is.
trait Drawn {
    /// Draws it.
    fn draw(&self, context: &mut HookContext) -> HtmlResult;
    /// Whether another one would show the same.
    fn is_same(&self, other: &dyn Any) -> bool;
    /// Itself, to be compared with.
    fn as_any(&self) -> &dyn Any;
}

/// A component's properties.
struct Of<C: FunctionProvider>(C::Properties);

impl<C: FunctionProvider<Properties: 'static> + 'static> Drawn for Of<C> {
    fn draw(&self, context: &mut HookContext) -> HtmlResult {
        C::run(context, &self.0)
    }

    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<Self>().is_some_and(|other| self.0 == other.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// What the host shows.
#[derive(Clone, Properties)]
struct Props {
    drawn: Rc<dyn Drawn>,
    /// How often the language had changed when it was drawn.
    spoken: u32,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        self.spoken == other.spoken && self.drawn.is_same(other.drawn.as_any())
    }
}

/// The one component that Yew knows; its hooks are those of what it hosts.
#[component]
fn Host(props: &Props) -> HtmlResult {
    use_drawn(&*props.drawn).map(words::shown)
}

/// Draws what is hosted with the hooks of the host.
fn use_drawn(drawn: &dyn Drawn) -> impl Hook<Output = HtmlResult> {
    UseDrawn(drawn)
}

/// The hook.
struct UseDrawn<'d>(&'d dyn Drawn);

impl Hook for UseDrawn<'_> {
    type Output = HtmlResult;

    fn run(self, context: &mut HookContext) -> HtmlResult {
        self.0.draw(context)
    }
}

/// Shows a component. The key of the host names it, for another one in its place has other hooks.
pub fn show<C: FunctionProvider<Properties: 'static> + 'static>(props: C::Properties, key: &str) -> Html {
    host(Rc::new(Of::<C>(props)), type_name::<C>(), key)
}

/// What does not depend on the component.
fn host(drawn: Rc<dyn Drawn>, name: &str, key: &str) -> Html {
    let key = Key::from(format!("{name} {key}"));
    html! { <Host {key} {drawn} spoken={language::times()} /> }
}

/// A component with its properties and, where siblings need one, its key: `hosted!(Name { one: 1, two }, key = "three")`.
macro_rules! hosted {
    ($component:ident { $($props:tt)* }) => { $crate::ui::hosted::hosted!($component { $($props)* }, key = "") };
    ($component:ident { $($props:tt)* }, key = $key:expr) => {
        $crate::ui::hosted::show::<$component>(
            ::yew::props! { <$component as ::yew::functional::FunctionProvider>::Properties { $($props)* } },
            $key,
        )
    };
}
pub(crate) use hosted;
