//! The columns of the output: which input columns pass through, which are made, their order and types.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use parquet::schema::types::TypePtr;
use polyfeat::{Direction, RegimeMode, Span, Ties, TimeUnit, Unknown};

use crate::column_roles::{Role, column_role};
use crate::encode::is_optional;
use crate::error::{Code, Error, Result};
use crate::feature::{Feature, ProofColumn};
use crate::job::Job;
use crate::roles::{TimeColumn, TimeKind};
use crate::rules::Rules;
use crate::safe::{as_label, check_clash, label_name, renamed, warn_safe};
use crate::stored::{derived_node, may_hold_nat, stored_as, utc};
use crate::table::Table;
use crate::words::direction_name;

/// Where a column's values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An input column, unchanged.
    Source(usize),
    /// The input's time column, as a UTC timestamp.
    Time(TimeColumn),
    /// A feature.
    Made(Feature),
}

impl Origin {
    /// The input's root column that it is, if it is one.
    #[must_use]
    pub fn root(self) -> Option<usize> {
        match self {
            Origin::Source(root) => Some(root),
            Origin::Time(time) => Some(time.index),
            Origin::Made(_) => None,
        }
    }
}

/// A column of the output.
#[derive(Debug, Clone)]
pub struct OutColumn {
    /// Name and Arrow type, as the output's embedded Arrow schema declares them.
    pub field: FieldRef,
    /// Its Parquet type.
    pub node: TypePtr,
    /// Its values.
    pub origin: Origin,
    /// When they are known; a feature that looks ahead is a label.
    pub role: Role,
}

/// Which input columns pass through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Select {
    /// All of them.
    All,
    /// Those that name a trade: `ts`, `token_id`, `market_slug`, `event_key`.
    Features,
    /// What is known before the trade or with it, and labels under [`LABEL_PREFIX`](crate::LABEL_PREFIX).
    Safe,
    /// The named ones, in the file's order.
    Named(Vec<String>),
}

/// Key of the field metadata that says whether a column looks ahead: `none`, or words joined by commas. `bucket`: to
/// the end of its bucket. `ties`: to prints of its own stamp. `unknown-token`: to whether the token ever prints.
/// `forward`, `nearest`: to the next print. `proof`: the column is about what the row must not see.
pub const LOOKAHEAD: &str = "polyfeat:lookahead";

/// Of a column that does not look ahead.
const LOOKS_BACK: &str = "none";

const IDENTITY: [&str; 4] = ["ts", "token_id", "market_slug", "event_key"];

/// What the features' columns depend on.
pub struct Plan<'a> {
    /// Lags of the returns.
    pub lags: &'a [Span],
    /// Lengths of the flow windows.
    pub windows: &'a [Span],
    /// Unit of the tape's stamps; `None` without a tape.
    pub tape_unit: Option<TimeUnit>,
    /// The time column of trades.
    pub ts: TimeColumn,
    /// The rules, by which columns look ahead or not.
    pub rules: &'a Rules,
    /// Unit of the tape's availability, where it is a rule.
    pub availability_unit: Option<TimeUnit>,
    /// Whether `label_available_at` is asked for.
    pub label_available: bool,
}

pub(crate) type NamedFeature = (String, Feature);

impl Plan<'_> {
    /// Names of the columns that a tape makes, and those made without one, in the notebook's order.
    pub(crate) fn features(&self) -> (Vec<NamedFeature>, Vec<NamedFeature>) {
        let mut tape = vec![
            ("mt_last_price".to_string(), Feature::LastPrice),
            ("mt_last_ts".to_string(), Feature::LastTs),
            ("mt_last_age_ms".to_string(), Feature::LastAgeMs),
        ];
        for (i, lag) in self.lags.iter().enumerate() {
            tape.push((format!("mt_return_{}", lag.label()), Feature::Return(i)));
        }
        for (i, window) in self.windows.iter().enumerate() {
            let label = window.label();
            tape.push((format!("mt_trades_{label}"), Feature::Trades(i)));
            tape.push((format!("mt_volume_{label}"), Feature::Volume(i)));
            tape.push((format!("mt_notional_{label}"), Feature::Notional(i)));
        }
        let rest = [
            ("bucket", Feature::Bucket),
            ("complete_set_flag", Feature::Flag),
            ("complete_set_shares", Feature::Shares),
            ("regime", Feature::Regime),
        ];
        (tape, rest.map(|(name, f)| (name.to_string(), f)).to_vec())
    }

    fn data_type(&self, feature: Feature) -> DataType {
        match feature {
            Feature::LastTs => utc(self.tape_unit.unwrap_or(TimeUnit::Nanosecond)),
            Feature::Bucket | Feature::LabelAvailable => utc(self.ts.unit),
            Feature::Flag => DataType::Boolean,
            Feature::Regime => DataType::Utf8,
            Feature::Proof(ProofColumn::NewestEvent) => utc(self.tape_unit.unwrap_or(TimeUnit::Nanosecond)),
            Feature::Proof(ProofColumn::NewestAvailability) => utc(self
                .availability_unit
                .or(self.tape_unit)
                .unwrap_or(TimeUnit::Nanosecond)),
            Feature::Proof(_) => DataType::Int64,
            _ => DataType::Float64,
        }
    }

    /// The output's columns. An input column under a feature's name is replaced where it stands, or left
    /// out when this run does not make it, with a warning.
    ///
    /// # Errors
    /// `MISSING_COLUMN` when a selected column does not exist.
    pub fn out_columns(&self, job: &Job, trades: &Table, select: &Select) -> Result<Vec<OutColumn>> {
        let (tape, rest) = self.features();
        let safe = *select == Select::Safe;
        let with_tape = self.tape_unit.is_some();
        let mut made: Vec<(String, Feature, bool)> = Vec::new();
        made.extend(tape.into_iter().map(|(n, f)| (n, f, with_tape)));
        made.extend(rest.into_iter().map(|(n, f)| (n, f, true)));
        made.push((
            "label_available_at".to_string(),
            Feature::LabelAvailable,
            self.label_available,
        ));
        let proof = ProofColumn::ALL.map(|column| (column.name().to_string(), Feature::Proof(column)));
        made.extend(proof.map(|(n, f)| (n, f, with_tape && self.rules.proof)));
        if safe {
            let labels = made.iter_mut().filter(|(_, f, _)| self.role(*f) == Role::Label);
            labels.for_each(|(name, ..)| *name = label_name(name));
        }

        let (mut columns, mut replaced, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
        let mut unknown = Vec::new();
        let mut placed = vec![false; made.len()];
        let roots = trades.parquet_schema().root_schema().get_fields();
        for (index, field) in trades.schema().fields().iter().enumerate() {
            if let Some(i) = made.iter().position(|(name, ..)| name == field.name()) {
                let (name, feature, is_made) = &made[i];
                if *is_made && !placed[i] {
                    placed[i] = true;
                    replaced.push(name.clone());
                    columns.push(self.made_column(name, *feature)?);
                } else {
                    dropped.push(name.clone());
                }
                continue;
            }
            let role = column_role(field.name()).role;
            if !selected(select, field.name(), role) {
                if safe && role == Role::Unknown {
                    unknown.push(field.name().as_str());
                }
                continue;
            }
            columns.push(if index == self.ts.index {
                self.time_column(field, &roots[index], trades)?
            } else if safe && role == Role::Label {
                check_clash(trades, field.name())?;
                passed(as_label(field), &roots[index], index, role)?
            } else {
                passed(Arc::clone(field), &roots[index], index, role)?
            });
        }
        for ((name, feature, is_made), placed) in made.iter().zip(placed) {
            if *is_made && !placed {
                columns.push(self.made_column(name, *feature)?);
            }
        }
        if safe {
            let labels = columns
                .iter()
                .filter(|c| c.role == Role::Label && c.origin.root().is_none());
            let ahead: Vec<&str> = labels.map(|c| c.field.name().as_str()).collect();
            warn_safe(job, trades, &unknown, &ahead);
        }
        if let Select::Named(names) = select {
            check_names(trades, names)?;
        }
        if !replaced.is_empty() {
            job.warn(
                "replaced_columns",
                format!(
                    "{} has columns that this run makes anew: {}",
                    trades.path.display(),
                    replaced.join(", ")
                ),
            );
        }
        if !dropped.is_empty() {
            job.warn(
                "dropped_columns",
                format!(
                    "{} has columns of an earlier run that this one does not make; they are left out: {}",
                    trades.path.display(),
                    dropped.join(", ")
                ),
            );
        }
        Ok(columns)
    }

    fn made_column(&self, name: &str, feature: Feature) -> Result<OutColumn> {
        let lookahead = (LOOKAHEAD.to_string(), self.lookahead(feature));
        let field = Field::new(name, self.data_type(feature), true).with_metadata(HashMap::from([lookahead]));
        let field = Arc::new(field);
        Ok(OutColumn {
            node: derived_node(&field)?,
            field,
            origin: Origin::Made(feature),
            role: self.role(feature),
        })
    }

    /// A feature that looks ahead is a label.
    fn role(&self, feature: Feature) -> Role {
        if self.lookahead(feature) == LOOKS_BACK {
            Role::Before
        } else {
            Role::Label
        }
    }

    /// What a column tells of the time after its row: words, or `none`.
    fn lookahead(&self, feature: Feature) -> String {
        let rules = self.rules;
        let ties = (rules.ties == Ties::Include).then_some("ties");
        let direction = (rules.direction != Direction::Backward).then(|| direction_name(rules.direction));
        let unknown = (rules.unknown == Unknown::Null).then_some("unknown-token");
        let bucket = (rules.regime == RegimeMode::Bucket).then_some("bucket");
        let words = match feature {
            Feature::LastPrice | Feature::LastTs | Feature::LastAgeMs | Feature::Return(_) => {
                [ties, direction]
            }
            Feature::Trades(_) | Feature::Volume(_) | Feature::Notional(_) => [ties, unknown],
            Feature::Flag | Feature::Shares | Feature::Regime => [bucket, None],
            Feature::Bucket | Feature::LabelAvailable => [None, None],
            // They are about what a row must not see.
            Feature::Proof(_) => [Some("proof"), None],
        };
        let words: Vec<&str> = words.into_iter().flatten().collect();
        if words.is_empty() {
            LOOKS_BACK.to_string()
        } else {
            words.join(",")
        }
    }

    fn time_column(&self, field: &FieldRef, node: &TypePtr, trades: &Table) -> Result<OutColumn> {
        // Text that does not parse becomes null, as NaT does, so only a stored timestamp can stay required.
        let nullable = field.is_nullable()
            || self.ts.kind != TimeKind::Timestamp
            || is_optional(node)
            || trades.chunks(self.ts.index).any(may_hold_nat);
        let field = Arc::new(Field::new(field.name(), utc(self.ts.unit), nullable));
        Ok(OutColumn {
            node: derived_node(&field)?,
            field,
            origin: Origin::Time(self.ts),
            role: column_role("ts").role,
        })
    }
}

/// An input column under the name of `field`.
fn passed(field: FieldRef, node: &TypePtr, index: usize, role: Role) -> Result<OutColumn> {
    Ok(OutColumn {
        node: renamed(&stored_as(&field, node)?, field.name())?,
        field,
        origin: Origin::Source(index),
        role,
    })
}

fn selected(select: &Select, name: &str, role: Role) -> bool {
    match select {
        Select::All => true,
        Select::Safe => matches!(role, Role::Before | Role::Trade | Role::Label),
        Select::Features => IDENTITY.contains(&name),
        Select::Named(names) => names.iter().any(|n| n == name),
    }
}

fn check_names(trades: &Table, names: &[String]) -> Result<()> {
    match names.iter().find(|name| trades.column(name).is_none()) {
        None => Ok(()),
        Some(name) => Err(Error::new(
            Code::MissingColumn,
            format!(
                "{} has no column {name} to pass through; it has {}",
                trades.path.display(),
                trades
                    .schema()
                    .fields()
                    .iter()
                    .map(|f| f.name().as_str())
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        )
        .in_file(&trades.path)
        .in_column(name)),
    }
}
