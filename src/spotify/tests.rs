use super::http::Response;
use super::*;
use reqwest::StatusCode;
use std::net::SocketAddr;

fn response(status: StatusCode, body: &str) -> Response {
    Response {
        status,
        retry_after_seconds: Some(7),
        body: body.into(),
    }
}

#[test]
fn the_redirect_uri_is_one_that_spotify_accepts() {
    let good = [
        (
            None,
            "127.0.0.1:8080",
            "http://127.0.0.1:8080/spotify/callback",
        ),
        (None, "[::1]:8080", "http://[::1]:8080/spotify/callback"),
        (None, "0.0.0.0:80", "http://127.0.0.1/spotify/callback"),
        (None, "[::]:8080", "http://127.0.0.1:8080/spotify/callback"),
        (
            Some("https://music.example.org"),
            "0.0.0.0:80",
            "https://music.example.org/spotify/callback",
        ),
        (
            Some("http://127.0.0.1:9000/"),
            "0.0.0.0:80",
            "http://127.0.0.1:9000/spotify/callback",
        ),
    ];
    let wrong = [
        (None, "192.168.0.5:8080", "set PUBLIC_URL"),
        (
            Some("http://localhost:8080"),
            "127.0.0.1:8080",
            "use http://127.0.0.1",
        ),
        (Some("http://music.lan"), "0.0.0.0:8080", "plain http"),
    ];
    let of = |public_url: Option<&str>, address: &str| {
        let public_url = public_url.map(|url| Url::parse(url).expect("a URL"));
        let address: SocketAddr = address.parse().expect("an address");
        redirect_uri(public_url.as_ref(), address)
    };

    for (public_url, address, expected) in good {
        assert_eq!(
            of(public_url, address).expect("accepted").as_str(),
            expected
        );
    }
    for (public_url, address, reason) in wrong {
        let refused = of(public_url, address).expect_err("refused");
        assert!(refused.contains(reason), "{refused}");
    }
}

#[test]
fn a_bare_text_403_is_explained() {
    let premium = "Active premium subscription required for the owner of the app. When the subscription status \
                   changes, it can take a few hours before requests are allowed again.";
    let registered = "The user is not registered for this application. Please check your settings.";
    let scope = r#"{"error":{"status":403,"message":"Insufficient client scope"}}"#;
    let other = "<html>\n<b>No</b>\u{7}</html>";

    let refusal = |body| Failure::of_api(&response(StatusCode::FORBIDDEN, body));

    assert_eq!(refusal(premium), Failure::Refused(Refusal::Premium));
    assert_eq!(
        refusal(registered),
        Failure::Refused(Refusal::UserNotListed)
    );
    assert_eq!(refusal(scope), Failure::Refused(Refusal::Scope));
    let words = Refusal::Other("<html> <b>No</b> </html>".into());
    assert_eq!(refusal(other), Failure::Refused(words));
}

#[test]
fn an_outage_of_the_token_endpoint_does_not_end_the_consent() {
    let invalid_grant = r#"{"error":"invalid_grant","error_description":"Refresh token revoked"}"#;
    let failure = |status, body| Failure::of_accounts(&response(status, body));

    let ended = failure(StatusCode::BAD_REQUEST, invalid_grant);
    let outage = failure(StatusCode::BAD_GATEWAY, invalid_grant);
    let text = failure(StatusCode::BAD_REQUEST, "<html>");
    let client = failure(StatusCode::BAD_REQUEST, r#"{"error":"invalid_client"}"#);

    assert_eq!(ended, Failure::InvalidGrant);
    assert_eq!(outage, Failure::outage("Spotify answered 502"));
    assert_eq!(text, Failure::outage("Spotify answered 400"));
    assert_eq!(client, Failure::Refused(Refusal::Client));
}

#[test]
fn a_pasted_address_is_read_like_a_redirect() {
    let given = Callback::of_query("code=c%2B1&state=s").expect("an answer");

    let pasted = [
        "http://127.0.0.1:8080/spotify/callback?code=c%2B1&state=s",
        "  https://music.example.org/spotify/callback?state=s&code=c%2B1#_=_ ",
        "code=c%2B1&state=s",
    ];

    let code = Secret::new("c+1");
    assert_eq!(given.consent, Consent::Given { code });
    for text in pasted {
        assert_eq!(Callback::of_pasted(text), Some(given.clone()), "{text}");
    }
    for text in ["", "https://open.spotify.com/", "code=1", "state=1"] {
        assert_eq!(Callback::of_pasted(text), None, "{text}");
    }
}
