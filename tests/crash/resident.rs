//! A resident display that is killed, or loses its screen, under a sale that a till has handed over. Killed, the till hears
//! what the journal has of this very hand-over. Without a screen, the display ends the sale as if it had been closed.

use std::thread;
use std::time::Duration;

use crate::counter::{AMOUNT, Counter};
use crate::gate::{Call, Fate, Rule};
use crate::launch::Launch;
use crate::matrix;
use crate::oracle;
use crate::process::{PATIENCE, poll};

/// How the display dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Death {
    Killed,
    /// Its X server goes.
    Screenless,
}

const DEATHS: [Death; 2] = [Death::Killed, Death::Screenless];

/// A display that waits for sales.
fn resident(counter: &Counter) -> Launch {
    let display = counter.resident();
    let socket = counter.data().join("stand/socket");
    let is_up = poll(PATIENCE, || socket.exists().then_some(()));
    assert!(is_up.is_some(), "no resident display\n{}", display.log());

    display
}

fn die(counter: &Counter, display: &mut Launch, death: Death) {
    match death {
        Death::Killed => display.kill(),
        Death::Screenless => {
            counter.lose_screen();
            // The window library ends the program, or the program ends itself.
            let ended = poll(PATIENCE, || display.has_ended().then_some(()));
            assert!(ended.is_some(), "it outlives its screen\n{}", display.log());
        }
    }
}

/// The same sale once more, in a window of its own: what a till does that does not know.
fn sell_again(counter: &mut Counter, death: Death, again: impl Fn(&Counter) -> Launch) -> i32 {
    if death == Death::Screenless {
        counter.replace_screen();
    }

    counter.plays_on(&mut again(counter))
}

#[test]
fn f49_barcode_sale_is_unknown_if_its_display_is_killed_and_voided_if_its_screen_goes() {
    let scenes = [
        (Death::Killed, true, 30, 0),
        (Death::Killed, false, 30, 0),
        // The payment goes back, and is told again.
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
                // The phone pays in the moment in which the display dies.
                counter
                    .gate()
                    .obey(&[Rule::next(Call::Read, Fate::HeldBefore)]);
                assert!(counter.gate().has_stopped(Call::Read), "no poll came");
                counter.pays(id.as_str().expect("an id"));
            }
            die(&counter, &mut display, death);
            assert_eq!(till.exit_code(), expected, "{}", till.log());
            counter.gate().obey(&[]);
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
        counter
            .gate()
            .obey(&[Rule::next(Call::Create, Fate::HeldAfter)]);
        let mut till = counter.sale_with_code("A1", None);
        assert!(counter.gate().has_stopped(Call::Create), "no create came");
        die(&counter, &mut display, death);
        assert_eq!(till.exit_code(), 30, "{}", till.log());
        counter.gate().obey(&[]);
        let again = |counter: &Counter| counter.sale_with_code("A1", None);
        assert_eq!(sell_again(&mut counter, death, again), 0);
        oracle::check(&counter);
        assert_eq!(counter.kept("A1"), AMOUNT);
    }
}

#[test]
fn f49_shown_code_is_unknown_and_unshown_or_voided_is_not_charged() {
    for (call, death, expected) in [
        (None, Death::Killed, 30),
        (None, Death::Screenless, 21),
        (Some(Call::Create), Death::Killed, 21),
    ] {
        let mut counter = Counter::new();
        let mut display = resident(&counter);
        if let Some(call) = call {
            counter.gate().obey(&[Rule::next(call, Fate::HeldAfter)]);
        }
        let mut till = counter.sale("A1", None);
        match call {
            Some(call) => assert!(counter.gate().has_stopped(call), "{call:?} did not come"),
            None => {
                till.says("shown", "");
            }
        }
        die(&counter, &mut display, death);
        assert_eq!(till.exit_code(), expected, "{}", till.log());
        counter.gate().obey(&[]);
        let again = |counter: &Counter| counter.sale("A1", None);
        assert_eq!(sell_again(&mut counter, death, again), 0);
        oracle::check(&counter);
        assert_eq!(counter.kept("A1"), AMOUNT);
    }
}

/// A1 was sold for 12.50. A1 for 99.00 is another sale: of it, the till hears nothing of the first.
#[test]
fn f49_another_sales_payment_is_not_told() {
    let counter = Counter::new();
    let mut first = counter.sale("A1", None);
    assert_eq!(counter.plays_on(&mut first), 0);
    // An unsettled sale comes before any other.
    let mut open = counter.sale("B1", None);
    open.says("shown", "");
    open.kill();
    let mut display = resident(&counter);
    counter
        .gate()
        .obey(&[Rule::next(Call::Read, Fate::HeldBefore)]);
    let mut till = counter.sale_of("99.00", "A1");
    assert!(counter.gate().has_stopped(Call::Read), "no read came");
    thread::sleep(Duration::from_millis(200));
    display.kill();
    assert_eq!(till.exit_code(), 41, "{}", till.log());
    counter.gate().obey(&[]);
    oracle::check(&counter);
    assert_eq!(counter.kept("A1"), AMOUNT);
    let outcome = counter.told().pop().expect("an outcome");
    assert_eq!(outcome["outcome"], "unreachable", "{outcome}");
    assert_eq!(outcome["amount"]["amount"], "9900", "{outcome}");
}
