//! Who calls: a till with a sale, or a timer that wants earlier ones settled.

use iced::Task;
use iced::futures::StreamExt;

use super::{Errand, Message, Refusal, Served, Stage, Stand, TO_READ};
use crate::display::view::is_entering;
use crate::display::{self, Display};
use crate::effects::Effects;
use crate::sale::{Command, Rules, Sale, Timing};
use crate::stand::{Call, Caller, Request};

/// What a call to settle is told that has to give way to a sale.
const GIVES_WAY: &str =
    "a sale came in between, so that not everything is settled; run patron-display settle again";

impl Stand {
    /// Whether a sale may begin: nothing is asked for that it could take the screen from.
    fn is_free(&self) -> bool {
        match &self.stage {
            Stage::Idle | Stage::Settling(_) => true,
            // The cashier has opened the create screen and has not begun a sale on it.
            Stage::Selling(display, None) => is_entering(display.sale()),
            Stage::Preparing(_) | Stage::Selling(..) => false,
        }
    }

    pub(super) fn called(&mut self, call: Call) -> Task<Message> {
        let Call {
            caller,
            request,
            sayings,
        } = call;
        if self.leaving {
            caller.leave();

            return Task::none();
        }
        if !self.is_free() {
            let Refusal { code, sentence } = self.provider.busy();
            caller.refuse(code, sentence);

            return Task::none();
        }
        if let Stage::Settling(other) = &self.stage {
            other.refuse(self.provider.busy().code, GIVES_WAY);
        }
        match request {
            Request::Text(request) => {
                let (provider, asking) = (self.provider.clone(), caller.clone());
                self.enter(Stage::Preparing(Some((caller, sayings))));
                // Whatever was looked after is dropped, so that nobody else writes about this sale.
                self.renew();

                self.prepare(move || provider.errand(&request, &asking))
            }
            Request::OtherVersion(version) => {
                tracing::info!(version, "another version is installed; this one ends");
                self.leaving = true;
                self.enter(Stage::Idle);
                caller.leave();

                Task::perform(async move { caller.has_read(TO_READ).await }, |()| {
                    Message::Done
                })
            }
        }
    }

    /// Has something prepared for the present stage, by whoever may wait for files.
    pub(super) fn prepare(
        &self,
        work: impl FnOnce() -> Result<Errand, Refusal> + Send + 'static,
    ) -> Task<Message> {
        let number = self.number;
        let prepared = tokio::task::spawn_blocking(work);

        self.leash
            .work(async move {
                prepared
                    .await
                    .unwrap_or_else(|error| Err(Refusal::of(&error)))
            })
            .map(move |errand| Message::Prepared(number, errand))
    }

    pub(super) fn prepared(&mut self, errand: Result<Errand, Refusal>) -> Task<Message> {
        let Stage::Preparing(asked) = std::mem::replace(&mut self.stage, Stage::Idle) else {
            return Task::none();
        };
        match (errand, asked) {
            (Ok(Errand::Sale(served)), asked) => self.sell(served, asked),
            (Ok(Errand::Settle(effects, rules, timing)), Some((caller, _))) => {
                self.settle(effects, rules, timing, caller)
            }
            (Ok(Errand::Settle(..)), None) => self.rest(self.next_look()),
            (Err(refusal), asked) => {
                if let Some((caller, _)) = asked {
                    caller.refuse(refusal.code, refusal.sentence);
                } else {
                    tracing::error!(refusal.sentence, "nothing can be sold");
                }

                self.rest(self.next_look())
            }
        }
    }

    fn sell(
        &mut self,
        served: Served,
        asked: Option<(Caller, crate::stand::Sayings)>,
    ) -> Task<Message> {
        let keeps_awake = served.keep_awake;
        let (mut display, first) = Display::new(served.setup);
        display.stays = true;
        let (caller, sayings) = asked.unzip();
        let early_keys = std::mem::take(&mut self.early_keys);
        // They are for this screen.
        display.look_at_screen();
        self.enter(Stage::Selling(Box::new(display), caller));
        let number = self.number;
        let said = match sayings {
            Some(sayings) => self.leash.stream(
                sayings
                    .stream()
                    .map(move |saying| Message::Said(number, saying)),
            ),
            None => {
                let wait = self.leash.work(tokio::time::sleep(super::TO_ENTER));

                wait.map(move |()| Message::Look(number))
            }
        };
        let first = self.own(first);
        let scale = self.scale_factor.map_or_else(Task::none, |scale_factor| {
            self.pass_on(display::Message::Rescaled(scale_factor))
        });
        let awake = match keeps_awake {
            true => self.wake(),
            false => Task::none(),
        };

        let typed: Vec<_> = early_keys
            .into_iter()
            .map(|event| self.pass_on(display::Message::Key(event)))
            .collect();

        Task::batch([first, scale, said, awake, Task::batch(typed)])
    }

    fn settle(
        &mut self,
        effects: Effects,
        rules: Rules,
        timing: Timing,
        caller: Caller,
    ) -> Task<Message> {
        self.enter(Stage::Settling(caller));
        let number = self.number;
        let settled = async move {
            let code = effects
                .drive(Sale::new(rules, timing), Command::Settle)
                .await;
            effects.hand_back().await;

            code
        };

        self.leash
            .work(settled)
            .map(move |code| Message::Settled(number, code))
    }

    pub(super) fn settled(&mut self, code: u8) -> Task<Message> {
        if let Stage::Settling(caller) = &self.stage {
            caller.exit(code);
        }
        // What needs a person has been found, and comes on the screen.
        self.rest(super::LOOK_SOON)
    }
}
