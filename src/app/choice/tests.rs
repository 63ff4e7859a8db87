use super::*;
use crate::sale::Rejection;

fn keys(choices: &[Choice]) -> Vec<String> {
    choices.iter().map(|choice| choice.key.name()).collect()
}

fn labels(choices: &[Choice]) -> Vec<Phrase> {
    choices.iter().map(|choice| choice.label).collect()
}

fn paid(kept: bool) -> Ending {
    Ending::Paid {
        by: Vec::new(),
        kept,
    }
}

const ALL: [Audience; 3] = [Audience::Own, Audience::Earlier, Audience::EarlierFirst];

#[test]
fn unknown_outcome_offers_four_choices() {
    for audience in ALL {
        let choices = ending_choices(&Ending::unknown(), false, audience);
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
        assert_eq!(choices[2].action, ChoiceAction::OpenSettlement);
        assert!(choices.iter().all(|choice| choice.explains.is_some()));
    }
}

#[test]
fn leaving_open_costs_the_new_sale() {
    let explains = |audience| ending_choices(&Ending::unknown(), false, audience)[3].explains;
    assert_eq!(
        explains(Audience::EarlierFirst),
        Some(Phrase::NewSaleNotMade)
    );
    assert_eq!(explains(Audience::Own), Some(Phrase::ComesUpAgain));
    assert_eq!(explains(Audience::Earlier), Some(Phrase::ComesUpAgain));
}

#[test]
fn earlier_ending_is_noted_own_is_done() {
    for ending in [paid(false), Ending::RefundStarted] {
        assert_eq!(
            labels(&ending_choices(&ending, false, Audience::Own)),
            [Phrase::Done]
        );
        assert_eq!(
            labels(&ending_choices(&ending, false, Audience::Earlier)),
            [Phrase::Noted]
        );
        let first = ending_choices(&ending, false, Audience::EarlierFirst);
        assert_eq!(labels(&first), [Phrase::Noted]);
        assert_eq!(first[0].action, ChoiceAction::Ask(Command::Close));
    }
}

#[test]
fn late_payment_is_kept_or_refunded() {
    for audience in ALL {
        let choices = ending_choices(&paid(false), true, audience);
        assert_eq!(labels(&choices), [Phrase::Noted, Phrase::GiveBack]);
        assert_eq!(keys(&choices), ["Enter", "R"]);
        assert_eq!(choices[0].action, ChoiceAction::Ask(Command::Close));
        assert_eq!(
            choices[1].action,
            ChoiceAction::Ask(Command::CancelAndRefund)
        );
    }
    let going_back = ending_choices(&Ending::RefundStarted, true, Audience::Own);
    assert_eq!(labels(&going_back), [Phrase::Noted]);
}

#[test]
fn f32_kept_payment_has_a_choice() {
    for (audience, label) in ALL
        .into_iter()
        .zip([Phrase::Done, Phrase::Noted, Phrase::Noted])
    {
        let choices = ending_choices(&paid(true), false, audience);
        assert_eq!(labels(&choices), [label, Phrase::GiveBack]);
        assert_eq!(
            choices[1].action,
            ChoiceAction::Ask(Command::CancelAndRefund)
        );
    }
}

#[test]
fn choices_have_different_keys() {
    let rejected = Ending::Rejected(Rejection::NoTime);
    for ending in [paid(false), Ending::unknown(), Ending::Expired, rejected] {
        for late in [false, true] {
            for audience in ALL {
                let choices = ending_choices(&ending, late, audience);
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
