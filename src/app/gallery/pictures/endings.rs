//! The screens of ended and unknown sales.

use super::*;

/// The staff member who closes sales.
const STAFF: &str = "Aroha Ngata";

pub(super) fn with_money() -> Vec<Picture> {
    let one = || paid(vec![by("Centrapay NZD", AMOUNT)]);
    let part = PaymentRequest {
        remaining: Some(nzd(500)),
        ..paid(vec![by("Community Voucher", 750)])
    };
    let too_late = Player::showing(AMOUNT)
        .asked(Command::Cancel)
        .with(Fact::Voided(Err(refused(403, "REFUND_NOT_SUPPORTED"))))
        .read(Ask::Verdict, Ok(one()))
        .with(Fact::Activities(Ok(Vec::new())));
    let refund = Player::showing(AMOUNT)
        .asked(Command::Cancel)
        .with(Fact::Voided(Ok(Activity::of_kind(ActivityKind::Refund))))
        .read(Ask::Verdict, Ok(one()));

    vec![
        kept("paid", Player::showing(AMOUNT).polled(Ok(one()))),
        picture(
            "paid-by-two-means",
            Player::showing(AMOUNT).polled(Ok(paid(vec![
                by("Community Voucher", 750),
                by("Centrapay NZD", 500),
            ]))),
        ),
        picture(
            "paid-unsaved",
            Player::showing(AMOUNT)
                .with_a_disk_that_is_full_at(Mark::Verdict)
                .polled(Ok(one())),
        ),
        picture("paid-before", again(ended(wholly_paid(), false))),
        picture(
            "paid-another-sum",
            Player::showing(AMOUNT).polled(Ok(paid(vec![by("Centrapay NZD", AMOUNT + 500)]))),
        ),
        picture("paid-too-late-to-cancel", too_late),
        picture(
            "part-paid-items",
            Player::showing(AMOUNT).polled(Ok(PaymentRequest {
                paid_by: vec![by_items("Community Voucher", 750)],
                ..part.clone()
            })),
        ),
        kept("part-paid", Player::showing(AMOUNT).polled(Ok(part))),
        kept("refund-started", refund),
    ]
}

pub(super) fn without_money() -> Vec<Picture> {
    const NAMES: [&str; 11] = [
        "cancelled-by-merchant",
        "cancelled-by-patron",
        "cancelled-patron-code-invalid",
        "cancelled-payment-failed",
        "cancelled-patron-code-expired",
        "cancelled-declined-by-patron",
        "cancelled-declined-by-merchant",
        "cancelled-payment-declined",
        "cancelled-payment-request-expired",
        "cancelled-no-available-payment-options",
        "cancelled-inactive-asset",
    ];
    let expired = PaymentRequest {
        status: Status::Expired,
        ..request(AMOUNT)
    };
    let reasons = CancellationReason::ALL
        .into_iter()
        .zip(NAMES)
        .map(|((_, reason), name)| Picture {
            is_kept: reason == CancellationReason::CancelledByPatron,
            ..picture(name, Player::showing(AMOUNT).polled(Ok(cancelled(reason))))
        });

    [kept("expired", Player::showing(AMOUNT).polled(Ok(expired)))]
        .into_iter()
        .chain(reasons)
        .collect()
}

pub(super) fn unsure() -> Vec<Picture> {
    let unknown = || again(ended(Ending::unknown(), false));
    let panel = |name: &str| {
        let mut panel = ManualSettlement::new(Some(name));
        panel.update(
            manual_settlement::SettlementMessage::Opened,
            Moment::default(),
        );

        panel
    };
    let confirmed = |name: &str| {
        let mut panel = panel(name);
        panel.update(
            manual_settlement::SettlementMessage::Confirmed,
            Moment::default(),
        );

        panel
    };
    let closing = |name, player, panel| Picture {
        manual_settlement: Some(panel),
        ..picture(name, player)
    };
    let other = || behind(ended(Ending::unknown(), false));
    let long = "Te Whetūmārama Ngata-Papadopoulos";

    vec![
        kept("unknown", unknown()),
        Picture {
            is_kept: true,
            ..closing("by-hand", unknown(), panel("Aroha"))
        },
        closing("by-hand-without-a-name", unknown(), confirmed("")),
        closing("was-it-paid", unknown(), confirmed(STAFF)),
        closing("was-it-paid-long-name", unknown(), confirmed(long)),
        closing("was-it-paid-earlier", other(), confirmed(STAFF)),
        picture("closed-as-paid", closed(true)),
        picture("closed-as-not-paid", closed(false)),
        picture("closed-as-paid-before", closed_before(true)),
        picture("closed-as-not-paid-before", closed_before(false)),
        picture("unknown-without-id", with_code().created(Err(silent()))),
    ]
}

/// A sale of this launch that staff closed, because its void and its reads got no answer.
fn closed(paid: bool) -> Player {
    const TRIES: usize = 3;
    let mut player = Player::showing(AMOUNT).asked(Command::Cancel);
    for _ in 0..TRIES {
        player = player
            .with(Fact::Voided(Err(silent())))
            .woken(Timer::Revoid);
    }
    for _ in 0..TRIES {
        player = player
            .read(Ask::Verdict, Err(silent()))
            .woken(Timer::Revoid);
    }

    player.asked(Command::CloseByStaff {
        by: STAFF.to_owned(),
        paid,
    })
}

/// A sale that staff closed at an earlier launch, while the platform cannot be read.
fn closed_before(paid: bool) -> Player {
    let standing = match paid {
        true => Standing::Ended {
            ending: Ending::Paid {
                by: Vec::new(),
                kept: false,
            },
            late: false,
            acknowledged: true,
        },
        false => Standing::Watched(Void::Unanswered),
    };
    let closed = Earlier {
        closed_by: Some(STAFF.to_owned()),
        ..earlier(order(AMOUNT), 1, standing)
    };
    let player = Player::new(vec![closed]).asked(Command::Start(order(AMOUNT)));
    match paid {
        true => player,
        false => player.read(Ask::Again, Err(silent())),
    }
}

pub(super) fn failing() -> Vec<Picture> {
    let unsent = |why: Unsent| {
        let mut player = Player::selling(AMOUNT);
        for _ in 0..3 {
            player = player
                .created(Err(Failure::NotSent(why.clone())))
                .woken(Timer::Recreate);
        }

        player
    };
    let answered = |failure| Player::selling(AMOUNT).created(Err(failure));
    let key = Failure::Unauthorised(Refusal {
        status: 401,
        code: Text::clean("UNAUTHORIZED"),
        reason: None,
    });
    let disk = Player::new(Vec::new())
        .with_a_disk_that_is_full_at(Mark::Intent)
        .asked(Command::Start(order(AMOUNT)));

    vec![
        kept("unreachable", unsent(Unsent::NoAnswer)),
        picture(
            "unreachable-clock",
            unsent(Unsent::Distrusted(Distrust::NotYetValid)),
        ),
        picture(
            "unreachable-portal",
            unsent(Unsent::Distrusted(Distrust::UnknownIssuer)),
        ),
        picture(
            "code-refused",
            with_code().created(Err(refused(403, "PATRON_CODE_INVALID"))),
        ),
        picture(
            "rejected",
            answered(refused(403, "NO_AVAILABLE_PAYMENT_OPTIONS")),
        ),
        picture("rejected-key", answered(key)),
        picture("rejected-disk", disk),
    ]
}

pub(super) fn earlier_sales() -> Vec<Picture> {
    let refund = || ended(Ending::RefundStarted, false);

    vec![
        kept("earlier-paid", behind(ended(wholly_paid(), false))),
        picture(
            "earlier-part-paid-items",
            behind(ended(
                Ending::PartPaid {
                    by: vec![by_items("Community Voucher", 750)],
                    remaining: nzd(500),
                },
                false,
            )),
        ),
        picture("earlier-part-paid", behind(ended(part_paid(), false))),
        picture("earlier-refund-started", behind(refund())),
        picture("earlier-unknown", behind(ended(Ending::unknown(), false))),
        kept("late-earlier", behind(ended(wholly_paid(), true))),
        picture("late-own", again(ended(wholly_paid(), true))),
        picture("late-own-in-part", again(ended(part_paid(), true))),
        picture("late-going-back", again(ended(Ending::RefundStarted, true))),
        picture(
            "earlier-paid-unnamed",
            behind_unnamed(ended(wholly_paid(), false)),
        ),
        picture(
            "earlier-unknown-unnamed",
            behind_unnamed(ended(Ending::unknown(), false)),
        ),
        picture(
            "late-earlier-unnamed",
            behind_unnamed(ended(wholly_paid(), true)),
        ),
    ]
}
