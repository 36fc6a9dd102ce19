//! The folder of images: whole whoever is killed, one writer at a time, kept over a restart, and no longer than is said.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    thread,
    time::Duration,
};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use scraplens::{
    app::Parts,
    config::Settings,
    kakao::Kakao,
    sandbox::{
        Clock,
        images::{Images, Name, Taken},
    },
};

use super::images::{KEY, form, original, served, upload, url};
use crate::{
    helpers::{png, settings, spawn_app_with},
    support::server::Server,
};

const DAY: i64 = 24 * 60 * 60;

fn in_folder(folder: &Path) -> Settings {
    let mut settings = settings();
    folder.to_str().unwrap().clone_into(&mut settings.sandbox.store);
    settings
}

fn images(settings: &Settings) -> Images {
    Parts::build(settings, Kakao::embedded().unwrap(), None).unwrap().images
}

async fn take(images: &Images, width: u32) -> Taken {
    images.upload(Bytes::from(png(width, 3))).await.unwrap()
}

fn address(taken: &Taken) -> String {
    format!("http://127.0.0.1/sandbox/images/{}", taken.name)
}

/// The files that are images by their names.
fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder.join("images")) else { return Vec::new() };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| Name::parse(name).is_some()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn images_and_the_time_they_have_left_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let start = Timestamp::from_second(1_800_000_000).unwrap();
    let passed = Arc::new(AtomicI64::new(0));
    let mut settings = in_folder(folder.path());
    let clock = Arc::clone(&passed);
    settings.sandbox.clock = Clock::new(move || start + SignedDuration::from_secs(clock.load(Ordering::SeqCst)));

    let first = images(&settings);
    let (old, kept) = (take(&first, 4).await, take(&first, 5).await);
    passed.store(99 * DAY, Ordering::SeqCst);
    assert_eq!(take(&first, 5).await.name, kept.name, "the same again is the same image");
    drop(first);

    let second = images(&settings);
    assert!(second.find(&address(&old)).is_some(), "99 days");
    passed.store(100 * DAY, Ordering::SeqCst);
    assert!(second.find(&address(&old)).is_none(), "100 days");
    assert!(second.serve(old.name.as_str()).await.unwrap().is_none());
    assert_eq!(second.serve(kept.name.as_str()).await.unwrap().unwrap().seconds_left, 99 * 24 * 60 * 60);
    assert_eq!(files(folder.path()).len(), 2, "it is still there for the sweeper");
    assert_eq!(second.sweep().unwrap(), 1);
    assert_eq!(files(folder.path()), [kept.name.as_str()]);
    passed.store(199 * DAY, Ordering::SeqCst);
    assert!(second.find(&address(&kept)).is_none(), "100 days from the second time");
}

#[tokio::test]
async fn a_server_sweeps_when_it_starts() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = in_folder(folder.path());
    settings.sandbox.clock = Clock::new(|| Timestamp::from_second(1_700_000_000).unwrap());
    take(&images(&settings), 4).await;
    assert_eq!(files(folder.path()).len(), 1);

    let _app = spawn_app_with(&in_folder(folder.path()));

    let waited = (0..200).any(|_| {
        thread::sleep(Duration::from_millis(50));
        files(folder.path()).is_empty()
    });
    assert!(waited, "an image of 2023 is gone");
}

#[tokio::test]
async fn what_is_not_ours_in_the_folder_is_neither_served_nor_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let images = images(&in_folder(folder.path()));
    let taken = take(&images, 4).await;
    let store = folder.path().join("images");
    let torn = store.join("ba7816bf8f01cfea414140de5dae2223.png");
    fs::write(&torn, "not what its name says").unwrap();
    fs::write(store.join("notes.txt"), "mine").unwrap();
    let pipe = store.join("00000000000000000000000000000000.png");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let link = store.join("11111111111111111111111111111111.png");
    std::os::unix::fs::symlink("/etc/passwd", &link).unwrap();
    fs::write(store.join(".image-Xy12.tmp"), "what a killed writer left").unwrap();

    for path in [&torn, &pipe, &link] {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(images.serve(name).await.unwrap().is_none(), "{name}");
    }
    images.sweep().unwrap();

    assert!(store.join("notes.txt").exists() && store.join(taken.name.as_str()).exists());
    assert!(!store.join(".image-Xy12.tmp").exists());
}

#[tokio::test]
async fn two_processes_on_one_folder_keep_its_bounds_together() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = in_folder(folder.path());
    settings.sandbox.images.max_images = 10;
    let (one, other) = (images(&settings), images(&settings));

    let mut tasks = Vec::new();
    for width in 0..16 {
        for images in [one.clone(), other.clone()] {
            tasks.push(tokio::spawn(async move { images.upload(Bytes::from(png(width + 1, 3))).await }));
        }
    }
    let mut taken = Vec::new();
    for task in tasks {
        taken.extend(task.await.unwrap().ok());
    }

    assert_eq!(files(folder.path()).len(), 10);
    assert!(taken.len() >= 10, "each may be taken twice");
    for taken in taken {
        assert!(one.find(&address(&taken)).is_some() && other.find(&address(&taken)).is_some());
    }
}

#[tokio::test]
async fn killing_a_server_at_any_moment_leaves_whole_images_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = [("SCRAPLENS__SANDBOX__STORE".to_owned(), folder.path().to_str().unwrap().to_owned())];
    for round in 0..5_u32 {
        let server = Server::start(Duration::from_secs(5), &store);
        let path = format!("{}/v2/api/talk/message/image/upload", server.url);
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let request = server.client.post(&path).header("authorization", KEY);
                let body = form(&png(200 + round * 8 + number, 200), "");
                let request = request.header("content-type", "multipart/form-data; boundary=edge").body(body);
                tokio::spawn(async move { request.send().await.is_ok() })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(u64::from(round) * 60)).await;
        drop(server); // SIGKILL
        for task in tasks {
            let _answered_or_not = task.await.unwrap();
        }
        for name in files(folder.path()) {
            let bytes = fs::read(folder.path().join("images").join(&name)).unwrap();
            assert!(Name::parse(&name).unwrap().fits(&bytes), "round {round}: {name} is not whole");
        }
    }

    let app = spawn_app_with(&in_folder(folder.path()));
    let taken = original(upload(&app, &png(9, 9)).await).await;
    assert_eq!(served(&app, &url(&taken)).await.0, 200, "the lock of a killed writer is open");
    for name in files(folder.path()) {
        assert_eq!(served(&app, &app.url(&format!("/sandbox/images/{name}"))).await.0, 200, "{name}");
    }
    let litter = fs::read_dir(folder.path().join("images")).unwrap();
    let litter = litter.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".tmp"));
    assert_eq!(litter.count(), 0, "what a killed writer left behind is swept away");
}

#[tokio::test]
async fn without_a_folder_images_are_kept_in_memory_within_its_bound() {
    let mut settings = settings();
    settings.sandbox.images.max_memory_bytes = 400;
    let images = images(&settings);
    let taken = take(&images, 4).await;
    assert!(images.find(&address(&taken)).is_some());

    let mut refused = 0;
    for width in 5..40 {
        refused += usize::from(images.upload(Bytes::from(png(width, 3))).await.is_err());
    }

    assert!(refused > 20, "{refused}");
    images.delete(&address(&taken)).await.unwrap();
    assert!(images.find(&address(&taken)).is_none());
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_our_fault_and_said_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("images"), "a file in the folder's place").unwrap();
    let images = images(&in_folder(folder.path()));

    let error = images.upload(Bytes::from(png(4, 4))).await.unwrap_err();

    assert_eq!(error.code(), "store-unusable");
}
