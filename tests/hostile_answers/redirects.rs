//! Redirects, which would carry the key away.

use futures_util::future::join_all;
use patron_display::display::Message;
use patron_display::sale::Command;
use patron_display::sandbox::{Call, Fault, Script};

use crate::elsewhere::Elsewhere;
use crate::oracle::ends;
use crate::{ACCOUNT, begun, told, until_meanwhile};

#[tokio::test]
async fn f16_no_call_follows_a_redirect_and_the_key_stays_here() {
    let elsewhere = Elsewhere::listen().await;
    let place = format!("http://{}/api/payment-requests", elsewhere.address);
    join_all([301, 302, 303, 307, 308].map(async |status| {
        let mut sale = begun(ACCOUNT).await;
        let control = sale.sandbox.control();
        let redirect = Fault::redirect(status, &place);
        for call in [Call::Create, Call::ByExternalRef, Call::Read] {
            control.script(call, [redirect.clone()]);
        }
        control.script(Call::Void, [redirect.clone().after_effect()]);
        control.script(Call::Activities, [redirect]);
        sale.until_shown().await;
        assert_eq!(control.calls(Call::Create), 2, "the first took no effect");
        until_meanwhile(&mut sale, |_| control.calls(Call::Read) >= 2).await;
        told(&sale, &["created", "shown"]).await;
        // The void refunds, and only the activities tell.
        control.pay(&sale.latest()).unwrap();
        sale.display.send(Message::Asked(Command::Cancel));
        sale.until_ended("refund-started").await;
        assert_eq!(control.script_left(), Script::default(), "{status}");
        ends(sale, 22).await;
    }))
    .await;
    assert!(elsewhere.heard().is_empty(), "{:?}", elsewhere.heard());
}

#[tokio::test]
async fn f16_a_platform_that_only_redirects_ends_unreachable() {
    let elsewhere = Elsewhere::listen().await;
    let place = format!("http://{}/", elsewhere.address);
    let mut sale = begun("").await;
    let control = sale.sandbox.control();
    control.script(Call::Any, [Fault::redirect(307, &place).forever()]);
    sale.until_ended("unreachable").await;
    let told = sale.told.clone();
    ends(sale, 41).await;
    let why = told.events().last().unwrap()["reason"].to_string();
    assert!(why.contains("redirect"), "{why}");
    assert!(control.requests().is_empty());
    assert!(elsewhere.heard().is_empty(), "{:?}", elsewhere.heard());
}
