//! What each word on the page means.

use maud::{Markup, html};

pub fn definitions() -> Markup {
    html! {
        details.numbers.how {
            summary { "How this is counted" }
            dl.definitions {
                @for (word, meaning) in DEFINITIONS { div { dt { (word) } dd { (meaning) } } }
            }
        }
    }
}

const DEFINITIONS: [(&str, &str); 12] = [
    (
        "List",
        "What is kept for a day and a range, in order of rank, equal ranks by id.",
    ),
    (
        "The list before",
        "The latest earlier list of the same range that was kept, also outside the period. After days without a list the next one is compared across the gap.",
    ),
    (
        "Period",
        "6, 12 and 24 months are 180, 365 and 730 days up to the last day. The period chooses which lists and months are shown, never what they are compared with.",
    ),
    (
        "Turnover",
        "The tracks of a list that were not on the list before, out of its tracks. Usual is the median. The first list has none.",
    ),
    (
        "Above the ties",
        "Spotify breaks ties by id. Where six or more ids at the end of a list ascend, the order there says nothing. Above the ties are the tracks before that end.",
    ),
    (
        "First seen",
        "On the first day of any of the three lists since the first snapshot, also outside this period. Growth is the same by month.",
    ),
    (
        "Drift",
        "Extrapolated rank-biased overlap (Webber, Moffat and Zobel 2010, equation 32) with p = 0.98; beside it Kendall’s distance for top lists (Fagin, Kumar and Sivakumar 2003, p = ½), divided by that of two lists without a common track. Both are between a list and the list before, and only the order counts.",
    ),
    (
        "The first ten",
        "The first ten places of one list a week, the last one kept from Monday to Sunday.",
    ),
    (
        "Artists",
        "Different names on the lists of a month. Two artists of one name count as one.",
    ),
    (
        "Who stayed",
        "The ten artists, by name, on the lists of most days in the period.",
    ),
    (
        "Stay",
        "Lists in a row with the track on them, from the first day to the last, both counted; days without a list in between count too. All stays since the first list count, not only those in the period.",
    ),
    (
        "Half-life",
        "The first length at which the Kaplan–Meier estimate over all stays is at most one half. Stays that reach the latest list have not ended, and are censored.",
    ),
];
