//! What kind of list a text is, told from its beginning.

use std::fmt;

use crate::input::domain_from_input;

use super::cells::cells;
use super::without_comment;
use super::zone_names::is_zone_line;

/// So much of a list tells its form.
pub const SAMPLE: usize = 64 * 1024;
/// Lines looked at for the form.
const MAX_LOOKED_AT: usize = 200;
/// Most columns that a table is looked through.
const MAX_COLUMNS: usize = 256;
/// What a column of domains is called, best first.
const HEADERS: [&str; 14] = [
    "domain",
    "domains",
    "domain name",
    "domain_name",
    "domainname",
    "fqdn",
    "zone",
    "hostname",
    "host",
    "website",
    "url",
    "email",
    "e-mail",
    "mail",
];

/// The form of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// One domain a line.
    Lines,
    /// Every cell is a domain.
    Cells { separator: char },
    /// A table with a column of domains, counted from 0; its title where the first row holds titles.
    Table { separator: char, column: usize, header: Option<String> },
    /// A zone file.
    Zone,
}

/// Why a text is no list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormError {
    /// Nothing but blanks and remarks.
    Empty,
    /// UTF-16 text.
    Utf16,
    /// A zip, which spreadsheet files are, or gzip.
    Archive,
    /// Octets that no text has.
    Binary,
    /// JSON.
    Json,
    /// The column that was asked for is not there.
    NoSuchColumn { column: String, header: String },
    /// No column looks like domains.
    NoColumn { header: String },
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the list is empty"),
            Self::Utf16 => f.write_str("the list is UTF-16 text; save it as UTF-8"),
            Self::Archive => f.write_str(
                "this is a spreadsheet file or an archive; save the sheet as CSV, or copy its column and paste it",
            ),
            Self::Binary => f.write_str("this is no text"),
            Self::Json => f.write_str("this is JSON; a list is text, CSV or a zone file"),
            Self::NoSuchColumn { column, header } => {
                write!(f, "there is no column “{column}”; the first row is: {header}")
            }
            Self::NoColumn { header } => write!(
                f,
                "no column holds domains by its title or in its first row; name it, or give it the title “domain”. The \
                 first row is: {header}"
            ),
        }
    }
}

impl Form {
    /// Tells the form from the first [`SAMPLE`] octets. `column` is the title of the column, or its number from 1.
    pub fn of(sample: &[u8], column: Option<&str>) -> Result<Self, FormError> {
        let sample = sample.get(..SAMPLE).unwrap_or(sample);
        if sample.starts_with(b"\xFF\xFE") || sample.starts_with(b"\xFE\xFF") {
            return Err(FormError::Utf16);
        }
        if sample.starts_with(b"PK\x03\x04") || sample.starts_with(b"\x1F\x8B") {
            return Err(FormError::Archive);
        }
        if sample.contains(&0) {
            return Err(FormError::Binary);
        }
        let text = String::from_utf8_lossy(sample.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(sample));
        let lines: Vec<&str> =
            text.lines().take(MAX_LOOKED_AT).filter(|line| !without_comment(line).is_empty()).collect();
        let first = *lines.first().ok_or(FormError::Empty)?;
        if first.trim_start().starts_with(['{', '[']) {
            return Err(FormError::Json);
        }
        if column.is_none() && lines.iter().any(|line| is_zone_line(line)) {
            return Ok(Self::Zone);
        }
        let rows: Vec<&str> = lines.into_iter().filter(|line| !line.starts_with('#')).collect();
        let separator = separator_of(first);
        match (separator, column) {
            (Some(separator), _) => table(&rows, separator, column),
            (None, Some(_)) => table(&rows, ',', column),
            // A title over a single column.
            (None, None) if is_title(first) => {
                Ok(Self::Table { separator: ',', column: 0, header: Some(first.trim().into()) })
            }
            (None, None) => Ok(Self::Lines),
        }
    }

    /// What stands between cells.
    pub(super) fn separator(&self) -> char {
        match self {
            Self::Cells { separator } | Self::Table { separator, .. } => *separator,
            Self::Lines | Self::Zone => ',',
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lines => f.write_str("one domain a line"),
            Self::Cells { .. } => f.write_str("cells, each a domain"),
            Self::Table { header: Some(header), .. } => write!(f, "a table, column “{header}”"),
            Self::Table { column, header: None, .. } => write!(f, "a table, column {}", column + 1),
            Self::Zone => f.write_str("a zone file: the names with SOA, NS, MX, SPF or DMARC records"),
        }
    }
}

/// The separator that the line has most of.
fn separator_of(line: &str) -> Option<char> {
    let count = |separator: char| cells(line, separator).len();
    ['\t', ';', ',']
        .into_iter()
        .rev()
        .max_by_key(|separator| count(*separator))
        .filter(|separator| count(*separator) > 1)
}

/// Finds the column of the domains.
fn table(rows: &[&str], separator: char, wanted: Option<&str>) -> Result<Form, FormError> {
    let row = |at: usize| -> Vec<String> {
        let all = rows.get(at).map_or_else(Vec::new, |row| cells(row, separator));
        all.into_iter().take(MAX_COLUMNS).map(|cell| cell.trim().to_owned()).collect()
    };
    let first = row(0);
    let header = || first.iter().map(|cell| cell.chars().take(40).collect()).collect::<Vec<String>>().join(", ");
    let titled = |column: usize| Form::Table { separator, column, header: first.get(column).cloned() };
    let has_domain = first.iter().any(|cell| is_domain(cell));
    if let Some(wanted) = wanted {
        let by_title = first.iter().position(|cell| cell.eq_ignore_ascii_case(wanted.trim()));
        if let Some(column) = by_title.filter(|column| !first.get(*column).is_some_and(|cell| is_domain(cell))) {
            return Ok(titled(column));
        }
        let by_number = wanted.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let column = by_number
            .filter(|column| *column < MAX_COLUMNS)
            .ok_or_else(|| FormError::NoSuchColumn { column: wanted.chars().take(40).collect(), header: header() })?;
        let header = first.get(column).filter(|cell| !is_domain(cell)).cloned();
        return Ok(Form::Table { separator, column, header });
    }
    let cells_filled: Vec<&String> = first.iter().filter(|cell| !cell.is_empty()).collect();
    if has_domain && cells_filled.iter().all(|cell| is_domain(cell)) {
        return Ok(Form::Cells { separator });
    }
    if let Some(column) = first.iter().position(|cell| is_domain(cell)) {
        return Ok(Form::Table { separator, column, header: None });
    }
    let named = HEADERS.iter().find_map(|title| first.iter().position(|cell| cell.eq_ignore_ascii_case(title)));
    let by_content = || row(1).iter().position(|cell| is_domain(cell));
    named.or_else(by_content).map(titled).ok_or_else(|| FormError::NoColumn { header: header() })
}

fn is_title(line: &str) -> bool {
    HEADERS.iter().any(|title| line.trim().trim_matches('"').eq_ignore_ascii_case(title))
}

/// Whether a cell reads as a domain; letters beyond ASCII are taken for ones that map.
fn is_domain(cell: &str) -> bool {
    let mapped = |host: &str| Ok::<_, ()>(host.chars().map(|c| if c.is_ascii() { c } else { 'a' }).collect());
    domain_from_input(cell, mapped).is_ok()
}
