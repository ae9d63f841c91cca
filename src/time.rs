//! Points in time as seconds, read and written as RFC 3339. No clock: `now` is always a parameter.

use std::fmt;

/// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnixTime(pub i64);

/// The text is not a date and time as RFC 3339 §5.6 writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotATime;

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date and time like 2026-11-23T12:00:00Z")
    }
}

impl UnixTime {
    /// Reads `2026-11-23T12:00:00Z`, with optional fraction (dropped) and any offset (RFC 3339 §5.6).
    pub fn parse_rfc3339(text: &str) -> Result<Self, NotATime> {
        let number = |range: std::ops::Range<usize>| -> Result<i64, NotATime> {
            let digits = text.get(range).ok_or(NotATime)?;
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(NotATime);
            }
            digits.parse().map_err(|_| NotATime)
        };
        let octets = text.as_bytes();
        let is = |at: usize, allowed: &[u8]| octets.get(at).is_some_and(|b| allowed.contains(b));
        if !(is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":")) {
            return Err(NotATime);
        }
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
        if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
            return Err(NotATime);
        }
        if hour > 23 || minute > 59 || second > 60 {
            return Err(NotATime);
        }
        let mut at = 19;
        if is(at, b".") {
            at += 1;
            let digits = octets.iter().skip(at).take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 {
                return Err(NotATime);
            }
            at += digits;
        }
        let offset = if is(at, b"Zz") && octets.len() == at + 1 {
            0
        } else if is(at, b"+-") && is(at + 3, b":") && octets.len() == at + 6 {
            let (hours, minutes) = (number(at + 1..at + 3)?, number(at + 4..at + 6)?);
            if hours > 23 || minutes > 59 {
                return Err(NotATime);
            }
            let seconds = hours * 3600 + minutes * 60;
            if is(at, b"-") { -seconds } else { seconds }
        } else {
            return Err(NotATime);
        };
        let days = days_from_civil(year, month, day);
        Ok(Self(days * 86_400 + hour * 3600 + minute * 60 + second - offset))
    }

    /// The date alone, `2026-11-23`.
    pub fn date(self) -> String {
        let (year, month, day) = civil_from_days(self.0.div_euclid(86_400));
        format!("{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second_of_day = self.0.rem_euclid(86_400);
        let (hour, minute, second) = (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}Z", self.date())
    }
}

impl serde::Serialize for UnixTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for UnixTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_rfc3339(&text).map_err(|error| serde::de::Error::custom(format!("“{text}”: {error}")))
    }
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Years that start in March put the leap day last; an era is 400 such years.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of a count of days since 1970-01-01.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// How many days a month has.
fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_rfc3339() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-11-23T12:00:00Z", 1_795_435_200),
            ("1969-12-31T23:59:59Z", -1),
            ("2038-01-19T03:14:08Z", 2_147_483_648),
        ] {
            let time = UnixTime::parse_rfc3339(text).unwrap();
            assert_eq!(time, UnixTime(seconds), "{text}");
            assert_eq!(time.to_string(), text);
        }
        assert_eq!(UnixTime::parse_rfc3339("2026-11-23t13:30:00.25+01:30"), Ok(UnixTime(1_795_435_200)));
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "2026-11-23",
            "2026-11-23T12:00:00",
            "2026-13-01T00:00:00Z",
            "2025-02-29T00:00:00Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T12:00:00.Z",
            "2026-11-23T12:00:00Zx",
            "20x6-11-23T12:00:00Z",
            "2026-11-23T12:00:00+1:00",
            "+026-11-23T12:00:00Z",
        ] {
            assert_eq!(UnixTime::parse_rfc3339(text), Err(NotATime), "{text}");
        }
    }
}
