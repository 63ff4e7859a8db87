//! Calls to a resident display: a till with a sale, or a timer that settles earlier sales.

use iced::Task;

use super::provider::{Prepared, ServedSale, Settlement};
use super::{AppMessage, Message, Preparation, Resident, ResidentActivity, ResidentMessage};
use crate::app::display::{SaleDisplay, early_start};
use crate::app::platform::screen::Screen;
use crate::app::screens::scene::is_entering;
use crate::local_api::{
    Call, CallRefusal, CommandReply, SaleFeed, SellCall, SellReply, SettleCall, SettleReply,
};
use crate::runtime::control::ControlCommand;
use crate::sale::{Command, Sale};

/// The exit code of a settle call that did not settle everything, by sysexits.
const TEMPORARY: u8 = 75;
/// The answer to a settle call that a sale interrupts.
const GIVES_WAY: &str =
    "a sale came in between, so that not everything is settled; run patron-display settle again";

impl Resident {
    pub(super) fn called(&mut self, call: Call) -> Task<AppMessage> {
        // A sale begins by itself. Its clients may know more than the screen, which takes it over now.
        let caught_up = match &self.activity {
            ResidentActivity::Selling(_, Some(_)) => self.pass_on(Message::CaughtUp),
            _ => Task::none(),
        };

        Task::batch([caught_up, self.answered(call)])
    }

    fn answered(&mut self, call: Call) -> Task<AppMessage> {
        match call {
            Call::Sell(call) => self.asked_to_sell(call),
            Call::Settle(call) => self.asked_to_settle(call),
            Call::Command {
                reference,
                command,
                attempt,
                reply,
            } => {
                let is_passed = self.takes(&reference, command, attempt);
                reply.send(match is_passed {
                    true => CommandReply::Passed,
                    false => CommandReply::NotNow,
                });

                match is_passed {
                    true => self.pass_on(Message::Control(Ok(command))),
                    false => Task::none(),
                }
            }
            Call::Leave(feed) => self.asked_to_leave(&feed),
        }
    }

    /// Whether a sale may start now, without an ending that gives way. If not, another sale has the screen, or is being prepared.
    fn is_free(&self) -> bool {
        match &self.activity {
            ResidentActivity::Idle | ResidentActivity::Settling(_) => true,
            // The cashier opened the create screen but has not started a sale.
            ResidentActivity::Selling(display, None) => is_entering(display.sale()),
            ResidentActivity::Preparing(_) | ResidentActivity::Selling(..) => false,
        }
    }

    /// Whether the sale on the screen takes this command. A sale that is over is only closed.
    fn takes(&self, reference: &str, command: ControlCommand, attempt: Option<u32>) -> bool {
        let ResidentActivity::Selling(display, Some(feed)) = &self.activity else {
            return false;
        };

        feed.reference() == reference
            && (!feed.is_over() || command == ControlCommand::Close)
            && attempt.is_none_or(|attempt| attempt == display.sale().attempt())
    }

    fn asked_to_sell(&mut self, call: SellCall) -> Task<AppMessage> {
        let SellCall { sale, feed, reply } = call;
        if reply.is_unwanted() {
            return Task::none();
        }
        if self.leaving {
            reply.send(SellReply::Leaving);

            return Task::none();
        }
        let current = self.feed().cloned();
        if let Some(current) = current.filter(|it| it.reference() == feed.reference()) {
            reply.send(SellReply::Same(current));

            return Task::none();
        }
        let cleared = self.clear_the_screen();
        if !self.is_free() {
            let current = self.feed().map(|feed| feed.reference().to_owned());
            reply.send(SellReply::Busy(current));

            return cleared;
        }
        let provider = self.provider.clone();
        let told = feed.clone();
        self.enter_for_client(ResidentActivity::Preparing(Preparation::Sale(feed, reply)));
        let prepared = self.prepare(
            move || provider.sale(&sale, &told).map(Prepared::Sale),
            ResidentMessage::Prepared,
        );

        Task::batch([cleared, prepared])
    }

    /// Closes the sale on the screen if its ending gives way to another sale.
    fn clear_the_screen(&mut self) -> Task<AppMessage> {
        match &self.activity {
            ResidentActivity::Selling(display, _) if display.sale().gives_way() => {
                self.pass_on(Message::Asked(Command::Close))
            }
            _ => Task::none(),
        }
    }

    fn asked_to_settle(&mut self, call: SettleCall) -> Task<AppMessage> {
        let SettleCall {
            config,
            earlier,
            reply,
        } = call;
        if self.leaving {
            reply.send(SettleReply::Leaving);

            return Task::none();
        }
        if !self.is_free() {
            let current = self.feed().map(|feed| feed.reference().to_owned());
            reply.send(SettleReply::Busy(current));

            return Task::none();
        }
        let provider = self.provider.clone();
        self.enter_for_client(ResidentActivity::Preparing(Preparation::Settlement(reply)));

        self.prepare(
            move || {
                let settlement = provider.settlement(config.as_deref(), earlier);

                settlement.map(Prepared::Settlement)
            },
            ResidentMessage::Prepared,
        )
    }

    /// Enters an activity for a client. It interrupts a settle call and checks of earlier sales, so that only the new activity
    /// writes to the journal.
    fn enter_for_client(&mut self, activity: ResidentActivity) {
        let earlier = std::mem::replace(&mut self.activity, ResidentActivity::Idle);
        if let ResidentActivity::Settling(reply) = earlier {
            reply.send(SettleReply::Refused(CallRefusal {
                code: TEMPORARY,
                sentence: GIVES_WAY.to_owned(),
            }));
        }
        self.enter(activity);
        self.renew();
    }

    /// Ends the sale of this feed early: its client is gone, or asks for it.
    fn asked_to_leave(&mut self, feed: &SaleFeed) -> Task<AppMessage> {
        if feed.is_over() || !self.feed().is_some_and(|current| current.is(feed)) {
            return Task::none();
        }
        match &self.activity {
            ResidentActivity::Selling(..) => self.pass_on(Message::Asked(Command::Leave)),
            // Nobody waits for this sale any more, and nothing was created.
            ResidentActivity::Preparing(_) => self.rest(self.next_look()),
            _ => Task::none(),
        }
    }

    pub(super) fn prepared(&mut self, prepared: Result<Prepared, CallRefusal>) -> Task<AppMessage> {
        let ResidentActivity::Preparing(preparation) =
            std::mem::replace(&mut self.activity, ResidentActivity::Idle)
        else {
            return Task::none();
        };
        match (prepared, preparation) {
            (Ok(Prepared::Sale(served)), Preparation::ByHand) => self.sell(served, None),
            (Ok(Prepared::Sale(served)), Preparation::Sale(feed, reply))
                if !reply.is_unwanted() =>
            {
                let begun = self.sell(served, Some(feed));
                reply.send(SellReply::Begun);

                begun
            }
            (Ok(Prepared::Settlement(settlement)), Preparation::Settlement(reply)) => {
                self.enter(ResidentActivity::Settling(reply));

                self.settle(settlement)
            }
            (Err(refusal), preparation) => {
                match preparation {
                    Preparation::ByHand => {
                        tracing::error!(refusal.sentence, "nothing can be sold");
                    }
                    Preparation::Sale(_, reply) => reply.send(SellReply::Refused(refusal)),
                    Preparation::Settlement(reply) => reply.send(SettleReply::Refused(refusal)),
                }

                self.rest(self.next_look())
            }
            // The client did not wait.
            (Ok(_), _) => self.rest(self.next_look()),
        }
    }

    fn sell(&mut self, mut served: ServedSale, feed: Option<SaleFeed>) -> Task<AppMessage> {
        let keep_awake = served.keep_awake;
        // The screen stays after the outcome, so that a till need not wait. A cashier who sells here sees the tick.
        served.setup.timing.outcome_at_once = feed.is_some();
        let ahead = feed
            .as_ref()
            .and_then(|_| early_start::begin_beside_window(&served.setup));
        let (mut display, first) = match ahead {
            Some(ahead) => SaleDisplay::behind(served.setup, ahead),
            None => SaleDisplay::new(served.setup),
        };
        display.stays = true;
        let early_keys = std::mem::take(&mut self.early_keys);
        // The keys that were typed early belong to this screen.
        display.look_at_screen();
        let is_by_hand = feed.is_none();
        self.enter(ResidentActivity::Selling(Box::new(display), feed));
        let unused = match is_by_hand {
            true => self.look_after(super::TO_ENTER),
            false => Task::none(),
        };
        let first = self.own(first);
        let scale = self.scale_factor.map_or_else(Task::none, |scale_factor| {
            self.pass_on(Message::Rescaled(scale_factor))
        });
        let awake = match keep_awake {
            true => self.on_screen(Screen::keep_awake),
            false => Task::none(),
        };

        let keys = early_keys.into_iter().map(Message::Key);
        let typed = Task::batch(keys.map(|key| self.pass_on(key)));

        Task::batch([first, scale, unused, awake, typed])
    }

    fn settle(&mut self, settlement: Settlement) -> Task<AppMessage> {
        let Settlement {
            effects,
            rules,
            timing,
        } = settlement;
        let settled = async move {
            let code = effects
                .drive(Sale::new(rules, timing), Command::Settle)
                .await;
            effects.finish_sale().await;

            code
        };

        self.work(settled, ResidentMessage::Settled)
    }

    pub(super) fn settled(&mut self, code: u8) -> Task<AppMessage> {
        if let ResidentActivity::Settling(reply) =
            std::mem::replace(&mut self.activity, ResidentActivity::Idle)
        {
            reply.send(SettleReply::Settled(code));
        }
        // The check has found every sale that needs a decision. From here on the screen shows them.
        self.rest(super::LOOK_SOON)
    }
}
