//! A resident display is killed, or loses its screen, during a sale of a till. After a kill, the till's program
//! reads from the journal how the sale ended. After the loss of the screen, the display ends the sale as if
//! the window were closed.

use std::thread;
use std::time::Duration;

use patron_display::sandbox::ApiCall;

use crate::crash::counter::{AMOUNT, Counter};
use crate::crash::matrix;
use crate::crash::oracle;
use crate::gate::{Fate, Rule};
use crate::process::{PATIENCE, poll};
use crate::program::Program;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Death {
    Killed,
    /// The X server of the display is killed.
    Screenless,
}

const DEATHS: [Death; 2] = [Death::Killed, Death::Screenless];

/// Starts a resident display and waits until it takes sales.
fn resident(counter: &Counter) -> Program {
    let display = counter.resident();
    display.takes_sales(&counter.data());

    display
}

fn die(counter: &Counter, display: &mut Program, death: Death) {
    match death {
        Death::Killed => display.kill(),
        Death::Screenless => {
            counter.lose_screen();
            // Either the window library or the program itself ends the process.
            let ended = poll(PATIENCE, || display.has_ended().then_some(()));
            assert!(ended.is_some(), "it outlives its screen\n{}", display.log());
        }
    }
}

/// Sells the same sale again in a window of its own, as a till does after an unknown outcome.
fn sell_again(counter: &mut Counter, death: Death, again: impl Fn(&Counter) -> Program) -> i32 {
    if death == Death::Screenless {
        counter.replace_screen();
    }

    counter.plays_on(&mut again(counter))
}

#[test]
fn f49_barcode_under_a_dead_display() {
    let scenes = [
        (Death::Killed, true, 30, 0),
        (Death::Killed, false, 30, 0),
        // The payment is refunded, and the next launch announces the refund.
        (Death::Screenless, true, 22, 22),
        (Death::Screenless, false, 21, 0),
    ];
    matrix::play(
        &scenes,
        |scene| format!("{scene:?}"),
        |&(death, pays, expected, again)| {
            let mut counter = Counter::new();
            let mut display = resident(&counter);
            let mut till = counter.sale_with_code("A1", None);
            let id = till.says("created", "")["id"].clone();
            till.says("waiting", "barcode");
            if pays {
                // The phone pays while the display is dying: the answer to the display's poll is held back.
                counter.obey(&[Rule::next(ApiCall::Read, Fate::HeldBefore)]);
                counter.gate().stops(ApiCall::Read);
                counter.pays(id.as_str().expect("an id"));
            }
            die(&counter, &mut display, death);
            assert_eq!(till.code(), expected, "{}", till.log());
            counter.obey(&[]);
            oracle::check(&counter);
            assert_eq!(
                sell_again(&mut counter, death, |counter| counter
                    .sale_with_code("A1", None)),
                again
            );
            oracle::check(&counter);
            assert_eq!(counter.kept("A1"), if again == 0 { AMOUNT } else { 0 });
        },
    );
}

#[test]
fn f49_lost_barcode_create_is_unknown() {
    for death in DEATHS {
        let mut counter = Counter::new();
        let mut display = resident(&counter);
        counter.obey(&[Rule::next(ApiCall::Create, Fate::HeldAfter)]);
        let mut till = counter.sale_with_code("A1", None);
        counter.gate().stops(ApiCall::Create);
        die(&counter, &mut display, death);
        assert_eq!(till.code(), 30, "{}", till.log());
        counter.obey(&[]);
        let again = |counter: &Counter| counter.sale_with_code("A1", None);
        assert_eq!(sell_again(&mut counter, death, again), 0);
        oracle::check(&counter);
        assert_eq!(counter.kept("A1"), AMOUNT);
    }
}

#[test]
fn f49_code_under_a_dead_display() {
    for (call, death, expected) in [
        (None, Death::Killed, 30),
        (None, Death::Screenless, 21),
        (Some(ApiCall::Create), Death::Killed, 21),
    ] {
        let mut counter = Counter::new();
        let mut display = resident(&counter);
        if let Some(call) = call {
            counter.obey(&[Rule::next(call, Fate::HeldAfter)]);
        }
        let mut till = counter.sale("A1", None);
        match call {
            Some(call) => counter.gate().stops(call),
            None => {
                till.says("shown", "");
            }
        }
        die(&counter, &mut display, death);
        assert_eq!(till.code(), expected, "{}", till.log());
        counter.obey(&[]);
        let again = |counter: &Counter| counter.sale("A1", None);
        assert_eq!(sell_again(&mut counter, death, again), 0);
        oracle::check(&counter);
        assert_eq!(counter.kept("A1"), AMOUNT);
    }
}

/// A1 for 12.50 was sold before. A1 for 99.00 is another sale, so its till must not be told the first outcome.
#[test]
fn f49_other_payment_is_not_told() {
    let counter = Counter::new();
    let mut first = counter.sale("A1", None);
    assert_eq!(counter.plays_on(&mut first), 0);
    // An unsettled sale must be settled before every other sale.
    let mut open = counter.sale("B1", None);
    open.says("shown", "");
    open.kill();
    let mut display = resident(&counter);
    counter.obey(&[Rule::next(ApiCall::Read, Fate::HeldBefore)]);
    let mut till = counter.sale_of("99.00", "A1");
    counter.gate().stops(ApiCall::Read);
    thread::sleep(Duration::from_millis(200));
    display.kill();
    assert_eq!(till.code(), 41, "{}", till.log());
    counter.obey(&[]);
    oracle::check(&counter);
    assert_eq!(counter.kept("A1"), AMOUNT);
    let outcome = counter.told().pop().expect("an outcome");
    assert_eq!(outcome["outcome"], "unreachable", "{outcome}");
    assert_eq!(outcome["amount"]["amount"], "9900", "{outcome}");
}
