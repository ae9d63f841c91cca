//! The command line: the same core as the page, natively.
//!
//! Exit 0: done. 1: the input was read and fails. 2: usage or unreadable input, with one clear line on stderr.

#[cfg(not(target_arch = "wasm32"))]
mod check;
#[cfg(not(target_arch = "wasm32"))]
mod common;
#[cfg(not(target_arch = "wasm32"))]
mod diff;
#[cfg(not(target_arch = "wasm32"))]
mod dnssec;
#[cfg(not(target_arch = "wasm32"))]
mod lines;
#[cfg(not(target_arch = "wasm32"))]
mod logo;
#[cfg(not(target_arch = "wasm32"))]
mod many;
#[cfg(not(target_arch = "wasm32"))]
mod reports;
#[cfg(not(target_arch = "wasm32"))]
mod spf;
#[cfg(not(target_arch = "wasm32"))]
mod tls_report;
#[cfg(not(target_arch = "wasm32"))]
mod tlsa;
#[cfg(not(target_arch = "wasm32"))]
mod vmc;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use std::process::ExitCode;
    match run() {
        Ok(code) => code,
        Err(Failed(reason)) => {
            eprintln!("mxray: {reason}");
            ExitCode::from(2)
        }
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}

/// Why nothing could be done, in one line.
#[cfg(not(target_arch = "wasm32"))]
struct Failed(String);

#[cfg(not(target_arch = "wasm32"))]
impl From<lexopt::Error> for Failed {
    fn from(error: lexopt::Error) -> Self {
        Self(format!("{error}; `mxray --help` lists the options"))
    }
}

#[cfg(not(target_arch = "wasm32"))]
const HELP: &str = "\
mxray X-rays a domain's mail security.

  mxray check DOMAIN [options]

  --evidence FILE        zone file, dig output, DoH JSON, mta-sts.txt or saved evidence; repeatable
  --offline              look nothing up: what the files do not hold is unknown
  --resolver URL         ask this DNS-over-HTTPS resolver instead of the built-in ones; repeatable
  --selector S           also ask this DKIM selector, or that of a whole DKIM-Signature header; repeatable
  --bimi-selector S      ask this BIMI selector instead of `default`; or a sender's address, whose own record (lps=) counts
  --mark-roots FILE      trust these roots, and the keys of logs in the file, for mark certificates, and no others
  --https-roots FILE.pem trust these roots instead of Mozilla's for everything that is fetched over HTTPS
  --anchor FILE          trust these DS or DNSKEY records instead of the root keys of IANA
  --reports PATH         tell what these TLS-RPT reports, a file or a folder, say of the mail servers; repeatable
  --at TIME              judge as of this time (RFC 3339)
  --format F             text (default), json (one report a line), markdown, csv, or badge (an SVG picture of the score)
  --save-evidence FILE   keep everything that was learnt
  --fail-under N         exit with 1 under N points, or where there is no score

Exit 0: done. 1: under --fail-under. 2: usage or unreadable input.

  mxray check --list FILE [options]
  mxray check --evidence-lines FILE [options]

Many domains, one line of JSON each: a report, or {\"input\", \"line\", \"error\"} where a line cannot be done. FILE (`-`:
standard input) is a list of domains (text, CSV, zone file), or a line of saved evidence a domain, judged without look-ups.

  --jobs N               so many at once (list: 4, at most 64; evidence: one a core)
  --rate N               at most so many questions a second to each resolver (500)
  --in-order             in the order of FILE; without it, as they finish
  --brief                a short line: score, and the state of every technology
  --column C             title or number of the column of the domains
  the options above, but for --format, --save-evidence and --reports

Exit 0: all done. 1: a line failed, or is under --fail-under. 2: usage or unreadable input.

  mxray diff OLD NEW [options]

What changed between two evidence files on one domain: how the technologies stand, findings, points and records. What could
not be seen on one side is never called a change.

  --domain D             the domain, where a file does not say it (zone files, dig output)
  --fail-on WHAT         exit with 1: `worse` (fewer points, something new broken), or `change` (anything differs)
  --format F             text (default) or json
  --anchor: as above

Exit 0: compared. 1: what --fail-on says. 2: usage or unreadable input.

  mxray spf [DOMAIN] --ip IP --mail-from USER@DOMAIN [options]

Would mail from this client pass? The verdict of RFC 7208, with every term tried.

  --ip IP                address of the client that delivers the mail
  DOMAIN                 the domain to judge by; without it that of MAIL FROM
  --mail-from ADDRESS    MAIL FROM (also --sender); without it, or with \"\", the HELO name is judged, as for bounces
  --helo NAME            the name that the client gives in HELO or EHLO
  --receiver NAME        the host that checks, for explanations
  --format F             text (default) or json
  --evidence, --offline, --resolver, --at: as above

Exit 0: there is a result, whichever. 1: none, because answers are missing. 2: usage or unreadable input.

  mxray dnssec NAME TYPE [options]

Is the answer signed without a gap from the root keys down? Secure, insecure, bogus or indeterminate, with every zone
on the way. Offline it takes saved evidence that holds the answers as they came.

  --format F             text (default) or json
  --anchor, --evidence, --offline, --resolver, --at: as above

Exit 0: secure, insecure or indeterminate. 1: bogus. 2: usage or unreadable input.

  mxray tlsa FILE.pem [options]

The TLSA records for certificates: `3 1 1` for a server's own, `2 1 1` for one that issues. FILE may be the output of
`openssl s_client -showcerts`. `mxray check DOMAIN --evidence FILE.pem` compares them with what is published.

  --host NAME            a mail host that shows the certificate, instead of the names in it; repeatable
  --format F             text (default) or json

  mxray vmc FILE.pem [options]

Would receivers take this Mark Certificate (VMC, CMC)? Chain, dates, names, log, logo and mark, with the reason for each.

  --domain D             domain of the sender address; without it the names are shown, not compared
  --organizational D     its organizational domain, if that is another
  --selector S           selector of the BIMI record, instead of `default`
  --logo FILE            the published logo, to compare with the embedded one
  --roots FILE.pem       trust these roots instead of the shipped ones
  --at TIME              judge as of this time (RFC 3339)
  --save-logo OUT.svg    write the embedded logo
  --outline              print the ASN.1 elements of every certificate instead
  --format F             text (default) or json

Exit 0: valid. 1: not. 2: usage or unreadable file.

  mxray logo FILE... [options]

Does a logo conform to SVG Tiny PS, as BIMI wants it? Every fault with line and column, the rule, and how to mend it:
what the official schema finds, and what it cannot find; then what is seen of it. FILE is SVG or SVGZ; `-` is standard
input.

  --fix OUT.svg          repair one logo and write it: what was changed, what was lost, how far the pictures differ
  --title NAME           the title of the repaired logo: the name of the brand
  --format F             text (default) or json (one object a line and file)

Exit 0: all conform (with --fix: the repaired one does). 1: one at least does not. 2: usage or unreadable input.

  mxray tls-report FILE... [options]

What TLS-RPT reports (RFC 8460) come to: sessions, failures with cause and remedy, by day, host, sender and policy. FILE is
.json, .json.gz, .eml, a mailbox or .zip, told from its content, or a folder of these. Duplicates are counted once.

  --format F             text (default) or json

Exit 0: every file is read. 1: some are not; they are listed with the reason. 2: usage, or none can be read.
";

#[cfg(not(target_arch = "wasm32"))]
fn run() -> Result<std::process::ExitCode, Failed> {
    use lexopt::Arg;
    let mut arguments = lexopt::Parser::from_env();
    let Some(argument) = arguments.next()? else {
        return Err(Failed("no command; `mxray --help` lists them".into()));
    };
    match argument {
        Arg::Long("help") | Arg::Short('h') => {
            print!("{HELP}");
            Ok(std::process::ExitCode::SUCCESS)
        }
        Arg::Long("version") | Arg::Short('V') => {
            println!("mxray {}", env!("CARGO_PKG_VERSION"));
            Ok(std::process::ExitCode::SUCCESS)
        }
        Arg::Value(command) if command == "check" => check::run(arguments),
        Arg::Value(command) if command == "diff" => diff::run(arguments),
        Arg::Value(command) if command == "spf" => spf::run(arguments),
        Arg::Value(command) if command == "tlsa" => tlsa::run(arguments),
        Arg::Value(command) if command == "tls-report" => tls_report::run(arguments),
        Arg::Value(command) if command == "dnssec" => dnssec::run(arguments),
        Arg::Value(command) if command == "vmc" => vmc::run(arguments),
        Arg::Value(command) if command == "logo" => logo::run(arguments),
        Arg::Value(command) => {
            Err(Failed(format!("no such command: {}; `mxray --help` lists them", command.to_string_lossy())))
        }
        other => Err(other.unexpected().into()),
    }
}
