use super::*;

#[tokio::test]
async fn new_journal_is_empty() {
    let counter = Counter::open();
    assert_eq!(counter.recall(Some("A1")).await, Recollection::default());
}

#[tokio::test]
async fn f40_kill_after_each_record_is_recalled() {
    let counter = Counter::open();
    for (record, standing) in [
        (intent(), Standing::Intended),
        (created(), Standing::Created(Void::NotSent)),
        (Record::Shown, Standing::Payable(Void::NotSent)),
        (
            Record::Progress(Progress::Overdue),
            Standing::Payable(Void::NotSent),
        ),
        (voiding(), Standing::Payable(Void::Unanswered)),
        (
            Record::Progress(Progress::Voided("refund".to_owned())),
            Standing::Payable(Void::Answered),
        ),
        (
            verdict(Ending::unknown()),
            Standing::Payable(Void::Answered),
        ),
    ] {
        counter.write(&key(1), [record]).await;
        assert_eq!(counter.standing().await, standing);
    }
}

#[tokio::test]
async fn f48_earlier_attempt_keeps_its_terms() {
    let counter = Counter::open();
    counter.write(&key(1), [intent(), created()]).await;
    let counter = counter.reopen();
    let earlier = counter.recall(None).await.open.remove(0);
    assert_eq!(earlier.order, order("A1"));
    assert_eq!(earlier.base_url, "https://service.centrapay.com/");
    let known = earlier.request.expect("a request");
    assert_eq!(known.id.as_str(), ID);
    let left = known.time_left.as_secs();
    assert!((80..=90).contains(&left), "{left} of 90");
    assert_eq!(known.short_code, Some(Text::clean("CP-C7F-ZS5")));
    assert!(!earlier.is_over);
}

#[tokio::test]
async fn f41_payment_is_open_until_acknowledged() {
    let counter = Counter::open();
    counter.sell().await;
    assert_eq!(
        counter.standing().await,
        Standing::Ended {
            ending: paid(),
            late: false,
            acknowledged: false
        }
    );
    counter.write(&key(1), [Record::Acknowledged]).await;
    assert_eq!(counter.recall(None).await.open, []);
    let of_the_sale = counter.recall(Some("A1")).await;
    assert_eq!(of_the_sale.attempts, 1);
    assert!(matches!(
        of_the_sale.open.as_slice(),
        [earlier] if matches!(earlier.standing, Standing::Ended { acknowledged: true, .. })
    ));
    assert_eq!(counter.recall(Some("B1")).await, Recollection::default());
}

#[tokio::test]
async fn similar_references_are_recalled() {
    let counter = Counter::open();
    for name in ["A1-2", "A1-4", "A1-x", "A1-2047", "A12", "B1"] {
        counter
            .write(&key_of(name, 1), [intent_of(order(name), 1)])
            .await;
    }
    counter
        .write(&key_of("B1", 2), [intent_of(order("B1"), 2)])
        .await;
    let taken = counter.recall(Some("A1")).await.taken;
    assert_eq!(taken, ["A1-2", "A1-2047", "A1-4", "A1-x"]);
    assert_eq!(counter.recall(Some("B1-2")).await.taken, ["B1-2"]);
    assert!(counter.recall(Some("B1")).await.taken.is_empty());
}

#[tokio::test]
async fn voided_payment_is_open_again() {
    let counter = Counter::open();
    counter
        .write(
            &key(1),
            [
                intent(),
                created(),
                Record::Shown,
                verdict(paid()),
                Record::Acknowledged,
                voiding(),
            ],
        )
        .await;
    assert_eq!(
        counter.standing().await,
        Standing::Payable(Void::Unanswered)
    );
}

#[tokio::test]
async fn f45_missing_verdict_stays_open() {
    for by in [None, Some("Ana".to_owned())] {
        let counter = Counter::open();
        counter
            .write(
                &key(1),
                [
                    intent(),
                    created(),
                    Record::Shown,
                    match by.clone() {
                        None => Record::Acknowledged,
                        Some(by) => Record::ClosedByStaff { by, paid: false },
                    },
                ],
            )
            .await;
        let expected = match by {
            None => Standing::Payable(Void::NotSent),
            Some(_) => Standing::Watched(Void::NotSent),
        };
        assert_eq!(counter.standing().await, expected);
    }
}

#[tokio::test]
async fn f30_unpaid_is_watched_until_closed() {
    for ending in [Ending::Expired, Ending::Cancelled { reason: None }] {
        let counter = Counter::open();
        counter
            .write(
                &key(1),
                [intent(), created(), Record::Shown, verdict(ending)],
            )
            .await;
        assert_eq!(counter.standing().await, Standing::Watched(Void::NotSent));
        counter
            .write(&key(1), [Record::Watched { closed: false }])
            .await;
        assert_eq!(counter.standing().await, Standing::Watched(Void::NotSent));
        counter
            .write(&key(1), [Record::Watched { closed: true }])
            .await;
        assert_eq!(counter.recall(Some("A1")).await.open, []);
    }
}

#[tokio::test]
async fn f30_late_payment_needs_acknowledgement() {
    let counter = Counter::open();
    let late = Record::Verdict {
        ending: paid(),
        late: true,
    };
    counter
        .write(
            &key(1),
            [
                intent(),
                created(),
                Record::Shown,
                verdict(Ending::Expired),
                late,
            ],
        )
        .await;
    assert!(matches!(
        counter.standing().await,
        Standing::Ended {
            late: true,
            acknowledged: false,
            ..
        }
    ));
}

#[tokio::test]
async fn ended_without_code_is_closed() {
    let counter = Counter::open();
    for (sale, records) in [
        ("A1", vec![created(), voiding(), verdict(Ending::Expired)]),
        ("A2", vec![verdict(Ending::Cancelled { reason: None })]),
        ("A3", vec![verdict(Ending::Unreachable(unsent()))]),
        ("A4", vec![verdict(Ending::Unreachable(lost()))]),
    ] {
        let key = key_of(sale, 1);
        counter.write(&key, [intent_of(order(sale), 1)]).await;
        counter.write(&key, records).await;
    }
    assert_eq!(counter.recall(None).await.open, []);
}

#[tokio::test]
async fn f2_lost_create_is_open_with_account_id() {
    let counter = Counter::open();
    for (sale, ending) in [
        ("A1", Ending::Cancelled { reason: None }),
        ("A2", Ending::Unreachable(lost())),
        ("A3", Ending::Unreachable(unsent())),
    ] {
        let mut order = order(sale);
        order.merchant.account_id = Some("C4QnjXvj8At6SMsEN4LRi9".to_owned());
        let key = key_of(sale, 1);
        counter
            .write(&key, [intent_of(order, 1), verdict(ending)])
            .await;
    }
    let open: Vec<_> = counter
        .recall(None)
        .await
        .open
        .into_iter()
        .map(|earlier| (earlier.order.reference, earlier.standing))
        .collect();
    assert_eq!(
        open,
        [
            ("A1".to_owned(), Standing::Watched(Void::NotSent)),
            ("A2".to_owned(), Standing::Watched(Void::NotSent)),
        ]
    );
}

#[tokio::test]
async fn closed_by_staff_is_still_watched() {
    let counter = Counter::open();
    counter
        .write(
            &key(1),
            [
                intent(),
                created(),
                Record::Shown,
                voiding(),
                verdict(Ending::unknown()),
                Record::ClosedByStaff {
                    by: "Ana".to_owned(),
                    paid: false,
                },
            ],
        )
        .await;
    assert_eq!(
        counter.standing().await,
        Standing::Watched(Void::Unanswered)
    );
    counter
        .write(
            &key_of("B1", 1),
            [
                intent_of(order("B1"), 1),
                created_as("another"),
                Record::Shown,
            ],
        )
        .await;
}

#[tokio::test]
async fn part_payment_keeps_its_remaining_amount() {
    let counter = Counter::open();
    let ending = Ending::PartPaid {
        by: Vec::new(),
        remaining: nzd(250),
    };
    counter
        .write(
            &key(1),
            [intent(), created(), Record::Shown, verdict(ending.clone())],
        )
        .await;
    assert!(matches!(
        counter.standing().await,
        Standing::Ended { ending: recalled, .. } if recalled == ending
    ));
}

#[tokio::test]
async fn attempts_are_counted_over_launches() {
    let counter = Counter::open();
    for attempt in 1..=3 {
        counter
            .write(
                &key(attempt),
                [
                    intent_of(order("A1"), attempt),
                    verdict(Ending::Cancelled { reason: None }),
                ],
            )
            .await;
    }
    let counter = counter.reopen();
    assert_eq!(counter.recall(Some("A1")).await.attempts, 3);
    assert_eq!(counter.recall(Some("B1")).await.attempts, 0);
}

#[tokio::test]
async fn f51_few_attempts_are_watched_in_a_sale() {
    let counter = Counter::open();
    for number in 0..12 {
        let sale = format!("S{number}");
        let key = key_of(&sale, 1);
        counter
            .write(
                &key,
                [
                    intent_of(order(&sale), 1),
                    created_as(&sale),
                    Record::Shown,
                    verdict(Ending::Expired),
                ],
            )
            .await;
    }
    for number in 0..6 {
        let key = key_of(&format!("S{number}"), 1);
        counter
            .write(&key, [Record::Watched { closed: false }])
            .await;
    }
    assert_eq!(counter.recall(None).await.open.len(), 12);
    let beside = counter.recall(Some("B1")).await.open;
    let named: Vec<_> = beside
        .into_iter()
        .map(|earlier| earlier.order.reference)
        .collect();
    assert_eq!(named, ["S6", "S7", "S8", "S9"]);
    for number in 6..12 {
        let key = key_of(&format!("S{number}"), 1);
        counter
            .write(&key, [Record::Watched { closed: false }])
            .await;
    }
    assert_eq!(counter.recall(Some("B1")).await.open, [], "all must rest");
    assert_eq!(counter.recall(None).await.open.len(), 12);
}

fn lost() -> Failure {
    Failure::Ambiguous(Text::clean("no answer in time"))
}

fn unsent() -> Failure {
    Failure::NotSent(Unsent::Refused)
}
