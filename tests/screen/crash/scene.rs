//! A scene of the matrix: what happens in the sale, where the program is killed, and what is launched next.

use patron_display::sandbox::ApiCall;

use crate::crash::counter::{AMOUNT, Counter};
use crate::crash::matrix;
use crate::crash::oracle;
use crate::crash::shim::Fault;
use crate::gate::{Fate, Rule};
use crate::program::Program;
use crate::screen::Key;

/// The actions of the customer and the cashier before the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Story {
    /// Neither the customer nor the cashier acts.
    Waits,
    /// The customer pays as soon as the code is shown.
    Pays,
    /// The cashier cancels as soon as the code is shown.
    Cancels,
    /// The customer pays, and the cashier cancels before the display has learned of the payment.
    PaysAndCancels,
}

/// The moment when the program is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    /// At this fault at a commit of the journal.
    Disk(Fault),
    /// When this call is on its way. The call never reaches the platform.
    Asked(ApiCall),
    /// When this call is on its way. The call reaches the platform after the program has ended.
    AskedLate(ApiCall),
    /// When this call has taken effect. Its answer does not reach the program.
    Answered(ApiCall),
    /// When the till was told this event.
    Told(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    SameSale,
    OtherSale,
    Settle,
}

impl Next {
    pub(crate) const ALL: [Self; 3] = [Self::SameSale, Self::OtherSale, Self::Settle];
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene {
    pub(crate) story: Story,
    pub(crate) point: Point,
    /// The attempt's phase in the journal after the kill. It proves that the program was killed at this point.
    pub(crate) leaves: &'static str,
    /// Whether the customer pays while no program runs.
    pub(crate) pays_then: bool,
    /// Whether the power fails at the kill, so that unsynced data is lost.
    pub(crate) power_cut: bool,
    /// Whether the customer has shown a code for this sale.
    pub(crate) with_code: bool,
    pub(crate) next: Next,
}

impl Scene {
    /// Returns the plain scene: this story, and a kill at this point.
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

    /// Returns one scene for each next launch.
    pub(crate) fn and_then(self) -> impl Iterator<Item = Self> {
        Next::ALL.into_iter().map(move |next| Self { next, ..self })
    }

    /// Returns two scenes: without and with a payment while no program runs.
    pub(crate) fn paid_or_not(self) -> impl Iterator<Item = Self> {
        [false, true]
            .into_iter()
            .map(move |pays_then| Self { pays_then, ..self })
    }

    pub(crate) fn play_all(scenes: impl IntoIterator<Item = Self>) {
        let scenes: Vec<_> = scenes.into_iter().collect();
        matrix::play(&scenes, |scene| format!("{scene:?}"), Self::play);
    }

    /// Plays the scene to its end, and checks that all sides agree.
    fn play(&self) {
        let counter = Counter::new();
        self.kill_and_go_on(&counter);
        let paid_before = counter.kept("A1");
        let code = counter.plays_next(self.next);
        oracle::check(&counter);
        self.check_end(&counter, paid_before, code);
    }

    /// Kills the sale A1 at the point, and plays what happens before the next launch.
    pub(crate) fn kill_and_go_on(&self, counter: &Counter) {
        self.kill(counter, "A1");
        assert_eq!(counter.phase(), self.leaves, "killed at another point");
        if let Point::AskedLate(call) = self.point {
            let before = counter.platform().requests();
            counter.gate().lift(call);
            counter.platform_moves_on(&before);
        }
        counter.obey(&[]);
        if self.pays_then {
            let request = counter.payable("A1").expect("a request to pay");
            counter.pays(&request.id);
        }
    }

    /// Launches a sale and kills the program at the scene's point.
    pub(crate) fn kill(&self, counter: &Counter, sale: &str) {
        let (fault, rule) = match self.point {
            Point::Disk(fault) => (Some(fault), None),
            Point::Asked(call) | Point::AskedLate(call) => {
                (None, Some(Rule::all(call, Fate::HeldBefore)))
            }
            Point::Answered(call) => (None, Some(Rule::all(call, Fate::HeldAfter))),
            Point::Told(_) => (None, None),
        };
        // The program polls all the time, so a rule for reads must start later than the sale.
        let is_about_reads = rule.is_some_and(|rule| rule.call == ApiCall::Read);
        if !is_about_reads {
            counter.obey(rule.as_slice());
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
            (_, Some(rule)) => counter.gate().stops(rule.call),
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

    /// Whether the code is on the screen before the point is reached.
    fn code_comes_up(&self) -> bool {
        let later = matches!(
            self.point,
            Point::Told(_) | Point::Asked(ApiCall::Read) | Point::Answered(ApiCall::Read)
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

    fn act(&self, counter: &Counter, launch: &Program, id: &str, read: Option<Rule>) {
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
                // The display must not learn of the payment before the cashier cancels.
                counter.loses_a_poll();
                gate.also(&[Rule::all(ApiCall::Read, Fate::HeldBefore)]);
                counter.pays(id);
                counter.screen().press(Key::Escape);
                launch.says("waiting", "voiding");
                gate.lift(ApiCall::Read);
            }
        }
    }

    fn check_end(&self, counter: &Counter, paid_before: u64, code: i32) {
        let kept = counter.kept("A1");
        // The void may still take effect late, so the payment may still be refunded.
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
            // Nothing is left to settle: the sale was paid, or its ending is in the journal already.
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
