//! Signing in: by the right password alone, slowed by address, and led on to addresses of this program.

use super::{PASSWORD, with_an_owner};
use crate::harness::{Engine, TestApp, must_have};
use futures_util::future::join_all;
use reqwest::Method;
use std::time::{Duration, Instant};

with_an_owner! {
async fn the_right_password_opens_a_session(app: TestApp) {
    let closed = app.get("/search?q=x").await;
    assert_eq!((closed.status, closed.header("location")), (303, "/sign-in?next=%2Fsearch%3Fq%3Dx"));
    let page = app.get("/sign-in?next=%2Fsearch%3Fq%3Dx").await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    must_have(&page.body, &["<h1>Sign in</h1>", r#"name="next" value="/search?q=x""#, "reset-password"]);

    let wrong = app.submit("/sign-in", &[], &[("password", "wrong"), ("next", "/search?q=x")]).await;
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, ""));
    must_have(&wrong.body, &["That is not the password.", r#"aria-invalid="true""#, r#"value="/search?q=x""#]);

    let right = app.submit("/sign-in", &[], &[("password", PASSWORD), ("next", "/search?q=x")]).await;
    assert_eq!((right.status, right.header("location")), (303, "/search?q=x"));
    let set = right.header("set-cookie");
    assert!(set.starts_with("session=") && set.ends_with("; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax"), "{set}");
    let cookie = set.split(';').next().expect("a pair");
    assert_eq!(app.status_with(Method::GET, "/search?q=x", &[("cookie", cookie)]).await, 200);
    assert_eq!(app.status_with(Method::GET, "/api/summary", &[("cookie", cookie)]).await, 200);

    let again = app.request(Method::GET, "/sign-in?next=/gems", &[("cookie", cookie)]).await;
    assert_eq!((again.status, again.header("location")), (303, "/gems"));
}
}

with_an_owner! {
async fn signing_in_again_replaces_the_session_of_the_browser(app: TestApp) {
    let first = app.sign_in(PASSWORD).await;
    let again = app.submit("/sign-in", &[("cookie", &first)], &[("password", PASSWORD)]).await;
    let second = again.header("set-cookie").split(';').next().expect("a pair").to_owned();

    assert_ne!(first, second);
    assert_eq!(app.status_with(Method::GET, "/api/summary", &[("cookie", &first)]).await, 401);
    assert_eq!(app.status_with(Method::GET, "/api/summary", &[("cookie", &second)]).await, 200);
}
}

with_an_owner! {
async fn no_address_of_another_site_is_led_to(app: TestApp) {
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "/%09/evil.example", "/.//evil.example", "/x/..//evil.example", "/%2e//evil.example", "javascript:alert(1)"] {
        let fields = [("password", PASSWORD), ("next", next)];
        let signed_in = app.submit("/sign-in", &[], &fields).await;
        let location = signed_in.header("location");
        let is_own = location.starts_with('/') && !location.starts_with("//") && !location.contains('\\');
        assert!(signed_in.status == 303 && is_own, "{next}: {location}");
    }
}
}

with_an_owner! {
async fn a_thousand_wrong_tries_are_slowed_and_do_not_lock_out_the_owner(app: TestApp) {
    let (mut wrong, mut slowed) = (0, 0);
    for _ in 0..20 {
        let tries = (0..50).map(|_| app.submit("/sign-in", &[], &[("password", "a wrong one")]));
        for tried in join_all(tries).await {
            match tried.status {
                401 => wrong += 1,
                429 => {
                    slowed += 1;
                    let wait: u64 = tried.header("retry-after").parse().expect("seconds");
                    assert!((1..=6).contains(&wait), "{wait}");
                }
                other => panic!("{other}: {}", tried.body),
            }
        }
    }
    assert!(wrong < 30 && wrong + slowed == 1000, "{wrong} {slowed}");

    // Another address is not slowed.
    let start = Instant::now();
    let signed_in = loop {
        let tried = app.submit("/sign-in", &[], &[("password", PASSWORD)]).await;
        if tried.status != 429 {
            break tried;
        }
        let wait: u64 = tried.header("retry-after").parse().expect("seconds");
        must_have(&tried.body, &["The next try counts in", "seconds."]);
        tokio::time::sleep(Duration::from_secs(wait)).await;
    };
    assert_eq!(signed_in.status, 303);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
}

#[tokio::test]
async fn another_address_is_not_slowed() {
    let settings = [
        ("OWNER_PASSWORD", PASSWORD),
        ("TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let app = TestApp::with_settings(Engine::Sqlite, &settings).await;
    let from = |address| [("x-forwarded-for", address)];
    let wrong = [("password", "a wrong one")];
    while app
        .submit("/sign-in", &from("192.0.2.1"), &wrong)
        .await
        .status
        != 429
    {}

    let right = [("password", PASSWORD)];
    let other = app.submit("/sign-in", &from("192.0.2.2"), &right).await;

    assert_eq!(other.status, 303);
    // What the client wrote into the header itself does not count.
    let forged = app
        .submit("/sign-in", &from("198.51.100.1, 192.0.2.1"), &wrong)
        .await;
    assert_eq!(forged.status, 429);
    let cookie = other
        .header("set-cookie")
        .split(';')
        .next()
        .expect("a pair");
    let sessions = app
        .request(Method::GET, "/api/sessions", &[("cookie", cookie)])
        .await
        .json();
    assert_eq!(sessions["items"][0]["address"], "192.0.2.2");
}

#[tokio::test]
async fn over_https_the_cookie_is_for_this_host_alone() {
    let settings = [
        ("OWNER_PASSWORD", PASSWORD),
        ("PUBLIC_URL", "https://music.example.org"),
    ];
    let app = TestApp::with_settings(Engine::Sqlite, &settings).await;
    let host = ("host", "music.example.org");

    let signed_in = app
        .submit("/sign-in", &[host], &[("password", PASSWORD)])
        .await;

    let set = signed_in.header("set-cookie");
    assert!(
        set.starts_with("__Host-session=") && set.ends_with("; Secure"),
        "{set}"
    );
    assert_eq!(
        signed_in.header("strict-transport-security"),
        "max-age=31536000"
    );
    let cookie = set.split(';').next().expect("a pair");
    assert_eq!(
        app.status_with(Method::GET, "/api/summary", &[host, ("cookie", cookie)])
            .await,
        200
    );
    // Without the prefix a neighbour's host could have set it.
    let bare = cookie.trim_start_matches("__Host-");
    assert_eq!(
        app.status_with(Method::GET, "/api/summary", &[host, ("cookie", bare)])
            .await,
        401
    );
}
