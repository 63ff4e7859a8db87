//! Many sales by HTTP and by `sale`, one after another and at once: one at a time on the screen, and every outcome once.

use serde_json::json;

use super::Service;
use super::access::till;
use crate::support::till::Till;

/// Sells by HTTP, and pays.
async fn sells_by_http(service: &mut Service, reference: &str) {
    let events = service.sells(reference).await;
    service.is_paid(&events).await;
    let names = events.names();
    assert_eq!(
        names.iter().filter(|name| *name == "outcome").count(),
        1,
        "{names:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_mixed_sales_follow_each_other() {
    let mut service = Service::open().await;
    for number in 0..10 {
        sells_by_http(&mut service, &format!("H{number}")).await;
        let mut till = service.counter.sells_as(&format!("S{number}"));
        service.counter.until_shown(&till).await;
        service.counter.is_paid(&mut till).await;
        assert_eq!(
            till.names()
                .iter()
                .filter(|name| *name == "outcome")
                .count(),
            1
        );
    }
    assert_eq!(service.counter.control().requests().len(), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_ten_at_once_one_has_the_screen() {
    let mut service = Service::open().await;
    let calls: Vec<_> = (0..5)
        .map(|number| {
            let api = service.api.clone();
            let sale = json!({"ref": format!("H{number}"), "amount": "12.50"}).to_string();
            std::thread::spawn(move || api.call("POST", "/v1/sales", &sale))
        })
        .collect();
    let mut tills: Vec<Till> = (0..5)
        .map(|number| service.counter.sells_as(&format!("S{number}")))
        .collect();
    service
        .counter
        .until(|_| calls.iter().all(std::thread::JoinHandle::is_finished))
        .await;
    let begun = calls.into_iter().map(|call| call.join().unwrap());
    let by_http = begun.filter(|answer| answer.status == 201).count();
    let mut codes = Vec::new();
    service
        .counter
        .until(|_| {
            tills.retain_mut(|till| {
                let code = till.code();
                codes.extend(code);

                code.is_none()
            });
            tills.len() + by_http == 1
        })
        .await;
    assert!(codes.iter().all(|code| *code == 75), "{codes:?}");
    service.counter.until_presenting().await;
    assert_eq!(service.counter.control().requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f85_second_till_joins_the_same_sale() {
    let mut service = Service::open().await;
    let events = service.sells("A1").await;
    let mut till = service.counter.sells_as("A1");
    service.counter.until_shown(&till).await;
    service.counter.is_paid(&mut till).await;
    service.counter.until(|_| events.is_over()).await;
    assert_eq!(till.names(), events.names());
    assert_eq!(service.counter.control().requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f83_streams_of_a_till_are_bounded() {
    let mut service = Service::open().await;
    let _events = service.sells("A1").await;
    let till = till(&service, &[]);
    let streams: Vec<_> = (0..20).map(|_| till.events("A1")).collect();
    service
        .counter
        .until(|_| streams.iter().filter(|stream| stream.is_over()).count() >= 4)
        .await;
    let open = streams.iter().filter(|stream| !stream.is_over());
    assert_eq!(open.count(), 16);
}
