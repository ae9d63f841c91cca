//! The TXT records of MTA-STS and TLS-RPT: which of them a sender picks, and which only look like them.

use crate::checks::{Context, Doc, Facts, Finding, Gap, Outcome, Profile, Publish, Published, Status, worst};
use crate::dns::{RecordData, RecordType};
use crate::evidence::Lookup;
use crate::name::DomainName;
use crate::records::Technology;
use crate::records::fields::Standing;
use crate::text::Span;
use crate::wanted::Urgency;

/// Most TXT records of one name that are looked at; a DNS message holds few more of any use.
const MAX_RECORDS: usize = 64;

/// One TXT record.
#[derive(Clone, Debug)]
pub struct Text {
    /// Its strings, joined.
    pub text: String,
    /// How it stands to the version of the technology.
    pub standing: Standing,
    ttl: u32,
    from: Option<String>,
}

/// A record of the technology at a name where nobody looks for it.
#[derive(Clone, Debug)]
pub struct Stray {
    /// Where it stands.
    pub name: DomainName,
    /// The record.
    pub text: String,
}

/// What stands at the name of the technology.
#[derive(Clone, Debug)]
pub struct TxtSet {
    /// The name asked, as a text: a name of full length has none below it.
    pub name: String,
    /// The targets of the aliases passed, first to last.
    pub aliases: Vec<DomainName>,
    /// Every TXT record there, or why that is not known.
    pub texts: Result<Vec<Text>, Gap>,
    /// Records at other names that the evidence happens to hold.
    pub strays: Vec<Stray>,
}

/// What a sender picks: exactly one record, or it is as if there was none.
#[derive(Clone, Copy, Debug)]
pub enum Pick<'a> {
    /// Not known.
    Unknown(&'a Gap),
    /// No record begins with the version.
    None,
    /// Exactly one.
    One(&'a Text),
    /// More than one.
    Several,
}

impl TxtSet {
    /// Asks for TXT at `label` below the domain; looks for strays at the names below the domain in `slips`, at the
    /// domain itself and at the doubled name, without asking anybody.
    pub fn gather(
        context: &Context<'_>,
        technology: Technology,
        label: &str,
        slips: &[&str],
        standing: fn(&str) -> Standing,
    ) -> Self {
        let mut set = Self {
            name: format!("{label}.{}", context.domain),
            aliases: Vec::new(),
            texts: Ok(Vec::new()),
            strays: Vec::new(),
        };
        if let Ok(name) = context.domain.child(label) {
            let lookup = context.ask(technology, Urgency::Path, &name, RecordType::TXT);
            set.aliases = lookup.chain().to_vec();
            set.texts = match Gap::of(&name, RecordType::TXT, &lookup) {
                Some(gap) => Err(gap),
                None => Ok(texts(&lookup, standing)),
            };
            // As it comes out where a DNS panel appends the domain by itself.
            let doubled = context.domain.child(name.as_str()).ok();
            let slips = slips.iter().filter_map(|slip| context.domain.child(slip).ok());
            for place in slips.chain([context.domain.clone()]).chain(doubled) {
                set.look_for_strays(context, place, standing);
            }
        }
        set
    }

    /// What a sender picks. Records with white space before the first semicolon count where no other does.
    pub fn pick(&self) -> Pick<'_> {
        let texts = match &self.texts {
            Ok(texts) => texts,
            Err(gap) => return Pick::Unknown(gap),
        };
        for standing in [Standing::Counts, Standing::Doubtful] {
            let mut of_this_kind = texts.iter().filter(|text| text.standing == standing);
            match (of_this_kind.next(), of_this_kind.next()) {
                (Some(only), None) => return Pick::One(only),
                (Some(_), Some(_)) => return Pick::Several,
                _ => {}
            }
        }
        Pick::None
    }

    /// Every record that begins with the version, those that surely count first.
    pub fn claimants(&self) -> Vec<&Text> {
        [Standing::Counts, Standing::Doubtful].into_iter().flat_map(|standing| self.of_standing(standing)).collect()
    }

    /// Status of the technology by its record: the worst finding where there is one, or what was meant as one.
    pub fn status(&self, profile: Profile, findings: &[Finding]) -> Status {
        match self.pick() {
            _ if !profile.receives() => Status::NotApplicable,
            Pick::Unknown(_) => Status::Unknown,
            Pick::None if self.of_standing(Standing::NearMiss).next().is_none() => Status::Absent,
            _ => worst(findings),
        }
    }

    /// Says that the look-up failed, where it did and matters.
    pub fn unreadable(&self, profile: Profile, doc: &'static Doc, findings: &mut Vec<Finding>) {
        if let (true, Pick::Unknown(gap)) = (profile.receives(), self.pick()) {
            findings.push(
                doc.finding(Outcome::Unknown, tr!("{}: {}.", gap.question(), gap.why()))
                    .fixed_by(tr!("Check again, choose another resolver, or run `dig {} TXT`.", self.name)),
            );
        }
    }

    /// Says that the records at other names are at the wrong ones; where none counts, with one to publish.
    pub fn report_strays(&self, doc: &'static Doc, findings: &mut Vec<Finding>) {
        let none_counts = matches!(self.pick(), Pick::None);
        let label = doc.technology.label();
        for stray in &self.strays {
            let outcome = if none_counts { Outcome::Warn } else { Outcome::Info };
            let detail = tr!("The {label} record stands at {}; senders ask for {}.", stray.name, self.name, label);
            let finding = doc.finding(outcome, detail).titled(tr!("{label} record at the wrong name", label)).at(
                &stray.name,
                &stray.text,
                Span::whole(&stray.text),
            );
            findings.push(match none_counts {
                true => finding.publishing(Publish::txt(&self.name, stray.text.clone())),
                false => finding,
            });
        }
    }

    /// Says that the record is of no use on a domain that receives no mail.
    pub fn report_pointless(&self, facts: &Facts, doc: &'static Doc, findings: &mut Vec<Finding>) {
        if let (false, Pick::One(text)) = (facts.profile.receives(), self.pick()) {
            let label = doc.technology.label();
            let detail = tr!("{} has the {label} record and no mail server. It does no harm.", facts.domain, label);
            findings.push(doc.finding(Outcome::Info, detail).at(&self.name, &text.text, Span::whole(&text.text)));
        }
    }

    /// The records of one standing.
    pub fn of_standing(&self, standing: Standing) -> impl Iterator<Item = &Text> {
        self.texts.iter().flatten().filter(move |text| text.standing == standing)
    }

    /// Every record that is, or was meant to be, of this technology.
    pub fn published(&self) -> Vec<Published> {
        let meant = self.texts.iter().flatten().filter(|text| text.standing != Standing::Other);
        let own = meant.map(|text| Published {
            name: self.name.clone(),
            record_type: "TXT".into(),
            value: text.text.clone(),
            ttl: Some(text.ttl),
            from: text.from.clone(),
        });
        let strays = self.strays.iter().map(|stray| Published {
            name: stray.name.to_string(),
            record_type: "TXT".into(),
            value: stray.text.clone(),
            ttl: None,
            from: None,
        });
        own.chain(strays).collect()
    }

    fn look_for_strays(&mut self, context: &Context<'_>, name: DomainName, standing: fn(&str) -> Standing) {
        let lookup = context.evidence().look_up(&name, RecordType::TXT);
        // A wildcard answers at any name: what it says is not meant for this one.
        if matches!(&lookup, Lookup::Found(found) if found.wildcard.is_some()) {
            return;
        }
        for text in texts(&lookup, standing) {
            if text.standing == Standing::Counts {
                self.strays.push(Stray { name: name.clone(), text: text.text });
            }
        }
    }
}

/// The TXT records of an answer.
fn texts(lookup: &Lookup<'_>, standing: fn(&str) -> Standing) -> Vec<Text> {
    let Lookup::Found(found) = lookup else { return Vec::new() };
    let read = found.records.iter().take(MAX_RECORDS).filter_map(|record| match &record.data {
        RecordData::Txt(txt) => {
            let text = txt.text();
            Some(Text { standing: standing(&text), text, ttl: record.ttl, from: found.entry.provenance.from.clone() })
        }
        _ => None,
    });
    read.collect()
}
