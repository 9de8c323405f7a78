//! Tables of figures in Markdown.

use std::fmt;
use std::time::Duration;

#[derive(Default)]
pub struct Tables(Vec<Table>);

struct Table {
    title: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

impl Tables {
    /// Adds a row to the table with this title.
    pub fn row(
        &mut self,
        title: &'static str,
        columns: &'static [&'static str],
        row: impl IntoIterator<Item = String>,
    ) {
        let row: Vec<String> = row.into_iter().collect();
        eprintln!("  {}", row.join(" | "));
        let known = self.0.iter().position(|table| table.title == title);
        let index = known.unwrap_or(self.0.len());
        if known.is_none() {
            let rows = Vec::new();
            self.0.push(Table {
                title,
                columns,
                rows,
            });
        }
        self.0[index].rows.push(row);
    }
}

impl fmt::Display for Tables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for table in &self.0 {
            writeln!(formatter, "**{}**\n", table.title)?;
            writeln!(formatter, "| {} |", table.columns.join(" | "))?;
            writeln!(formatter, "|{}", "---|".repeat(table.columns.len()))?;
            for row in &table.rows {
                writeln!(formatter, "| {} |", row.join(" | "))?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}

pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100]
}

pub fn ms(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}
