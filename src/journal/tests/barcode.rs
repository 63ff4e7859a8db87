use super::*;
use crate::domain::payment::PatronCode;
use crate::sale::{Evidence, Rejection};

const CODE: &str = "9990001234567890";

/// Returns the intent of an attempt that is created with the patron's code.
fn intent_with_code(sale: &str) -> Record {
    let order = Order {
        patron_code: PatronCode::parse(CODE).ok(),
        ..order(sale)
    };

    intent_of(order, 1)
}

#[tokio::test]
async fn f39_patron_code_is_payable_from_intent() {
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
async fn shown_code_is_not_patron_presented() {
    let counter = Counter::open();
    counter
        .write(&key(1), [intent(), created(), Record::Shown])
        .await;
    assert!(!counter.recall(None).await.open[0].patron_presented);
}

#[tokio::test]
async fn second_payable_attempt_is_refused() {
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
async fn f36_unrecorded_void_is_looked_for() {
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
async fn refused_or_unsent_is_closed() {
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
async fn patron_code_is_not_stored() {
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
