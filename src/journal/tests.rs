use rusqlite::Connection;

use super::*;
use crate::domain::merchant::{Merchant, MerchantKey};
use crate::domain::money::{Amount, Currency};
use crate::domain::order::Order;
use crate::domain::payment::{Failure, Liveness, PaidBy, RequestId, Text, Unsent};
use crate::sale::{Ending, NewRequest, Progress, Standing, Void};

mod barcode;
mod lookup;
mod opening;
mod plans;
mod recalling;
mod refunding;
mod writing;

const ID: &str = "MhocUmpxxmgdHjr7DgKoKw";

struct Counter {
    journal: Journal,
    directory: tempfile::TempDir,
}

impl Counter {
    fn open() -> Self {
        let directory = tempfile::tempdir().expect("a directory");

        Self {
            journal: Journal::open(directory.path()).expect("a journal"),
            directory,
        }
    }

    /// Closes the journal and opens it again, as a restart of the program does.
    fn reopen(self) -> Self {
        self.journal.close();
        drop(self.journal);

        Self {
            journal: Journal::open(self.directory.path()).expect("a journal"),
            directory: self.directory,
        }
    }

    async fn write(&self, key: &AttemptKey, records: impl IntoIterator<Item = Record>) {
        for record in records {
            self.journal
                .record(key.clone(), record)
                .await
                .expect("a record");
        }
    }

    /// Records a sale that is shown and paid.
    async fn sell(&self) {
        let records = [intent(), created(), Record::Shown, verdict(paid())];
        self.write(&key(1), records).await;
    }

    async fn recall(&self, sale: Option<&str>) -> Recollection {
        self.journal
            .recall(sale.map(ToOwned::to_owned))
            .await
            .expect("a recollection")
    }

    /// Returns the standing of the only open attempt.
    async fn standing(&self) -> Standing {
        let mut open = self.recall(None).await.open;
        assert_eq!(open.len(), 1, "{open:?}");

        open.remove(0).standing
    }

    fn database(&self) -> Connection {
        Connection::open(self.directory.path().join(FILE)).expect("the journal")
    }

    fn phases(&self) -> Vec<String> {
        let database = self.database();
        let mut query = database
            .prepare("SELECT phase FROM attempt ORDER BY rowid")
            .expect("a query");

        query
            .query_map([], |row| row.get(0))
            .expect("rows")
            .map(|row| row.expect("a row"))
            .collect()
    }
}

fn key(attempt: u32) -> AttemptKey {
    key_of("A1", attempt)
}

fn key_of(sale: &str, attempt: u32) -> AttemptKey {
    AttemptKey {
        sale: sale.to_owned(),
        attempt,
    }
}

fn order(reference: &str) -> Order {
    Order {
        amount: nzd(1250),
        merchant_key: MerchantKey::new("cafe"),
        merchant: Merchant {
            config_id: "5ee168e8597be5002af7b454".to_owned(),
            name: "Café".to_owned(),
            currency: Currency::NZD,
            liveness: Liveness::Test,
            expiry_seconds: 90,
            account_id: None,
        },
        reference: reference.to_owned(),
        token: Some("t0k3n".to_owned()),
        handover: None,
        operator: Some("Ana".to_owned()),
        particulars: crate::domain::order::Particulars::default().into(),
        patron_code: None,
    }
}

fn nzd(minor: u64) -> Amount {
    Amount::from_minor(minor, Currency::NZD)
}

fn intent() -> Record {
    intent_of(order("A1"), 1)
}

fn intent_of(order: Order, attempt: u32) -> Record {
    Record::Intent {
        request: NewRequest {
            base_url: "https://service.centrapay.com/".to_owned(),
            config_id: order.merchant.config_id.clone(),
            amount: order.amount,
            external_ref: order.external_ref(attempt),
            expiry_seconds: order.merchant.expiry_seconds,
            operator: order.operator.clone(),
            particulars: crate::domain::order::Particulars::default().into(),
            barcode: order.barcode(attempt).cloned(),
        },
        order,
    }
}

fn created() -> Record {
    created_as(ID)
}

fn created_as(id: &str) -> Record {
    Record::Created {
        id: RequestId::new(id).expect("an id"),
        short_code: "CP-C7F-ZS5".to_owned(),
        payload: format!("https://app.centrapay.com/pay/{id}"),
    }
}

fn voiding() -> Record {
    Record::Voiding {
        id: RequestId::new(ID).expect("an id"),
    }
}

fn verdict(ending: Ending) -> Record {
    Record::Verdict {
        ending,
        late: false,
    }
}

fn paid() -> Ending {
    Ending::Paid {
        by: vec![PaidBy {
            description: Text::clean("Farmlands"),
            total: Some(nzd(1250)),
            ..PaidBy::default()
        }],
        kept: false,
    }
}
