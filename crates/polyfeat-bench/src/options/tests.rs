use super::*;

fn request(json: &str) -> std::result::Result<Request, serde_json::Error> {
    serde_json::from_str(json)
}

fn refusal(json: &str) -> String {
    let error = request(json).unwrap().plan().unwrap_err();
    assert_eq!(error.code, Code::InvalidOption);
    error.message
}

#[test]
fn defaults_and_sizes() {
    let Source::Synthetic(s) = request(r#"{"out":"x"}"#).unwrap().plan().unwrap().source else {
        panic!("synthetic")
    };
    assert_eq!(
        (s.trades, s.prints, s.tokens, s.days, s.seed),
        (100_000, 1_000_000, 5_000, 7, 1)
    );
    let Source::Synthetic(s) = request(r#"{"out":"x","size":"L","tokens":10}"#)
        .unwrap()
        .plan()
        .unwrap()
        .source
    else {
        panic!("synthetic")
    };
    assert_eq!((s.trades, s.prints, s.tokens), (10_000_000, 100_000_000, 10));
}

#[test]
fn a_plan_shows_all_that_the_bytes_depend_on() {
    let plan = request(r#"{"out":"x","threads":2,"from":"y","parts":3}"#)
        .unwrap()
        .plan()
        .unwrap();
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(
        json,
        r#"{"from":"y","tileTime":1,"tileTokens":1,"rowGroupRows":1000000,"parts":3,"compression":"zstd"}"#
    );
}

#[test]
fn bad_options_are_named() {
    for (json, what) in [
        (r#"{"trades":0}"#, "trades is 0: it must be from 1 to 4294967294"),
        (r#"{"prints":4294967295}"#, "prints is 4294967295"),
        (r#"{"tokens":3}"#, "tokens is 3: it must be even"),
        (r#"{"tokens":0}"#, "tokens is 0"),
        (r#"{"days":0}"#, "days is 0"),
        (r#"{"own":1.5}"#, "own is 1.5: it must be a share from 0 to 1"),
        (r#"{"sell":-0.1}"#, "sell is -0.1"),
        (r#"{"skew":1}"#, "skew is 1: it must be from 0 to 0.99"),
        (r#"{"trades":10,"prints":9}"#, "set own to 0"),
        (r#"{"seed":9007199254740992}"#, "seed is"),
        (r#"{"parts":0}"#, "parts is 0"),
        (r#"{"threads":0}"#, "threads is 0"),
        (r#"{"rowGroupRows":0}"#, "rowGroupRows is 0"),
        (r#"{"from":"x","tileTime":0}"#, "tileTime is 0"),
        (r#"{"from":"x","hot":1}"#, "hot is for synthetic snapshots"),
        (r#"{"tileTokens":2}"#, "name one with from"),
    ] {
        assert!(refusal(json).contains(what), "{json}: {}", refusal(json));
    }
}

#[test]
fn unknown_names_are_refused() {
    assert!(request(r#"{"out":"x","Trades":1}"#).is_err());
}
