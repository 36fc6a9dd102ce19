//! The kept file: whole whoever is killed, one writer at a time, never believed when it is not what was kept, never lost.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::Duration,
};

use scraplens::ips::{Kept, Record, Store};

use super::stub::{CHANGED, DOCUMENTED, in_folder};
use crate::helpers::command;

fn store(folder: &Path) -> Store {
    Store::new(PathBuf::from(in_folder(folder)), 64 * 1024, 100)
}

fn record(text: &str, second: i64) -> Record {
    Record::of(text, "https://kapi.kakao.com/v1/system/ips", jiff::Timestamp::from_second(second).unwrap())
}

fn keep(store: &Store, text: &str, second: i64) -> Option<PathBuf> {
    store.keep(text, &record(text, second)).unwrap()
}

fn text(kept: Option<Kept>) -> Option<String> {
    kept.map(|kept| kept.text.to_string())
}

#[test]
fn the_list_before_is_kept_beside_the_list_with_where_and_when() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    assert_eq!(store.load().unwrap(), None);

    keep(&store, DOCUMENTED, 1_000);
    keep(&store, DOCUMENTED, 2_000);
    assert_eq!(store.previous().unwrap(), None, "the same again is nothing new");
    assert_eq!(store.load().unwrap().unwrap().record, record(DOCUMENTED, 2_000));
    keep(&store, CHANGED, 3_000);

    assert_eq!(text(store.load().unwrap()).as_deref(), Some(CHANGED));
    assert_eq!(store.previous().unwrap().unwrap().record, record(DOCUMENTED, 2_000));
    assert_eq!(text(store.previous().unwrap()).as_deref(), Some(DOCUMENTED));
}

#[test]
fn a_file_that_is_not_what_was_kept_is_refused_with_its_line_and_set_aside_not_lost() {
    let torn = &DOCUMENTED[..DOCUMENTED.len() / 2];
    let line = torn.lines().count();
    for (what, bytes, line, why) in [
        ("torn", torn.as_bytes().to_vec(), line, "EOF"),
        ("empty", Vec::new(), 1, "not a network"),
        ("changed by hand", DOCUMENTED.replace("27.0.236.0/22", "0.0.0.0/8").into_bytes(), 0, "wider"),
        ("changed by little", DOCUMENTED.replace("27.0.236.0/22", "27.0.232.0/22").into_bytes(), 0, "checksum"),
        ("not UTF-8", b"{\n\xFF".to_vec(), 2, "UTF-8"),
        ("huge", vec![b' '; 70_000], 0, "larger than 65536 bytes"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        keep(&store, DOCUMENTED, 1_000);
        fs::write(store.path(), &bytes).unwrap();

        let error = store.load().unwrap_err();

        assert_eq!(error.code(), "kept-broken", "{what}");
        let said = error.to_string();
        if what != "empty" {
            assert!(said.contains(&format!("line {line}")) && said.contains(why), "{what}: {said}");
        }
        let aside = keep(&store, CHANGED, 2_000).unwrap();
        assert_eq!(fs::read(&aside).unwrap(), bytes, "{what} is still there");
        assert_eq!(text(store.load().unwrap()).as_deref(), Some(CHANGED), "{what}");
    }
}

#[test]
fn a_record_that_cannot_be_read_makes_no_list_official() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    keep(&store, DOCUMENTED, 1_000);
    let record = store.path().with_extension("record.json");
    for text in ["{", "{\"lists\":[]}", "{\"lists\":[],\"more\":1}"] {
        fs::write(&record, text).unwrap();
        assert_eq!(store.load().unwrap_err().code(), "kept-broken", "{text}");
    }
    fs::remove_file(&record).unwrap();
    assert_eq!(store.load().unwrap_err().code(), "kept-broken", "nobody knows where it is from");

    keep(&store, CHANGED, 2_000);
    assert_eq!(text(store.load().unwrap()).as_deref(), Some(CHANGED));
}

#[test]
fn a_pipe_in_the_place_of_the_file_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    fs::create_dir_all(store.path().parent().unwrap()).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(store.path()).status().unwrap().success());

    assert!(store.load().unwrap_err().to_string().contains("not a regular file"));
}

#[test]
fn a_writer_that_was_killed_before_its_rename_leaves_the_list_before() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    keep(&store, DOCUMENTED, 1_000);
    let litter = store.path().with_file_name(".ips.json-Xy12.tmp");
    // What is written before the rename: the record that knows both, and the new list under another name.
    let record = store.path().with_extension("record.json");
    let other = tempfile::tempdir().unwrap();
    let elsewhere = self::store(other.path());
    keep(&elsewhere, DOCUMENTED, 1_000);
    keep(&elsewhere, CHANGED, 2_000);
    fs::copy(elsewhere.path().with_extension("record.json"), &record).unwrap();
    fs::write(&litter, &CHANGED[..100]).unwrap();

    assert_eq!(text(store.load().unwrap()).as_deref(), Some(DOCUMENTED));
    keep(&store, CHANGED, 3_000);
    assert!(!litter.exists(), "what a killed writer left behind is swept away");
    assert_eq!(text(store.load().unwrap()).as_deref(), Some(CHANGED));
}

#[test]
fn killing_writers_at_any_moment_leaves_a_whole_list() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let lists = [DOCUMENTED, CHANGED];
    for (name, list) in ["a.json", "b.json"].iter().zip(lists) {
        fs::write(folder.path().join(name), list).unwrap();
    }
    keep(&store, DOCUMENTED, 1_000);
    for round in 0..24_u64 {
        let name = ["a.json", "b.json"][usize::try_from(round % 2).unwrap()];
        let mut writer = command()
            .args(["ips", "import", name])
            .current_dir(folder.path())
            .env("SCRAPLENS__IPS__STORE", store.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_micros(round * 1_700));
        writer.kill().unwrap();
        writer.wait().unwrap();

        let kept = text(store.load().unwrap()).expect("a list is there");
        assert!(lists.contains(&kept.as_str()), "round {round}");
    }
    keep(&store, CHANGED, 9_000);
    assert_eq!(text(store.load().unwrap()).as_deref(), Some(CHANGED), "the lock of a killed writer is open");
}

#[test]
fn many_writers_at_once_take_turns_and_readers_see_whole_lists() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    keep(&store, DOCUMENTED, 1_000);

    thread::scope(|scope| {
        for writer in 0..4 {
            let store = store.clone();
            scope.spawn(move || {
                for turn in 0..5 {
                    keep(&store, [DOCUMENTED, CHANGED][turn % 2], 2_000 + i64::try_from(writer * 10 + turn).unwrap());
                }
            });
        }
        for _ in 0..50 {
            assert!(store.load().unwrap().is_some());
        }
    });

    assert_eq!(text(store.load().unwrap()).as_deref(), Some(DOCUMENTED), "the last of each writer");
    assert_eq!(text(store.previous().unwrap()).as_deref(), Some(CHANGED));
}
