//! Files with one JSON value a line. A line that is no JSON is refused, and the next one read.

use super::{Found, Position};
use crate::payload::Refusal;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use std::io::BufRead;

/// Whether the file that starts like this has a whole value on its first line (or, if that one is
/// broken, an object on its second) and more to come.
pub fn one_value_a_line(start: &[u8]) -> bool {
    let mut lines = start.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut filled = lines.by_ref().filter(|line| !line.is_empty());
    let (Some(first), Some(second)) = (filled.next(), filled.next()) else {
        return false;
    };
    is_whole(first) || (first.starts_with(b"{") && second.starts_with(b"{") && is_whole(second))
}

fn is_whole(line: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(line).is_ok()
}

pub fn read(mut reader: impl BufRead, found: &mut Found) -> anyhow::Result<()> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let position = Position::line(number);
        let text = std::str::from_utf8(&line);
        if let Ok(Some(item)) = text.map(|text| found.lone_track(&position, text)) {
            found.track(item)?;
            continue;
        }
        match serde_json::from_slice::<&RawValue>(&line) {
            Ok(text) => found.look_closer(&position, text)?,
            Err(cause) => {
                let refusal = Refusal::new("", format!("not JSON: {cause}"));
                let refused = found.refused(&position, refusal);
                found.track(Err(refused))?;
            }
        }
    }
    Ok(())
}
