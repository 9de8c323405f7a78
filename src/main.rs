//! Command line → one command.

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use music_time_machine::archive::{self, ExportArgs};
use music_time_machine::capture;
use music_time_machine::check_connection;
use music_time_machine::clock::Clock;
use music_time_machine::config::{Config, LogFormat};
use music_time_machine::db::Database;
use music_time_machine::import::{self, ImportArgs};
use music_time_machine::owner;
use music_time_machine::owner::command::TokenArgs;
use music_time_machine::stress::{self, StressArgs};
use music_time_machine::web;
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// Faster than the system's allocator, and it returns memory sooner.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Keeps your ranked music lists as dated snapshots, and answers questions about them.
///
/// Without a command it serves the library on http://127.0.0.1:8080, from an SQLite file that is
/// made on the first start. To look around first, run the demo command; to bring in files that you
/// already have, run import.
#[derive(Parser)]
#[command(version = concat!(env!("CARGO_PKG_VERSION"), " (", env!("COMMIT"), ")"))]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: Config,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the schema up to date, then serve the library (the default command)
    Serve,
    /// Serve a made-up library of three years from a throw-away database
    Demo,
    /// Bring the database's schema up to date; safe from several processes at once
    Migrate,
    /// Load files: the provider's top lists, and track objects in any nesting
    #[command(after_long_help = import::HELP)]
    Import(ImportArgs),
    /// Write everything to a file that import reads back to the same state
    #[command(after_long_help = archive::HELP)]
    Export(ExportArgs),
    /// Take today's lists from Spotify now
    Capture,
    /// Make overlapping writes to a scratch track, verify them and remove it again
    #[command(after_long_help = stress::HELP)]
    Stress(StressArgs),
    /// Make, list and revoke API tokens
    Token(TokenArgs),
    /// Set the owner's password, read from the terminal or from standard input, and end all sessions
    ResetPassword,
    /// Print the OpenAPI document (YAML)
    Openapi,
    /// Look at configuration, database, schema and the connection to Spotify, and say what to do when one is not right
    Check,
}

impl Command {
    fn changes_something(&self) -> bool {
        match self {
            Self::Serve | Self::Demo | Self::Export(_) | Self::Openapi | Self::Check => false,
            Self::Migrate
            | Self::Import(_)
            | Self::Capture
            | Self::Stress(_)
            | Self::Token(_)
            | Self::ResetPassword => true,
        }
    }
}

fn main() -> ExitCode {
    let matches = CommandLine::command().get_matches();
    let line = CommandLine::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let config = match line.config.with_sources(&matches) {
        Ok(config) => config,
        Err(error) => return failed(&error),
    };
    log(config.log_format);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(cause) => return failed(&anyhow::anyhow!(cause).context("cannot start")),
    };
    let outcome = runtime.block_on(run(line.command.unwrap_or(Command::Serve), config));
    // Do not wait for threads that are blocked in a DNS lookup.
    runtime.shutdown_background();
    match outcome {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

async fn run(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    let clock = Clock::system(config.time_zone);
    if config.access.read_only && command.changes_something() {
        anyhow::bail!("READ_ONLY is set, and this command changes something: unset it to run it");
    }
    match command {
        Command::Serve => web::serve(&config, clock).await?,
        Command::Demo => web::serve_demo(&config, clock).await?,
        Command::Migrate => {
            let database = Database::ready(&config).await?;
            database.close().await?;
            println!("The schema of {} is up to date.", config.database()?);
        }
        Command::Import(args) => {
            if !import::run(&config, &clock, args).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Export(args) => archive::run(&config, &clock, args).await?,
        Command::Capture => {
            if !capture::run(&config, &clock).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Stress(args) => stress::run(&config, &clock, args).await?,
        Command::Token(args) => owner::command::token(&config, &clock, args).await?,
        Command::ResetPassword => owner::command::reset_password(&config, &clock).await?,
        Command::Openapi => print!("{}", web::openapi::yaml()?),
        Command::Check => {
            if !check(&config, &clock).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns whether the connection needs nothing of the owner.
async fn check(config: &Config, clock: &Clock) -> anyhow::Result<bool> {
    let url = config.database()?;
    let database = Database::open_existing(config).await?;
    let schema = database.schema().await?;
    let (address, _) = config.addresses();
    println!("configuration: fine, listens on {address}");
    println!("database: {url} answers");
    match schema.problem() {
        None => println!("schema: up to date"),
        Some(problem) => anyhow::bail!("schema: {problem}"),
    }
    println!("access: {}", owner::report(config, &database).await?);
    let connection = check_connection(config, &database, clock).await?;
    for line in &connection.lines {
        println!("spotify: {line}");
    }
    database.close().await?;
    Ok(!connection.needs_owner)
}

/// Logs to standard error, so that the output of a command can be piped.
fn log(format: LogFormat) {
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    // Of the libraries, only warnings and errors.
    let levels = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("music_time_machine", LevelFilter::INFO);
    tracing_subscriber::registry()
        .with(lines)
        .with(levels)
        .init();
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}
