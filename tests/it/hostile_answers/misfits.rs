//! Redirects, and answers that name another request, amount, merchant or pay URL.

use futures_util::future::join_all;
use patron_display::sale::{Command, State};
use patron_display::sandbox::{ApiCall, Fault, Liveness, Options, SandboxStatus, Script};
use serde_json::{Value, json};

use crate::hostile_answers::{
    ACCOUNT, begun, ends, ends_paid, paid, scripted, told, until_meanwhile,
};
use crate::support::recording_server::RecordingServer;
use crate::support::scene::{Rehearsal, Scene};

/// The id of a request of another sale.
const STRANGER: &str = "Ve1Jj5H8kqD3gTeq3Yt9Wx";

/// Answers the first create with this patch. The sale must end as rejected for this reason and show no code, and
/// its request must be voided.
async fn refused(mut sale: Rehearsal, patch: Value, why: &str) {
    let control = sale.control();
    control.script(ApiCall::Create, [Fault::edit(patch.clone())]);
    let mut shown = false;
    sale.until(|state| {
        shown |= matches!(state, State::Presenting(_));

        matches!(state, State::Ended(_))
    })
    .await;
    assert!(!shown, "{patch}");
    sale.until_ended("rejected").await;
    sale.says(why).await;
    let told = sale.told.clone();
    ends(sale, 40).await;
    assert_eq!(told.names(), ["waiting", "ended", "outcome"], "{patch}");
    let reason = told.events()[2]["reason"].to_string();
    assert!(reason.contains(why), "{patch}: {reason}");
    let [request] = &control.requests()[..] else {
        panic!("{:?}", control.requests());
    };
    assert_eq!(request.status, SandboxStatus::Cancelled, "{patch}");
}

#[tokio::test]
async fn f7_answer_on_other_terms_is_voided() {
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
async fn f7_same_terms_in_another_form_fit() {
    let patches = [
        json!({ "configId": "5ee168e8597be5002af7b454" }),
        json!({ "configId": "mc_5ee168e8597be5002af7b454" }),
        json!({ "value": { "amount": 1250 } }),
    ];
    join_all(patches.map(async |patch| {
        let (mut sale, control) = scripted("", ApiCall::Create, [Fault::edit(patch.clone())]).await;
        sale.until_shown().await;
        assert_eq!(control.requests().len(), 1, "{patch}");
        ends_paid(sale).await;
    }))
    .await;
}

#[tokio::test]
async fn f8_foreign_pay_url_is_never_shown() {
    let elsewhere = RecordingServer::start().await;
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

/// Starts a sale in a shop for real money, at a platform of this liveness.
async fn live_shop(liveness: Liveness) -> Rehearsal {
    let options = Options {
        liveness,
        ..Options::default()
    };
    let scene = Scene {
        options,
        liveness: "liveness = \"main\"\n",
        ..Scene::default()
    };

    scene.begin().await
}

#[tokio::test]
async fn f53_other_liveness_is_refused() {
    refused(live_shop(Liveness::Test).await, json!({}), "test money").await;
    let real = Options {
        liveness: Liveness::Main,
        ..Options::default()
    };
    let test_shop = Rehearsal::begin_at(real, Scene::default().size, "").await;
    refused(test_shop, json!({}), "real money").await;
}

#[tokio::test]
async fn f53_only_test_screens_say_test() {
    for (mut sale, is_test) in [
        (live_shop(Liveness::Main).await, false),
        (begun("").await, true),
    ] {
        let mut screens = vec![sale.words().await];
        sale.until_shown().await;
        screens.push(sale.words().await);
        sale.control().decline(&sale.latest()).unwrap();
        sale.until_ended("cancelled").await;
        screens.push(sale.words().await);
        sale.send(Command::Retry);
        sale.until_shown().await;
        paid(&mut sale).await;
        screens.push(sale.words().await);
        for words in screens {
            let says_so = words.to_lowercase().contains("test");
            assert_eq!(says_so, is_test, "{words}");
        }
        ends(sale, 0).await;
    }
}

/// Waits until the sale is rejected for this reason and its code has left the screen.
async fn until_taken_away(sale: &mut Rehearsal, why: &str) {
    sale.until_ended("rejected").await;
    sale.says(why).await;
    told(sale, &["created", "shown", "waiting", "ended"]).await;
}

#[tokio::test]
async fn f7_f22_f53_changed_terms_remove_the_code() {
    let changes = [
        (json!({ "value": { "amount": "125000" } }), "another amount"),
        (json!({ "value": { "currency": "AUD" } }), "another amount"),
        (json!({ "configId": "mc_other" }), "another merchant config"),
        (json!({ "liveness": "main" }), "real money"),
    ];
    join_all(changes.map(async |(patch, why)| {
        let mut sale = Rehearsal::shown("").await;
        let control = sale.control();
        control.script(ApiCall::Read, [Fault::pass(), Fault::edit(patch)]);
        until_taken_away(&mut sale, why).await;
        let request = sale.request();
        assert_eq!(request.status, SandboxStatus::Cancelled);
        ends(sale, 40).await;
    }))
    .await;
}

#[tokio::test]
async fn f22_payment_of_another_amount_is_refunded() {
    let mut sale = Rehearsal::shown("").await;
    let control = sale.control();
    sale.pay();
    let other = json!({ "value": { "amount": "1" } });
    control.script(ApiCall::Read, [Fault::edit(other).forever()]);
    sale.until_ended("refund-started").await;
    let told = sale.told.clone();
    ends(sale, 22).await;
    let paid = |event: &Value| event["outcome"] == "paid";
    assert!(!told.events().iter().any(paid), "{:?}", told.events());
}

/// Starts a sale whose code is shown, and gives these faults to its polls.
async fn shown_with_polls(faults: impl IntoIterator<Item = Fault>) -> Rehearsal {
    let sale = Rehearsal::shown("").await;
    sale.script(ApiCall::Read, faults);

    sale
}

#[tokio::test]
async fn f21_third_answer_of_another_id_ends_it() {
    let stranger = Fault::edit(json!({ "id": STRANGER, "status": "paid" }));
    let twice = async {
        let twice = [stranger.clone().times(2), Fault::pass(), stranger.clone()];
        let mut sale = shown_with_polls(twice).await;
        let control = sale.control();
        until_meanwhile(&mut sale, |_| control.calls(ApiCall::Read) >= 5).await;
        told(&sale, &["created", "shown"]).await;
        ends_paid(sale).await;
    };
    let three_times = async {
        let mut sale = shown_with_polls([stranger.clone().times(3)]).await;
        until_taken_away(&mut sale, "another payment request").await;
        let own = sale.request();
        assert_eq!(own.status, SandboxStatus::Cancelled);
        ends(sale, 40).await;
    };
    let for_ever = async {
        let mut sale = shown_with_polls([stranger.clone().forever()]).await;
        sale.until_ended("unknown").await;
        assert_eq!(sale.control().calls(ApiCall::Void), 1);
        sale.says("Do not charge again").await;
        let settled = ends(sale, 30).await;
        assert_eq!(settled.told.last().unwrap()["outcome"], "cancelled");
    };
    tokio::join!(twice, three_times, for_ever);
}

#[tokio::test]
async fn f16_no_call_follows_a_redirect() {
    let elsewhere = RecordingServer::start().await;
    let place = format!("http://{}/api/payment-requests", elsewhere.address);
    join_all([301, 302, 303, 307, 308].map(async |status| {
        let mut sale = begun(ACCOUNT).await;
        let control = sale.control();
        let redirect = Fault::redirect(status, &place);
        for call in [ApiCall::Create, ApiCall::ByExternalRef, ApiCall::Read] {
            control.script(call, [redirect.clone()]);
        }
        control.script(ApiCall::Void, [redirect.clone().after_effect()]);
        control.script(ApiCall::Activities, [redirect]);
        sale.until_shown().await;
        assert_eq!(control.calls(ApiCall::Create), 2, "the first had no effect");
        until_meanwhile(&mut sale, |_| control.calls(ApiCall::Read) >= 2).await;
        told(&sale, &["created", "shown"]).await;
        // The void starts a refund. Its answer is redirected, so only the activities report the refund.
        sale.pay();
        sale.send(Command::Cancel);
        sale.until_ended("refund-started").await;
        assert_eq!(control.script_left(), Script::default(), "{status}");
        ends(sale, 22).await;
    }))
    .await;
    assert!(elsewhere.heard().is_empty(), "{:?}", elsewhere.heard());
}

#[tokio::test]
async fn f16_only_redirects_end_unreachable() {
    let elsewhere = RecordingServer::start().await;
    let place = format!("http://{}/", elsewhere.address);
    let mut sale = begun("").await;
    let control = sale.control();
    control.script(ApiCall::Any, [Fault::redirect(307, &place).forever()]);
    sale.until_ended("unreachable").await;
    let told = sale.told.clone();
    ends(sale, 41).await;
    let why = told.events().last().unwrap()["reason"].to_string();
    assert!(why.contains("redirect"), "{why}");
    assert!(control.requests().is_empty());
    assert!(elsewhere.heard().is_empty(), "{:?}", elsewhere.heard());
}
