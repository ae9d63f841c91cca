//! What is handed to the page: files, folders and texts, as things with a name.

use std::time::Duration;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry,
};

use crate::order;
use crate::web::reports::Given;

/// Most files that are taken from folders at once.
const MAX_FILES: usize = 100_000;
/// Files that the browser is asked for at once: a task of less than 50 ms.
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
        Given { name: path.unwrap_or_else(|| file.name()), blob: file.into(), in_folder, refused: None }
    });
    let given = given.filter(|given| !given.in_folder || !given.name.split('/').any(|part| part.starts_with('.')));
    bounded(given.collect())
}

/// A text as a file.
pub fn of_text(text: &str, name: &str) -> Option<Given> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into())).ok()?;
    Some(Given { name: name.to_owned(), blob, in_folder: false, refused: None })
}

/// What was dropped, where folders are among it. To be asked for while the drop is being handled.
pub fn folders(data: &DataTransfer) -> Option<Vec<FileSystemEntry>> {
    let items = data.items();
    let entries = (0..items.length()).filter_map(|index| items.get(index)?.webkit_get_as_entry().ok()?);
    let entries: Vec<FileSystemEntry> = entries.collect();
    entries.iter().any(FileSystemEntry::is_directory).then_some(entries)
}

/// Every file in what was dropped, in the order of their names.
pub async fn of_folders(entries: Vec<FileSystemEntry>) -> Vec<Given> {
    let mut given: Vec<Given> = Vec::new();
    let mut open: Vec<(FileSystemEntry, usize)> = entries.into_iter().map(|entry| (entry, 0)).collect();
    while let Some((entry, depth)) = open.pop() {
        if given.len() > MAX_FILES {
            break;
        }
        let path = entry.full_path();
        let path = path.trim_start_matches('/');
        if depth > MAX_FOLDERS {
            given.push(refused(path, format!("folders within folders are read {MAX_FOLDERS} deep, not deeper")));
            continue;
        }
        if entry.is_file() {
            given.extend(opened(vec![entry], depth > 0).await);
            continue;
        }
        // Browsers disagree about the name of its class.
        match in_folder(entry.unchecked_ref::<FileSystemDirectoryEntry>()).await {
            Ok(entries) => {
                let (files, folders): (Vec<_>, Vec<_>) = entries.into_iter().partition(FileSystemEntry::is_file);
                open.extend(folders.into_iter().map(|folder| (folder, depth + 1)));
                given.extend(opened(files, true).await);
            }
            Err(()) => given.push(refused(path, "the browser could not look into this folder".into())),
        }
    }
    bounded(given)
}

/// What a folder holds, without what is hidden.
async fn in_folder(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, ()> {
    let reader: FileSystemDirectoryReader = folder.create_reader();
    let mut entries = Vec::new();
    // Some browsers tell a hundred at a time, and none at the end.
    while entries.len() <= MAX_FILES {
        let some = called(|done, failed| reader.read_entries_with_callback_and_callback(done, failed).is_ok()).await?;
        let some: Vec<FileSystemEntry> = Array::from(&some).iter().map(JsCast::unchecked_into).collect();
        if some.is_empty() {
            break;
        }
        entries.extend(some.into_iter().filter(|entry| !entry.name().starts_with('.')));
    }
    Ok(entries)
}

/// The files behind some entries, a few at a time, so that the page has time for its user between them.
async fn opened(mut entries: Vec<FileSystemEntry>, in_folder: bool) -> Vec<Given> {
    let mut given = Vec::with_capacity(entries.len());
    while !entries.is_empty() {
        let later = entries.split_off(entries.len().min(AT_ONCE));
        given.extend(opened_at_once(entries, in_folder).await);
        entries = later;
        yew::platform::time::sleep(Duration::ZERO).await;
    }
    given
}

/// The files behind some entries: all are asked for at once, for the browser takes its time with each.
async fn opened_at_once(entries: Vec<FileSystemEntry>, in_folder: bool) -> Vec<Given> {
    let asked = entries.into_iter().map(|entry| {
        let name = entry.full_path().trim_start_matches('/').to_owned();
        let entry: FileSystemFileEntry = entry.unchecked_into();
        (
            name,
            promise(|done, failed| {
                entry.file_with_callback_and_callback(done, failed);
                true
            }),
        )
    });
    let asked: Vec<(String, Promise)> = asked.collect();
    let mut given = Vec::with_capacity(asked.len());
    for (name, file) in asked {
        given.push(match JsFuture::from(file).await.map(JsCast::dyn_into::<File>) {
            Ok(Ok(file)) => Given { name, blob: file.into(), in_folder, refused: None },
            Ok(Err(_)) | Err(_) => refused(&name, "the browser could not open the file".into()),
        });
    }
    given
}

/// What is listed and not read.
fn refused(name: &str, why: String) -> Given {
    // Without parts, a blob is empty.
    let blob = Blob::new().unwrap_or_else(|_| JsValue::UNDEFINED.unchecked_into());
    Given { name: name.to_owned(), blob, in_folder: true, refused: Some(why) }
}

/// In the order of folders and names, and not more than can be looked through.
fn bounded(given: Vec<Given>) -> Vec<Given> {
    // Folders part names before every character does.
    let mut named: Vec<(String, Given)> = given.into_iter().map(|one| (one.name.replace('/', "\0"), one)).collect();
    order::by_text(&mut named, |(name, _)| name);
    let mut given: Vec<Given> = named.into_iter().map(|(_, one)| one).collect();
    if let Some(first) = given.get(MAX_FILES) {
        let why =
            format!("more than {MAX_FILES} files were handed over at once; this one and those behind it are not read");
        let last = refused(&first.name, why);
        given.truncate(MAX_FILES);
        given.push(last);
    }
    given
}

/// What a function with callbacks for success and failure comes to.
async fn called(call: impl FnMut(&Function, &Function) -> bool) -> Result<JsValue, ()> {
    JsFuture::from(promise(call)).await.map_err(drop)
}

fn promise(mut call: impl FnMut(&Function, &Function) -> bool) -> Promise {
    Promise::new(&mut |done, failed| {
        if !call(&done, &failed) {
            let _ = failed.call0(&JsValue::UNDEFINED);
        }
    })
}
