//! What was read, counted by what the panel showed and by who read it.

use std::fmt::{self, Write};
use std::thread;

use super::camera::Frame;
use super::counter::URL;
use super::disturbance::Disturbance;
use super::panel::Panel;
use super::reader::Reader;

/// What a panel shows, by name.
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) panel: Panel,
}

/// From where, with what in the way, how often and by how much of a frame it is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan<'a> {
    /// In centimetres.
    pub(crate) distances: &'a [u32],
    pub(crate) disturbances: &'a [Disturbance],
    pub(crate) turns: u64,
    pub(crate) frame: Frame,
}

/// One look of a phone.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// In centimetres.
    distance: u32,
    disturbance: Disturbance,
    turn: u64,
}

/// A look at one of the panels, and who could read it.
struct Read {
    shown: usize,
    look: Look,
    by: [bool; Reader::ALL.len()],
}

/// All looks at some panels.
pub(crate) struct Tally {
    names: Vec<String>,
    distances: Vec<u32>,
    disturbances: Vec<Disturbance>,
    reads: Vec<Read>,
}

/// The share that was read of what each panel showed.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) reader: Reader,
    pub(crate) rates: Vec<f64>,
}

impl Row {
    /// Whether all panels but the last are read more often than the last; nothing can be when that is
    /// always read, or when none ever is.
    pub(crate) fn is_ahead(&self) -> bool {
        let Some((last, ours)) = self.rates.split_last() else {
            return false;
        };

        ours.iter()
            .all(|rate| rate > last || (rate == last && (*last == 0.0 || *last == 1.0)))
    }

    /// Whether any panel is read less often than the last by more than `luck`.
    pub(crate) fn is_behind_by(&self, luck: f64) -> bool {
        let last = self.rates.last().copied().unwrap_or_default();

        self.rates.iter().any(|rate| rate + luck < last)
    }
}

impl Tally {
    /// Looks at every panel as planned.
    pub(crate) fn of(shown: &[Shown], plan: Plan<'_>) -> Self {
        let all: Vec<_> = plan
            .looks()
            .into_iter()
            .flat_map(|look| (0..shown.len()).map(move |shown| (shown, look)))
            .collect();
        let hands = thread::available_parallelism().map_or(1, usize::from);
        let reads = thread::scope(|scope| {
            let workers: Vec<_> = (0..hands)
                .map(|hand| {
                    let mine = all.iter().skip(hand).step_by(hands);

                    scope.spawn(move || {
                        mine.map(|&(index, look)| Read {
                            shown: index,
                            look,
                            by: look.reads(&shown[index].panel, plan.frame),
                        })
                        .collect::<Vec<_>>()
                    })
                })
                .collect();

            workers
                .into_iter()
                .flat_map(|worker| worker.join().unwrap())
                .collect()
        });

        Self {
            names: shown.iter().map(|shown| shown.name.clone()).collect(),
            distances: plan.distances.to_vec(),
            disturbances: plan.disturbances.to_vec(),
            reads,
        }
    }

    /// The rates by distance, and by disturbance.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row> {
        self.by_distance().into_iter().chain(self.by_disturbance())
    }

    /// The rates by distance, over all disturbances.
    fn by_distance(&self) -> Vec<Row> {
        let distances = self.distances.iter();

        distances
            .flat_map(|&distance| {
                self.counted(&format!("{distance} cm"), move |look| {
                    look.distance == distance
                })
            })
            .collect()
    }

    /// The rates by disturbance, over all distances.
    fn by_disturbance(&self) -> Vec<Row> {
        let disturbances = self.disturbances.iter();

        disturbances
            .flat_map(|&disturbance| {
                self.counted(disturbance.name(), move |look| {
                    look.disturbance == disturbance
                })
            })
            .collect()
    }

    /// The rates over everything.
    pub(crate) fn overall(&self) -> Vec<Row> {
        self.counted("all", |_| true)
    }

    /// The rate over everything and both readers, for each panel.
    pub(crate) fn means(&self) -> Vec<f64> {
        let rows = self.overall();

        (0..self.names.len())
            .map(|shown| rows.iter().map(|row| row.rates[shown]).sum::<f64>() / rows.len() as f64)
            .collect()
    }

    fn counted(&self, name: &str, counts: impl Fn(&Look) -> bool) -> Vec<Row> {
        Reader::ALL
            .into_iter()
            .enumerate()
            .map(|(by, reader)| Row {
                name: name.to_owned(),
                reader,
                rates: (0..self.names.len())
                    .map(|shown| {
                        let of: Vec<_> = self
                            .reads
                            .iter()
                            .filter(|read| read.shown == shown && counts(&read.look))
                            .collect();

                        of.iter().filter(|read| read.by[by]).count() as f64 / of.len() as f64
                    })
                    .collect(),
            })
            .collect()
    }

    /// All rows as a table.
    pub(crate) fn table(&self) -> Result<String, fmt::Error> {
        let mut text = format!("| | | {} |\n|---|---|", self.names.join(" | "));
        text.push_str(&"---|".repeat(self.names.len()));
        for row in self.overall().into_iter().chain(self.rows()) {
            write!(text, "\n| {} | {} |", row.name, row.reader.name())?;
            for rate in row.rates {
                write!(text, " {rate:.2} |")?;
            }
        }

        Ok(text)
    }
}

impl Plan<'_> {
    fn looks(self) -> Vec<Look> {
        let mut looks = Vec::new();
        for &distance in self.distances {
            for &disturbance in self.disturbances {
                looks.extend((0..self.turns).map(|turn| Look {
                    distance,
                    disturbance,
                    turn,
                }));
            }
        }

        looks
    }
}

impl Look {
    fn reads(self, panel: &Panel, frame: Frame) -> [bool; Reader::ALL.len()] {
        // No two looks are by the same hand, and each is by the same hand at every panel.
        let seed = (self.turn << 32) | u64::from(self.distance) << 8 | self.disturbance as u64;
        let distance = f64::from(self.distance) * 10.0;
        let seen = self.disturbance.seen(panel, distance, seed, frame);

        Reader::ALL.map(|reader| reader.reads(&seen, URL))
    }
}
