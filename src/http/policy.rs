//! The content security policy of the pages.

use poem::http::HeaderValue;
use url::Url;

/// Covers come from the provider's image host. Nothing else comes from another host.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: https://i.scdn.co; connect-src 'self'; font-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of a page with a form that leads to other origins: browsers apply it to the redirects of a form, too.
pub fn policy_with_forms_to<'a>(urls: impl IntoIterator<Item = &'a Url>) -> HeaderValue {
    let mut forms = String::from("form-action 'self'");
    for url in urls {
        forms.push(' ');
        forms += &url.origin().ascii_serialization();
    }
    let policy = POLICY.replace("form-action 'self'", &forms);
    HeaderValue::try_from(policy).expect("an origin is ASCII")
}
