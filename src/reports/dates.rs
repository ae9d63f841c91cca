//! Dates as reporters write them: RFC 3339 as RFC 8460 §4.4 wants it, and what comes instead.

use crate::time::UnixTime;

/// Earliest time that a report can be about: reports exist since 2016.
const EARLIEST: UnixTime = UnixTime(946_684_800);
/// Latest time that is believed, the start of 2100.
const LATEST: UnixTime = UnixTime(4_102_444_800);
/// Above this, a number counts milliseconds: in seconds it would be the year 5138.
const MILLISECONDS: i64 = 100_000_000_000;

/// A date, and whether it is written as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// The time.
    pub time: UnixTime,
    /// Whether it is a date and time of RFC 3339.
    pub proper: bool,
}

/// Reads a date in any form that is clear.
pub fn read(text: &str) -> Option<Date> {
    let text = text.trim();
    let date = match UnixTime::parse_rfc3339(text) {
        Ok(time) => Date { time, proper: text.as_bytes().get(10) != Some(&b' ') },
        Err(_) => Date { time: other_form(text)?, proper: false },
    };
    (EARLIEST..LATEST).contains(&date.time).then_some(date)
}

fn other_form(text: &str) -> Option<UnixTime> {
    if let Ok(number) = text.parse::<i64>() {
        let seconds = if number > MILLISECONDS { number / 1000 } else { number };
        return Some(UnixTime(seconds));
    }
    if let Some(Ok(time)) = mail_date(text).map(|text| UnixTime::parse_rfc3339(&text)) {
        return Some(time);
    }
    let (date, rest) = text.split_at_checked(10)?;
    let time = match rest.trim_start_matches([' ', 'T', 't']) {
        "" => "00:00:00Z".into(),
        rest => clock(rest)?,
    };
    UnixTime::parse_rfc3339(&format!("{}T{time}", date.replace(['/', '.'], "-"))).ok()
}

/// A time of day with a zone as RFC 3339 writes it: seconds and zone may be missing, the zone may be `UTC`, `+0000` or
/// stand behind a space.
fn clock(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(text.len());
    let (time, zone) = text.split_at_checked(end)?;
    let seconds = if time.matches(':').count() == 1 { ":00" } else { "" };
    let zone = match zone.trim() {
        "" | "Z" | "z" | "UTC" | "GMT" => "Z".into(),
        zone if zone.contains(':') => zone.to_owned(),
        zone => {
            let (hours, minutes) = zone.split_at_checked(3)?;
            format!("{hours}:{}", if minutes.is_empty() { "00" } else { minutes })
        }
    };
    Some(format!("{time}{seconds}{zone}"))
}

/// `Tue, 9 Jan 2024 00:00:00 +0000` (RFC 5322 §3.3) as RFC 3339 writes it.
fn mail_date(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let date = text.split_once(',').map_or(text, |(_, date)| date);
    let mut words = date.split_ascii_whitespace();
    let day: u8 = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = 1 + MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
    let year: u16 = words.next()?.parse().ok()?;
    let time = clock(&words.collect::<Vec<_>>().join(" "))?;
    Some(format!("{year:04}-{month:02}-{day:02}T{time}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_time() {
        let time = UnixTime::parse_rfc3339("2024-01-09T00:00:00Z").unwrap();
        for proper in ["2024-01-09T00:00:00Z", "2024-01-09T01:00:00.000+01:00", " 2024-01-09t00:00:00z "] {
            assert_eq!(read(proper), Some(Date { time, proper: true }), "{proper}");
        }
        for other in [
            "2024-01-09",
            "2024-01-09 00:00:00",
            "2024-01-09 00:00:00Z",
            "2024-01-09T00:00:00",
            "2024-01-09T00:00",
            "2024-01-09T00:00:00.000",
            "2024-01-09 00:00:00 UTC",
            "2024-01-09 01:00:00 +0100",
            "2024-01-09T01:00:00+01",
            "2024/01/09 00:00:00",
            "1704758400",
            "1704758400000",
            "Tue, 09 Jan 2024 00:00:00 +0000",
            "9 jan 2024 01:00 +0100",
        ] {
            assert_eq!(read(other), Some(Date { time, proper: false }), "{other}");
        }
    }

    #[test]
    fn what_is_no_date_of_a_report() {
        for text in [
            "",
            "yesterday",
            "0",
            "-1",
            "1",
            "99999999999999999999",
            "9223372036854775807",
            "2024-13-09",
            "2024-01-09T25:00:00",
            "2024-01-09Tü",
            "1995-01-09T00:00:00Z",
            "2100-01-01T00:00:00Z",
            "09 Foo 2024 00:00:00",
            "2024-01-0ü",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
