//! A journal with many old sales, and the journal calls of a launch.

use std::path::Path;

use patron_display::domain::merchant::{Merchant, MerchantKey};
use patron_display::domain::money::{Amount, Currency};
use patron_display::domain::order::{Order, Particulars};
use patron_display::domain::payment::{Liveness, PaidBy, RequestId, Text};
use patron_display::journal::Journal;
use patron_display::sale::{AttemptKey, Ending, NewRequest, Recollection, Record};
use rusqlite::Connection;

/// Writes a journal with this many paid sales, one every 30 s. The journal itself writes only the first sale. The
/// others are copies of its rows under other names.
pub(crate) async fn write(directory: &Path, sales: u32) {
    if sales == 0 {
        return;
    }
    let journal = Journal::open(directory).expect("a journal");
    shows(&journal, "S1").await;
    ends(&journal, "S1").await;
    journal.close();

    let mut database = Connection::open(directory.join("journal.sqlite3")).expect("the journal");
    let copying = database.transaction().expect("a transaction");
    for table in ["attempt", "event"] {
        let columns = columns(&copying, table);
        let values: Vec<_> = columns.iter().map(|column| value(column)).collect();
        copying
            .execute(
                &format!(
                    "WITH RECURSIVE
                         sample AS MATERIALIZED (SELECT * FROM {table}),
                         number (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM number WHERE n < ?1)
                     INSERT INTO {table} ({}) SELECT {} FROM number CROSS JOIN sample WHERE ?1 > 1",
                    columns.join(", "),
                    values.join(", "),
                ),
                [sales],
            )
            .expect("copies");
    }
    copying.commit().expect("a commit");
    database
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .expect("one file");
}

fn columns(database: &Connection, table: &str) -> Vec<String> {
    let mut query = database
        .prepare("SELECT name FROM pragma_table_info(?1)")
        .expect("a query");

    query
        .query_map([table], |row| row.get(0))
        .expect("columns")
        .map(|column| column.expect("a column"))
        .collect()
}

/// Returns the SQL expression for this column in the n-th copy.
fn value(column: &str) -> String {
    match column {
        "sale" | "external_ref" => "'S' || n".to_owned(),
        "request_id" => "printf('%022d', n)".to_owned(),
        "short_code" => "printf('CP-%07d', n)".to_owned(),
        "url" => "printf('https://app.centrapay.com/pay/%022d', n)".to_owned(),
        "intended_at" => "datetime(intended_at, printf('-%d seconds', (?1 - n) * 30))".to_owned(),
        other => other.to_owned(),
    }
}

/// Makes the journal calls of a launch: opens the journal, recalls the open sales, and records a paid sale.
pub(crate) async fn launch(directory: &Path, reference: &str) {
    let journal = Journal::open(directory).expect("a journal");
    let left = journal.recall(Some(reference.to_owned())).await;
    assert_eq!(left.expect("it can be read"), Recollection::default());
    shows(&journal, reference).await;
    ends(&journal, reference).await;
    journal.close();
}

/// Writes, one after the other, the records that must be on disk before a code is shown.
pub(crate) async fn shows(journal: &Journal, reference: &str) {
    let order = order(reference);
    let id = format!("request-of-{reference}");
    let records = [
        Record::Intent {
            request: request(&order),
            order,
        },
        Record::Created {
            id: RequestId::new(&id).expect("an id"),
            short_code: "CP-C7F-ZS5".to_owned(),
            payload: format!("https://app.centrapay.com/pay/{id}"),
        },
        Record::Shown,
    ];
    write_each(journal, reference, records).await;
}

/// Writes the records of a payment.
pub(crate) async fn ends(journal: &Journal, reference: &str) {
    let verdict = Record::Verdict {
        ending: paid(),
        late: false,
    };
    write_each(journal, reference, [verdict, Record::Acknowledged]).await;
}

async fn write_each(journal: &Journal, reference: &str, records: impl IntoIterator<Item = Record>) {
    let key = AttemptKey {
        sale: reference.to_owned(),
        attempt: 1,
    };
    for record in records {
        let written = journal.record(key.clone(), record).await;
        written.expect("it is on disk");
    }
}

pub(crate) fn order(reference: &str) -> Order {
    Order {
        amount: nzd(1250),
        merchant_key: MerchantKey::new("cafe"),
        merchant: Merchant {
            config_id: "5ee168e8597be5002af7b454".to_owned(),
            name: "Centrapay Café".to_owned(),
            currency: Currency::NZD,
            liveness: Liveness::Main,
            expiry_seconds: 120,
            account_id: None,
        },
        reference: reference.to_owned(),
        token: Some("t0k3n".to_owned()),
        handover: None,
        operator: Some("Ana".to_owned()),
        particulars: Particulars::default().into(),
        patron_code: None,
    }
}

fn request(order: &Order) -> NewRequest {
    NewRequest {
        base_url: "https://service.centrapay.com/".to_owned(),
        config_id: order.merchant.config_id.clone(),
        amount: order.amount,
        external_ref: order.external_ref(1),
        expiry_seconds: order.merchant.expiry_seconds,
        operator: order.operator.clone(),
        particulars: order.particulars.clone(),
        barcode: None,
    }
}

fn paid() -> Ending {
    Ending::Paid {
        by: vec![PaidBy {
            description: Text::clean("Centrapay NZD"),
            total: Some(nzd(1250)),
            ..PaidBy::default()
        }],
        kept: false,
    }
}

fn nzd(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::NZD)
}
