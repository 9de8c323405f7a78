//! A wrong setting stops the start, with its name and without its secrets.

use crate::harness::program::{Output, program, run};

async fn started_with(settings: &[(&str, &str)]) -> Output {
    ran_with("serve", settings).await
}

async fn ran_with(name: &str, settings: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let mut command = program([name]);
    command
        .current_dir(&folder)
        .env("PORT", "0")
        .envs(settings.iter().copied());
    run(&mut command).await
}

#[tokio::test]
async fn a_wrong_setting_stops_the_start_with_its_name() {
    let wrong = [
        ("PORT", "abc"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("HOST", "nonsense"),
        ("HOST", "127.0.0.1:80"),
        ("DATABASE_MAX_CONNECTIONS", "0"),
        ("DATABASE_MAX_CONNECTIONS", "many"),
        ("LOG_FORMAT", "xml"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "music.db"),
        ("DATABASE_URL", "mysql://user:secret@host/name"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "sqlite://file.db?mode=memory"),
        ("DATABASE_URL", "postgres://user:secret@host:port/name"),
        ("DATABASE_URL", "sqlite:///no/such/folder/file.db"),
    ];

    for (name, value) in wrong {
        let ended = started_with(&[(name, value)]).await;

        assert!(
            ended.code.is_some_and(|code| code != 0),
            "{name}={value}: {ended:?}"
        );
        assert!(
            ended.stderr.to_uppercase().replace('-', "_").contains(name),
            "{name}={value}: {}",
            ended.stderr
        );
        assert!(
            !ended.stderr.contains("secret"),
            "{name}={value}: {}",
            ended.stderr
        );
        assert!(
            !ended.stderr.contains("panicked"),
            "{name}={value}: {}",
            ended.stderr
        );
    }
}

#[tokio::test]
async fn a_database_that_is_away_stops_a_command_without_its_password() {
    let url = "postgres://user:secret@127.0.0.1:1/name";

    for command in ["migrate", "check", "stress"] {
        let ended = ran_with(command, &[("DATABASE_URL", url)]).await;

        assert_eq!(ended.code, Some(1), "{command}");
        assert!(ended.stderr.contains("DATABASE_URL"), "{}", ended.stderr);
        assert!(
            !ended.stderr.contains("secret") && !ended.stdout.contains("secret"),
            "{}",
            ended.stderr
        );
    }
}

#[tokio::test]
async fn help_does_not_show_the_password_that_is_set() {
    for line in ["--help", "import --help", "nonsense", "--port x"] {
        let mut command = program(line.split(' '));
        let ended = run(command.env("DATABASE_URL", "postgres://user:secret@host/name")).await;

        assert!(
            !ended.stdout.contains("secret") && !ended.stderr.contains("secret"),
            "{line}"
        );
    }
}
