### Samoan: gagana Sāmoa.

## Between sales, for the customer

welcome = Afio mai

## While the code is shown, for the customer

scan-to-pay = Sikeni e totogi ai
with-your-camera = i le { $apps } po o le meapuʻeata o lau telefoni
more-items = ma isi e { $count }
time-left = { $time } o totoe e totogi ai
only-time-left = Naʻo le { $time } o totoe
one-moment = Faʻatali teisi …
connecting = Fesoʻotaʻi i Centrapay …
waiting-for-centrapay = Faʻatalitali iā Centrapay …
reconnecting = Toe fesoʻotaʻi …

## Waiting, for the customer

confirm-on-phone = Faʻamaonia i lau telefoni
time-is-over = Ua uma le taimi e totogi ai
checking-payment = O loʻo siaki pe ua oʻo mai lau totogi. Faʻamolemole faʻatali teisi.
do-not-pay-again = Faʻamolemole ʻaua neʻi toe totogi.
checking-last-payment = O loʻo siaki le totogi mulimuli
one-moment-please = Faʻamolemole faʻatali teisi.
checking-earlier-sale = O loʻo siaki se faʻatauga ua mavae
cancelling = O loʻo faʻalēaogāina
do-not-pay-any-more = Faʻamolemole ʻaua neʻi toe totogiina lenei mea.
cancelling-earlier-sale = O loʻo faʻalēaogāina se faʻatauga ua mavae
not-your-payment-moment = E lē o lau totogi lenei. Faʻamolemole faʻatali teisi.
not-your-payment-wait = E lē o lau totogi lenei. Faʻamolemole faʻatali.
your-sale-comes-next = E sosoʻo mai lau lava faʻatauga e { $amount }.
question-first = Muamua se fesili e tasi
answer-on-phone = Faʻamolemole tali i lau telefoni.
answer-again = E leʻi taunuʻu le tali. Faʻamolemole toe tali.
part-is-paid = Ua totogi se vaega
waiting-for-the-rest = O loʻo faʻatalia le vaega o totoe. Faʻamolemole faʻaauau i lau telefoni.

## Paid, for the customer

paid = Ua totogi
thank-you = Faʻafetai!
paid-by = i le { $means }
amount-paid-by = { $amount } i le { $means }
amount-paid = Ua totogi le { $amount }
paid-before = Ua uma ona totogi muamua lenei faʻatauga. E lē toe aveʻesea se tupe.
could-not-be-cancelled = Ua lē mafai ona toe faʻalēaogāina: e tumau le totogi. Afai e lē tatau ona tumau, faʻafoʻi le tupe e ala i se refund.
another-sum = E ese le aofaʻi a Centrapay mai le aofaʻi na talosagaina. Siaki lenei totogi i le portal a Centrapay.
still-to-be-paid = O loʻo totoe e totogi
received-of = Ua totogi le { $received } o le { $asked }.
already-paid = Ua uma ona totogi: { $items }
pay-the-rest = Faʻamolemole totogi le vaega o totoe i se isi auala.

## Not paid, for the customer

time-is-up = Ua uma le taimi
not-charged = E leʻi aveʻesea se tupe mai iā te ʻoe.
cancelled = Ua faʻalēaogāina
refund-started = Ua amata faʻafoʻi le tupe
cancelled-does-not-count = Na faʻalēaogāina lenei totogi ma e lē faitaulia.
money-on-its-way-back = O loʻo faʻafoʻi atu le tupe iā te ʻoe.
stopped-before-shown = Na taofia lenei totogi aʻo leʻi faʻaalia se code.
cancelled-by-merchant = Na faʻalēaogāina e le faleʻoloa lenei totogi.
cancelled-by-patron = Na e faʻalēaogāina lenei totogi i lau telefoni.
patron-code-invalid = E leʻi mafai ona faʻaaogā le code mai le telefoni.
payment-failed = E leʻi manuia le totogi.
patron-code-expired = Ua tuai tele le code mai le telefoni.
declined-by-patron = Na e teʻena lenei totogi.
declined-by-merchant = Na teʻena e le faleʻoloa lenei totogi.
payment-declined = Na teʻena le totogi.
payment-request-expired = Na uma le taimi e totogi ai.
no-payment-options = E leai se mea i lau ato tupe e mafai ona faʻaaogā i lenei faleʻoloa.
inactive-asset = Ua taofia lenei auala totogi.
cancelled-otherwise = Na faʻalēaogāina lenei totogi.
conditions-are-off = Afai na manaʻomia sau tali mo lenei totogi, seti conditions = true.

## The outcome is unknown

paid-not-known = Ua totogi? E leʻi iloa
earlier-not-known = Faʻatauga ua mavae: e leʻi iloa
please-wait = Faʻamolemole faʻatali. ʻAua neʻi toe totogi.
do-not-charge-again = ʻAua neʻi toe aveina se totogi.
do-not-charge-until-settled = ʻAua neʻi toe aveina se totogi seʻia mautinoa le iʻuga.
new-sale-waits = E faʻatali le faʻatauga fou e { $amount } seʻia oʻo i lena taimi.
code-once-confirmed = E sau se code fou pe a faʻamaonia e Centrapay.
closed-by-staff = Tapunia e le tagata faigaluega
closed-as-paid = Ua tapunia: ua totogi
closed-as-not-paid = Ua tapunia: e leʻi totogiina
answers-for-it = E nafa { $name } ma le iʻuga o lenei mea.

## An earlier sale, for the cashier

earlier-paid = Faʻatauga ua mavae: ua totogi
earlier-paid-in-part = Faʻatauga ua mavae: ua totogi se vaega
earlier-going-back = Faʻatauga ua mavae: o loʻo faʻafoʻi
paid-in-full = Ua totogi atoa lena faʻatauga.
paid-in-full-by = Ua totogi atoa lena faʻatauga, { $means }.
do-not-charge-it-again = ʻAua neʻi toe aveina se totogi mo lena faʻatauga.
cancelled-too-late = Na tuai tele ona faʻalēaogāina: e tumau le totogi. Afai e lē tatau ona tumau, faʻafoʻi le tupe e ala i se refund.
amount-not-paid = E leʻi totogiina le { $amount } o le aofaʻi.
not-paid-going-back = E leʻi totogiina lena faʻatauga: o loʻo faʻafoʻi le tupe.
earlier-sale = Faʻatauga ua mavae { $reference }
reference = Faʻasino { $reference }
reference-and-code = Faʻasino { $reference }, code puʻupuʻu { $code }
late-payment-elsewhere = Totogi tuai: { $reference }, vaʻai i faʻamaumauga
late-payments-elsewhere = Totogi tuai: { $reference } ma isi e { $count }, vaʻai i faʻamaumauga
write-down = E leʻi mafai ona teuina lenei iʻuga. Faʻamolemole tusi i lalo: { $outcome }.
write-down-named = E leʻi mafai ona teuina lenei iʻuga. Faʻamolemole tusi i lalo: { $outcome }, { $amount }. { $named }.

## A late payment

late-paid = TOTOGI TUAI: ua totogi
late-earlier = TOTOGI TUAI, faʻatauga ua mavae
late-going-back = TOTOGI TUAI, o loʻo faʻafoʻi
arrived-after-all = Ua iʻu ina oʻo mai lau totogi.
part-arrived-after-all = Ua iʻu ina oʻo mai se vaega o lau totogi.
came-too-late = Na tuai tele ona oʻo mai lau totogi.
going-back-to-you = O loʻo faʻafoʻi atu iā te ʻoe.
came-in-after = Na oʻo mai ina ua uma ona faʻaali mai e lenei masini: e leʻi totogiina.
going-back-not-paid = O loʻo faʻafoʻi le tupe: e leʻi totogiina.
this-sale-is-paid-now = Ua totogi nei lenei faʻatauga.
that-sale-is-paid-now = Ua totogi nei lena faʻatauga, ma e leʻi mātauina e se tasi.

## No sale, for the cashier

cannot-reach = E lē maua Centrapay
check-clock = E leʻi faʻaalia se code. Siaki le aso ma le taimi o lenei masini, ona siaki lea o le fesoʻotaʻiga.
something-answers = E leʻi faʻaalia se code. O loʻo tali mai se isi mea i lenei fesoʻotaʻiga e sui ai Centrapay.
check-network = E leʻi faʻaalia se code. Siaki le uaea o le fesoʻotaʻiga poʻo le Wi-Fi, ona toe taumafai lea.
refused = Na teʻena e Centrapay lenei talosaga totogi
check-config-id = Siaki le config id o le faleʻoloa ma le aofaʻi.
code-refused = E leʻi talia e Centrapay le code a le kasitama
another-code = E leai se tupe na aveʻesea. Toe taumafai i se code i lenei lau, pe toe faʻatau i se code fou mai le telefoni.
key-not-accepted = E leʻi talia e Centrapay le kī a lenei faleʻoloa
replace-key = Tuʻu i ai se kī aogā; vaʻai i le api-key-file i le faʻatulagaga.
money-mixed-up = Ua fefiloi tupe faʻataʻitaʻi ma tupe moni
check-liveness = Siaki le liveness ma le config id o le faleʻoloa i le faʻatulagaga.
answer-does-not-fit = E lē fetaui le tali a Centrapay ma lenei faʻatauga
call-support = Afai e toe tupu, valaʻau i le ʻau fesoasoani.
no-readable-code = E leʻi maua se code e mafai ona faitau
pay-another-way = Talia le totogi i se isi auala ma valaʻau i le ʻau fesoasoani.
window-too-small = E laʻititi tele lenei faʻamalama. Faʻalapoʻa.
cannot-write-down = E lē mafai ona tusia lenei faʻatauga
check-disk = Siaki pe ua tumu le disk, ma pe mafai ona tusi i le data directory.
earlier-not-settled = E leʻi mautinoa le iʻuga o se faʻatauga ua mavae
settle-earlier-first = E leʻi aveʻesea se tupe mo lenei faʻatauga. Toe amata, ma faʻamautinoa muamua le iʻuga o le faʻatauga ua mavae.
no-time-left = E leʻi tuʻu e Centrapay se taimi e totogi ai
check-expiry = Siaki le expiry-seconds i le faʻatulagaga.

## Buttons, for the cashier: a word or two

cancel = Faʻalēaogā
back = Toe foʻi
close = Tapuni
done = Ua maeʻa
noted = Ua mātauina
try-again = Toe taumafai
confirm = Faʻamaonia
show-qr = Faʻaali QR
customers-code = Code a le kasitama
keep-checking = Siaki pea
cancel-and-refund = Faʻalēaogā ma faʻafoʻi
leave-open = Tuʻu pea
not-paid = E leʻi totogiina
accept = Talia
decline = Teena
give-back = Faʻafoʻi le tupe
keep-it = Teu le tupe: e tuʻuina atu oloa
keep-the-part = Teu: ua totogi le vaega o totoe
all-goes-back = E faʻafoʻi atoa i le kasitama
asks-by-itself = E fesili otometi taʻi 5 s; fesili nei
what-was-paid-goes-back = Taofi; e faʻafoʻi le tupe na totogi
checked-myself = Na ʻou siakia lava iā Centrapay
comes-up-again = Tapuni; e toe aliali mai i le isi taimi
new-sale-not-made = Tapuni; e lē faia le faʻatauga fou
space-key = Avanoa
backspace-key = Tape

## Input, for the cashier

amount-in = Aofaʻi i le { $currency }
code-ending = Code a le kasitama e iʻu i le { $digits }
scan-or-type = Sikeni le code i le telefoni a le kasitama, pe taina.
no-customers-code = E lē o se code a le kasitama lena. Sikeni le code i le telefoni.
code-misread = E leʻi saʻo le faitauina o le code. Toe sikeni.
your-name = Lou igoa
name-first = Faʻamolemole tusi muamua lou igoa
checked-and-answer = Ua ʻou siakia iā Centrapay le iʻuga o lenei mea, ma ʻou te nafa ma lea iʻuga.
was-it-paid = Na totogi?
look-first = Vaʻai muamua i le telefoni a le kasitama poʻo le portal a Centrapay.
enter-amount = Faʻamolemole tusi se aofaʻi, e pei o le { $write }.
one-point = E lē sili atu i le tasi le togi i se aofaʻi, e pei o le { $write }.
digit-missing = O loʻo misi se numera i tafatafa o le togi. Tusi le { $write }.
too-many-decimals = Ua tele naua numera i tua o le togi. Tusi se aofaʻi e pei o le { $write }.
more-than-nothing = E tatau ona sili atu le aofaʻi i lo le selo.
too-large = O le { $most } le aofaʻi aupito tele.
check-amount = Faʻamolemole siaki le aofaʻi. Tusi se aofaʻi e pei o le { $write }.

## Labels

customer = Kasitama
cashier = Faleʻoloa
test-band = FAʻATAʻITAʻI: e lē alu se tupe moni
demo-band = DEMO: e lē alu se tupe
demo-band-short = DEMO: e lē moni
demo-pay = totogi
demo-decline = teʻena
demo-expire = uma taimi

## Between names in a list

list-separator = { ", " }

## How money is written, after CLDR

money = { $sign }{ $figures }
money-with-code = { $code }{ "\u00A0" }{ $figures }
decimal-sign = .
group-sign = ,
grouping = three
