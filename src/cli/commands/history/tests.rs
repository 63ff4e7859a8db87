use super::*;

fn paid_twice() -> HistoryEntry {
    let voucher = PaidBy {
        description: Text::clean("Community Voucher"),
        asset_type: None,
        line_items: Vec::new(),
        total: None,
    };
    let wallet = PaidBy {
        description: Text::clean("Centrapay NZD"),
        asset_type: Some(Text::clean("centrapay.nzd.main")),
        line_items: Vec::new(),
        total: Some(Amount::from_minor(950, crate::domain::money::Currency::NZD)),
    };

    HistoryEntry {
        at: "2026-08-17 04:04:27.426".to_owned(),
        sale: "A1".to_owned(),
        attempt: 1,
        external_ref: "A1".to_owned(),
        id: None,
        short_code: None,
        amount: 1250,
        currency: "NZD".to_owned(),
        merchant: "cafe".to_owned(),
        operator: None,
        outcome: Some("paid".to_owned()),
        late: false,
        reason: None,
        settled_by: None,
        shown_at: Some("2026-08-17 04:04:28.000".to_owned()),
        settled_at: Some("no time".to_owned()),
        closed_at: None,
        platform_ref: "A1.t0k3n".to_owned(),
        paid_by: vec![wallet, voucher],
        refunds: Vec::new(),
    }
}

#[test]
fn json_adds_sums_and_times() {
    let entry = paid_twice();
    let told = serde_json::to_value(SaleDocument::from(&entry)).expect("JSON");
    assert_eq!(told["at"], "2026-08-17 04:04:27.426");
    assert_eq!(told["amount"], 1250);
    assert_eq!(told["refunds"], serde_json::json!([]));
    assert_eq!(told["platformRef"], "A1.t0k3n");
    assert_eq!(
        told["value"],
        serde_json::json!({"amount": "1250", "currency": "NZD"})
    );
    assert_eq!(
        told["utc"],
        serde_json::json!({
            "at": "2026-08-17T04:04:27.426Z",
            "shownAt": "2026-08-17T04:04:28Z",
            "settledAt": null,
            "closedAt": null,
        })
    );
    assert_eq!(
        told["paidBy"],
        serde_json::json!([
            {
                "assetType": "centrapay.nzd.main",
                "description": "Centrapay NZD",
                "total": {"amount": "950", "currency": "NZD"},
            },
            {"description": "Community Voucher", "total": null},
        ])
    );
}

#[test]
fn means_have_type_and_sum() {
    let named: Vec<_> = paid_twice().paid_by.iter().map(means).collect();
    assert_eq!(
        named,
        [
            "Centrapay NZD (centrapay.nzd.main), 9.50 NZD",
            "Community Voucher"
        ]
    );
}
