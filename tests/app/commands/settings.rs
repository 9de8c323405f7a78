//! Errors in settings name the setting and show no secret.

use crate::harness::program::{Output, program, run};

async fn serve_with(settings: &[(&str, &str)]) -> Output {
    run_with("serve", settings).await
}

async fn run_with(name: &str, settings: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let mut command = program([name]);
    command
        .current_dir(&folder)
        .env("PORT", "0")
        .envs(settings.iter().copied());
    run(&mut command).await
}

#[tokio::test]
async fn an_invalid_setting_is_an_error_that_names_it() {
    let invalid = [
        ("PORT", "abc"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("HOST", "nonsense"),
        ("HOST", "127.0.0.1:80"),
        ("DATABASE_MAX_CONNECTIONS", "0"),
        ("DATABASE_MAX_CONNECTIONS", "many"),
        ("LOG_FORMAT", "xml"),
        ("SPOTIFY_CLIENT_ID", "an id"),
        ("SPOTIFY_API_URL", "http://api.spotify.com"),
        ("SPOTIFY_ACCOUNTS_URL", "accounts.spotify.com"),
        ("CAPTURE_AT", "24:00"),
        ("CAPTURE_DEPTH", "0"),
        ("NOTIFY_URL", "ftp://user:secret@host"),
        ("SECRET_KEY", "secret"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "music.db"),
        ("DATABASE_URL", "mysql://user:secret@host/name"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "sqlite://file.db?mode=memory"),
        ("DATABASE_URL", "postgres://user:secret@host:port/name"),
        ("DATABASE_URL", "sqlite:///no/such/folder/file.db"),
    ];

    for (name, value) in invalid {
        let output = serve_with(&[(name, value)]).await;

        assert!(
            output.code.is_some_and(|code| code != 0),
            "{name}={value}: {output:?}"
        );
        assert!(
            output
                .stderr
                .to_uppercase()
                .replace('-', "_")
                .contains(name),
            "{name}={value}: {}",
            output.stderr
        );
        assert!(
            !output.stderr.contains("secret"),
            "{name}={value}: {}",
            output.stderr
        );
        assert!(
            !output.stderr.contains("panicked"),
            "{name}={value}: {}",
            output.stderr
        );
    }
}

#[tokio::test]
async fn an_unreachable_database_is_an_error_without_its_password() {
    let url = "postgres://user:secret@127.0.0.1:1/name";

    for command in ["migrate", "check", "stress"] {
        let output = run_with(command, &[("DATABASE_URL", url)]).await;

        assert_eq!(output.code, Some(1), "{command}");
        assert!(output.stderr.contains("DATABASE_URL"), "{}", output.stderr);
        assert!(
            !output.stderr.contains("secret") && !output.stdout.contains("secret"),
            "{}",
            output.stderr
        );
    }
}

#[tokio::test]
async fn help_does_not_show_the_password_in_the_environment() {
    for line in ["--help", "import --help", "nonsense", "--port x"] {
        let mut command = program(line.split(' '));
        let output = run(command.env("DATABASE_URL", "postgres://user:secret@host/name")).await;

        assert!(
            !output.stdout.contains("secret") && !output.stderr.contains("secret"),
            "{line}"
        );
    }
}
