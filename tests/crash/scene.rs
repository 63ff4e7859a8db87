//! One place in the matrix: a story, the point where the program is killed, and what is started
//! next.

use crate::counter::{AMOUNT, Counter};
use crate::gate::{Call, Fate, Rule};
use crate::launch::Launch;
use crate::matrix;
use crate::oracle;
use crate::screen::Key;
use crate::shim::Fault;

/// What happens until the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Story {
    /// Nobody does anything.
    Waits,
    /// The customer pays as soon as the code stands.
    Pays,
    /// The cashier cancels as soon as the code stands.
    Cancels,
    /// The customer pays, and the cashier cancels before the display has heard of it.
    PaysAndCancels,
}

/// Where the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    /// At a commit of the journal.
    Disk(Fault),
    /// While a call is on its way. It never gets to the platform.
    Asked(Call),
    /// The same, but it gets there after the program is gone.
    AskedLate(Call),
    /// When a call has taken effect, before its answer is there.
    Answered(Call),
    /// When the till has heard this.
    Told(&'static str),
}

/// What is started next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    SameSale,
    OtherSale,
    Settle,
}

impl Next {
    pub(crate) const ALL: [Self; 3] = [Self::SameSale, Self::OtherSale, Self::Settle];
}

/// One place in the matrix.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene {
    pub(crate) story: Story,
    pub(crate) point: Point,
    /// The phase that the journal must be left in, so that the point is the one that is meant.
    pub(crate) leaves: &'static str,
    /// Whether the customer pays while nothing runs.
    pub(crate) pays_then: bool,
    /// Whether the power goes, and with it what was not synced.
    pub(crate) power_cut: bool,
    /// Whether the customer has shown a code.
    pub(crate) with_code: bool,
    pub(crate) next: Next,
}

impl Scene {
    /// Killed at this point, with nothing special about it.
    pub(crate) fn new(story: Story, point: Point, leaves: &'static str) -> Self {
        Self {
            story,
            point,
            leaves,
            pays_then: false,
            power_cut: false,
            with_code: false,
            next: Next::SameSale,
        }
    }

    /// The same with everything that can be started next.
    pub(crate) fn and_then(self) -> impl Iterator<Item = Self> {
        Next::ALL.into_iter().map(move |next| Self { next, ..self })
    }

    /// The same, and with a customer who pays in between.
    pub(crate) fn paid_or_not(self) -> impl Iterator<Item = Self> {
        [false, true]
            .into_iter()
            .map(move |pays_then| Self { pays_then, ..self })
    }

    pub(crate) fn play_all(scenes: impl IntoIterator<Item = Self>) {
        let scenes: Vec<_> = scenes.into_iter().collect();
        matrix::play(&scenes, |scene| format!("{scene:?}"), Self::play);
    }

    /// Plays it to its end, and checks that everybody agrees.
    fn play(&self) {
        let counter = Counter::new();
        self.kill(&counter, "A1");
        assert_eq!(counter.phase(), self.leaves, "killed at another point");
        if let Point::AskedLate(call) = self.point {
            let before = counter.platform().requests();
            counter.gate().lift(call);
            counter.platform_moves_on(&before);
        }
        counter.gate().obey(&[]);
        if self.pays_then {
            let request = counter.payable("A1").expect("a request to pay");
            counter.pays(&request.id);
        }
        let paid_before = counter.kept("A1");
        let code = counter.plays_next(self.next);
        oracle::check(&counter);
        self.check_end(&counter, paid_before, code);
    }

    /// Launches a sale and kills it at the point.
    pub(crate) fn kill(&self, counter: &Counter, sale: &str) {
        let (fault, rule) = match self.point {
            Point::Disk(fault) => (Some(fault), None),
            Point::Asked(call) | Point::AskedLate(call) => {
                (None, Some(Rule::all(call, Fate::HeldBefore)))
            }
            Point::Answered(call) => (None, Some(Rule::all(call, Fate::HeldAfter))),
            Point::Told(_) => (None, None),
        };
        // Reads go on all the time; the one that is meant comes later.
        let is_about_reads = rule.is_some_and(|rule| rule.call == Call::Read);
        if !is_about_reads {
            counter.gate().obey(rule.as_slice());
        }
        let mut launch = match self.with_code {
            true => counter.sale_with_code(sale, fault),
            false => counter.sale(sale, fault),
        };
        if self.code_comes_up() {
            let shown = launch.says("shown", "");
            let id = shown["id"].as_str().expect("an id");
            self.act(counter, &launch, id, rule.filter(|_| is_about_reads));
        }
        match (self.point, rule) {
            (Point::Told("shown"), _) => {}
            (Point::Told(event), _) => drop(launch.says(event, self.outcome())),
            (_, Some(rule)) => {
                assert!(counter.gate().has_stopped(rule.call), "no such call came");
            }
            (_, None) => return launch.was_killed(),
        }
        match (self.point, self.power_cut) {
            (Point::Told("outcome"), power_cut) => {
                launch.kill_at_its_end(if power_cut { "USR2" } else { "KILL" });
            }
            (_, true) => launch.cut_power(),
            (_, false) => launch.kill(),
        }
    }

    /// Whether the code can have been on the screen before the point.
    fn code_comes_up(&self) -> bool {
        let later = matches!(
            self.point,
            Point::Told(_) | Point::Asked(Call::Read) | Point::Answered(Call::Read)
        );

        later || self.story != Story::Waits
    }

    fn outcome(&self) -> &'static str {
        match self.story {
            Story::Pays => "paid",
            Story::Cancels => "cancelled",
            Story::PaysAndCancels => "refund-started",
            Story::Waits => "",
        }
    }

    /// The customer and the cashier do their part.
    fn act(&self, counter: &Counter, launch: &Launch, id: &str, read: Option<Rule>) {
        let gate = counter.gate();
        match self.story {
            Story::Waits => gate.also(read.as_slice()),
            Story::Pays => {
                if read.is_some() {
                    counter.loses_a_poll();
                }
                gate.also(read.as_slice());
                counter.pays(id);
            }
            Story::Cancels => counter.screen().press(Key::Escape),
            Story::PaysAndCancels => {
                // The display must not hear of the payment before it has cancelled.
                counter.loses_a_poll();
                gate.also(&[Rule::all(Call::Read, Fate::HeldBefore)]);
                counter.pays(id);
                counter.screen().press(Key::Escape);
                launch.says("waiting", "voiding");
                gate.lift(Call::Read);
            }
        }
    }

    fn check_end(&self, counter: &Counter, paid_before: u64, code: i32) {
        let kept = counter.kept("A1");
        // A void was sent and may still take effect, so that paid does not mean paid.
        let is_unknown = self.pays_then && self.leaves == "voiding";
        let is_refunded = self.story == Story::PaysAndCancels;
        let is_new = counter.requests("A1").is_empty();
        match self.next {
            Next::SameSale if is_unknown => assert_eq!((code, kept), (30, AMOUNT)),
            Next::SameSale if is_refunded => assert_eq!((code, kept), (22, 0)),
            Next::SameSale => assert_eq!((code, kept), (0, AMOUNT), "charged once"),
            Next::OtherSale if is_unknown => {
                assert_eq!((code, counter.kept("B1")), (40, 0), "nothing is sold");
            }
            Next::OtherSale => {
                assert_eq!((code, counter.kept("B1")), (0, AMOUNT));
                assert_eq!(kept, paid_before);
            }
            Next::Settle if is_unknown => assert_eq!(code, 30),
            Next::Settle if is_refunded => assert_eq!(code, 22),
            // Nothing is open: it was paid, or its ending stands in the journal already.
            Next::Settle if kept > 0 || is_new || self.leaves == "settled" => {
                assert_eq!(code, 0);
            }
            Next::Settle => assert_eq!(code, 21),
        }
        if !is_unknown {
            assert_eq!(counter.payable("A1"), None, "something can still be paid");
        }
    }
}
