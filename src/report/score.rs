//! The score: a published table of weights, judged from facts. What could not be looked up neither earns nor costs.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::checks::{Facts, Judgement, Level, ROOMS};

/// The grade, from the essential and important levels alone; A+ needs the advanced one too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Grade {
    #[serde(rename = "A+")]
    APlus,
    A,
    B,
    C,
    D,
    E,
    F,
}

impl Grade {
    /// The letter as it is shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::APlus => "A+",
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
            Self::F => "F",
        }
    }
}

/// Points of one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelScore {
    /// Which level.
    pub level: Level,
    /// Points earned.
    pub earned: u16,
    /// Points of the items that could be judged.
    pub judged: u16,
    /// Points of all items that apply to this domain.
    pub of: u16,
}

/// One line of the score table with its judgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreLine {
    /// Stable identifier.
    pub id: Cow<'static, str>,
    /// Level that the points belong to.
    pub level: Level,
    /// What earns the points.
    pub label: Cow<'static, str>,
    /// Exactly how.
    pub how: Cow<'static, str>,
    /// Most points it can earn.
    pub points: u8,
    /// Points earned; `null` where it could not be judged.
    pub earned: Option<u8>,
    /// Whether the item applies to this domain at all.
    pub applies: bool,
}

/// Points and grade of a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Share of the judged points that is earned, 0 to 100; `null` with less than half of the points judged.
    pub points: Option<u8>,
    /// The grade; `null` with `points`.
    pub grade: Option<Grade>,
    /// Why there is no score, where there is none.
    pub reason: Option<String>,
    /// Sub-totals.
    pub levels: Vec<LevelScore>,
    /// The whole table, line by line.
    pub lines: Vec<ScoreLine>,
}

impl Score {
    /// Judges the table of weights.
    pub fn of(facts: &Facts) -> Self {
        let mut lines: Vec<ScoreLine> = Vec::new();
        for item in ROOMS.iter().flat_map(|room| room.score) {
            let judgement = (item.judge)(facts);
            lines.push(ScoreLine {
                id: item.id.into(),
                level: item.level,
                label: item.label.into(),
                how: item.how.into(),
                points: item.points,
                earned: match judgement {
                    Judgement::Earned(points) => Some(points.min(item.points)),
                    Judgement::Unknown | Judgement::NotApplicable => None,
                },
                applies: judgement != Judgement::NotApplicable,
            });
        }
        let exists = !facts.mx.does_not_exist(&facts.domain);
        if !exists {
            lines.iter_mut().for_each(|line| (line.earned, line.applies) = (None, false));
        }
        let levels = [Level::Essential, Level::Important, Level::Advanced].map(|level| level_score(level, &lines));
        if !exists {
            let reason = tr!("{} does not exist in the DNS: there is nothing to score.", facts.domain);
            return Self { points: None, grade: None, reason: Some(reason), levels: levels.to_vec(), lines };
        }
        Self::from_levels(levels, lines)
    }

    fn from_levels(levels: [LevelScore; 3], lines: Vec<ScoreLine>) -> Self {
        let sum = |part: fn(&LevelScore) -> u16| levels.iter().map(part).sum::<u16>();
        let (earned, judged, of) = (sum(|l| l.earned), sum(|l| l.judged), sum(|l| l.of));
        if judged == 0 || judged * 2 < of {
            let reason = tr!(
                "Only {judged} of {of} points could be judged, less than half: a score would mislead. \
                 The list of what could not be seen says how to find out.",
                judged,
                of
            );
            return Self { points: None, grade: None, reason: Some(reason), levels: levels.to_vec(), lines };
        }
        Self {
            points: Some(percent(earned, judged)),
            grade: Some(grade(&levels)),
            reason: None,
            levels: levels.to_vec(),
            lines,
        }
    }
}

/// The sub-total of one level.
fn level_score(level: Level, lines: &[ScoreLine]) -> LevelScore {
    let mut score = LevelScore { level, earned: 0, judged: 0, of: 0 };
    for line in lines.iter().filter(|line| line.level == level && line.applies) {
        score.of += u16::from(line.points);
        if let Some(earned) = line.earned {
            score.judged += u16::from(line.points);
            score.earned += u16::from(earned);
        }
    }
    score
}

/// A share in percent, rounded down so that 100 means everything; `of` is not 0.
fn percent(part: u16, of: u16) -> u8 {
    u8::try_from(u32::from(part) * 100 / u32::from(of.max(1))).unwrap_or(100)
}

/// The grade: optional technologies never lower it. A is everything essential and important that could be judged;
/// A+ is every advanced point on top, none of them unknown.
fn grade(levels: &[LevelScore; 3]) -> Grade {
    let [essential, important, advanced] = levels;
    let core_earned = essential.earned + important.earned;
    let core_judged = essential.judged + important.judged;
    let complete = core_earned == core_judged && core_judged > 0;
    if complete && advanced.earned == advanced.of {
        return Grade::APlus;
    }
    if complete {
        return Grade::A;
    }
    match percent(core_earned, core_judged) {
        80.. => Grade::B,
        65..80 => Grade::C,
        50..65 => Grade::D,
        30..50 => Grade::E,
        _ => Grade::F,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(levels: [(u16, u16, u16); 3]) -> Score {
        let named = [Level::Essential, Level::Important, Level::Advanced];
        let mut at = 0;
        let levels = levels.map(|(earned, judged, of)| {
            let level = LevelScore { level: named[at], earned, judged, of };
            at += 1;
            level
        });
        Score::from_levels(levels, Vec::new())
    }

    #[test]
    fn grades() {
        let both = |levels| {
            let score = score(levels);
            (score.points, score.grade)
        };
        assert_eq!(both([(60, 60, 60), (25, 25, 25), (15, 15, 15)]), (Some(100), Some(Grade::APlus)));
        assert_eq!(both([(60, 60, 60), (25, 25, 25), (0, 15, 15)]), (Some(85), Some(Grade::A)));
        assert_eq!(both([(60, 60, 60), (25, 25, 25), (2, 2, 15)]), (Some(100), Some(Grade::A)), "unknown is not done");
        assert_eq!(both([(45, 45, 60), (8, 8, 25), (0, 15, 15)]), (Some(77), Some(Grade::A)), "unknown costs nothing");
        assert_eq!(both([(60, 60, 60), (0, 0, 0), (0, 0, 0)]), (Some(100), Some(Grade::APlus)), "parked");
        assert_eq!(both([(0, 60, 60), (0, 25, 25), (0, 15, 15)]), (Some(0), Some(Grade::F)));
    }

    #[test]
    fn no_score_on_less_than_half() {
        let score = score([(49, 49, 60), (0, 0, 25), (0, 0, 15)]);
        assert_eq!((score.points, score.grade), (None, None));
        assert!(score.reason.is_some());
        assert!(self::score([(50, 50, 60), (0, 0, 25), (0, 0, 15)]).points.is_some());
        assert!(self::score([(0, 0, 0); 3]).points.is_none());
    }
}
