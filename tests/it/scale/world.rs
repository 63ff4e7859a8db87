//! A simulated day. A queue holds the coming events, and the clock jumps from one event to the next. Calls
//! take time; the disk, the code and the screen take none.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use patron_display::domain::outcome::Outcome;
use patron_display::sale::{
    Announcement, Command, Effect, Ending, Event, Fact, Generation, Job, Timer, Wakeup,
};

use crate::model::till;
use crate::scale::display::Display;
use crate::scale::figures::Figures;
use crate::scale::oracle::{Lie, Oracle};
use crate::scale::people::{self, Pace, Wish};
use crate::scale::platform::{Answer, Call, Platform, number};

/// The largest number of attempts of a sale.
const ATTEMPTS: u32 = 3;
/// How long after closing time the started sales may take to end.
const CLOSING: Duration = Duration::from_secs(4 * 3600);

/// A merchant's displays on one account, with their settings and how busy they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shop {
    pub(crate) displays: usize,
    /// The value of `counters` in every display's configuration.
    pub(crate) counters: u32,
    /// The account's limit of calls per minute.
    pub(crate) limit: u32,
    pub(crate) pace: Pace,
    /// The time in which new sales may start.
    pub(crate) open_for: Duration,
    pub(crate) seed: u64,
}

struct World {
    shop: Shop,
    now: Duration,
    queue: BTreeMap<(Duration, u64), Happening>,
    queued: u64,
    platform: Platform,
    displays: Vec<Display>,
    figures: Figures,
    oracle: Oracle,
}

/// A display that waits for a result, with the launch and generation that asked for it.
#[derive(Debug, Clone, Copy)]
struct Asker {
    display: usize,
    launch: u32,
    round: Generation,
}

#[allow(
    clippy::large_enum_variant,
    reason = "there are a few for each display"
)]
enum Happening {
    Launch(usize),
    /// A call reaches the platform. The time is when it was sent.
    Arrives(Asker, Duration, Call),
    /// The answer to a call reaches the display. The time is when the call was sent.
    Answered(Asker, Duration, Answer),
    Woke(Asker, Timer),
    /// The cashier presses a key.
    Press(Asker, Command),
    /// A customer's phone pays this request.
    Pays(usize),
}

impl Shop {
    /// Creates a shop that is open for four hours. If `told`, every configuration has the right value of
    /// `counters`, which assumes 200 calls per minute and is at most 100.
    pub(crate) fn half_a_day(displays: usize, limit: u32, pace: Pace, told: bool) -> Self {
        let share = (displays * 200).div_ceil(limit as usize);

        Self {
            displays,
            counters: if told { share.min(100) as u32 } else { 1 },
            limit,
            pace,
            open_for: Duration::from_secs(4 * 3600),
            seed: 1,
        }
    }

    /// Simulates the day.
    ///
    /// # Errors
    /// The first broken promise.
    pub(crate) fn day(self) -> Result<Figures, Lie> {
        let mut world = World::of(self);
        while let Some(((at, _), happening)) = world.queue.pop_first() {
            if at > self.open_for + CLOSING {
                break;
            }
            if at < self.open_for {
                world.figures.refused = world.platform.refused();
            }
            world.now = at;
            world.happen(happening);
        }
        world.oracle.look_back(&world.platform, &world.displays)?;
        let unfinished = world.displays.iter().filter(|display| display.is_selling());
        world.figures.unfinished = unfinished.count();

        Ok(world.figures)
    }
}

impl World {
    fn of(shop: Shop) -> Self {
        let displays = 0..shop.displays;
        let mut world = Self {
            shop,
            now: Duration::ZERO,
            queue: BTreeMap::new(),
            queued: 0,
            platform: Platform::new(shop.limit),
            displays: displays
                .clone()
                .map(|number| Display::new(number, shop.counters, shop.seed))
                .collect(),
            figures: Figures::default(),
            oracle: Oracle::default(),
        };
        for display in displays {
            let pause = shop.pace.first_sale(&mut world.displays[display].cashier);
            world.later(pause, Happening::Launch(display));
        }

        world
    }

    fn later(&mut self, pause: Duration, happening: Happening) {
        self.queued += 1;
        self.queue
            .insert((self.now + pause, self.queued), happening);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Launch(display) => {
                let command = self.displays[display].launch(self.now);
                self.handle(display, Event::Asked(command));
            }
            Happening::Arrives(asker, sent_at, call) => {
                let answer = self.platform.answer(call, self.now);
                let way_back = people::on_the_way(&mut self.displays[asker.display].network);
                self.later(way_back, Happening::Answered(asker, sent_at, answer));
            }
            Happening::Answered(asker, sent_at, answer) => {
                let display = &mut self.displays[asker.display];
                display.note_answer(&answer);
                let fact = answer.fact(display.moment(sent_at), display.moment(self.now));
                self.tell(asker, fact);
            }
            Happening::Woke(asker, timer) => {
                let at = self.displays[asker.display].moment(self.now);
                let fact = Fact::Woke(timer, Wakeup { at, slept: false });
                self.tell(asker, fact);
            }
            Happening::Press(asker, command) => {
                let display = &mut self.displays[asker.display];
                if display.is_at(asker.launch, asker.round) {
                    if command == Command::Cancel {
                        display.cancelled_at = Some(self.now);
                    }
                    self.handle(asker.display, Event::Asked(command));
                }
            }
            Happening::Pays(request) => self.platform.pay(request, self.now),
        }
    }

    /// Passes a fact to the display that asked for it, if the same launch still runs.
    fn tell(&mut self, asker: Asker, fact: Fact) {
        if self.displays[asker.display].launch == asker.launch {
            let round = asker.round;
            self.handle(asker.display, Event::Happened { round, fact });
        }
    }

    /// Passes an event to a display's state machine, and then the facts that follow without delay.
    fn handle(&mut self, display: usize, event: Event) {
        let mut told = VecDeque::from([event]);
        while let Some(event) = told.pop_front() {
            let Some(sale) = &mut self.displays[display].sale else {
                return;
            };
            for effect in sale.handle(event) {
                match effect {
                    Effect::Run { round, job } => told.extend(self.run(display, round, job)),
                    Effect::Announce(announcement) => self.hear(display, announcement),
                    Effect::Exit(_) => self.leave(display),
                }
            }
            told.extend(self.displays[display].frame());
        }
    }

    /// Starts a job. Returns its result at once if the job takes no time.
    fn run(&mut self, number: usize, round: Generation, job: Job) -> Option<Event> {
        let display = &mut self.displays[number];
        let asker = Asker {
            display: number,
            launch: display.launch,
            round,
        };
        let fact = match job {
            Job::Recall { .. } => Fact::Recalled(Ok(display.journal.recall(self.now))),
            Job::Record { key, record } => {
                let mark = record.mark();
                display.journal.write(key, record, self.now);

                Fact::Recorded(mark)
            }
            Job::Encode(_) => Fact::Encoded(Ok(till::code())),
            Job::Wake { timer, delay } => {
                let pause = display.wait(delay, self.now);
                self.later(pause, Happening::Woke(asker, timer));

                return None;
            }
            call => {
                let way = people::on_the_way(&mut display.network);
                let call = Call::of(call).unwrap();
                self.later(way, Happening::Arrives(asker, self.now, call));

                return None;
            }
        };

        Some(Event::Happened { round, fact })
    }

    /// Checks an announcement. The people at the counter then react to the screen.
    fn hear(&mut self, display: usize, announcement: Announcement) {
        self.oracle
            .hear(&announcement, &mut self.platform, self.now);
        match announcement {
            Announcement::Shown { attempt, id } => self.shown(display, attempt, number(&id)),
            Announcement::Ended {
                attempt,
                id,
                outcome,
                ..
            } => self.ended(display, attempt, id.as_deref().map(number), outcome),
            Announcement::Earlier { .. } => panic!("every cashier waits for the end"),
            _ => {}
        }
    }

    fn shown(&mut self, number: usize, attempt: u32, request: usize) {
        let display = &mut self.displays[number];
        if attempt == 1 {
            self.figures.codes.push(self.now - display.launched_at);
            self.figures.creates_refused += u64::from(display.create_was_refused);
        }
        let wish = Wish::of(&mut display.patron);
        display.wish = Some(wish);
        display.cancelled_at = None;
        let (pays, cancels) = match wish {
            Wish::Pays(after) => (Some(after), None),
            Wish::Cancelled { cancels, pays } => (pays, Some(cancels)),
            Wish::WalksOff => (None, None),
        };
        if let Some(after) = pays {
            self.later(after, Happening::Pays(request));
        }
        if let Some(after) = cancels {
            self.press(number, after, Command::Cancel);
        }
    }

    fn ended(&mut self, number: usize, attempt: u32, request: Option<usize>, outcome: Outcome) {
        let display = &mut self.displays[number];
        let paid_at = request.and_then(|request| self.platform.requests[request].paid_at);
        match (outcome, paid_at) {
            (Outcome::Paid, Some(paid_at)) => self.figures.seen.push(self.now - paid_at),
            (Outcome::RefundStarted, _) if matches!(display.wish, Some(Wish::Pays(_))) => {
                self.figures.taken_back += 1;
            }
            _ => {}
        }
        if let Some(pressed_at) = display
            .cancelled_at
            .take_if(|_| outcome != Outcome::Unknown)
        {
            self.figures.cancelled.push(self.now - pressed_at);
        }
        let reads = people::reading(&mut display.cashier);
        let again = display.cashier.bool();
        match outcome {
            // The PAID screen closes by itself. An unknown outcome stays on the screen.
            Outcome::Paid | Outcome::Unknown => {}
            Outcome::Expired | Outcome::Cancelled if again && attempt < ATTEMPTS => {
                self.press(number, reads, Command::Retry);
            }
            _ => self.press(number, reads, Command::Close),
        }
    }

    /// Plans a key press. The cashier presses the key only if the screen is still the same then.
    fn press(&mut self, number: usize, after: Duration, command: Command) {
        let display = &self.displays[number];
        let asker = Asker {
            display: number,
            launch: display.launch,
            round: display.round(),
        };
        self.later(after, Happening::Press(asker, command));
    }

    fn leave(&mut self, number: usize) {
        let display = &mut self.displays[number];
        let ending = display.leave();
        if self.now < self.shop.open_for {
            self.figures.paid += u64::from(matches!(ending, Some(Ending::Paid { .. })));
        }
        let pause = self.shop.pace.next_sale(&mut display.cashier);
        if self.now + pause < self.shop.open_for {
            self.later(pause, Happening::Launch(number));
        }
    }
}
