//! `--columns safe`: what is known before the trade or with it, labels under a name that says so, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray, StructArray};
use arrow::datatypes::{DataType, Field};
use polyfeat_snapshot::{
    BuildOptions, COLUMN_ROLES, Code, Direction, GivenRules, Job, Order, Preset, Role, Select, column_role,
    summarize,
};

use crate::support::*;

fn names(rows: &RecordBatch) -> Vec<String> {
    rows.schema().fields().iter().map(|f| f.name().clone()).collect()
}

fn safe(snapshot: &Snapshot, order: Order, rules: &GivenRules) -> BuildOptions {
    BuildOptions {
        columns: Select::Safe,
        order,
        rules: rules.clone(),
        ..snapshot.options()
    }
}

fn strict() -> GivenRules {
    GivenRules {
        preset: Preset::Strict,
        ..GivenRules::default()
    }
}

/// Every column of the recorder, those that a build needs with their own types and the others as text, and one more.
fn recorded() -> (Columns, Columns) {
    let (trades, prints) = base(0.25);
    let own = trade_columns(&trades);
    let text = |name: &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(
            (0..trades.len()).map(|i| format!("{name} {i}")),
        ))
    };
    let mut columns: Columns = COLUMN_ROLES
        .iter()
        .map(|known| {
            let given = own.iter().find(|(name, _)| *name == known.name);
            (
                known.name,
                given.map_or_else(|| text(known.name), |(_, a)| Arc::clone(a)),
            )
        })
        .collect();
    columns.push(("row", get(&own, "row")));
    (columns, tape_columns(&prints))
}

fn roles_in(output: &Output) -> BTreeMap<String, String> {
    let entries = output.meta.file_metadata().key_value_metadata().unwrap();
    let roles = entries.iter().find(|kv| kv.key == "polyfeat.roles").unwrap();
    serde_json::from_str(roles.value.as_deref().unwrap()).unwrap()
}

#[test]
fn a_safe_file_has_what_is_known_and_labels() {
    let (trades, tape) = recorded();
    let snapshot = Snapshot::of(&trades, &tape);
    for order in [Order::Token, Order::Input] {
        let all = run(&BuildOptions {
            columns: Select::All,
            ..safe(&snapshot, order, &strict())
        });
        let got = run(&safe(&snapshot, order, &strict()));
        assert_eq!(warnings(&got)[..2], ["no_self_column", "unknown_columns"]);
        assert!(got.report.warnings[1].message.ends_with(": row"));
        let mut want = Vec::new();
        for known in &COLUMN_ROLES {
            match known.role {
                Role::Before | Role::Trade => want.push((known.name.to_string(), known.name.to_string())),
                Role::Label => want.push((format!("label_{}", known.name), known.name.to_string())),
                Role::After | Role::Unknown => {}
            }
        }
        want.extend(feature_names(&all.rows).into_iter().map(|n| (n.clone(), n)));
        let out: Vec<String> = want.iter().map(|(out, _)| out.clone()).collect();
        assert_eq!(names(&got.rows), out);
        assert_eq!(got.report.columns, out.len() as u64);
        for (out, from) in &want {
            assert_eq!(column(&got.rows, out), column(&all.rows, from), "{out}");
            let schema = got.rows.schema();
            let mark = schema
                .field_with_name(out)
                .unwrap()
                .metadata()
                .get("polyfeat:role");
            assert_eq!(
                mark.map(String::as_str),
                out.starts_with("label_").then_some("label")
            );
        }
        let roles = roles_in(&got);
        assert_eq!(
            roles.keys().cloned().collect::<BTreeSet<_>>(),
            out.into_iter().collect()
        );
        for (name, role) in &roles {
            let feature = column_role(name).role == Role::Unknown;
            let want = if feature {
                Role::Before
            } else {
                column_role(name).role
            };
            assert_eq!(role, want.as_str(), "{name}");
        }
        assert_eq!(roles_in(&all)["mid"], "after");
        assert_eq!(roles_in(&all)["row"], "unknown");
    }
}

#[test]
fn features_that_look_ahead_are_labels() {
    let (trades, tape) = recorded();
    let snapshot = Snapshot::of(&trades, &tape);
    let ahead = |rules: GivenRules| -> Vec<String> {
        let got = run(&safe(&snapshot, Order::Token, &rules));
        let schema = got.rows.schema();
        let ahead = |f: &&Arc<Field>| {
            let look = f.metadata().get("polyfeat:lookahead");
            look.is_some_and(|look| look != "none")
        };
        let labels: Vec<String> = schema
            .fields()
            .iter()
            .filter(ahead)
            .map(|f| f.name().clone())
            .collect();
        let told = got.report.warnings.iter().find(|w| w.code == "lookahead_labels");
        assert_eq!(told.is_some(), !labels.is_empty());
        let told = told.map_or("", |w| w.message.as_str());
        assert!(told.contains(&labels.join(", ")));
        assert!(labels.iter().all(|n| roles_in(&got)[n] == "label"));
        labels
    };
    assert_eq!(ahead(strict()), Vec::<String>::new());
    let forward = GivenRules {
        direction: Some(Direction::Forward),
        allow_lookahead: true,
        ..strict()
    };
    assert_eq!(
        ahead(forward),
        [
            "label_mt_last_price",
            "label_mt_last_ts",
            "label_mt_last_age_ms",
            "label_mt_return_30s",
            "label_mt_return_300s"
        ]
    );
    let proof = GivenRules {
        proof: true,
        ..strict()
    };
    assert_eq!(ahead(proof).len(), 6);
    // The notebook's: all but the bucket itself.
    assert_eq!(ahead(GivenRules::default()).len(), 11);
}

#[test]
fn a_safe_file_fed_in_again_comes_out_the_same() {
    let (trades, tape) = recorded();
    let snapshot = Snapshot::of(&trades, &tape);
    for rules in [strict(), GivenRules::default()] {
        snapshot.write("trades.parquet", &trades, usize::MAX);
        let first = run(&safe(&snapshot, Order::Token, &rules));
        std::fs::rename(&snapshot.options().out, snapshot.file("trades.parquet")).unwrap();
        let second = run(&safe(&snapshot, Order::Token, &rules));
        assert_eq!(second.rows, first.rows);
        let summary = summarize(&Arc::new(Job::default()), &snapshot.options().out).unwrap();
        assert_eq!(summary.regimes, first.report.regimes);
        assert_eq!(summary.pnl, None, "exec_type comes from the book");
    }
}

#[test]
fn a_label_whose_name_is_taken_is_refused() {
    let (mut trades, tape) = recorded();
    trades.push(("label_settle_price", get(&trades, "size")));
    let snapshot = Snapshot::of(&trades, &tape);
    let e = fails(&safe(&snapshot, Order::Token, &strict()));
    assert_eq!(
        (e.code, e.column.as_deref()),
        (Code::NameClash, Some("label_settle_price"))
    );
    assert!(e.message.contains("both settle_price and label_settle_price"));
    assert!(!snapshot.names().contains(&"features.parquet".to_string()));
    // With other choices it is a column like others.
    assert!(names(&snapshot.build().rows).contains(&"label_settle_price".to_string()));
}

#[test]
fn labels_of_any_type_are_renamed() {
    let (trades, tape) = recorded();
    let settle = get(&trades, "settle_price");
    let inner = Arc::new(Field::new("x", DataType::Utf8, true));
    let nested: ArrayRef = Arc::new(StructArray::from(vec![(inner, Arc::clone(&settle))]));
    let snapshot = Snapshot::of(&with(&trades, "settle_price", nested), &tape);
    let plain = run(&safe(&Snapshot::of(&trades, &tape), Order::Input, &strict()));
    for order in [Order::Token, Order::Input] {
        let got = run(&safe(&snapshot, order, &strict()));
        let column = got.rows.column_by_name("label_settle_price").unwrap().as_struct();
        assert_eq!(column.column_names(), ["x"]);
        if order == Order::Input {
            assert_eq!(
                column.column(0),
                plain.rows.column_by_name("label_settle_price").unwrap()
            );
        }
    }
}

#[test]
fn bytes_of_a_safe_file_do_not_depend_on_threads_or_memory() {
    let (trades, tape) = recorded();
    let snapshot = Snapshot::of(&trades, &tape);
    for order in [Order::Token, Order::Input] {
        let mut seen = BTreeSet::new();
        for (threads, memory) in [(Some(1), 1 << 28), (Some(4), 8 << 30), (None, 1 << 29)] {
            let options = BuildOptions {
                threads,
                memory,
                ..safe(&snapshot, order, &strict())
            };
            run(&options);
            seen.insert(std::fs::read(&options.out).unwrap());
        }
        assert_eq!(seen.len(), 1, "{order:?}");
    }
}
