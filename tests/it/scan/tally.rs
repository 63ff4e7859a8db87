//! Counts the codes that were read, by panel and decoder.

use std::fmt::{self, Write};
use std::thread;

use super::camera::Frame;
use super::counter::URL;
use super::disturbance::Disturbance;
use super::panel::Panel;
use super::reader::Reader;

/// A panel with a name.
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) panel: Panel,
}

/// How each panel is looked at: the distances, disturbances, repetitions and the frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan<'a> {
    /// The distances of the phone, in centimetres.
    pub(crate) distances: &'a [u32],
    pub(crate) disturbances: &'a [Disturbance],
    pub(crate) turns: u64,
    pub(crate) frame: Frame,
}

/// One look of a phone at a panel.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// The distance of the phone, in centimetres.
    distance: u32,
    disturbance: Disturbance,
    turn: u64,
}

/// A look at one of the panels, and which decoders read the code.
struct Read {
    shown: usize,
    look: Look,
    by: [bool; Reader::ALL.len()],
}

/// The results of all looks at some panels.
pub(crate) struct Tally {
    names: Vec<String>,
    distances: Vec<u32>,
    disturbances: Vec<Disturbance>,
    reads: Vec<Read>,
}

/// The share of looks in which a decoder read the code, for each panel.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) reader: Reader,
    pub(crate) rates: Vec<f64>,
}

impl Row {
    /// Whether each of our panels is read more often than the last one, a web checkout. Equal rates are enough
    /// if the last one is always or never read.
    pub(crate) fn is_ahead(&self) -> bool {
        let Some((last, ours)) = self.rates.split_last() else {
            return false;
        };

        ours.iter()
            .all(|rate| rate > last || (rate == last && (*last == 0.0 || *last == 1.0)))
    }

    /// Whether the last panel is read more often than some other panel, by more than `luck`.
    pub(crate) fn is_behind_by(&self, luck: f64) -> bool {
        let last = self.rates.last().copied().unwrap_or_default();

        self.rates.iter().any(|rate| rate + luck < last)
    }
}

impl Tally {
    /// Looks at every panel as `plan` says.
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

    /// Returns one row for each distance and one for each disturbance, by decoder.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row> {
        let by_distance = self.distances.iter().flat_map(|&distance| {
            self.counted(&format!("{distance} cm"), move |look| {
                look.distance == distance
            })
        });
        let by_disturbance = self.disturbances.iter().flat_map(|&disturbance| {
            self.counted(disturbance.name(), move |look| {
                look.disturbance == disturbance
            })
        });

        by_distance.chain(by_disturbance)
    }

    /// Returns the rates over all looks.
    pub(crate) fn overall(&self) -> Vec<Row> {
        self.counted("all", |_| true)
    }

    /// Returns the mean of both decoders' rates for each panel.
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

    /// Formats all rows as a table.
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
        // Each look has its own seed, which is the same for every panel.
        let seed = (self.turn << 32) | u64::from(self.distance) << 8 | self.disturbance as u64;
        let distance = f64::from(self.distance) * 10.0;
        let seen = self.disturbance.seen(panel, distance, seed, frame);

        Reader::ALL.map(|reader| reader.reads(&seen, URL))
    }
}
