//! The disk is full.

use crate::harness::database::check_integrity;
use crate::harness::{TestApp, page, payload};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A file system of 8 MB. Mounting it needs root.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"])
            .arg(folder.path());
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // `-l`: the program may still have files open.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[tokio::test]
async fn sqlite_a_full_disk_stops_only_writes_and_only_until_there_is_space() {
    let Some(disk) = SmallDisk::mount() else {
        println!("skipped: no file system can be mounted here");
        return;
    };
    let filler = disk.path().join("filler");
    std::fs::write(&filler, vec![1; 3 << 20]).expect("there is space");
    let url = format!("sqlite://{}", disk.path().join("library.db").display());
    let mut app = TestApp::on(&url).await;

    let mut stored = 0;
    let (rejected, path, list) = loop {
        let ids = (0..200).map(|index| format!("d{stored}p{index}"));
        let list = page(ids.map(|id| payload(&id)));
        let path = format!("/api/snapshots/20{:02}-01-01/short_term", stored + 1);
        let response = app.put(&path, &list).await;
        if !response.is_ok() {
            break (response, path, list);
        }
        stored += 1;
    };
    let reads = [
        app.get("/api/summary").await,
        app.get("/api/snapshots/2001-01-01/short_term").await,
        app.get("/readyz").await,
    ];
    std::fs::remove_file(&filler).expect("the file exists");
    let repeated = app.put(&path, &list).await;

    rejected.must_be_busy();
    assert!(rejected.body.contains("room"), "{rejected:?}");
    assert!(stored > 0, "no list was stored");
    reads.iter().for_each(|read| read.must_be_ok());
    repeated.must_be_ok();
    assert_eq!(app.server.stop("TERM").await, Some(0));
    check_integrity(&url).await;
}
