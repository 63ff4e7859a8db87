use super::*;
use crate::sale::Rejection;

fn keys(choices: &[Choice]) -> Vec<String> {
    choices.iter().map(|choice| choice.key.name()).collect()
}

fn labels(choices: &[Choice]) -> Vec<Phrase> {
    choices.iter().map(|choice| choice.label).collect()
}

fn paid() -> Ending {
    Ending::Paid {
        by: Vec::new(),
        kept: false,
    }
}

const ALL: [Whose; 3] = [Whose::Own, Whose::Earlier, Whose::EarlierFirst];

#[test]
fn an_unknown_outcome_offers_all_four_ways_whosever_it_is() {
    for whose in ALL {
        let choices = of_ending(&Ending::unknown(), false, whose);
        assert_eq!(
            labels(&choices),
            [
                Phrase::KeepChecking,
                Phrase::CancelAndRefund,
                Phrase::ClosedByStaff,
                Phrase::LeaveOpen
            ]
        );
        assert_eq!(keys(&choices), ["Enter", "R", "H", "L"]);
        assert_eq!(choices[2].deed, Deed::AnswerByHand);
        assert!(choices.iter().all(|choice| choice.explains.is_some()));
    }
}

#[test]
fn leaving_it_open_says_so_when_that_costs_the_new_sale() {
    let explains = |whose| of_ending(&Ending::unknown(), false, whose)[3].explains;
    assert_eq!(explains(Whose::EarlierFirst), Some(Phrase::NewSaleNotMade));
    assert_eq!(explains(Whose::Own), Some(Phrase::ComesUpAgain));
    assert_eq!(explains(Whose::Earlier), Some(Phrase::ComesUpAgain));
}

#[test]
fn an_earlier_ending_is_noted_and_the_customers_own_is_done() {
    for ending in [paid(), Ending::RefundStarted] {
        assert_eq!(
            labels(&of_ending(&ending, false, Whose::Own)),
            [Phrase::Done]
        );
        assert_eq!(
            labels(&of_ending(&ending, false, Whose::Earlier)),
            [Phrase::Noted]
        );
        let first = of_ending(&ending, false, Whose::EarlierFirst);
        assert_eq!(labels(&first), [Phrase::Noted]);
        assert_eq!(first[0].deed, Deed::Ask(Command::Close));
    }
}

#[test]
fn a_late_payment_is_kept_or_given_back() {
    for whose in ALL {
        let choices = of_ending(&paid(), true, whose);
        assert_eq!(labels(&choices), [Phrase::Noted, Phrase::GiveBack]);
        assert_eq!(keys(&choices), ["Enter", "R"]);
        assert_eq!(choices[0].deed, Deed::Ask(Command::Close));
        assert_eq!(choices[1].deed, Deed::Ask(Command::CancelAndRefund));
    }
    let going_back = of_ending(&Ending::RefundStarted, true, Whose::Own);
    assert_eq!(labels(&going_back), [Phrase::Noted]);
}

#[test]
fn f32_a_payment_that_a_refused_void_has_left_is_kept_or_given_back() {
    let kept = Ending::Paid {
        by: Vec::new(),
        kept: true,
    };
    for (whose, label) in ALL
        .into_iter()
        .zip([Phrase::Done, Phrase::Noted, Phrase::Noted])
    {
        let choices = of_ending(&kept, false, whose);
        assert_eq!(labels(&choices), [label, Phrase::GiveBack]);
        assert_eq!(choices[1].deed, Deed::Ask(Command::CancelAndRefund));
    }
}

#[test]
fn every_choice_of_an_ending_has_a_key_of_its_own() {
    let rejected = Ending::Rejected(Rejection::NoTime);
    for ending in [paid(), Ending::unknown(), Ending::Expired, rejected] {
        for late in [false, true] {
            for whose in ALL {
                let choices = of_ending(&ending, late, whose);
                let mut keys = keys(&choices);
                keys.sort();
                keys.dedup();
                assert_eq!(keys.len(), choices.len());
                assert_eq!(choices.iter().filter(|choice| choice.main).count(), 1);
                assert!(choices[0].main);
            }
        }
    }
}
