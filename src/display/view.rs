//! Which screen shows which state of the sale.

use std::sync::Arc;
use std::time::Duration;

use iced::theme;
use iced::widget::{Space, column, responsive};

use super::Element;
use super::about::About;
use super::band::{self, Band};
use super::by_hand::ByHand;
use super::choice::{Whose, choices, closed_by_staff};
use super::create::Create;
use super::idle::{self, Idle};
use super::look::{Appearance, Look};
use super::notice::{self, Notice};
use super::show_qr::{self, Content, Split};
use super::{
    Display, Message, earlier, failure, late, legible, panel, parts, retry, success, unknown,
    waiting, words,
};
use crate::locale::{Phrase, Said, Words};
use crate::payment::Liveness;
use crate::qr::Code;
use crate::sale::{Cause, Ended, Ending, Link, Moment, Pause, Presenting, Sale, State};

/// What the strip for the cashier says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strip {
    pub(super) merchant: Option<Words>,
    pub(super) short_code: Option<Words>,
    pub(super) link: Option<Words>,
    /// The banner of an earlier sale.
    pub(super) earlier: Option<Words>,
    /// What somebody has to write down.
    pub(super) unsaved: Option<Words>,
    /// Another sale was paid late.
    pub(super) late: Option<Words>,
}

/// Everything that decides what is on the screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    /// The sale.
    pub sale: &'a Sale,
    /// What the cashier has entered so far.
    pub create: &'a Create,
    /// What stands in the place of that where nobody is served.
    pub idle: Option<&'a Idle>,
    /// Open while staff close a sale whose outcome is unknown.
    pub by_hand: Option<&'a ByHand>,
    /// How it looks and what it speaks.
    pub appearance: &'a Appearance,
    /// What the countdown counts from.
    pub now: Moment,
    /// Whether the create takes long enough to say so.
    pub busy: bool,
    /// Whether it is a demo.
    pub demo: bool,
    /// Device pixels for each logical one.
    pub scale_factor: f32,
}

/// What is on the screen, but for a band.
enum Shown<'a> {
    Screen(Element<'a, Message>),
    /// Still to be put over its choices.
    Notice(Notice),
}

impl Display {
    /// Draws the state of the sale.
    pub fn view(&self) -> Element<'_, Message> {
        self.scene()
            .view()
            .map(|message| Message::Tapped(Box::new(message)))
    }

    /// The same without its words: the code, if there is one.
    pub(super) fn view_without_words(&self) -> Element<'_, Message> {
        self.scene().view_without_words()
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            sale: &self.sale,
            create: &self.create,
            idle: self.idle.as_ref(),
            by_hand: self.by_hand.as_ref(),
            appearance: &self.appearance,
            now: self.now,
            busy: self.busy,
            demo: self.patron.is_some(),
            scale_factor: self.scale_factor.unwrap_or(1.0),
        }
    }

    /// The window's own ground, which never changes while it is open.
    pub(super) fn style(&self) -> theme::Style {
        self.appearance.style()
    }
}

/// Whether the cashier enters the amount, which the journal need not be waited for.
pub(super) fn is_entering(sale: &Sale) -> bool {
    match sale.state() {
        State::Entry => true,
        State::Recalling => sale.order().is_none(),
        _ => false,
    }
}

impl<'a> Scene<'a> {
    /// Draws it.
    pub(super) fn view(self) -> Element<'a, Message> {
        responsive(move |size| {
            let look = Look::new(size, self.scale_factor, self.appearance);
            let Some((band, below)) = self.with_band(&look) else {
                return self.fitting(&look);
            };

            column![band::view(band, &look), self.fitting(&below)].into()
        })
        .into()
    }

    /// Draws the code where it is with words, if there is one.
    pub(super) fn view_without_words(self) -> Element<'a, Message> {
        let State::Presenting(presenting) = self.sale.state() else {
            return Space::new().into();
        };
        responsive(move |size| {
            let look = Look::new(size, self.scale_factor, self.appearance);
            let Some((_, below)) = self.with_band(&look) else {
                return self.code_without_words(presenting, &look);
            };

            column![
                band::ground(&look),
                self.code_without_words(presenting, &below)
            ]
            .into()
        })
        .into()
    }

    /// The band, and what is left below it. It gives way to a code that would not fit below it.
    fn with_band(&self, look: &Look) -> Option<(Band, Look)> {
        let band = self.band()?;
        let below = parts::below_band(look, band::height(look));
        let gives_way = match self.sale.state() {
            State::Presenting(presenting) => {
                let split = |look| Split::for_code(Some(presenting.code()), look);

                split(&below) == Split::TooSmall && split(look) != Split::TooSmall
            }
            _ => false,
        };

        (!gives_way).then_some((band, below))
    }

    /// A band stands on every screen of a demo and of a test, whatever state the sale is in.
    fn band(&self) -> Option<Band> {
        if self.demo {
            return Some(Band::Demo);
        }
        let liveness = match self.sale.order() {
            Some(order) => Some(order.merchant.liveness),
            None => self.create.merchant().map(|merchant| merchant.liveness),
        };

        (liveness == Some(Liveness::Test)).then_some(Band::Test)
    }

    /// The screen as it is, or what is left of it where it could not be read in so small a window.
    fn fitting(&self, look: &Look) -> Element<'a, Message> {
        if legible::is_large_enough(look)
            || self.is_about_a_code()
            || legible::is_whole(|look| self.screen(look), look)
        {
            return self.screen(look);
        }
        match self.shown(look) {
            Shown::Notice(notice) => notice::headline(notice, look),
            _ if is_entering(self.sale) && self.idle.is_some() => {
                parts::screen(Space::new(), look, look.palette.calm)
            }
            _ => parts::too_small(look, look.palette.calm),
        }
    }

    /// Whether there is a code or will be one, which has the screen to itself where words do not fit.
    fn is_about_a_code(&self) -> bool {
        match self.sale.state() {
            State::Presenting(_) => true,
            State::Creating(creating) => !creating.is_cancelled() && !creating.is_seeking(),
            State::Recalling => !is_entering(self.sale),
            _ => false,
        }
    }

    fn screen(&self, look: &Look) -> Element<'a, Message> {
        match self.shown(look) {
            Shown::Screen(screen) => screen,
            Shown::Notice(notice) => {
                let strip = self.strip(&About::of(self.sale));

                notice::notice(notice, &choices(self.sale), &strip, look)
            }
        }
    }

    fn shown(&self, look: &Look) -> Shown<'a> {
        let about = About::of(self.sale);
        Shown::Notice(match self.sale.state() {
            _ if is_entering(self.sale) => {
                return Shown::Screen(match self.idle {
                    Some(idle) => idle::view(idle, look),
                    None => self.create.view(look),
                });
            }
            State::Creating(creating) if creating.is_cancelled() => {
                waiting::voiding(&Cause::Cashier, &about)
            }
            State::Creating(creating) if creating.is_seeking() => waiting::checking(&about),
            State::Creating(creating) => {
                return Shown::Screen(self.creating(creating.pause(), look));
            }
            State::Entry | State::Recalling => return Shown::Screen(self.creating(None, look)),
            State::Presenting(presenting) => {
                return Shown::Screen(self.presenting(presenting, look));
            }
            State::Rechecking(_) => waiting::checking(&about),
            State::Waiting(waiting) => {
                let left = waiting.request().deadline.since(self.now);

                waiting::of(waiting.reason(), left, &about)
            }
            State::Voiding(voiding) => waiting::voiding(voiding.cause(), &about),
            State::Ended(ended) => match self.by_hand {
                Some(by_hand) => {
                    let strip = self.strip(&about);

                    return Shown::Screen(panel::view(by_hand, &about, &strip, look));
                }
                None => of_ended(ended, self.sale, &about, self.appearance.conditions_are_off),
            },
        })
    }

    fn creating(&self, pause: Option<Pause>, look: &Look) -> Element<'a, Message> {
        let instead = match pause {
            Some(Pause::Unreachable) => Some(Phrase::Connecting),
            Some(Pause::Throttled) => Some(Phrase::WaitingForCentrapay),
            None if self.busy => Some(Phrase::OneMoment),
            None => None,
        };

        self.show_qr(None, instead, None, look)
    }

    fn presenting(&self, presenting: &Presenting, look: &Look) -> Element<'a, Message> {
        let (code, time) = (Some(presenting.code()), Some(self.time_of(presenting)));

        self.show_qr(code, None, time, look)
    }

    fn code_without_words(&self, presenting: &Presenting, look: &Look) -> Element<'a, Message> {
        let (code, time) = (presenting.code(), Some(self.time_of(presenting)));
        let Some(content) = self.content(Some(code), None, time) else {
            return Space::new().into();
        };
        let strip = self.strip(&About::of(self.sale));

        show_qr::without_words(&content, code, &choices(self.sale), &strip, look)
    }

    /// The time left, and the whole time.
    fn time_of(&self, presenting: &Presenting) -> (Duration, Duration) {
        let request = presenting.request();

        (request.deadline.since(self.now), request.validity())
    }

    fn show_qr(
        &self,
        code: Option<&Arc<Code>>,
        instead: Option<Phrase>,
        time: Option<(Duration, Duration)>,
        look: &Look,
    ) -> Element<'a, Message> {
        let Some(content) = self.content(code, instead, time) else {
            return self.create.view(look);
        };
        let strip = self.strip(&About::of(self.sale));

        show_qr::view(&content, &choices(self.sale), &strip, look)
    }

    /// What stands beside a code; `None` if nothing was asked for yet.
    fn content<'c>(
        &'c self,
        code: Option<&'c Arc<Code>>,
        instead: Option<Phrase>,
        time: Option<(Duration, Duration)>,
    ) -> Option<Content<'c>> {
        let order = self.sale.order()?;

        Some(Content {
            amount: order.amount,
            basket: &order.particulars.basket,
            merchant: &order.merchant.name,
            code,
            instead,
            time,
        })
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

        let tongue = &self.appearance.tongue;
        let say = |said: Said| tongue.say(&said);

        Strip {
            merchant: self
                .sale
                .order()
                .map(|order| say(Said::verbatim(&order.merchant.name))),
            short_code: about
                .short_code
                .clone()
                .map(|code| say(Said::verbatim(code))),
            link: (link == Some(Link::Lost)).then(|| say(Phrase::Reconnecting.into())),
            earlier: about.banner().map(|banner| tongue.list(&banner)),
            unsaved: unsaved.map(say),
            late: words::late_payments(self.sale.late_payments(), &about.reference).map(say),
        }
    }
}

fn of_ended(ended: &Ended, sale: &Sale, about: &About, conditions_are_off: bool) -> Notice {
    match closed_by_staff(ended) {
        Some((by, true)) => return unknown::closed_as_paid(by, about),
        Some((by, false)) => {
            let confirming = about.from_before && sale.can_be_looked_into();

            return unknown::closed_as_not_paid(by, confirming, about);
        }
        None => {}
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
        Ending::Cancelled { reason } => {
            retry::cancelled(reason.as_ref(), conditions_are_off, about)
        }
        Ending::Unknown { .. } => unknown::of(about),
        Ending::Rejected(rejection) => failure::rejected(rejection, about),
        Ending::Unreachable(cause) => failure::unreachable(cause, about),
    }
}
