### Māori: te reo Māori.

## Between sales, for the customer

welcome = Nau mai

## While the code is shown, for the customer

scan-to-pay = Matawaihia hei utu
with-your-camera = ki te { $apps }, ki te kāmera rānei o tō waea
more-items = me ētahi atu e { $count }
time-left = { $time } e toe ana hei utu
only-time-left = { $time } noa iho e toe ana
one-moment = Taihoa …
connecting = E hono ana ki a Centrapay …
waiting-for-centrapay = E tatari ana ki a Centrapay …
reconnecting = E hono anō ana …

## Waiting, for the customer

confirm-on-phone = Whakaūngia i tō waea
time-is-over = Kua pau te wā utu
checking-payment = E tirohia ana mēnā kua tae mai tāu utunga. Taihoa koa.
do-not-pay-again = Kaua koa e utu anō.
checking-last-payment = E tirohia ana te utunga o mua
one-moment-please = Taihoa koa.
checking-earlier-sale = E tirohia ana tētahi hokonga o mua
cancelling = E whakakorea ana
do-not-pay-any-more = Kāti, kaua koa e utu i tēnei.
cancelling-earlier-sale = E whakakorea ana tētahi hokonga o mua
not-your-payment-moment = Ehara tēnei i tāu utunga. Taihoa koa.
not-your-payment-wait = Ehara tēnei i tāu utunga. Tatari mai koa.
your-sale-comes-next = Ka whai ake tāu ake hokonga mō te { $amount }.
question-first = He pātai i te tuatahi
answer-on-phone = Whakautua koa i tō waea.
answer-again = Kāore te whakautu i tae. Whakautua anō koa.
part-is-paid = Kua utua tētahi wāhanga
waiting-for-the-rest = E tatari ana ki te toenga. Haere tonu koa i tō waea.

## Paid, for the customer

paid = Kua utua
thank-you = Ngā mihi!
paid-by = mā te { $means }
amount-paid-by = { $amount } mā te { $means }
amount-paid = Kua utua te { $amount }
paid-before = Kua utua kētia tēnei hokonga i mua. Kāore te moni e tangohia anō.
could-not-be-cancelled = Kua kore e taea te whakakore: ka tū te utunga. Mēnā kāore e tika kia tū, whakahokia te moni mā te tukanga whakahoki moni.
another-sum = He rerekē te moni a Centrapay i tērā i tonoa. Tirohia tēnei utunga i te tomokanga a Centrapay.
still-to-be-paid = Me utu tonu
received-of = Kua utua te { $received } o te { $asked }.
already-paid = Kua utua kētia: { $items }
pay-the-rest = Utua koa te toenga mā tētahi atu huarahi.

## Not paid, for the customer

time-is-up = Kua pau te wā
not-charged = Kāore he moni i tangohia mai i a koe.
cancelled = Kua whakakorea
refund-started = Kua tīmata te whakahoki moni
cancelled-does-not-count = I whakakorea tēnei utunga, ā, kāore e whai mana.
money-on-its-way-back = Kei te hoki atu te moni ki a koe.
stopped-before-shown = I whakamutua tēnei utunga i mua i te whakaaturanga o tētahi waehere.
cancelled-by-merchant = Nā te toa tēnei utunga i whakakore.
cancelled-by-patron = Nāu tēnei utunga i whakakore i tō waea.
patron-code-invalid = Kāore i taea te waehere o te waea te whakamahi.
payment-failed = Kāore i tutuki te utunga.
patron-code-expired = He tawhito rawa te waehere o te waea.
declined-by-patron = Nāu tēnei utunga i whakahē.
declined-by-merchant = Nā te toa tēnei utunga i whakahē.
payment-declined = I whakahēngia te utunga.
payment-request-expired = I pau te wā utu.
no-payment-options = Kāore he mea i tō wāreti e taea te whakamahi i tēnei toa.
inactive-asset = Kua aukatihia tēnei ara utu.
cancelled-otherwise = I whakakorea tēnei utunga.
conditions-are-off = Mēnā i hiahiatia tō whakautu mō tēnei utu, tautuhia conditions = true.

## The outcome is unknown

paid-not-known = Kua utua? Kāore anō kia mōhiotia
earlier-not-known = Hokonga o mua: kāore anō kia mōhiotia
please-wait = Tatari mai koa. Kaua e utu anō.
do-not-charge-again = Kaua e tango utu anō.
do-not-charge-until-settled = Kaua e tango utu anō mō tēnei, kia whakatauria rā anō.
new-sale-waits = Ka tatari te hokonga hou mō te { $amount } tae noa ki taua wā.
code-once-confirmed = Ka puta he waehere hou ina whakaū a Centrapay.
closed-by-staff = Nā te kaimahi i kati
closed-as-paid = Kua katia: kua utua
closed-as-not-paid = Kua katia: kāore i utua
answers-for-it = Kei a { $name } te haepapa mō te otinga o tēnei.

## An earlier sale, for the cashier

earlier-paid = Hokonga o mua: kua utua
earlier-paid-in-part = Hokonga o mua: he wāhanga kua utua
earlier-going-back = Hokonga o mua: e hoki ana te moni
paid-in-full = Kua utua katoatia taua hokonga.
paid-in-full-by = Kua utua katoatia taua hokonga, { $means }.
do-not-charge-it-again = Kaua e tango utu anō mō taua hokonga.
cancelled-too-late = I tōmuri rawa te whakakore: ka tū te utunga. Mēnā kāore e tika kia tū, whakahokia te moni mā te tukanga whakahoki moni.
amount-not-paid = Kāore anō te { $amount } o te tapeke kia utua.
not-paid-going-back = Kāore taua hokonga i utua: e hoki ana te moni.
earlier-sale = Hokonga o mua { $reference }
reference = Tohutoro { $reference }
reference-and-code = Tohutoro { $reference }, waehere poto { $code }
late-payment-elsewhere = Utunga tōmuri: { $reference }, tirohia te hītori
late-payments-elsewhere = Ngā utunga tōmuri: { $reference } me te { $count } atu, tirohia te hītori
write-down = Kāore i taea tēnei otinga te tiaki. Tuhia koa: { $outcome }.
write-down-named = Kāore i taea tēnei otinga te tiaki. Tuhia koa: { $outcome }, { $amount }. { $named }.

## A late payment

late-paid = UTUNGA TŌMURI: kua utua
late-earlier = UTUNGA TŌMURI, hokonga o mua
late-going-back = UTUNGA TŌMURI, e hoki ana
arrived-after-all = Kua tae mai tāu utunga i te mutunga iho.
part-arrived-after-all = Kua tae mai tētahi wāhanga o tāu utunga i te mutunga iho.
came-too-late = I tōmuri rawa te taenga mai o tāu utunga.
going-back-to-you = E hoki atu ana ki a koe.
came-in-after = I tae mai i muri i te kī a tēnei mata: kāore i utua.
going-back-not-paid = E hoki ana te moni: kāore i utua.
this-sale-is-paid-now = Kua utua tēnei hokonga ināianei.
that-sale-is-paid-now = Kua utua taua hokonga ināianei, ā, kāore anō kia kitea e tētahi.

## No sale, for the cashier

cannot-reach = Kāore e tae atu ki a Centrapay
check-clock = Kāore he waehere i whakaaturia. Tirohia te rā me te wā o tēnei mata, kātahi ka tirohia te whatunga.
something-answers = Kāore he waehere i whakaaturia. Kei te whakautu tētahi mea i tēnei whatunga hei kapi mō Centrapay.
check-network = Kāore he waehere i whakaaturia. Tirohia te taura whatunga, te Wi-Fi rānei, kātahi ka whakamātau anō.
refused = I whakahē a Centrapay i tēnei tono utu
check-config-id = Tirohia te config id o te toa me te rahinga moni.
code-refused = Kāore a Centrapay i whakaae ki te waehere a te kiritaki
another-code = Kāore he utu i tangohia. Whakamātau anō mā te waehere i tēnei mata, hokona anō rānei mā tētahi waehere hou nō te waea.
key-not-accepted = Kāore a Centrapay i whakaae ki te kī a tēnei toa
replace-key = Whakaurua he kī whai mana; tirohia te api-key-file i te whirihoranga.
money-mixed-up = Kua hanumi te moni whakamātau me te moni tūturu
check-liveness = Tirohia te liveness me te config id o te toa i te whirihoranga.
answer-does-not-fit = Kāore te whakautu a Centrapay e hāngai ki tēnei hokonga
call-support = Ki te pēnei anō, waea atu ki te kaitautoko.
no-readable-code = Kāore i puta he waehere ka taea te pānui
pay-another-way = Tangohia te utu mā tētahi atu huarahi, ka waea atu ki te kaitautoko.
window-too-small = He iti rawa tēnei matapihi. Whakarahia.
cannot-write-down = Kāore e taea tēnei hokonga te tuhi
check-disk = Tirohia mēnā kua kī te kōpae, mēnā hoki ka taea te tuhi ki te whaiaronga raraunga.
earlier-not-settled = Kāore anō tētahi hokonga o mua kia whakatauria
settle-earlier-first = Kāore he moni i tangohia mō tēnei. Tīmataria anō, ā, whakatauria te hokonga o mua i te tuatahi.
no-time-left = Kāore a Centrapay i waiho wā hei utu
check-expiry = Tirohia te expiry-seconds i te whirihoranga.

## Buttons, for the cashier: a word or two

cancel = Whakakore
back = Hoki
close = Kati
done = Kua oti
noted = Kua kitea
try-again = Whakamātau anō
confirm = Whakaū
show-qr = Whakaatu QR
customers-code = Waehere kiritaki
keep-checking = Tirohia tonu
cancel-and-refund = Whakakore, whakahoki moni
leave-open = Waiho kia tuwhera
not-paid = Kāore i utua
accept = Whakaae
decline = Whakahē
give-back = Whakahokia te moni
keep-it = Puritia te moni: ka hoatu ngā rawa
keep-the-part = Puritia: kua utua te toenga
all-goes-back = Ka hoki katoa ki te kiritaki
asks-by-itself = Ka pātai aunoa i ia 5 s; pātai ināianei
what-was-paid-goes-back = Whakamutua; ka hoki te moni i utua
checked-myself = Nāku tonu i tirotiro ki a Centrapay
comes-up-again = Katia; ka puta anō ā tērā wā
new-sale-not-made = Katia; kāore te hokonga hou e mahia
space-key = Mokowā
backspace-key = Muku

## Input, for the cashier

amount-in = Rahinga moni ki te { $currency }
code-ending = Waehere kiritaki, ka mutu ki te { $digits }
scan-or-type = Matawaihia te waehere i te waea a te kiritaki, patopatohia rānei.
no-customers-code = Ehara tēnā i te waehere kiritaki. Matawaihia tērā i te waea.
code-misread = Kāore i tika te pānui o te waehere. Matawaihia anō.
your-name = Tō ingoa
name-first = Tuhia koa tō ingoa i te tuatahi
checked-and-answer = Kua tirohia e au ki a Centrapay te otinga o tēnei, ā, kei a au te haepapa.
was-it-paid = I utua rānei?
look-first = Tirohia te waea a te kiritaki, te tomokanga a Centrapay rānei, i te tuatahi.
enter-amount = Tuhia koa he rahinga moni, pērā i te { $write }.
one-point = Kaua e neke atu i te kotahi te ira, pērā i te { $write }.
digit-missing = E ngaro ana tētahi mati i te taha o te ira. Tuhia te { $write }.
too-many-decimals = He maha rawa ngā mati i muri i te ira. Tuhia he rahinga pērā i te { $write }.
more-than-nothing = Me nui ake te rahinga moni i te kore.
too-large = Ko te { $most } te rahinga mōrahi.
check-amount = Tirohia koa te rahinga moni. Tuhia he mea pērā i te { $write }.

## Labels

customer = Kiritaki
cashier = Kaimahi
test-band = WHAKAMĀTAU: kāore he moni tūturu e neke
demo-band = TAUIRA: kāore he moni e neke
demo-band-short = TAUIRA noa iho
demo-pay = utu
demo-decline = whakahē
demo-expire = pau te wā

## Between names in a list

list-separator = { ", " }

## How money is written, after CLDR

money = { $sign }{ $figures }
money-with-code = { $code }{ "\u00A0" }{ $figures }
decimal-sign = .
group-sign = ,
grouping = three
