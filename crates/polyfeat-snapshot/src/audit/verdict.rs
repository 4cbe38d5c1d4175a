//! Which rules of a preset are broken (spec §7).

use super::examine::Examined;
use super::report::{Leak, Share};
use super::sets::SET_COLUMNS;
use super::tally::Tally;
use crate::columns::NamedFeature;
use crate::feature::Feature;
use crate::rules::Preset;

/// Which columns of the tape can break a rule.
#[derive(Clone, Copy)]
enum Of {
    /// Last print and returns.
    Lookups,
    /// Flows.
    Flows,
    /// Both.
    All,
}

fn names(features: &[NamedFeature], of: Of) -> Vec<String> {
    let flow = |feature| {
        matches!(
            feature,
            Feature::Trades(_) | Feature::Volume(_) | Feature::Notional(_)
        )
    };
    let fits = |feature| match of {
        Of::Lookups => !flow(feature),
        Of::Flows => flow(feature),
        Of::All => true,
    };
    features
        .iter()
        .filter(|(_, feature)| fits(*feature))
        .map(|(name, _)| name.clone())
        .collect()
}

/// The rules that `judge` has and that what was found breaks. `features` are the tape's columns.
#[must_use]
pub fn leaks(judge: Preset, found: &Examined, features: &[NamedFeature]) -> Vec<Leak> {
    let nothing = Tally::default();
    let of = |pick: fn(&super::evidence::Evidence) -> &Tally| found.evidence.as_ref().map_or(&nothing, pick);
    let sets = || SET_COLUMNS.map(str::to_string).to_vec();
    let strict = judge != Preset::Notebook;
    let live = judge == Preset::Live;
    let rules = [
        (
            strict,
            "ties",
            of(|e| &e.same_tick),
            names(features, Of::All),
            "rows use a print of their own tick, or a later one: it may be the trade itself, or have come after it",
        ),
        (
            strict,
            "excludeSelf",
            of(|e| &e.own),
            names(features, Of::All),
            "rows use a print of their own transaction: the answer is in the question",
        ),
        (
            true,
            "direction",
            of(|e| &e.ahead),
            names(features, Of::Lookups),
            "rows use a print after themselves",
        ),
        (
            live,
            "availability",
            of(|e| &e.unavailable),
            names(features, Of::All),
            "rows use a print that had not been recorded yet",
        ),
        (
            strict,
            "unknownToken",
            of(|e| &e.told),
            names(features, Of::Flows),
            "rows that see no print yet are told by null or 0 whether their token will ever print",
        ),
        (
            strict,
            "regime",
            &found.bucket,
            sets(),
            "rows are labelled by trades of their bucket that come later",
        ),
    ];
    let mut leaks: Vec<Leak> = rules
        .into_iter()
        .filter(|(applies, _, tally, ..)| *applies && tally.rows > 0)
        .map(|(_, rule, tally, columns, why)| Leak {
            rule,
            columns,
            tally: Some(tally.clone()),
            why: why.to_string(),
        })
        .collect();
    leaks.extend(prefix(strict, found, features));
    leaks
}

/// Values that change with what comes later. The notebook's rules allow that of flows and complete sets.
fn prefix(strict: bool, found: &Examined, features: &[NamedFeature]) -> Option<Leak> {
    let allowed = |name: &str| {
        SET_COLUMNS.contains(&name) || names(features, Of::Flows).iter().any(|flow| flow == name)
    };
    let failing = found
        .failures
        .columns
        .keys()
        .filter(|name| strict || !allowed(name));
    let columns: Vec<String> = failing.cloned().collect();
    (!columns.is_empty()).then(|| Leak {
        rule: "prefix",
        columns,
        tally: None,
        why: "values are other ones when the data after a moment is cut off".to_string(),
    })
}

/// The shares in the order of the spec. `book` says which rows' book was captured after them.
#[must_use]
pub fn shares(found: &Examined, book: Option<Tally>, own: bool, availability: bool) -> Vec<Share> {
    const NO_TAPE: &str = "there is no tape";
    let of = |pick: fn(&super::evidence::Evidence) -> &Tally| found.evidence.as_ref().map(pick).cloned();
    let share = |name, tally: Option<Tally>, why| Share {
        name,
        missing: tally.is_none().then_some(why),
        tally,
    };
    let told = |known: bool, tally: Option<Tally>, why: &'static str| {
        let why = if tally.is_none() { NO_TAPE } else { why };
        (tally.filter(|_| known), why)
    };
    let (own, why_own) = told(
        own,
        of(|e| &e.own),
        "neither transaction_hash nor event_key has values in both files",
    );
    let (unavailable, why_unavailable) = told(
        availability,
        of(|e| &e.unavailable),
        "the tape does not say when its prints were captured",
    );
    vec![
        share("same_tick", of(|e| &e.same_tick), NO_TAPE),
        share("self_print", own, why_own),
        share(
            "tob_after_trade",
            book.filter(|book| book.of > 0),
            "no trade says when its book was captured",
        ),
        share("unknown_token", of(|e| &e.unknown), NO_TAPE),
        share("censored_window", of(|e| &e.censored), NO_TAPE),
        share("bucket_lookahead", Some(found.bucket.clone()), NO_TAPE),
        share("availability_after_trade", unavailable, why_unavailable),
    ]
}

/// Input columns that are no features: how the market ended, or what was known only after the trade.
#[must_use]
pub fn unsafe_columns(outcome: &[String], late: &[String]) -> Option<Leak> {
    let columns: Vec<String> = outcome.iter().chain(late).cloned().collect();
    (!columns.is_empty()).then(|| Leak {
        rule: "columns",
        columns,
        tally: None,
        why: "input columns that were not known at the trade pass through".to_string(),
    })
}
