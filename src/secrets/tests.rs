use super::*;

fn with_key(digits: &str) -> Secrets {
    Secrets(KeySource::Setting(
        SecretKey::parse(&digits.repeat(32)).expect("a key"),
    ))
}

#[test]
fn a_secret_opens_with_its_key_and_for_its_purpose_only() {
    let secrets = with_key("a1");
    let secret = Secret::new("a refresh token");

    let sealed = secrets
        .seal(Purpose::RefreshToken, &secret)
        .expect("there is a key");
    let again = secrets
        .seal(Purpose::RefreshToken, &secret)
        .expect("there is a key");

    assert_ne!(sealed, again);
    assert_eq!(secrets.open(Purpose::RefreshToken, &sealed), Ok(secret));
    let lost = Err(SecretError::Unreadable);
    assert_eq!(secrets.open(Purpose::AccessToken, &sealed), lost);
    assert_eq!(with_key("a2").open(Purpose::RefreshToken, &sealed), lost);
}

#[test]
fn a_damaged_text_is_an_error() {
    let secrets = with_key("a1");
    let sealed = secrets
        .seal(Purpose::Verifier, &Secret::new("verifier"))
        .expect("there is a key")
        .into_text();

    let damaged = [
        String::new(),
        "clear text".into(),
        "1:".into(),
        "1:AAAA".into(),
        sealed[..sealed.len() - 2].into(),
        sealed.replacen("1:", "2:", 1),
    ];

    for text in damaged {
        let opened = secrets.open(Purpose::Verifier, &Sealed::stored(text.clone()));
        assert_eq!(opened, Err(SecretError::Unreadable), "{text}");
    }
}

#[test]
fn the_key_file_is_created_once_for_its_owner_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = DatabaseUrl::sqlite(&folder.path().join("library.db"));
    let secrets = Secrets::new(None, &database);
    let file = folder.path().join("library.db.key");
    let secret = Secret::new("token");

    let sealed = secrets
        .seal(Purpose::AccessToken, &secret)
        .expect("a key is created");
    secrets
        .seal(Purpose::AccessToken, &secret)
        .expect("the key is there");

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = file.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let after_restart = Secrets::new(None, &database);
    assert_eq!(
        after_restart.open(Purpose::AccessToken, &sealed),
        Ok(secret)
    );
    std::fs::remove_file(file).expect("the file is there");
    let lost = after_restart.open(Purpose::AccessToken, &sealed);
    assert_eq!(lost, Err(SecretError::Unreadable));
}

#[test]
fn without_a_file_a_key_must_be_set() {
    let secrets = Secrets(KeySource::None);

    let sealed = secrets.seal(Purpose::AccessToken, &Secret::new("token"));

    assert_eq!(sealed, Err(SecretError::NoKey));
}
