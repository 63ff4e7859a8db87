//! Answers to another question than the one that was asked.

use futures_util::future::join_all;
use patron_display::control::Controls;
use patron_display::display::Message;
use patron_display::sale::{Command, State};
use patron_display::sandbox::{Call, Fault, Liveness, Options, Sandbox, Status};
use serde_json::{Value, json};

use crate::elsewhere::Elsewhere;
use crate::oracle::ends;
use crate::scene::Rehearsal;
use crate::{SCREEN, begun, paid, shown, told, until_meanwhile, words};

/// The id of a request that is none of this sale.
const STRANGER: &str = "Ve1Jj5H8kqD3gTeq3Yt9Wx";

/// A sale whose first create is answered with this patch, to its end: refused with `why`, without
/// a code, and with the request voided.
async fn refused(mut sale: Rehearsal, patch: Value, why: &str) {
    let control = sale.sandbox.control();
    control.script(Call::Create, [Fault::edit(patch.clone())]);
    let mut shown = false;
    sale.until(|state| {
        shown |= matches!(state, State::Presenting(_));

        matches!(state, State::Ended(_))
    })
    .await;
    assert!(!shown, "{patch}");
    sale.until_ended("rejected").await;
    let words = words::on(sale.display.display(), SCREEN).await;
    assert!(words.contains(why), "{patch}: {words}");
    let told = sale.told.clone();
    ends(sale, 40).await;
    assert_eq!(told.names(), ["waiting", "ended", "outcome"], "{patch}");
    let reason = told.events()[2]["reason"].to_string();
    assert!(reason.contains(why), "{patch}: {reason}");
    let [request] = &control.requests()[..] else {
        panic!("{:?}", control.requests());
    };
    assert_eq!(request.status, Status::Cancelled, "{patch}");
}

#[tokio::test]
async fn f7_an_answer_for_another_sum_or_merchant_is_never_shown_and_voided() {
    for (patch, why) in [
        (json!({ "value": { "amount": "1251" } }), "another amount"),
        (json!({ "value": { "amount": 125 } }), "another amount"),
        (json!({ "value": { "currency": "AUD" } }), "another amount"),
        (json!({ "value": { "currency": "nzd" } }), "another amount"),
        (json!({ "value": null }), "another amount"),
        (
            json!({ "configId": "mc_5ee168e8597be5002af7b455" }),
            "another merchant config",
        ),
        (json!({ "configId": "mc_" }), "another merchant config"),
        (
            json!({ "configId": "mc_mc_5ee168e8597be5002af7b454" }),
            "another merchant config",
        ),
        (json!({ "liveness": "main" }), "real money"),
    ] {
        refused(begun("").await, patch, why).await;
    }
}

#[tokio::test]
async fn f7_an_answer_that_says_the_same_in_another_form_fits() {
    let patches = [
        json!({ "configId": "5ee168e8597be5002af7b454" }),
        json!({ "configId": "mc_5ee168e8597be5002af7b454" }),
        json!({ "value": { "amount": 1250 } }),
    ];
    join_all(patches.map(async |patch| {
        let mut sale = begun("").await;
        let control = sale.sandbox.control();
        control.script(Call::Create, [Fault::edit(patch.clone())]);
        sale.until_shown().await;
        assert_eq!(control.requests().len(), 1, "{patch}");
        paid(&mut sale).await;
        ends(sale, 0).await;
    }))
    .await;
}

#[tokio::test]
async fn f8_a_url_that_leads_elsewhere_is_never_shown_and_voided_and_nobody_goes_there() {
    let elsewhere = Elsewhere::listen().await;
    let other = elsewhere.address;
    let urls: [(&str, &str); 17] = [
        ("http://OTHER/pay/{id}", "is not in pay-hosts"),
        ("https://evil.example/pay/{id}", "host evil.example"),
        ("https://PAY/pay/{id}.evil.example/pay/{id}", "path"),
        ("http://localhost:PORT/pay/{id}", "host localhost"),
        ("http://127.0.0.1/pay/{id}", "host 127.0.0.1"),
        ("http://127.0.0.1:1/pay/{id}", "host 127.0.0.1:1"),
        ("http://PAY@evil.example/pay/{id}", "user name"),
        ("http://app.centrapay.com@PAY/pay/{id}", "user name"),
        ("http://:secret@PAY/pay/{id}", "user name"),
        ("http://PAY/pay/{id}/../STRANGER", "not written plainly"),
        ("http://PAY/pay/STRANGER", "pays another request"),
        ("http://PAY/pay/{id}?to=http://OTHER", "path"),
        ("http://PAY/pay/{id}#/pay/STRANGER", "path"),
        ("http://PAY\\@OTHER/pay/{id}", "path"),
        ("http://PAY/pay/{id}\u{202e}", "path"),
        ("ftp://PAY/pay/{id}", "ftp instead of https"),
        ("javascript:alert('{id}')", "javascript instead of https"),
    ];
    for (url, why) in urls {
        let sale = begun("").await;
        let pay = sale.sandbox.address();
        let url = url
            .replace("OTHER", &other.to_string())
            .replace("PAY", &pay.to_string())
            .replace("PORT", &pay.port().to_string())
            .replace("STRANGER", STRANGER);
        refused(sale, json!({ "url": url }), why).await;
    }
    refused(begun("").await, json!({ "url": null }), "there is none").await;
    assert!(elsewhere.heard().is_empty(), "{:?}", elsewhere.heard());
}

/// A shop that takes real money, at a platform of this liveness.
async fn live_shop(liveness: Liveness) -> Rehearsal {
    let options = Options {
        liveness,
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let address = sandbox.address();
    let api = format!("base-url = \"http://{address}\"\npay-hosts = [\"{address}\"]");
    let lines = (api.as_str(), "liveness = \"main\"\n");

    Rehearsal::begin_in(sandbox, SCREEN, lines, Controls::none()).await
}

#[tokio::test]
async fn f53_test_money_in_a_live_shop_and_real_money_in_a_test_are_refused() {
    refused(live_shop(Liveness::Test).await, json!({}), "test money").await;
    let real = Options {
        liveness: Liveness::Main,
        ..Options::default()
    };
    let test_shop = Rehearsal::begin_at(real, SCREEN, "").await;
    refused(test_shop, json!({}), "real money").await;
}

#[tokio::test]
async fn f53_every_screen_of_a_test_says_so_and_none_of_a_live_shop() {
    for (mut sale, is_test) in [
        (live_shop(Liveness::Main).await, false),
        (begun("").await, true),
    ] {
        let mut screens = vec![words::on(sale.display.display(), SCREEN).await];
        sale.until_shown().await;
        screens.push(words::on(sale.display.display(), SCREEN).await);
        sale.sandbox.control().decline(&sale.latest()).unwrap();
        sale.until_ended("cancelled").await;
        screens.push(words::on(sale.display.display(), SCREEN).await);
        sale.display.send(Message::Asked(Command::Retry));
        sale.until_shown().await;
        paid(&mut sale).await;
        screens.push(words::on(sale.display.display(), SCREEN).await);
        for words in screens {
            let says_so = words.to_lowercase().contains("test");
            assert_eq!(says_so, is_test, "{words}");
        }
        ends(sale, 0).await;
    }
}

/// Until the code that stood on the screen is gone for good: refused, with this reason.
async fn until_taken_away(sale: &mut Rehearsal, why: &str) {
    sale.until_ended("rejected").await;
    let words = words::on(sale.display.display(), SCREEN).await;
    assert!(words.contains(why), "{words}");
    told(sale, &["created", "shown", "waiting", "ended"]).await;
}

#[tokio::test]
async fn f7_f22_f53_terms_that_change_while_the_code_stands_take_it_away_and_void_it() {
    let changes = [
        (json!({ "value": { "amount": "125000" } }), "another amount"),
        (json!({ "value": { "currency": "AUD" } }), "another amount"),
        (json!({ "configId": "mc_other" }), "another merchant config"),
        (json!({ "liveness": "main" }), "real money"),
    ];
    join_all(changes.map(async |(patch, why)| {
        let mut sale = shown("").await;
        let control = sale.sandbox.control();
        control.script(Call::Read, [Fault::pass(), Fault::edit(patch)]);
        until_taken_away(&mut sale, why).await;
        let request = control.request(&sale.latest()).unwrap();
        assert_eq!(request.status, Status::Cancelled);
        ends(sale, 40).await;
    }))
    .await;
}

#[tokio::test]
async fn f22_a_payment_of_another_amount_is_given_back_and_never_paid() {
    let mut sale = shown("").await;
    let control = sale.sandbox.control();
    control.pay(&sale.latest()).unwrap();
    let other = json!({ "value": { "amount": "1" } });
    control.script(Call::Read, [Fault::edit(other).forever()]);
    sale.until_ended("refund-started").await;
    let told = sale.told.clone();
    ends(sale, 22).await;
    let paid = |event: &Value| event["outcome"] == "paid";
    assert!(!told.events().iter().any(paid), "{:?}", told.events());
}

/// A shown code whose polls are answered like this: for a request that is none of this sale.
async fn shown_to_strangers(faults: impl IntoIterator<Item = Fault>) -> Rehearsal {
    let sale = shown("").await;
    sale.sandbox.control().script(Call::Read, faults);

    sale
}

#[tokio::test]
async fn f21_two_answers_for_another_request_are_dropped_and_the_third_takes_the_code_away() {
    let stranger = Fault::edit(json!({ "id": STRANGER, "status": "paid" }));
    let twice = async {
        let twice = [stranger.clone().times(2), Fault::pass(), stranger.clone()];
        let mut sale = shown_to_strangers(twice).await;
        let control = sale.sandbox.control();
        until_meanwhile(&mut sale, |_| control.calls(Call::Read) >= 5).await;
        told(&sale, &["created", "shown"]).await;
        paid(&mut sale).await;
        ends(sale, 0).await;
    };
    let three_times = async {
        let mut sale = shown_to_strangers([stranger.clone().times(3)]).await;
        until_taken_away(&mut sale, "another payment request").await;
        let own = sale.sandbox.control().request(&sale.latest()).unwrap();
        assert_eq!(own.status, Status::Cancelled);
        ends(sale, 40).await;
    };
    let for_ever = async {
        let mut sale = shown_to_strangers([stranger.clone().forever()]).await;
        sale.until_ended("unknown").await;
        assert_eq!(sale.sandbox.control().calls(Call::Void), 1);
        let words = words::on(sale.display.display(), SCREEN).await;
        assert!(words.contains("Do not charge again"), "{words}");
        let settled = ends(sale, 30).await;
        assert_eq!(settled.told.last().unwrap()["outcome"], "cancelled");
    };
    tokio::join!(twice, three_times, for_ever);
}
