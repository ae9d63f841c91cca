//! What is handed to the page: files, folders and texts, as things with a name.

use js_sys::{Array, Function, IteratorNext, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DataTransfer, DataTransferItem, FileList, FileSystemDirectoryEntry, FileSystemDirectoryHandle,
    FileSystemEntry, FileSystemHandle, FileSystemHandleKind,
};

use crate::order;
use crate::web::reports::{Content, Given};

/// Most files that are taken from folders at once.
const MAX_FILES: usize = 100_000;
/// Entries of a folder that are asked for at once.
const AT_ONCE: usize = 100;
/// Deepest folder that is looked into.
const MAX_FOLDERS: usize = 32;

/// The files of a list, in the order of their names; the hidden ones of a folder are left alone.
pub fn of_list(list: &FileList) -> Vec<Given> {
    let files = (0..list.length()).filter_map(|index| list.get(index));
    let given = files.map(|file| {
        let path = Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
        let path = path.filter(|path| !path.is_empty());
        let in_folder = path.is_some();
        Given {
            name: path.unwrap_or_else(|| file.name()),
            content: Content::Open(file.into()),
            in_folder,
            refused: None,
        }
    });
    let given = given.filter(|given| !given.in_folder || !given.name.split('/').any(|part| part.starts_with('.')));
    bounded(given.collect())
}

/// A text as a file.
pub fn of_text(text: &str, name: &str) -> Option<Given> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
    Some(Given { name: name.to_owned(), content: Content::Open(blob), in_folder: false, refused: None })
}

/// What was dropped, where folders are among it. To be asked for while the drop is being handled.
pub fn folders(data: &DataTransfer) -> Option<Dropped> {
    let items = data.items();
    let items: Vec<DataTransferItem> = (0..items.length()).filter_map(|index| items.get(index)).collect();
    let entries: Vec<FileSystemEntry> = items.iter().filter_map(|item| item.webkit_get_as_entry().ok()?).collect();
    if !entries.iter().any(FileSystemEntry::is_directory) {
        return None;
    }
    // All at once: one that fails while no one waits for it would be told as a fault of the page.
    let handles: Option<Array> = items.iter().filter(|item| item.kind() == "file").map(handle).collect();
    Some(Dropped { entries, handles: handles.map(|handles| Promise::all(&handles)) })
}

/// The promise of an item's handle; nothing where the browser knows none.
fn handle(item: &DataTransferItem) -> Option<Promise> {
    let ask = Reflect::get(item, &"getAsFileSystemHandle".into()).ok()?.dyn_into::<Function>().ok()?;
    ask.call0(item).ok()?.dyn_into().ok()
}

/// What was dropped with folders among it.
pub struct Dropped {
    entries: Vec<FileSystemEntry>,
    /// The same by a younger way, on which browsers open files several times faster.
    handles: Option<Promise>,
}

impl Dropped {
    /// Every file in it, in the order of their names.
    pub async fn files(self) -> Vec<Given> {
        let things = match self.handles {
            Some(handles) => handled(handles).await,
            None => None,
        };
        let things = things.unwrap_or_else(|| self.entries.into_iter().map(Thing::Entry).collect());
        of_folders(things).await
    }
}

/// The handles of what was dropped; nothing where the browser refuses one, as it does with its own folders.
async fn handled(handles: Promise) -> Option<Vec<Thing>> {
    let handles = JsFuture::from(handles).await.ok()?;
    Array::from(&handles).iter().map(|handle| Some(Thing::Handle(handle.dyn_into().ok()?))).collect()
}

/// A file or a folder.
enum Thing {
    Entry(FileSystemEntry),
    Handle(FileSystemHandle),
}

impl Thing {
    fn name(&self) -> String {
        match self {
            Self::Entry(entry) => entry.name(),
            Self::Handle(handle) => handle.name(),
        }
    }

    fn is_file(&self) -> bool {
        match self {
            Self::Entry(entry) => entry.is_file(),
            Self::Handle(handle) => handle.kind() == FileSystemHandleKind::File,
        }
    }

    /// As a file that is not open.
    fn content(self) -> Content {
        match self {
            // Browsers disagree about the names of these classes.
            Self::Entry(entry) => Content::Entry(entry.unchecked_into()),
            Self::Handle(handle) => Content::Handle(handle.unchecked_into()),
        }
    }

    /// What a folder holds, without what is hidden.
    async fn things(&self) -> Result<Vec<Self>, ()> {
        let mut things = Vec::new();
        match self {
            Self::Entry(folder) => {
                let reader = folder.unchecked_ref::<FileSystemDirectoryEntry>().create_reader();
                // Some browsers tell a hundred at a time, and none at the end.
                while things.len() <= MAX_FILES {
                    let some = called(|done, failed| reader.read_entries_with_callback_and_callback(done, failed));
                    let some = Array::from(&some.await?);
                    if some.length() == 0 {
                        break;
                    }
                    things.extend(some.iter().map(|entry| Self::Entry(entry.unchecked_into())));
                }
            }
            Self::Handle(folder) => {
                let values = folder.unchecked_ref::<FileSystemDirectoryHandle>().values();
                let mut ended = false;
                while !ended && things.len() <= MAX_FILES {
                    // Each wait costs time of the page: one for many.
                    let next: Result<Array, JsValue> = (0..AT_ONCE).map(|_| values.next()).collect();
                    let next = next.map_err(drop)?;
                    let next = JsFuture::from(Promise::all(&next)).await.map_err(drop)?;
                    for next in Array::from(&next).iter() {
                        let next: IteratorNext = next.unchecked_into();
                        ended |= next.done();
                        if !ended {
                            things.push(Self::Handle(next.value().unchecked_into()));
                        }
                    }
                }
            }
        }
        things.retain(|thing| !thing.name().starts_with('.'));
        Ok(things)
    }
}

/// Every file in some files and folders, in the order of their names.
async fn of_folders(things: Vec<Thing>) -> Vec<Given> {
    let mut given: Vec<Given> = Vec::new();
    let mut open: Vec<(String, Thing, usize)> = things.into_iter().map(|thing| (thing.name(), thing, 0)).collect();
    while let Some((path, thing, depth)) = open.pop() {
        if given.len() > MAX_FILES {
            break;
        }
        if depth > MAX_FOLDERS {
            given.push(refused(
                &path,
                tr!("folders within folders are read {MAX_FOLDERS} deep, not deeper", MAX_FOLDERS),
            ));
            continue;
        }
        if thing.is_file() {
            given.push(Given { name: path, content: thing.content(), in_folder: depth > 0, refused: None });
            continue;
        }
        match thing.things().await {
            Ok(things) => {
                open.extend(things.into_iter().map(|thing| ([&path, "/", &thing.name()].concat(), thing, depth + 1)));
            }
            Err(()) => given.push(refused(&path, tr!("the browser could not look into this folder"))),
        }
    }
    bounded(given)
}

/// What is listed and not read.
fn refused(name: &str, why: String) -> Given {
    // Without parts, a blob is empty.
    let blob = Blob::new().unwrap_or_else(|_| JsValue::UNDEFINED.unchecked_into());
    Given { name: name.to_owned(), content: Content::Open(blob), in_folder: true, refused: Some(why) }
}

/// In the order of folders and names, and not more than can be looked through.
fn bounded(given: Vec<Given>) -> Vec<Given> {
    // Folders part names before every character does.
    let mut named: Vec<(String, Given)> = given.into_iter().map(|one| (one.name.replace('/', "\0"), one)).collect();
    order::by_text(&mut named, |(name, _)| name);
    let mut given: Vec<Given> = named.into_iter().map(|(_, one)| one).collect();
    if let Some(first) = given.get(MAX_FILES) {
        let why = tr!(
            "more than {MAX_FILES} files were handed over at once; this one and those behind it are not read",
            MAX_FILES
        );
        let last = refused(&first.name, why);
        given.truncate(MAX_FILES);
        given.push(last);
    }
    given
}

/// What a function with callbacks for success and failure comes to.
async fn called(mut call: impl FnMut(&Function, &Function) -> Result<(), JsValue>) -> Result<JsValue, ()> {
    let promise = Promise::new(&mut |done, failed| {
        if call(&done, &failed).is_err() {
            let _ = failed.call0(&JsValue::UNDEFINED);
        }
    });
    JsFuture::from(promise).await.map_err(drop)
}
