//! Which screen shows which state of the sale.

use std::sync::Arc;
use std::time::Duration;

use iced::widget::{column, responsive};
use iced::{Element, theme};

use super::band::{self, Band};
use super::choice::choices;
use super::look::{Look, Palette};
use super::show_qr::{self, Content};
use super::{Display, Message, failure, parts, retry, success, unknown, waiting};
use crate::money::Amount;
use crate::payment::{Liveness, Text};
use crate::qr::Code;
use crate::sale::{Ended, Ending, Link, Pause, Presenting, State};

/// What the strip for the cashier says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strip {
    pub(super) merchant: Option<String>,
    pub(super) short_code: Option<String>,
    pub(super) link: Option<String>,
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

    /// The window's own ground, which never changes while it is open.
    pub(super) fn style(&self) -> theme::Style {
        let calm = Palette::of(self.theme).calm;

        theme::Style {
            background_color: calm.ground,
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
        let choices = choices(self.sale.state());
        let amount = self.sale.order().map(|order| order.amount);
        match self.sale.state() {
            _ if self.is_entering() => self.create.view(look),
            State::Creating(creating) if creating.is_cancelled() => {
                waiting::voiding(amount, &self.strip(None, None), look)
            }
            State::Creating(creating) => self.creating(creating.pause(), look),
            State::Entry | State::Recalling | State::Rechecking(_) => self.creating(None, look),
            State::Presenting(presenting) => self.presenting(presenting, look),
            State::Waiting(waiting) => {
                let strip = self.strip(waiting.request().short_code.as_ref(), Some(waiting.link()));

                waiting::view(waiting.reason(), amount, &choices, &strip, look)
            }
            State::Voiding(voiding) => {
                let strip = self.strip(voiding.request().short_code.as_ref(), None);

                waiting::voiding(amount, &strip, look)
            }
            State::Ended(ended) => self.ended(ended, amount, look),
        }
    }

    fn creating(&self, pause: Option<Pause>, look: &Look) -> Element<'_, Message> {
        let instead = match pause {
            Some(Pause::Unreachable) => "Connecting to Centrapay …",
            Some(Pause::Throttled) => "Waiting for Centrapay …",
            None if self.busy => "One moment …",
            None => "",
        };

        self.show_qr(None, instead, None, &self.strip(None, None), look)
    }

    fn presenting(&self, presenting: &Presenting, look: &Look) -> Element<'_, Message> {
        let request = presenting.request();
        let left = request.deadline.since(self.now);
        let strip = self.strip(request.short_code.as_ref(), Some(presenting.link()));

        self.show_qr(
            Some(presenting.code()),
            "",
            Some((left, request.validity())),
            &strip,
            look,
        )
    }

    fn show_qr(
        &self,
        code: Option<&Arc<Code>>,
        instead: &str,
        time: Option<(Duration, Duration)>,
        strip: &Strip,
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

        show_qr::view(&content, &choices(self.sale.state()), strip, look)
    }

    fn ended(&self, ended: &Ended, amount: Option<Amount>, look: &Look) -> Element<'_, Message> {
        let choices = choices(self.sale.state());
        let short_code = ended
            .request()
            .and_then(|request| request.short_code.as_ref());
        let mut strip = self.strip(short_code, None);
        if ended.is_unsaved() {
            strip.link = Some("This outcome could not be saved: please write it down.".to_owned());
        }
        match ended.ending() {
            Ending::Paid { by, kept } => success::view(amount, by, *kept, &choices, &strip, look),
            Ending::PartPaid { by, remaining } => {
                success::part(by, *remaining, &choices, &strip, look)
            }
            Ending::Expired => retry::view(amount, &choices, &strip, look),
            Ending::Cancelled { reason } => {
                retry::cancelled(amount, reason.as_ref(), &choices, &strip, look)
            }
            Ending::RefundStarted => retry::refund_started(amount, &choices, &strip, look),
            Ending::Unknown { .. } => {
                unknown::view(amount, &self.reference(), &choices, &strip, look)
            }
            Ending::Rejected(rejection) => {
                failure::rejected(amount, rejection, &choices, &strip, look)
            }
            Ending::Unreachable(cause) => {
                failure::unreachable(amount, cause, &choices, &strip, look)
            }
        }
    }

    fn reference(&self) -> String {
        self.sale
            .order()
            .map(|order| order.external_ref(self.sale.attempt()))
            .unwrap_or_default()
    }

    fn strip(&self, short_code: Option<&Text>, link: Option<Link>) -> Strip {
        Strip {
            merchant: self.sale.order().map(|order| order.merchant.name.clone()),
            short_code: short_code.map(ToString::to_string),
            link: (link == Some(Link::Lost)).then(|| "Reconnecting …".to_owned()),
        }
    }
}
