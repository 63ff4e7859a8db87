//! Which screen shows which state of the sale.

use std::sync::Arc;
use std::time::Duration;

use iced::widget::{column, responsive};
use iced::{Element, theme};

use super::about::About;
use super::band::{self, Band};
use super::choice::{Whose, choices};
use super::look::{Look, Palette};
use super::notice::{self, Notice};
use super::show_qr::{self, Content};
use super::{
    Display, Message, earlier, failure, late, panel, parts, retry, success, unknown, waiting, words,
};
use crate::payment::Liveness;
use crate::qr::Code;
use crate::sale::{Cause, Ended, Ending, Link, Pause, Presenting, State};

/// What the strip for the cashier says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strip {
    pub(super) merchant: Option<String>,
    pub(super) short_code: Option<String>,
    pub(super) link: Option<String>,
    /// The banner of an earlier sale.
    pub(super) earlier: Option<String>,
    /// What somebody has to write down.
    pub(super) unsaved: Option<String>,
    /// Another sale was paid late.
    pub(super) late: Option<String>,
}

impl Display {
    /// Draws the state of the sale.
    pub fn view(&self) -> Element<'_, Message> {
        responsive(|size| {
            let look = Look::new(size, self.scale_factor.unwrap_or(1.0), self.theme);
            let Some(band) = self.band() else {
                return self.screen(&look);
            };
            let below = parts::below_band(look, band::height(&look));

            column![band::view(band, &look), self.screen(&below)].into()
        })
        .into()
    }

    /// The window's own ground, which never changes for the eye while it is open.
    pub(super) fn style(&self) -> theme::Style {
        let calm = Palette::of(self.theme).calm;

        theme::Style {
            background_color: self.face.tint(calm.ground),
            text_color: calm.ink,
        }
    }

    /// A band stands on every screen of a demo and of a test, whatever state the sale is in.
    fn band(&self) -> Option<Band> {
        if self.patron.is_some() {
            return Some(Band::Demo);
        }
        let liveness = match self.sale.order() {
            Some(order) => Some(order.merchant.liveness),
            None => self.create.merchant().map(|merchant| merchant.liveness),
        };

        (liveness == Some(Liveness::Test)).then_some(Band::Test)
    }

    fn screen(&self, look: &Look) -> Element<'_, Message> {
        let about = About::of(&self.sale);
        let notice = match self.sale.state() {
            _ if self.is_entering() => return self.create.view(look),
            State::Creating(creating) if creating.is_cancelled() => {
                waiting::voiding(&Cause::Cashier, &about)
            }
            State::Creating(creating) => return self.creating(creating.pause(), look),
            State::Entry | State::Recalling => return self.creating(None, look),
            State::Presenting(presenting) => return self.presenting(presenting, look),
            State::Rechecking(_) => waiting::checking(&about),
            State::Waiting(waiting) => waiting::of(waiting.reason(), &about),
            State::Voiding(voiding) => waiting::voiding(voiding.cause(), &about),
            State::Ended(ended) => match &self.by_hand {
                Some(by_hand) => return panel::view(by_hand, &about, &self.strip(&about), look),
                None => of_ended(ended, &about),
            },
        };

        notice::notice(notice, &choices(&self.sale), &self.strip(&about), look)
    }

    fn creating(&self, pause: Option<Pause>, look: &Look) -> Element<'_, Message> {
        let instead = match pause {
            Some(Pause::Unreachable) => "Connecting to Centrapay …",
            Some(Pause::Throttled) => "Waiting for Centrapay …",
            None if self.busy => "One moment …",
            None => "",
        };

        self.show_qr(None, instead, None, look)
    }

    fn presenting(&self, presenting: &Presenting, look: &Look) -> Element<'_, Message> {
        let request = presenting.request();
        let left = request.deadline.since(self.now);

        self.show_qr(
            Some(presenting.code()),
            "",
            Some((left, request.validity())),
            look,
        )
    }

    fn show_qr(
        &self,
        code: Option<&Arc<Code>>,
        instead: &str,
        time: Option<(Duration, Duration)>,
        look: &Look,
    ) -> Element<'_, Message> {
        let Some(order) = self.sale.order() else {
            return self.create.view(look);
        };
        let content = Content {
            amount: order.amount,
            merchant: &order.merchant.name,
            code,
            instead,
            time,
        };

        let strip = self.strip(&About::of(&self.sale));

        show_qr::view(&content, &choices(&self.sale), &strip, look)
    }

    fn strip(&self, about: &About) -> Strip {
        let state = self.sale.state();
        let link = match state {
            State::Presenting(presenting) => Some(presenting.link()),
            State::Waiting(waiting) => Some(waiting.link()),
            _ => None,
        };
        let unsaved = match state {
            State::Ended(ended) if ended.is_unsaved() => Some(about.to_be_written_down(ended)),
            _ => None,
        };

        Strip {
            merchant: self.sale.order().map(|order| order.merchant.name.clone()),
            short_code: about.short_code.clone(),
            link: (link == Some(Link::Lost)).then(|| "Reconnecting …".to_owned()),
            earlier: about.banner(),
            unsaved,
            late: words::late_payments(self.sale.late_payments(), &about.reference),
        }
    }
}

fn of_ended(ended: &Ended, about: &About) -> Notice {
    if let Some(by) = ended.settled_by() {
        return unknown::settled_by_hand(by, about);
    }
    let own = about.whose == Whose::Own;
    match ended.ending() {
        ending if ended.is_late() && ending.is_money() => late::of(ending, about),
        Ending::Paid { by, kept } if own => success::paid(by, *kept, about),
        Ending::Paid { by, kept } => earlier::paid(by, *kept, about),
        Ending::PartPaid { by, remaining } if own => success::part(by, *remaining, about),
        Ending::PartPaid { by, remaining } => earlier::part(by, *remaining, about),
        Ending::RefundStarted if own => retry::refund_started(about),
        Ending::RefundStarted => earlier::refund_started(about),
        Ending::Expired => retry::expired(about),
        Ending::Cancelled { reason } => retry::cancelled(reason.as_ref(), about),
        Ending::Unknown { .. } => unknown::of(about),
        Ending::Rejected(rejection) => failure::rejected(rejection, about),
        Ending::Unreachable(cause) => failure::unreachable(cause, about),
    }
}
