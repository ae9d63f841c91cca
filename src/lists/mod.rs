//! Lists of domains: plain text, CSV and pasted spreadsheet cells, zone files. Read line by line, so that a list of any
//! length needs the memory of one line; what is wrong with a line costs that line only.

mod cells;
mod form;
mod zone_names;

use std::collections::HashSet;
use std::fmt;

use crate::input::{InputError, Typed, domain_from_input};
use crate::name::DomainName;

use cells::{cells, is_open};
use zone_names::ZoneNames;

pub use form::{Form, FormError, SAMPLE};

/// Longest line that is read: a CSV row with a page of remarks in it is shorter.
pub const MAX_LINE: usize = 64 * 1024;
/// Most lines that a quoted cell with line breaks in it may take.
const MAX_ROW_LINES: usize = 20;
/// Longest piece of a line that is repeated in what is said about it.
const MAX_SHOWN: usize = 120;
/// Most domains that are remembered to leave out what is there twice: some 70 MB.
pub const MAX_REMEMBERED: usize = 1_000_000;

/// One domain of a list, or why a line holds none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The line, from 1.
    pub line: usize,
    /// What stands there, cut where it is long.
    pub input: String,
    /// The domain in it.
    pub domain: Result<Typed, EntryError>,
}

/// Why a line holds no domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryError {
    /// The octets are not UTF-8.
    NotText,
    /// The line is longer than [`MAX_LINE`].
    TooLong,
    /// A quoted cell is not closed.
    OpenQuote,
    /// The row ends before the column of the domains.
    NoCell { column: usize },
    /// A name in a zone file is relative, and no `$ORIGIN` stands before it.
    NoOrigin,
    /// It is no domain.
    NoDomain(InputError),
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotText => f.write_str(&tr!("The line is not UTF-8 text.")),
            Self::TooLong => f.write_str(&tr!("The line is longer than {} KB.", MAX_LINE / 1024)),
            Self::OpenQuote => f.write_str(&tr!("A quotation mark opens a cell and none closes it.")),
            Self::NoCell { column } => {
                f.write_str(&tr!("The row has no column {column}, where the domains are.", column))
            }
            Self::NoOrigin => f.write_str(&tr!("The name is relative, and no $ORIGIN says what to.")),
            Self::NoDomain(error) => error.fmt(f),
        }
    }
}

/// Reads a list, line by line. `to_ascii` maps a host to A-labels, as for [`domain_from_input`].
pub struct Reader<F> {
    form: Form,
    to_ascii: F,
    line: usize,
    /// Rows of a table seen so far; the first may be the header.
    rows: usize,
    /// Lines of a row whose quoted cell is not closed yet, and the number of the first.
    open: Vec<String>,
    zone: ZoneNames,
}

impl<E, F: Fn(&str) -> Result<String, E>> Reader<F> {
    /// A reader of this form.
    pub fn new(form: Form, to_ascii: F) -> Self {
        Self { form, to_ascii, line: 0, rows: 0, open: Vec::new(), zone: ZoneNames::default() }
    }

    /// Takes the next line, with or without its end.
    pub fn line(&mut self, octets: &[u8], entries: &mut Vec<Entry>) {
        self.line += 1;
        let octets = if self.line == 1 { octets.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(octets) } else { octets };
        if octets.len() > MAX_LINE {
            return self.refuse(self.line, "", EntryError::TooLong, entries);
        }
        let Ok(text) = std::str::from_utf8(octets) else {
            return self.refuse(self.line, &String::from_utf8_lossy(octets), EntryError::NotText, entries);
        };
        let text = text.trim_end_matches(['\n', '\r']);
        match &self.form {
            Form::Lines => self.plain(text, entries),
            Form::Zone => match self.zone.line(text) {
                Some(Ok(name)) => self.name(&name, entries),
                Some(Err(name)) => self.refuse(self.line, &name, EntryError::NoOrigin, entries),
                None => {}
            },
            Form::Cells { .. } | Form::Table { .. } => self.row_line(text, entries),
        }
    }

    /// Ends the list: a cell that is still open is not closed any more.
    pub fn finish(&mut self, entries: &mut Vec<Entry>) {
        self.give_up_row(entries);
    }

    fn plain(&self, text: &str, entries: &mut Vec<Entry>) {
        let text = without_comment(text);
        if !text.is_empty() {
            self.domain(self.line, text, entries);
        }
    }

    /// One line of a row, which a quoted cell may continue on the next.
    fn row_line(&mut self, text: &str, entries: &mut Vec<Entry>) {
        if self.open.is_empty() && (text.trim().is_empty() || text.starts_with('#')) {
            return;
        }
        self.open.push(text.to_owned());
        let row = self.open.join("\n");
        if !is_open(&row, self.form.separator()) {
            let first = self.line + 1 - self.open.len();
            self.open.clear();
            self.row(first, &row, entries);
        } else if self.open.len() >= MAX_ROW_LINES || row.len() > MAX_LINE {
            self.give_up_row(entries);
        }
    }

    /// The first of the lines that wait has no end to its cell; the others are rows of their own.
    fn give_up_row(&mut self, entries: &mut Vec<Entry>) {
        let lines = std::mem::take(&mut self.open);
        let first = self.line + 1 - lines.len().min(self.line);
        for (at, line) in (first..).zip(&lines) {
            if is_open(line, self.form.separator()) {
                self.refuse(at, line, EntryError::OpenQuote, entries);
            } else if !line.trim().is_empty() {
                self.row(at, line, entries);
            }
        }
    }

    fn row(&mut self, line: usize, row: &str, entries: &mut Vec<Entry>) {
        self.rows += 1;
        match &self.form {
            Form::Table { header: Some(_), .. } if self.rows == 1 => {}
            Form::Table { column, separator, .. } => match cells(row, *separator).get(*column) {
                Some(cell) if cell.trim().is_empty() => {}
                Some(cell) => self.domain(line, cell, entries),
                None => self.refuse(line, row, EntryError::NoCell { column: column + 1 }, entries),
            },
            form => {
                for cell in cells(row, form.separator()).iter().filter(|cell| !cell.trim().is_empty()) {
                    self.domain(line, cell, entries);
                }
            }
        }
    }

    fn domain(&self, line: usize, text: &str, entries: &mut Vec<Entry>) {
        let domain = domain_from_input(text, &self.to_ascii).map_err(EntryError::NoDomain);
        entries.push(Entry { line, input: shown(text), domain });
    }

    /// A name of a zone; one that no mail domain can have is none, and no fault.
    fn name(&self, name: &str, entries: &mut Vec<Entry>) {
        if let Ok(typed) = domain_from_input(name, &self.to_ascii) {
            entries.push(Entry { line: self.line, input: shown(name), domain: Ok(typed) });
        }
    }

    fn refuse(&self, line: usize, text: &str, error: EntryError, entries: &mut Vec<Entry>) {
        entries.push(Entry { line, input: shown(text), domain: Err(error) });
    }
}

/// The domains that a list has had, so that each is taken once.
#[derive(Debug, Default)]
pub struct Seen {
    domains: HashSet<DomainName>,
}

impl Seen {
    /// Whether the domain is new. When [`MAX_REMEMBERED`] are known, no further one is remembered.
    pub fn is_new(&mut self, domain: &DomainName) -> bool {
        if self.domains.contains(domain) {
            return false;
        }
        if self.domains.len() < MAX_REMEMBERED {
            self.domains.insert(domain.clone());
        }
        true
    }
}

/// The line without a comment: `#` or `;` at its start, or `#` after a blank.
fn without_comment(text: &str) -> &str {
    let text = text.trim();
    if text.starts_with(['#', ';']) {
        return "";
    }
    let comment = text
        .match_indices('#')
        .find(|(at, _)| text.get(..*at).and_then(|before| before.chars().next_back()).is_some_and(char::is_whitespace));
    comment.and_then(|(at, _)| text.get(..at)).unwrap_or(text).trim()
}

/// A text as it is repeated in messages.
fn shown(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(MAX_SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every domain of a list, and the lines that hold none.
    fn read(text: &[u8], column: Option<&str>) -> Result<(Vec<String>, Vec<usize>), FormError> {
        let form = Form::of(text, column)?;
        let mut reader = Reader::new(form, idna::domain_to_ascii);
        let mut entries = Vec::new();
        text.split_inclusive(|octet| *octet == b'\n').for_each(|line| reader.line(line, &mut entries));
        reader.finish(&mut entries);
        let (mut domains, mut refused) = (Vec::new(), Vec::new());
        for entry in entries {
            match entry.domain {
                Ok(typed) => domains.push(typed.domain.to_string()),
                Err(_) => refused.push(entry.line),
            }
        }
        Ok((domains, refused))
    }

    fn domains(text: &str) -> String {
        let (domains, refused) = read(text.as_bytes(), None).unwrap();
        assert!(refused.is_empty(), "{text}: {refused:?}");
        domains.join(" ")
    }

    #[test]
    fn plain_lists() {
        let text = "\u{FEFF}# customers\r\nexample.com\r\n\r\n  Bücher.example  # with a remark\r\nhttps://a.example/x#y\njane@b.example\n; old\nc.example.";
        assert_eq!(domains(text), "example.com xn--bcher-kva.example a.example b.example c.example");
        assert_eq!(domains("a.example, b.example,\nc.example"), "a.example b.example c.example");
        let (domains, refused) = read(b"a.example\n192.0.2.1\nno domain\n\xFF\xFE\nb.example\n", None).unwrap();
        assert_eq!((domains.join(" ").as_str(), refused.as_slice()), ("a.example b.example", &[2, 3, 4][..]));
    }

    #[test]
    fn tables() {
        for (text, found) in [
            ("1,a.example\n2,b.example\n", "a.example b.example"),
            ("rank,Domain,note\n1,a.example,x\n2,b.example,\n3,,\n", "a.example b.example"),
            ("Kunde;Webseite;Ort\nA;https://a.example/;X\n\"B; und Co\";www.b.example;Y", "a.example www.b.example"),
            ("name\tmail\nA\tx@a.example\nB\ty@b.example\n", "a.example b.example"),
            ("domain,note\na.example,\"two\nlines, \"\"quoted\"\"\"\nb.example,z\n", "a.example b.example"),
            ("# from the registrar\ndomain\na.example\n", "a.example"),
            ("a.example\tb.example\nc.example\td.example", "a.example b.example c.example d.example"),
        ] {
            assert_eq!(domains(text), found, "{text}");
        }
        let text = b"from,to\na.example,b.example\nc.example,d.example\ne.example\n";
        let found = |column| read(text, Some(column)).map(|(domains, refused)| (domains.join(" "), refused));
        assert_eq!(found("to"), Ok(("b.example d.example".into(), vec![4])));
        assert_eq!(found("TO"), found("to"));
        assert_eq!(found("1"), Ok(("a.example c.example e.example".into(), vec![])));
        assert_eq!(found("cc"), Err(FormError::NoSuchColumn { column: "cc".into(), header: "from, to".into() }));
        assert!(matches!(read(b"when,what\nnow,that\n", None), Err(FormError::NoColumn { .. })));
    }

    /// A quotation mark that nobody closes costs its own row, not the rest of the list.
    #[test]
    fn an_open_quote_costs_its_row() {
        let rows: String = (0..100).map(|n| format!("d{n}.example,x\n")).collect();
        let (domains, refused) = read(format!("domain,note\nq.example,\"open\n{rows}").as_bytes(), None).unwrap();
        assert_eq!((domains.len(), refused), (100, vec![2]));
    }

    #[test]
    fn zone_files() {
        let text = "$ORIGIN example.com.\n$TTL 3600\n@ IN SOA ns1 host (\n 1 ; serial\n 2 3 4 5 )\n  NS ns1\nns1 A 192.0.2.1\n@ MX 10 mail\n\
            mail A 192.0.2.2\n_dmarc.shop TXT \"v=DMARC1; p=none\"\nnews 300 IN MX 10 mail\nspf TXT \"v=spf1 -all\"\ntxt TXT \"MX NS\"\n\
            child IN NS ns.other.example.\n*.wild MX 10 mail\nother.example. MX 0 .\nsel._domainkey TXT \"v=DKIM1; p=\"\n";
        assert_eq!(
            domains(text),
            "example.com example.com example.com shop.example.com news.example.com spf.example.com child.example.com other.example"
        );
        // The delegations of a registry; its own name is no mail domain.
        assert_eq!(
            domains("test. 300 IN SOA a. b. 1 2 3 4 5\na.test. 300 in ns x.\nb.test. 300 IN NS x."),
            "a.test b.test"
        );
        assert_eq!(domains("2.0.192.in-addr.arpa. IN SOA a. b. 1 2 3 4 5\n"), "");
        let (_, refused) = read(b"@ IN SOA a. b. 1 2 3 4 5\nmail IN MX 10 x.\n", None).unwrap();
        assert_eq!(refused, [1, 2], "nothing says what the names are relative to");
    }

    #[test]
    fn what_is_no_list() {
        for (octets, error) in [
            (&b""[..], FormError::Empty),
            (b" \n# only a remark\n", FormError::Empty),
            (b"\xFF\xFEa\0", FormError::Utf16),
            (b"PK\x03\x04rest", FormError::Archive),
            (b"\x1F\x8B\x08rest", FormError::Archive),
            (b"a.example\n\0\x01\x02", FormError::Binary),
            (b"{\"domain\": \"a.example\"}", FormError::Json),
        ] {
            assert_eq!(Form::of(octets, None), Err(error.clone()), "{error}");
        }
    }

    /// Ten megabytes of one line, many lines, every octet, quotes without end: no panic, no wait, one entry a line.
    #[test]
    fn hostile_lists() {
        let long = vec![b'a'; 10 << 20];
        assert_eq!(read(&long, None).unwrap(), (vec![], vec![1]));
        let many: Vec<u8> = (0..100_000).flat_map(|n: u32| format!("d{}.example\n", n % 1000).into_bytes()).collect();
        let (domains, refused) = read(&many, None).unwrap();
        assert_eq!((domains.len(), refused.len()), (100_000, 0));
        let mut seen = Seen::default();
        let new = domains.iter().filter(|name| seen.is_new(&DomainName::parse(name).unwrap())).count();
        assert_eq!(new, 1000);
        let octets: Vec<u8> = (1..=255_u8).cycle().take(100_000).collect();
        let _ = read(&octets, None);
        let (domains, refused) = read("domain,x\na.example,\"\n".repeat(20_000).as_bytes(), None).unwrap();
        assert!(domains.len() + refused.len() >= 10_000, "{} and {}", domains.len(), refused.len());
        let (_, refused) = read("$ORIGIN a.example.\n@ SOA ( \n".repeat(20_000).as_bytes(), None).unwrap();
        assert!(refused.is_empty());
    }
}
