### The texts of the display. This file is the pattern for the others: every file has the same messages
### with the same variables.
###
### The customer pays with a phone; the cashier works for the shop. The customer may have no glasses and
### know little of the language, so texts are short, calm and true. Add no sentence which says that the
### customer was not charged: the code decides when to show the existing ones.

## Between sales, for the customer

# Below the name of the shop.
welcome = Welcome

## While the code is shown, for the customer

# Headline next to the code.
scan-to-pay = Scan to pay
# Below it. $apps is one to three apps, such as Payap.
with-your-camera = with { $apps } or your phone’s camera
# $count is the number of receipt lines that did not fit.
more-items = and { $count } more
# $time is minutes and seconds, such as 1:45.
time-left = { $time } left to pay
# The last 20 seconds.
only-time-left = Only { $time } left
# Shown instead of the code.
one-moment = One moment …
connecting = Connecting to Centrapay …
waiting-for-centrapay = Waiting for Centrapay …
# The network does not answer; the code can still be paid.
reconnecting = Reconnecting …

## Waiting, for the customer

# Headline after the shop has scanned the code on the customer’s phone.
confirm-on-phone = Confirm on your phone
time-is-over = The time to pay is over
checking-payment = Checking whether your payment came in. One moment, please.
do-not-pay-again = Please do not pay again.
checking-last-payment = Checking the last payment
one-moment-please = One moment, please.
checking-earlier-sale = Checking an earlier sale
cancelling = Cancelling
do-not-pay-any-more = Please do not pay this any more.
cancelling-earlier-sale = Cancelling an earlier sale
not-your-payment-moment = This is not your payment. One moment, please.
not-your-payment-wait = This is not your payment. Please wait.
# $amount is the present customer's, such as $12.50.
your-sale-comes-next = Your own sale of { $amount } comes next.
# The platform asks a question before the payment, such as the customer's age.
question-first = One question first
answer-on-phone = Please answer on your phone.
answer-again = The answer did not arrive. Please answer again.
part-is-paid = A part of it is paid
waiting-for-the-rest = Waiting for the rest. Please go on on your phone.

## Paid, for the customer

paid = Paid
thank-you = Thank you!
# $means is a means of payment in the platform's words, such as Centrapay NZD.
paid-by = by { $means }
amount-paid-by = { $amount } by { $means }
# A part of several means, if the platform does not name one.
amount-paid = { $amount } paid
paid-before = This sale was paid before. It is not charged again.
# For the cashier too.
could-not-be-cancelled = It could not be cancelled any more: the payment stands. Give the money back by a refund if it must not.
# For the cashier: the amounts do not sum to the requested amount.
another-sum = Centrapay names another sum than asked for. Check this payment in the portal.
# Headline below the amount that is still owed.
still-to-be-paid = Still to be paid
# Both are amounts: received, and requested.
received-of = { $received } of { $asked } has been paid.
# $items are the goods that a means of payment bought, such as 2 × Flat white, and 3 more.
already-paid = Already paid: { $items }
pay-the-rest = Please pay the rest another way.

## Not paid, for the customer

time-is-up = Time is up
not-charged = You have not been charged.
cancelled = Cancelled
refund-started = Refund started
cancelled-does-not-count = This payment was cancelled and does not count.
money-on-its-way-back = The money is on its way back to you.

# One sentence for each cancellation reason of the platform.
stopped-before-shown = This payment was stopped before a code was shown.
cancelled-by-merchant = The shop cancelled this payment.
cancelled-by-patron = You cancelled this payment on your phone.
patron-code-invalid = The code from the phone could not be used.
payment-failed = The payment did not go through.
patron-code-expired = The code from the phone was too old.
declined-by-patron = You declined this payment.
declined-by-merchant = The shop declined this payment.
payment-declined = The payment was declined.
payment-request-expired = The time to pay was over.
no-payment-options = Nothing in your wallet can be used at this shop.
inactive-asset = This means of payment is blocked.
cancelled-otherwise = This payment was cancelled.
# For the cashier: conditions are off, and the platform may have cancelled the sale for that reason.
conditions-are-off = If this payment needed an answer from you, set conditions = true.

## The outcome is unknown

# For the customer: a headline.
paid-not-known = Paid? Not known yet
earlier-not-known = Earlier sale: not known yet
please-wait = Please wait. Do not pay again.
# For the cashier.
do-not-charge-again = Do not charge again.
do-not-charge-until-settled = Do not charge it again until it is settled.
new-sale-waits = The new sale of { $amount } waits until then.
# The same sale starts again after staff closed it as not paid. Centrapay has not confirmed that yet.
code-once-confirmed = A new code comes once Centrapay confirms it.
# A choice, and the title of what follows: staff say how the sale ended.
closed-by-staff = Closed by staff
# The answer of the staff: two headlines, also for the customer.
closed-as-paid = Closed as paid
closed-as-not-paid = Closed as not paid
# $name is the cashier who answered.
answers-for-it = { $name } answers for how this ended.

## An earlier sale, for the cashier

earlier-paid = Earlier sale: paid
earlier-paid-in-part = Earlier sale: paid in part
earlier-going-back = Earlier sale: going back
paid-in-full = That sale is paid in full.
# $means may be several, each with its amount.
paid-in-full-by = That sale is paid in full, { $means }.
do-not-charge-it-again = Do not charge it again.
cancelled-too-late = It was cancelled too late: the payment stands. Give the money back by a refund if it must not.
amount-not-paid = { $amount } of it is still not paid.
not-paid-going-back = That sale is not paid: the money is on its way back.
# Banner of screens about another sale. $reference is the till's reference.
earlier-sale = Earlier sale { $reference }
# How people find a sale. $code is the platform's short code, such as CP-C7F-ZS5.
reference = Reference { $reference }
reference-and-code = Reference { $reference }, short code { $code }
# For the cashier, in the bottom banner. $reference is the till's reference.
late-payment-elsewhere = Late payment: { $reference }, see history
late-payments-elsewhere = Late payments: { $reference } and { $count } more, see history
# The journal could not be written. $outcome is paid, expired and so on.
write-down = This outcome could not be saved. Please write it down: { $outcome }.
write-down-named = This outcome could not be saved. Please write it down: { $outcome }, { $amount }. { $named }.

## A late payment

late-paid = LATE PAYMENT: paid
late-earlier = LATE PAYMENT, earlier sale
late-going-back = LATE PAYMENT, going back
# For the customer.
arrived-after-all = Your payment has arrived after all.
part-arrived-after-all = A part of your payment has arrived after all.
came-too-late = Your payment came too late.
going-back-to-you = It is going back to you.
# For the cashier.
came-in-after = It came in after this display had said: not paid.
going-back-not-paid = The money is on its way back: it is not paid.
this-sale-is-paid-now = This sale is paid now.
that-sale-is-paid-now = That sale is paid now, and nobody has noted it.

## No sale, for the cashier

cannot-reach = Cannot reach Centrapay
check-clock = No code was shown. Check the date and the time of this screen, then the network.
something-answers = No code was shown. Something in this network answers in Centrapay’s place.
check-network = No code was shown. Check the network cable or the Wi-Fi, then try again.
refused = Centrapay refused this payment request
check-config-id = Check the merchant config id and the amount.
code-refused = Centrapay did not accept the customer’s code
another-code = Nothing was charged. Try again with a code on this screen, or sell again with a new one from the phone.
key-not-accepted = Centrapay did not accept this shop’s key
replace-key = Put a valid key in place; see the configuration’s api-key-file.
money-mixed-up = Test money and real money are mixed up
check-liveness = Check liveness and the merchant config id in the configuration.
answer-does-not-fit = Centrapay’s answer does not fit this sale
call-support = If it happens again, call support.
no-readable-code = No readable code could be made
pay-another-way = Take the payment another way and call support.
window-too-small = This window is too small. Make it larger.
cannot-write-down = This sale cannot be written down
check-disk = Check that the disk is not full and the data directory can be written.
earlier-not-settled = An earlier sale is not settled
settle-earlier-first = Nothing was charged for this one. Start it again, and settle the earlier sale first.
no-time-left = Centrapay left no time to pay
check-expiry = Check expiry-seconds in the configuration.

## Buttons, for the cashier: a word or two

cancel = Cancel
back = Back
close = Close
done = Done
noted = Noted
try-again = Try again
confirm = Confirm
show-qr = Show QR
# Opens the screen for the code on the customer’s phone; also its title.
customers-code = Customer’s code
keep-checking = Keep checking
cancel-and-refund = Cancel and refund
leave-open = Leave it open
not-paid = Not paid
accept = Accept
decline = Decline
give-back = Give the money back
# The effect of a button, on one line below its label.
keep-it = Keep it: the goods are handed out
keep-the-part = Keep it: the rest is paid another way
all-goes-back = All of it goes back to the customer
asks-by-itself = Asks every 5 s by itself; ask now
what-was-paid-goes-back = Stop it; what was paid goes back
checked-myself = I checked it at Centrapay myself
comes-up-again = Close; it comes up again next time
new-sale-not-made = Close; the new sale is not made
# Keys of a keyboard on the screen.
space-key = Space
backspace-key = Backspace

## Input, for the cashier

# $currency is a code such as NZD.
amount-in = Amount in { $currency }
# $digits are the last four digits.
code-ending = Customer’s code ending in { $digits }
scan-or-type = Scan the code on the customer’s phone, or type it.
no-customers-code = That is not a customer’s code. Scan the one on the phone.
code-misread = The code was not read right. Scan it again.
your-name = Your name
name-first = Please enter your name first
checked-and-answer = I have checked at Centrapay how this ended, and answer for it.
# Question to the cashier, as a headline. The answers are "paid" and "not-paid".
was-it-paid = Was it paid?
# How the cashier finds the answer.
look-first = Look at the customer’s phone or in the Centrapay portal first.
# An amount that cannot be charged. $write is a valid amount, such as 12.50.
enter-amount = Please enter an amount, such as { $write }.
one-point = An amount has one point at most, as in { $write }.
digit-missing = A digit is missing beside the point. Write { $write }.
too-many-decimals = That is too many decimals. Write an amount such as { $write }.
more-than-nothing = An amount must be more than nothing.
# $most is the largest amount.
too-large = The largest amount is { $most }.
check-amount = Please check the amount. Write one such as { $write }.

## Labels

# Labels of the lines for each person, if a screen has lines for both.
customer = Customer
cashier = Cashier
test-band = TEST: no real money moves
demo-band = DEMO: no money moves
# The same, for little space.
demo-band-short = DEMO: not real
# Actions of the customer in a demo, each next to its key.
demo-pay = pay
demo-decline = decline
demo-expire = expire

## Between names in a list; the sentence around it has the word for "or"

list-separator = { ", " }

## How money is written, after CLDR

# The sign or the code of the currency, and the figures.
money = { $sign }{ $figures }
# For a currency without a sign here, such as AUD.
money-with-code = { $code }{ "\u00A0" }{ $figures }
decimal-sign = .
# Between groups of three figures; two after the first three where grouping is "indian".
group-sign = ,
grouping = three
