//! The phrases of the display. Their texts are in `assets/locales`.

use std::fmt;

use serde::Serialize;

macro_rules! phrases {
    ($($name:ident,)+) => {
        /// A phrase of the display. Its Fluent message has the same name in kebab case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        #[allow(missing_docs, reason = "assets/locales/en-NZ.ftl has the text of each")]
        pub enum Phrase {
            $($name,)+
        }

        impl Phrase {
            #[cfg(test)]
            pub(super) const ALL: &'static [Self] = &[$(Self::$name,)+];
        }
    };
}

/// Writes the id of the Fluent message.
impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

phrases! {
    // Between sales, and next to the code.
    Welcome, ScanToPay, WithYourCamera, MoreItems, TimeLeft, OnlyTimeLeft, OneMoment,
    Connecting, WaitingForCentrapay, Reconnecting,
    // Waits without a code.
    ConfirmOnPhone, TimeIsOver, CheckingPayment, DoNotPayAgain, CheckingLastPayment,
    OneMomentPlease, CheckingEarlierSale, Cancelling, DoNotPayAnyMore, CancellingEarlierSale,
    NotYourPaymentMoment, NotYourPaymentWait, YourSaleComesNext, QuestionFirst, AnswerOnPhone,
    AnswerAgain, PartIsPaid, WaitingForTheRest,
    // Money came in.
    Paid, ThankYou, PaidBy, AmountPaidBy, AmountPaid, PaidBefore, CouldNotBeCancelled,
    AnotherSum, StillToBePaid, ReceivedOf, AlreadyPaid, PayTheRest,
    // Ended without payment.
    TimeIsUp, NotCharged, Cancelled, RefundStarted, CancelledDoesNotCount, MoneyOnItsWayBack,
    StoppedBeforeShown, CancelledByMerchant, CancelledByPatron, PatronCodeInvalid,
    PaymentFailed, PatronCodeExpired, DeclinedByPatron, DeclinedByMerchant, PaymentDeclined,
    PaymentRequestExpired, NoPaymentOptions, InactiveAsset, CancelledOtherwise,
    ConditionsAreOff,
    // The outcome is unknown, or staff closed the sale.
    PaidNotKnown, EarlierNotKnown, PleaseWait, DoNotChargeAgain, DoNotChargeUntilSettled,
    NewSaleWaits, CodeOnceConfirmed, ClosedByStaff, ClosedAsPaid, ClosedAsNotPaid,
    AnswersForIt,
    // Earlier sales and late payments.
    EarlierPaid, EarlierPaidInPart, EarlierGoingBack, PaidInFull, PaidInFullBy,
    DoNotChargeItAgain, CancelledTooLate, AmountNotPaid, NotPaidGoingBack, EarlierSale,
    Reference, ReferenceAndCode, LatePaymentElsewhere, LatePaymentsElsewhere, WriteDown,
    WriteDownNamed, LatePaid, LateEarlier, LateGoingBack, ArrivedAfterAll, PartArrivedAfterAll,
    CameTooLate, GoingBackToYou, CameInAfter, GoingBackNotPaid, ThisSaleIsPaidNow,
    ThatSaleIsPaidNow,
    // Errors.
    CannotReach, CheckClock, SomethingAnswers, CheckNetwork, Refused, CheckConfigId,
    CodeRefused, AnotherCode, KeyNotAccepted, ReplaceKey, MoneyMixedUp, CheckLiveness,
    AnswerDoesNotFit, CallSupport, NoReadableCode, PayAnotherWay, WindowTooSmall,
    CannotWriteDown, CheckDisk, EarlierNotSettled, SettleEarlierFirst, NoTimeLeft, CheckExpiry,
    // Buttons.
    Cancel, Back, Close, Done, Noted, TryAgain, Confirm, ShowQr, CustomersCode, KeepChecking,
    CancelAndRefund, LeaveOpen, NotPaid, Accept, Decline, GiveBack, KeepIt, KeepThePart,
    AllGoesBack, AsksByItself, WhatWasPaidGoesBack, CheckedMyself, ComesUpAgain,
    NewSaleNotMade,
    // Entry by the cashier or other staff.
    SpaceKey, BackspaceKey, AmountIn, CodeEnding, ScanOrType, NoCustomersCode, CodeMisread,
    YourName, NameFirst, CheckedAndAnswer, WasItPaid, LookFirst, EnterAmount, OnePoint,
    DigitMissing, TooManyDecimals, MoreThanNothing, TooLarge, CheckAmount,
    // Labels and bands.
    Customer, Cashier, TestBand, DemoBand, DemoBandShort, DemoPay, DemoDecline, DemoExpire,
}
