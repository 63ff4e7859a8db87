//! A day in simulated time: what happens comes from a queue, the earliest first, and the clock is
//! wherever that is. Disk, code and screen take no time here; calls do.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use patron_display::sale::{Announcement, Command, Effect, Ending, Event, Fact, Job, Round, Timer};

use crate::display::{Display, code};
use crate::figures::Figures;
use crate::oracle::{Lie, Oracle};
use crate::people::{self, Pace, Wish};
use crate::platform::{Answer, Call, Platform, number};

/// No sale has more attempts than this.
const ATTEMPTS: u32 = 3;
/// So long the sales that have begun may take to end, once no further one begins.
const CLOSING: Duration = Duration::from_secs(4 * 3600);

/// Displays on one account, and how busy they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shop {
    pub(crate) displays: usize,
    /// What `counters` says in each configuration.
    pub(crate) counters: u32,
    /// The account's calls a minute.
    pub(crate) limit: u32,
    pub(crate) pace: Pace,
    /// For so long new sales begin.
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

/// A launch of a display's program, and the round of its machine: who waits for something.
#[derive(Debug, Clone, Copy)]
struct Asker {
    display: usize,
    launch: u32,
    round: Round,
}

#[allow(
    clippy::large_enum_variant,
    reason = "there are a few for each display"
)]
enum Happening {
    Launch(usize),
    /// A call is at the platform.
    Arrives(Asker, Duration, Call),
    /// Its answer is back at the display, which sent it then.
    Answered(Asker, Duration, Answer),
    Woke(Asker, Timer),
    /// The cashier presses a key.
    Press(Asker, Command),
    /// A customer's phone pays this request.
    Pays(usize),
}

impl Shop {
    /// Displays that are open for four hours. Those that are `told` have a `counters` for their
    /// account: it is meant for 200 calls a minute, and goes up to 100.
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

    /// Lives through the day and says what was met with.
    ///
    /// # Errors
    /// Something that was told and not so, or a sale that was charged twice.
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
                self.turn(display, Event::Asked(command));
            }
            Happening::Arrives(asker, sent_at, call) => {
                let answer = self.platform.answer(call, self.now);
                let way_back = people::on_the_way(&mut self.displays[asker.display].network);
                self.later(way_back, Happening::Answered(asker, sent_at, answer));
            }
            Happening::Answered(asker, sent_at, answer) => {
                let display = &mut self.displays[asker.display];
                display.note(&answer);
                let fact = answer.fact(display.moment(sent_at), display.moment(self.now));
                self.tell(asker, fact);
            }
            Happening::Woke(asker, timer) => {
                let at = self.displays[asker.display].moment(self.now);
                let fact = Fact::Woke {
                    timer,
                    at,
                    slept: false,
                };
                self.tell(asker, fact);
            }
            Happening::Press(asker, command) => {
                let display = &mut self.displays[asker.display];
                if display.is_at(asker.launch, asker.round) {
                    if command == Command::Cancel {
                        display.cancelled_at = Some(self.now);
                    }
                    self.turn(asker.display, Event::Asked(command));
                }
            }
            Happening::Pays(request) => self.platform.pay(request, self.now),
        }
    }

    /// A fact for whoever has waited for it, if the program still runs.
    fn tell(&mut self, asker: Asker, fact: Fact) {
        if self.displays[asker.display].launch == asker.launch {
            let round = asker.round;
            self.turn(asker.display, Event::Happened { round, fact });
        }
    }

    /// Tells a display's machine, and what that leads to at once.
    fn turn(&mut self, display: usize, event: Event) {
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

    /// What takes no time answers at once.
    fn run(&mut self, number: usize, round: Round, job: Job) -> Option<Event> {
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
            Job::Encode(_) => Fact::Encoded(Ok(code())),
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

    /// The till is told something: the people at the counter go by what is on the screen then.
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
            self.figures
                .code_stood(self.now - display.launched_at, display.create_was_refused);
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

    fn ended(&mut self, number: usize, attempt: u32, request: Option<usize>, outcome: &str) {
        let display = &mut self.displays[number];
        let paid_at = request.and_then(|request| self.platform.requests[request].paid_at);
        match (outcome, paid_at) {
            ("paid", Some(paid_at)) => self.figures.seen.push(self.now - paid_at),
            ("refund-started", _) if matches!(display.wish, Some(Wish::Pays(_))) => {
                self.figures.taken_back += 1;
            }
            _ => {}
        }
        if let Some(pressed_at) = display.cancelled_at.take_if(|_| outcome != "unknown") {
            self.figures.cancelled.push(self.now - pressed_at);
        }
        let reads = people::reading(&mut display.cashier);
        let again = display.cashier.bool();
        match outcome {
            // The confirmation leaves by itself; nobody leaves what is unknown.
            "paid" | "unknown" => {}
            "expired" | "cancelled" if again && attempt < ATTEMPTS => {
                self.press(number, reads, Command::Retry);
            }
            _ => self.press(number, reads, Command::Close),
        }
    }

    /// The cashier will press a key, if the screen is still the same then.
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
