//! No room on the disk.

use crate::harness::database::must_be_whole;
use crate::harness::rig::Rig;
use crate::harness::{page, payload};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// A small disk of its own, which only root may make.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
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
        // Lazily: the program may not have let go yet.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[tokio::test]
async fn sqlite_a_full_disk_stops_writes_only_and_only_while_it_is_full() {
    let Some(disk) = SmallDisk::mount() else {
        println!("left out: no small disk can be mounted here");
        return;
    };
    let filler = disk.path().join("filler");
    std::fs::write(&filler, vec![1; 3 << 20]).expect("there is room");
    let database = disk.path().join("library.db");
    let url = format!("sqlite://{}", database.display());
    let mut rig = Rig::start(&url, &[]).await;

    let (mut kept, mut refused) = (0, None);
    while refused.is_none() {
        let ids = (0..200).map(|place| format!("d{kept}p{place}"));
        let list = page(ids.map(|id| payload(&id)));
        let day = format!("/api/snapshots/20{:02}-01-01/short_term", kept + 1);
        let heard = rig.client.put(&day, &list).await;
        match heard.is_ok() {
            true => kept += 1,
            false => refused = Some((heard, day, list)),
        }
    }
    let (heard, day, list) = refused.expect("it was refused");
    let reads = [
        rig.client.get("/api/summary").await,
        rig.client.get("/api/snapshots/2001-01-01/short_term").await,
        rig.client.get("/readyz").await,
    ];
    std::fs::remove_file(&filler).expect("it is there");
    let again = rig.client.put(&day, &list).await;

    heard.must_be_busy();
    assert!(heard.body.contains("room"), "{heard:?}");
    assert!(kept > 0, "nothing was kept at all");
    reads.iter().for_each(|read| read.must_be_ok());
    again.must_be_ok();
    assert_eq!(rig.served.stop("TERM").await, Some(0));
    must_be_whole(&url).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
}
