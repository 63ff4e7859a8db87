use super::*;
use crate::payment::PatronCode;
use crate::sale::{Evidence, Rejection};

const CODE: &str = "9990001234567890";

/// W1 of an attempt that is created with the customer's code.
fn intent_with_code(sale: &str) -> Record {
    let order = Order {
        patron_code: PatronCode::parse(CODE).ok(),
        ..order(sale)
    };

    intent_of(order, 1)
}

#[tokio::test]
async fn f39_what_is_created_with_the_customers_code_can_be_paid_from_its_intent_on() {
    let counter = Counter::open();
    for (record, standing, id) in [
        (
            intent_with_code("A1"),
            Standing::Payable(Void::NotSent),
            false,
        ),
        (
            verdict(Ending::unknown()),
            Standing::Payable(Void::NotSent),
            false,
        ),
        (created(), Standing::Payable(Void::NotSent), true),
        (voiding(), Standing::Payable(Void::Unanswered), true),
        (
            verdict(Ending::Expired),
            Standing::Watched(Void::Unanswered),
            true,
        ),
    ] {
        counter.write(&key(1), [record]).await;
        let earlier = counter.recall(None).await.open.remove(0);
        assert_eq!(earlier.standing, standing);
        assert_eq!(earlier.request.is_some(), id);
        assert!(earlier.patron_presented);
    }
}

#[tokio::test]
async fn a_code_on_the_screen_is_not_the_customers() {
    let counter = Counter::open();
    counter
        .write(&key(1), [intent(), created(), Record::Shown])
        .await;
    assert!(!counter.recall(None).await.open[0].patron_presented);
}

#[tokio::test]
async fn two_that_can_be_paid_are_refused_whichever_way_they_are_presented() {
    let counter = Counter::open();
    let other = key_of("B1", 1);
    counter.write(&key(1), [intent_with_code("A1")]).await;
    counter
        .write(&other, [intent_of(order("B1"), 1), created_as("another")])
        .await;
    let journal = &counter.journal;
    assert!(journal.record(other.clone(), Record::Shown).await.is_err());
    let third = journal.record(key_of("C1", 1), intent_with_code("C1"));
    assert!(third.await.is_err());

    counter.write(&key(1), [verdict(Ending::Expired)]).await;
    counter.write(&other, [Record::Shown]).await;
    let fourth = journal.record(key_of("D1", 1), intent_with_code("D1"));
    assert!(fourth.await.is_err());
}

#[tokio::test]
async fn f36_a_void_whose_record_was_not_written_is_still_looked_for() {
    let counter = Counter::open();
    let evidence = Evidence::from(Void::Unanswered);
    counter
        .write(
            &key(1),
            [
                intent_with_code("A1"),
                verdict(Ending::Unknown { evidence }),
            ],
        )
        .await;
    assert_eq!(
        counter.standing().await,
        Standing::Payable(Void::Unanswered)
    );
}

#[tokio::test]
async fn what_was_refused_or_not_sent_is_owed_nothing() {
    for ending in [
        Ending::Rejected(Rejection::NoTime),
        Ending::Unreachable(Failure::NotSent(Unsent::NoAnswer)),
    ] {
        let counter = Counter::open();
        counter
            .write(&key(1), [intent_with_code("A1"), verdict(ending)])
            .await;
        assert!(counter.recall(None).await.open.is_empty());
    }
}

#[tokio::test]
async fn the_customers_code_is_nowhere_in_the_journal() {
    let counter = Counter::open();
    counter
        .write(&key(1), [intent_with_code("A1"), created()])
        .await;
    let directory = counter.directory.path();
    counter.journal.close();
    for file in std::fs::read_dir(directory).expect("the directory") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("its bytes");
        for digits in [CODE, &CODE[6..15]] {
            assert!(
                !bytes
                    .windows(digits.len())
                    .any(|window| window == digits.as_bytes())
            );
        }
    }
}
