//! A group of snapshots as one text. Many lists are read several times faster so than row by row.

use sea_orm::DbBackend;
use sea_orm::sea_query::{Expr, SimpleExpr};

/// The ranks and track ids of a group of snapshots, in no order. An id may contain any character, so its length in
/// characters precedes it, as in `1 2 ab,2 3 c,d`.
pub fn list_text(engine: DbBackend) -> SimpleExpr {
    let aggregate = match engine {
        DbBackend::Postgres => "string_agg",
        _ => "group_concat",
    };
    Expr::cust(format!(
        "{aggregate}(rank || ' ' || length(track_id) || ' ' || track_id, ',')"
    ))
}

/// Reads the text back. It ends at the first place that is not in this form.
pub fn places(mut text: &str) -> impl Iterator<Item = (i32, &str)> {
    std::iter::from_fn(move || {
        let (rank, rest) = text.split_once(' ')?;
        let (length, rest) = rest.split_once(' ')?;
        let end = end_of(rest, length.parse().ok()?);
        let (track_id, rest) = rest.split_at(end);
        text = rest.strip_prefix(',').unwrap_or(rest);
        Some((rank.parse().ok()?, track_id))
    })
}

/// The number of bytes of the first characters.
fn end_of(text: &str, characters: usize) -> usize {
    let mut indices = text.char_indices();
    indices
        .nth(characters)
        .map_or(text.len(), |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_may_contain_any_character() {
        let ids = ["a", "b,c", "1 1 d", "é 🎵", ",", " ", "e"];
        let text: Vec<_> = (1..)
            .zip(ids)
            .map(|(rank, id)| format!("{rank} {} {id}", id.chars().count()))
            .collect();

        let read: Vec<_> = places(&text.join(","))
            .map(|(_, id)| id.to_owned())
            .collect();

        assert_eq!(read, ids);
    }

    #[test]
    fn no_text_is_no_list() {
        assert_eq!(places("").count(), 0);
    }
}
