//! What the commands `check` and `capture` say of the connection.

use super::{Connecting, PAGE};
use crate::harness::{Engine, TestApp, on_both_engines};
use music_time_machine::demo::spotify::{Call, Fault, When};

on_both_engines! {
async fn the_commands_name_the_whole_address_of_the_page(app: TestApp) {
    let it = Connecting::start(app).await;
    let of_host = [("PUBLIC_URL", "https://music.example.org")];

    let capture = it.command("capture", &[]).await;
    let check = it.command("check", &of_host).await;

    let here = format!("connect on http://127.0.0.1:8080{PAGE} while the program serves");
    assert!(capture.stderr.contains(&here), "{}", capture.stderr);
    assert_eq!(capture.code, Some(1));
    let there = format!("not connected; connect on https://music.example.org{PAGE} while");
    assert!(check.stdout.contains(&there), "{}", check.stdout);
    assert_eq!(check.code, Some(0));
}
}

on_both_engines! {
async fn a_capture_prints_one_line_a_list(app: TestApp) {
    let it = Connecting::start(app).await;
    it.connect().await;
    it.wait_for_lists().await;

    let capture = it.command("capture", &[]).await;

    assert_eq!(capture.code, Some(0), "{}", capture.stderr);
    assert_eq!(capture.stdout.matches(": unchanged, 50 tracks\n").count(), 3, "{}", capture.stdout);
    assert_eq!(capture.stderr, "");
    assert!(it.server.log().contains("a list came: captured"), "{}", it.server.log());
}
}

on_both_engines! {
async fn check_tells_what_is_wrong_and_exits_with_1_if_it_needs_the_owner(app: TestApp) {
    let it = Connecting::start(app).await;
    it.fake.fail(&Call::LISTS, When::Next(9), Fault::outage());
    it.connect().await;
    it.wait_for_lists().await;
    let other_key = "cd".repeat(32);

    let failed = it.command("check", &[]).await;
    let unreadable = it.command("check", &[("SECRET_KEY", &other_key)]).await;
    let no_redirect_uri = it.command("check", &[("PUBLIC_URL", "http://music.lan")]).await;
    it.app.database.execute("UPDATE connections SET state = 'consent_ended'").await;
    let ended = it.command("check", &[]).await;

    for (output, words, code) in [
        (failed, "WARNING: Today’s capture failed: Spotify answered 503.", 0),
        (unreadable, "WARNING: Spotify’s permission cannot be read", 1),
        (no_redirect_uri, "WARNING: there is no redirect URI: PUBLIC_URL is plain http", 0),
        (ended, "WARNING: Spotify’s permission has ended", 1),
    ] {
        assert!(output.stdout.contains(words), "{}{}", output.stdout, output.stderr);
        assert_eq!(output.code, Some(code), "{words}");
    }
}
}
