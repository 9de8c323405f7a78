//! Files with one JSON value per line. A line that is not JSON is refused, and the next one is read.

use super::{FileReader, Position};
use crate::payload::Refusal;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use std::io::BufRead;

/// Whether the first line of the file is a whole value, and more lines follow. If the first line is
/// a broken object, the second one decides.
pub fn one_value_per_line(start: &[u8]) -> bool {
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

pub fn read(mut bytes: impl BufRead, reader: &mut FileReader) -> anyhow::Result<()> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if bytes.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let position = Position::line(number);
        let text = std::str::from_utf8(&line);
        if let Ok(Some(item)) = text.map(|text| reader.single_track(&position, text)) {
            reader.push(item)?;
            continue;
        }
        match serde_json::from_slice::<&RawValue>(&line) {
            Ok(text) => reader.any_shape(&position, text)?,
            Err(cause) => {
                let refusal = Refusal::new("", format!("not JSON: {cause}"));
                reader.push(Err(reader.refused(&position, refusal)))?;
            }
        }
    }
    Ok(())
}
