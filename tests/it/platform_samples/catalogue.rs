//! Lists the samples by kind, with the content that the program must read. A sample in no list fails a test.

/// The id of the payment request in nearly all samples.
pub(crate) const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";

/// The call that is answered with this payment request.
#[derive(Clone, Copy)]
pub(crate) enum Answers {
    Create,
    Read,
    ShortCode,
}

/// A payment request as the program must read it. Amounts are in minor units of NZD.
pub(crate) struct Request {
    pub(crate) file: &'static str,
    pub(crate) answers: Answers,
    pub(crate) id: &'static str,
    pub(crate) short_code: Option<&'static str>,
    pub(crate) config_id: Option<&'static str>,
    pub(crate) merchant: &'static str,
    pub(crate) is_test: bool,
    pub(crate) status: &'static str,
    pub(crate) value: u64,
    pub(crate) remaining: Option<u64>,
    pub(crate) created_at: &'static str,
    /// Whether the request's one condition waits for the cashier, or `None` if it has no condition.
    pub(crate) condition_waits: Option<bool>,
    /// The asset type, description and amount of each payment.
    pub(crate) paid_by: &'static [(&'static str, &'static str, u64)],
}

/// The usual request of the guides. It has no liveness.
const GUIDE: Request = Request {
    file: "",
    answers: Answers::Read,
    id: ID,
    short_code: Some("CP-C7F-ZS5"),
    config_id: Some("5ee168e8597be5002af7b454"),
    merchant: "Centrapay Café",
    is_test: false,
    status: "new",
    value: 10_000,
    remaining: None,
    created_at: "2021-06-08T04:04:27.426Z",
    condition_waits: None,
    paid_by: &[],
};

/// The usual request of the API reference.
const REFERENCE: Request = Request {
    config_id: Some("5efbe2fb96c08357bb2b9242"),
    is_test: true,
    value: 100,
    ..GUIDE
};

const FARMLANDS: Request = Request {
    merchant: "Farmlands Card Partner",
    condition_waits: Some(true),
    ..GUIDE
};

pub(crate) const REQUESTS: &[Request] = &[
    Request {
        file: "api.payment-requests-create.response.json",
        answers: Answers::Create,
        id: "VYowvZmuw3hbp1va9xqWx7",
        short_code: Some("CP-X4V-6N"),
        merchant: "NZD Test Merchant",
        value: 9_000,
        remaining: Some(9_000),
        created_at: "2023-10-23T22:56:46.145Z",
        ..REFERENCE
    },
    Request {
        file: "api.payment-requests-get-by-connectionId.response.json",
        ..REFERENCE
    },
    Request {
        file: "api.payment-requests-get-by-patron-code.response.json",
        ..REFERENCE
    },
    Request {
        file: "api.payment-requests-get-by-short-code.response.json",
        answers: Answers::ShortCode,
        ..REFERENCE
    },
    Request {
        file: "api.payment-requests-get-summary.response.json",
        short_code: None,
        config_id: None,
        value: 8_991,
        remaining: Some(8_991),
        ..REFERENCE
    },
    // This sample has a part payment but no remaining amount.
    Request {
        file: "api.payment-requests-get.response.json",
        value: 8_991,
        condition_waits: Some(true),
        paid_by: &[("centrapay.nzd.test", "Centrapay NZD Test", 1_000)],
        ..REFERENCE
    },
    Request {
        file: "guide.farmlands-pos-integration.02.L105.response.json",
        answers: Answers::Create,
        ..FARMLANDS
    },
    Request {
        file: "guide.farmlands-pos-integration.03.L169.response.json",
        ..FARMLANDS
    },
    Request {
        file: "guide.farmlands-pos-integration.05.L261.response.json",
        status: "paid",
        condition_waits: Some(false),
        ..FARMLANDS
    },
    Request {
        file: "guide.farmlands-pos-integration.07.L470.response.json",
        answers: Answers::Create,
        config_id: Some("5efbe2fb96c08357bb2b9242"),
        ..FARMLANDS
    },
    Request {
        file: "guide.farmlands-pos-integration.08.L534.response.json",
        ..FARMLANDS
    },
    Request {
        file: "guide.farmlands-pos-integration.10.L627.response.json",
        status: "paid",
        condition_waits: Some(false),
        ..FARMLANDS
    },
    Request {
        file: "guide.merchant-integration-barcode-flow.02.L61.response.json",
        answers: Answers::Create,
        ..GUIDE
    },
    Request {
        file: "guide.merchant-integration-barcode-flow.03.L97.response.json",
        ..GUIDE
    },
    Request {
        file: "guide.merchant-integration-barcode-flow.06.L167.response.json",
        status: "paid",
        ..GUIDE
    },
    Request {
        file: "guide.merchant-integration-barcode-flow.08.L245.response.json",
        answers: Answers::Create,
        ..GUIDE
    },
    Request {
        file: "guide.merchant-integration-barcode-flow.09.L281.response.json",
        ..GUIDE
    },
    Request {
        file: "guide.merchant-integration-barcode-flow.10.L317.response.json",
        status: "paid",
        ..GUIDE
    },
    Request {
        file: "guide.merchant-integration-barcode-flow.14.L416.response.json",
        answers: Answers::Create,
        ..GUIDE
    },
    Request {
        file: "guide.merchant-integration-qr-code-flow.02.L64.response.json",
        answers: Answers::Create,
        ..GUIDE
    },
    Request {
        file: "guide.merchant-integration-qr-code-flow.03.L98.response.json",
        ..GUIDE
    },
];

/// Samples of a single activity: the file, the activity's `type`, and the amount.
pub(crate) const ACTIVITIES: &[(&str, &str, u64)] = &[
    (
        "api.payment-requests-conditions-accept.response.json",
        "accept-condition",
        100,
    ),
    (
        "api.payment-requests-conditions-decline.response.json",
        "decline-condition",
        100,
    ),
    (
        "api.payment-requests-confirm.response.json",
        "confirmation",
        6_190,
    ),
    ("api.payment-requests-pay.response.json", "payment", 1_000),
    ("api.payment-requests-refund.response.json", "refund", 3_600),
    ("api.payment-requests-release.response.json", "release", 100),
    ("api.payment-requests-void.response.json", "refund", 1_000),
    (
        "guide.farmlands-pos-integration.04.L234.response.json",
        "accept-condition",
        100,
    ),
    (
        "guide.farmlands-pos-integration.09.L599.response.json",
        "accept-condition",
        100,
    ),
    (
        "guide.farmlands-pos-integration.12.L712.response.json",
        "confirmation",
        4_000,
    ),
    (
        "guide.farmlands-pos-integration.13.L752.response.json",
        "release",
        6_000,
    ),
    (
        "guide.farmlands-pos-integration.18.L912.response.json",
        "refund",
        100,
    ),
    (
        "guide.merchant-integration-barcode-flow.05.L137.response.json",
        "payment",
        10_000,
    ),
    (
        "guide.merchant-integration-qr-code-flow.05.L138.response.json",
        "payment",
        10_000,
    ),
];

/// The short code of each refund among the activities. It differs from the request's short code.
pub(crate) const REFUND_CODES: &[(&str, &str)] = &[
    (
        "api.payment-requests-refund.response.json",
        "CP-C7F-ZS5-015",
    ),
    ("api.payment-requests-void.response.json", "CP-C7F-ZS5-032"),
    (
        "guide.farmlands-pos-integration.18.L912.response.json",
        "CP-C7F-ZS5-04",
    ),
];

/// The list of a request's activities.
pub(crate) const ACTIVITY_LIST: &str = "api.payment-requests-list-payment-activities.response.json";

/// The list of a merchant's activities. The list continues on another page.
pub(crate) const MERCHANT_ACTIVITY_LIST: &str = "api.payment-activities-list.response.json";

/// The list of requests with one reference. The list continues on another page.
pub(crate) const REQUEST_LIST: &str = "api.payment-requests-list-by-external-ref.response.json";

/// Error bodies: the file, the HTTP status, and the error code.
pub(crate) const ERRORS: &[(&str, u16, &str)] = &[
    (
        "guide.http-status-codes.01.L25.response.json",
        400,
        "amount is required",
    ),
    (
        "guide.http-status-codes.02.L45.response.json",
        401,
        "Missing authentication",
    ),
    (
        "guide.http-status-codes.03.L60.response.json",
        403,
        "Forbidden",
    ),
    (
        "guide.http-status-codes.04.L78.response.json",
        403,
        "INSUFFICIENT_BALANCE",
    ),
    (
        "guide.http-status-codes.05.L91.response.json",
        404,
        "Not Found",
    ),
    ("guide.http-status-codes.06.L103.response.json", 429, ""),
    (
        "guide.merchant-integration-error-handling.01.L26.response.json",
        403,
        "ERROR_MESSAGE",
    ),
];

/// An entry of `paidBy.assetTotals`, with the line items that the asset paid for.
pub(crate) const ASSET_TOTAL: &str = "guide.line-items.02.L67.response.json";

/// Lists of line items, each with the sum of its items.
pub(crate) const LINE_ITEMS: &[(&str, i128)] = &[
    ("guide.line-items.01.L14.response.json", 3_600),
    ("guide.line-items.03.L33.response.json", 4_250),
];

/// Answers to calls that the program never makes. The client must accept none as a payment request or a refund.
pub(crate) const OTHER_MODELS: &[&str] = &[
    "api.pagination-example.response.json",
    "api.patron-codes-create.response.json",
    "api.patron-codes-get-by-barcode.response.json",
    "api.patron-codes-get-by-externalId.response.json",
    "api.patron-codes-get.response.json",
    "api.patron-codes-set-metadata.response.json",
    "guide.farmlands-pos-integration.16.L837.response.json",
    "guide.merchant-integration-barcode-flow.12.L389.response.json",
    "guide.webhooks.01.L42.response.json",
    "guide.webhooks.02.L60.response.json",
];

/// Bodies of creates.
pub(crate) const CREATES: &[&str] = &[
    "api.payment-requests-create.request.json",
    "guide.farmlands-pos-integration.01.L70.request.json",
    "guide.farmlands-pos-integration.06.L436.request.json",
    "guide.farmlands-pos-integration.14.L784.request.json",
    "guide.merchant-integration-barcode-flow.01.L47.request.json",
    "guide.merchant-integration-barcode-flow.07.L231.request.json",
    "guide.merchant-integration-barcode-flow.13.L402.request.json",
    "guide.merchant-integration-qr-code-flow.01.L51.request.json",
    "guide.patron-not-present.01.L12.request.json",
];

/// Bodies of refunds. The guide's body has a `merchantConfigId`, which the API reference does not document.
pub(crate) const REFUNDS: &[&str] = &[
    "api.payment-requests-refund.request.json",
    "guide.farmlands-pos-integration.17.L888.request.json",
];

/// Bodies of calls that the program never makes.
pub(crate) const NEVER_SENT: &[&str] = &[
    "api.patron-codes-set-metadata.request.json",
    "api.payment-requests-confirm.request.json",
    "api.payment-requests-pay.request.json",
    "guide.farmlands-pos-integration.11.L688.request.json",
    "guide.farmlands-pos-integration.15.L826.request.json",
    "guide.merchant-integration-barcode-flow.04.L127.request.json",
    "guide.merchant-integration-barcode-flow.11.L378.request.json",
    "guide.merchant-integration-qr-code-flow.04.L128.request.json",
];

/// Returns every file that is in one of the lists above.
pub(crate) fn files() -> Vec<&'static str> {
    [
        ACTIVITY_LIST,
        MERCHANT_ACTIVITY_LIST,
        REQUEST_LIST,
        ASSET_TOTAL,
    ]
    .into_iter()
    .chain(REQUESTS.iter().map(|request| request.file))
    .chain(ACTIVITIES.iter().map(|(file, ..)| *file))
    .chain(ERRORS.iter().map(|(file, ..)| *file))
    .chain(LINE_ITEMS.iter().map(|(file, _)| *file))
    .chain([OTHER_MODELS, CREATES, REFUNDS, NEVER_SENT].concat())
    .collect()
}
