//! The three pages of gems: covers as tiles, each with a line on why it is there.

mod parts;
mod tiles;

use super::query::{
    ForgottenGems, LatestTracks, Scope, current_rotation, forgotten_gems, recent_discoveries,
};
use crate::clock::Clock;
use crate::db::Database;
use crate::features::snapshots::page::range_or_default;
use crate::features::snapshots::query::{as_of, first_day};
use crate::html::layout::{Layout, NavigationEntry, Page};
use crate::payload;
use chrono::NaiveDate;
use entity::snapshot::TimeRange;
use maud::{Markup, html};
use poem::handler;
use poem::web::{Data, Query};
use sea_orm::ConnectionTrait;
use serde::Deserialize;

pub const NAVIGATION: NavigationEntry = NavigationEntry {
    path: "/gems",
    name: "Gems",
};

pub const DISCOVERIES: &str = "/gems/discoveries";
pub const ROTATION: &str = "/gems/rotation";

/// Values that are not valid are ignored.
pub const PARAMETERS: &[&str] = &["time_range", "as_of"];

/// The most tiles on a page.
const TILES: u64 = 50;

#[derive(Deserialize)]
struct Parameters {
    time_range: Option<String>,
    as_of: Option<String>,
}

/// Which of the pages.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gems,
    Discoveries,
    Rotation,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Gems, Self::Discoveries, Self::Rotation];

    fn name(self) -> &'static str {
        match self {
            Self::Gems => "Forgotten gems",
            Self::Discoveries => "Recent discoveries",
            Self::Rotation => "Current rotation",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Gems => NAVIGATION.path,
            Self::Discoveries => DISCOVERIES,
            Self::Rotation => ROTATION,
        }
    }

    /// The same as JSON.
    fn operation(self) -> &'static str {
        match self {
            Self::Gems => "/api/forgotten-gems",
            Self::Discoveries => "/api/recent-discoveries",
            Self::Rotation => "/api/current-rotation",
        }
    }
}

/// The answers of all three questions, because the tabs count them.
struct View {
    time_range: TimeRange,
    /// The day that the reader asked for.
    asked: Option<NaiveDate>,
    /// The first day of the range, and the latest of any range.
    span: (Option<NaiveDate>, Option<NaiveDate>),
    gems: ForgottenGems,
    discoveries: LatestTracks,
    rotation: LatestTracks,
}

#[handler]
pub async fn gems(
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    parameters: Query<Parameters>,
) -> poem::Result<Markup> {
    let db = database.read_transaction().await?;
    let view = view(&db, clock.today(), &parameters).await?;
    Ok(page(&layout, Kind::Gems, &view))
}

#[handler]
pub async fn discoveries(
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    parameters: Query<Parameters>,
) -> poem::Result<Markup> {
    let db = database.read_transaction().await?;
    let view = view(&db, clock.today(), &parameters).await?;
    Ok(page(&layout, Kind::Discoveries, &view))
}

#[handler]
pub async fn rotation(
    database: Data<&Database>,
    clock: Data<&Clock>,
    layout: Data<&Layout>,
    parameters: Query<Parameters>,
) -> poem::Result<Markup> {
    let db = database.read_transaction().await?;
    let view = view(&db, clock.today(), &parameters).await?;
    Ok(page(&layout, Kind::Rotation, &view))
}

async fn view(
    db: &impl ConnectionTrait,
    today: NaiveDate,
    parameters: &Parameters,
) -> poem::Result<View> {
    let time_range = range_or_default(parameters.time_range.as_deref());
    let asked = parameters.as_of.as_deref();
    let asked = asked.and_then(|day| payload::day(day).ok());
    let latest = as_of(db, today).await?;
    let scope = Scope {
        time_range,
        as_of: asked.or(latest),
        limit: TILES,
    };
    Ok(View {
        time_range,
        asked,
        span: (first_day(db, time_range).await?, latest),
        gems: forgotten_gems(db, scope).await?,
        discoveries: recent_discoveries(db, scope).await?,
        rotation: current_rotation(db, scope).await?,
    })
}

fn page(layout: &Layout, kind: Kind, view: &View) -> Markup {
    let page = Page {
        title: kind.name(),
        description: match kind {
            Kind::Gems => "Tracks that were on your top lists and are on none since",
            Kind::Discoveries => "The tracks of your latest top list that are new",
            Kind::Rotation => "Your latest top list",
        },
        room: NAVIGATION.path,
        ..Page::default()
    };
    layout.page(
        page,
        html! {
            div.frame {
                (parts::page_head(kind, view))
                (parts::controls(kind, view))
                (parts::ranges(kind, view))
                (parts::past(kind, view))
                @match kind {
                    Kind::Gems => (tiles::gems(view)),
                    Kind::Discoveries => (tiles::discoveries(&view.discoveries)),
                    Kind::Rotation => (tiles::rotation(view)),
                }
                (parts::take_away(kind, view))
            }
        },
    )
}
