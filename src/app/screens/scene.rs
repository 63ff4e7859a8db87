//! Chooses the screen for the state of the sale.

use std::time::Duration;

use iced::Size;
use iced::widget::{Space, column, responsive, stack};

use crate::app::choice::{Audience, choices, closed_by_staff};
use crate::app::message::Message;
use crate::app::renderer::Element;
use crate::app::screens::band::{self, Band};
use crate::app::screens::create::Create;
use crate::app::screens::idle::{self, Idle};
use crate::app::screens::manual_settlement::ManualSettlement;
use crate::app::screens::notice::{self, Notice};
use crate::app::screens::sale_summary::SaleSummary;
use crate::app::screens::show_qr::{self, ShowQrContent, Split, Square};
use crate::app::screens::{retry, settlement_panel, success, unknown, waiting, words};
use crate::app::theme::look::{Appearance, Look};
use crate::app::widgets::legible;
use crate::app::widgets::parts::{self, Strip};
use crate::app::widgets::unseen::unseen;
use crate::domain::payment::Liveness;
use crate::locale::{Phrase, ScreenText};
use crate::sale::{Cause, Ended, Ending, Link, Moment, Pause, Presenting, Sale, State};

/// Everything that decides what is on the screen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub sale: &'a Sale,
    pub create: &'a Create,
    /// The idle screen of a resident display without a sale. It replaces the create screen.
    pub idle: Option<&'a Idle>,
    pub manual_settlement: Option<&'a ManualSettlement>,
    pub appearance: &'a Appearance,
    /// The time for which the countdown is drawn.
    pub now: Moment,
    /// Whether the create has taken so long that the screen reports it.
    pub busy: bool,
    pub demo: bool,
    /// Device pixels in one logical pixel.
    pub scale_factor: f32,
}

/// The time with the code in which nothing else is prepared, since the cashier may press a key.
const FIRST_MOMENT: Duration = Duration::from_secs(1);

/// The screen without its band.
enum Shown<'a> {
    Screen(Element<'a, Message>),
    /// A notice that is not drawn yet, because the buttons of the choices go below it.
    Notice(Notice),
}

/// Returns whether the cashier enters the amount. The cashier may do so before the journal is read.
pub(crate) fn is_entering(sale: &Sale) -> bool {
    match sale.state() {
        State::Entry => true,
        State::Recalling => sale.order().is_none(),
        _ => false,
    }
}

impl<'a> Scene<'a> {
    pub(crate) fn view(self) -> Element<'a, Message> {
        responsive(move |size| {
            let look = Look::new(size, self.scale_factor, self.appearance);
            let Some((band, below)) = self.with_band(&look) else {
                return self.fitting(&look);
            };

            column![band::view(band, &look), self.fitting(&below)].into()
        })
        .into()
    }

    /// Returns the band, and the look of the screen below it; `None` if the code fits only without the band.
    fn with_band(&self, look: &Look) -> Option<(Band, Look)> {
        let band = self.band()?;
        let height = look.size.height - look.band_height();
        let below = look.within(Size::new(look.size.width, height));
        let gives_way = match self.sale.state() {
            State::Presenting(presenting) => {
                let split = |look| Split::for_code(Some(presenting.code()), look);

                split(&below) == Split::TooSmall && split(look) != Split::TooSmall
            }
            _ => false,
        };

        (!gives_way).then_some((band, below))
    }

    /// Returns the band, which every screen of a demo or a test shows.
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

    /// Draws the screen, or a screen with fewer words if the window is too small for it.
    fn fitting(&self, look: &Look) -> Element<'a, Message> {
        if legible::is_large_enough(look)
            || self.has_code()
            || legible::is_whole(|look| self.screen(look), look)
        {
            return self.screen(look);
        }
        match self.shown(look) {
            Shown::Notice(notice) => notice::headline(notice, look),
            _ if is_entering(self.sale) && self.idle.is_some() => {
                parts::screen(Space::new(), look, look.palette.calm)
            }
            _ => parts::too_small(look),
        }
    }

    /// Returns whether the screen has a code or will have one. In a small window the code has the screen to
    /// itself.
    fn has_code(&self) -> bool {
        match self.sale.state() {
            State::Presenting(_) => true,
            State::Creating(creating) => !creating.is_cancelled() && !creating.is_searching(),
            State::Recalling => !is_entering(self.sale),
            _ => false,
        }
    }

    fn screen(&self, look: &Look) -> Element<'a, Message> {
        match self.shown(look) {
            Shown::Screen(screen) => screen,
            Shown::Notice(notice) => {
                let strip = self.strip(&SaleSummary::of(self.sale));

                notice::notice(notice, &choices(self.sale), &strip, look)
            }
        }
    }

    fn shown(&self, look: &Look) -> Shown<'a> {
        let summary = SaleSummary::of(self.sale);
        Shown::Notice(match self.sale.state() {
            _ if is_entering(self.sale) => {
                return Shown::Screen(match self.idle {
                    Some(idle) => idle::view(idle, look),
                    None => self.create.view(look),
                });
            }
            State::Creating(creating) if creating.is_cancelled() => {
                waiting::voiding(&Cause::Cashier, &summary)
            }
            State::Creating(creating) if creating.is_searching() => waiting::checking(&summary),
            State::Creating(creating) => {
                return Shown::Screen(self.creating(creating.pause(), look));
            }
            State::Entry | State::Recalling => return Shown::Screen(self.creating(None, look)),
            State::Presenting(presenting) => {
                return Shown::Screen(self.presenting(presenting, look));
            }
            State::Rechecking(_) => waiting::checking(&summary),
            State::Waiting(waiting) => {
                let left = waiting.request().deadline.since(self.now);

                waiting::notice(waiting.reason(), left, &summary)
            }
            State::Voiding(voiding) => waiting::voiding(voiding.cause(), &summary),
            State::Ended(ended) => match self.manual_settlement {
                Some(panel) => {
                    let strip = self.strip(&summary);

                    return Shown::Screen(settlement_panel::view(panel, &summary, &strip, look));
                }
                None => self.ended(ended, &summary),
            },
        })
    }

    fn creating(&self, pause: Option<Pause>, look: &Look) -> Element<'a, Message> {
        let placeholder = match pause {
            Some(Pause::Unreachable) => Some(Phrase::Connecting),
            Some(Pause::Throttled) => Some(Phrase::WaitingForCentrapay),
            None if self.busy => Some(Phrase::OneMoment),
            None => None,
        };

        // Before the first attempt, its number is 0.
        let attempt = self.sale.attempt().max(1);
        let square = match self.sale.order() {
            // While the platform cannot be reached, no code is to be expected soon.
            Some(order) if order.barcode(attempt).is_none() && pause.is_none() => {
                let seconds = order.merchant.expiry_seconds;

                Square::Awaited(placeholder, Duration::from_secs(seconds.into()))
            }
            _ => Square::NoCode(placeholder),
        };

        self.show_qr(square, look)
    }

    fn presenting(&self, presenting: &Presenting, look: &Look) -> Element<'a, Message> {
        let request = presenting.request();
        let (left, whole) = (request.deadline.since(self.now), request.validity());
        let screen = self.show_qr(Square::Code(presenting.code(), (left, whole)), look);
        if !presenting.is_on_screen() || whole.saturating_sub(left) < FIRST_MOMENT {
            return screen;
        }
        // The customer waits for the tick, so its letters are prepared while the code stands.
        let summary = SaleSummary::of(self.sale);
        let paid = success::paid(&[], false, &summary);
        let tick = notice::notice(paid, &[], &self.strip(&summary), look);

        stack![screen, unseen(tick)].into()
    }

    fn show_qr(&self, square: Square<'_>, look: &Look) -> Element<'a, Message> {
        let Some(order) = self.sale.order() else {
            return self.create.view(look);
        };
        let content = ShowQrContent {
            amount: order.amount,
            basket: &order.particulars.basket,
            merchant: &order.merchant.name,
            square,
        };
        let strip = self.strip(&SaleSummary::of(self.sale));

        show_qr::view(&content, &choices(self.sale), &strip, look)
    }

    fn strip(&self, summary: &SaleSummary) -> Strip {
        let state = self.sale.state();
        let link = match state {
            State::Presenting(presenting) => Some(presenting.link()),
            State::Waiting(waiting) => Some(waiting.link()),
            _ => None,
        };
        let unsaved = match state {
            State::Ended(ended) if ended.is_unsaved() => Some(summary.write_down(ended)),
            _ => None,
        };

        let translator = &self.appearance.translator;
        let say = |said: ScreenText| translator.say(&said);
        let verbatim = |words: &str| say(ScreenText::verbatim(words));

        Strip {
            merchant: self
                .sale
                .order()
                .map(|order| verbatim(&order.merchant.name)),
            short_code: summary.short_code.as_deref().map(verbatim),
            link: (link == Some(Link::Lost)).then(|| say(Phrase::Reconnecting.into())),
            earlier: summary.banner().map(|banner| translator.list(&banner)),
            unsaved: unsaved.map(say),
            late: words::late_payments(self.sale.late_payments(), &summary.reference).map(say),
        }
    }

    fn ended(&self, ended: &Ended, summary: &SaleSummary) -> Notice {
        match closed_by_staff(ended) {
            Some((by, true)) => return unknown::closed_as_paid(by, summary),
            Some((by, false)) => {
                let confirming = summary.from_before && self.sale.can_be_looked_into();

                return unknown::closed_as_not_paid(by, confirming, summary);
            }
            None => {}
        }
        match ended.ending() {
            ending if ended.is_late() && ending.is_money() => success::late(ending, summary),
            Ending::Paid { by, kept } => success::paid(by, *kept, summary),
            Ending::PartPaid { by, remaining } => success::part_paid(by, *remaining, summary),
            Ending::RefundStarted if summary.audience == Audience::Own => {
                retry::refund_started(summary)
            }
            Ending::RefundStarted => success::earlier_refund_started(summary),
            Ending::Expired => retry::expired(summary),
            Ending::Cancelled { reason } => {
                retry::cancelled(reason.as_ref(), self.appearance.conditions_are_off, summary)
            }
            Ending::Unknown { .. } => unknown::notice(summary),
            Ending::Rejected(rejection) => retry::rejected(rejection, summary),
            Ending::Unreachable(cause) => retry::unreachable(cause, summary),
        }
    }
}
