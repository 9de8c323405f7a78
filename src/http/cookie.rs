//! Cookies. Over https their names begin with `__Host-`: browsers accept such a cookie from this host alone.

use poem::http::{HeaderMap, header};

/// The value of the cookie with this name, without the prefix.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str, is_https: bool) -> Option<&'a str> {
    let full = full_name(name, is_https);
    let values = headers.get_all(header::COOKIE).iter();
    let mut pairs = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(other, value)| (other == full).then_some(value))
}

/// The value of `Set-Cookie`. Zero seconds delete the cookie.
pub fn set_cookie(name: &str, value: &str, max_age_seconds: i64, is_https: bool) -> String {
    let full = full_name(name, is_https);
    let secure = if is_https { "; Secure" } else { "" };
    format!("{full}={value}; Path=/; Max-Age={max_age_seconds}; HttpOnly; SameSite=Lax{secure}")
}

fn full_name(name: &str, is_https: bool) -> String {
    let prefix = if is_https { "__Host-" } else { "" };
    format!("{prefix}{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_of_another_scheme_does_not_count() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            "a=1; session=two".parse().expect("a header"),
        );
        headers.append(
            header::COOKIE,
            "__Host-session=three".parse().expect("a header"),
        );

        assert_eq!(cookie(&headers, "session", false), Some("two"));
        assert_eq!(cookie(&headers, "session", true), Some("three"));
        assert_eq!(cookie(&headers, "other", true), None);
    }

    #[test]
    fn a_cookie_is_for_this_host_alone() {
        let set = set_cookie("session", "secret", 60, true);

        assert_eq!(
            set,
            "__Host-session=secret; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
    }
}
