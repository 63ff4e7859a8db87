### Tongan: lea faka-Tonga.

## Between sales, for the customer

welcome = Talitali fiefia

## While the code is shown, for the customer

scan-to-pay = Sikeni ke totongi
with-your-camera = ʻaki ʻa { $apps } pe ko e meʻafaitā ʻo hoʻo telefoní
more-items = mo e { $count } kehe
time-left = Toe { $time } ke totongi
only-time-left = Toe { $time } pē
one-moment = Tatali siʻi …
connecting = Fehokotaki mo Centrapay …
waiting-for-centrapay = Tatali kia Centrapay …
reconnecting = Toe fehokotaki …

## Waiting, for the customer

confirm-on-phone = Fakapapauʻi ʻi hoʻo telefoní
time-is-over = Kuo ʻosi e taimi totongí
checking-payment = ʻOku vakaiʻi pe kuo aʻu mai hoʻo totongí. Kātaki ʻo tatali siʻi.
do-not-pay-again = Kātaki ʻoua ʻe toe totongi.
checking-last-payment = ʻOku vakaiʻi e totongi fakamuimuí
one-moment-please = Kātaki ʻo tatali siʻi.
checking-earlier-sale = ʻOku vakaiʻi ha fakatau kimuʻa
cancelling = ʻOku kaniseli
do-not-pay-any-more = Kātaki ʻoua ʻe toe totongi ʻeni.
cancelling-earlier-sale = ʻOku kaniseli ha fakatau kimuʻa
not-your-payment-moment = ʻOku ʻikai ko hoʻo totongí ʻeni. Kātaki ʻo tatali siʻi.
not-your-payment-wait = ʻOku ʻikai ko hoʻo totongí ʻeni. Kātaki ʻo tatali.
your-sale-comes-next = ʻE hoko mai hoʻo fakatau ʻaʻaú, { $amount }.
question-first = ʻUluaki ha fehuʻi ʻe taha
answer-on-phone = Kātaki ʻo tali ʻi hoʻo telefoní.
answer-again = Naʻe ʻikai aʻu ʻa e tali. Kātaki ʻo toe tali.
part-is-paid = Kuo totongi hono konga
waiting-for-the-rest = ʻOku tatali ki hono toé. Kātaki ʻo hoko atu ʻi hoʻo telefoní.

## Paid, for the customer

paid = Kuo totongi
thank-you = Mālō ʻaupito!
paid-by = ʻaki e { $means }
amount-paid-by = { $amount } ʻaki e { $means }
amount-paid = Kuo totongi e { $amount }
paid-before = Naʻe ʻosi totongi e fakatau ní kimuʻa. ʻOku ʻikai toe toʻo ha paʻanga.
could-not-be-cancelled = Naʻe ʻikai kei lava ʻo kaniseli: ʻoku tuʻu e totongí. Kapau ʻoku ʻikai totonu ke tuʻu, fakafoki e paʻangá ʻi ha refund.
another-sum = ʻOku kehe e paʻanga ʻoku fakahā ʻe Centrapay mei he paʻanga naʻe kole. Vakaiʻi e totongi ní ʻi he portal ʻa Centrapay.
still-to-be-paid = ʻOku kei toe ke totongi
received-of = Kuo totongi e { $received } ʻo e { $asked }.
already-paid = Kuo ʻosi totongi: { $items }
pay-the-rest = Kātaki ʻo totongi hono toé ʻi ha founga kehe.

## Not paid, for the customer

time-is-up = Kuo ʻosi e taimí
not-charged = Naʻe ʻikai toʻo ha paʻanga meiate koe.
cancelled = Kuo kaniseli
refund-started = Kuo kamata fakafoki paʻanga
cancelled-does-not-count = Naʻe kaniseli e totongi ní pea ʻoku ʻikai lau ia.
money-on-its-way-back = ʻOku lolotonga fakafoki atu e paʻangá kiate koe.
stopped-before-shown = Naʻe taʻofi e totongi ní kimuʻa pea fakahā ha code.
cancelled-by-merchant = Naʻe kaniseli ʻe he falekoloá e totongi ní.
cancelled-by-patron = Naʻá ke kaniseli e totongi ní ʻi hoʻo telefoní.
patron-code-invalid = Naʻe ʻikai lava ke ngāueʻaki e code mei he telefoní.
payment-failed = Naʻe ʻikai lava e totongí.
patron-code-expired = Naʻe fuʻu motuʻa e code mei he telefoní.
declined-by-patron = Naʻá ke fakafisingaʻi e totongi ní.
declined-by-merchant = Naʻe fakafisingaʻi ʻe he falekoloá e totongi ní.
payment-declined = Naʻe fakafisingaʻi e totongí.
payment-request-expired = Naʻe ʻosi e taimi totongí.
no-payment-options = ʻOku ʻikai ha meʻa ʻi hoʻo kato paʻangá ʻe lava ke ngāueʻaki ʻi he falekoloa ní.
inactive-asset = Kuo taʻofi e founga totongi ní.
cancelled-otherwise = Naʻe kaniseli e totongi ní.
conditions-are-off = Kapau naʻe fiemaʻu haʻo tali ki he totongi ko ʻení, seti conditions = true.

## The outcome is unknown

paid-not-known = Kuo totongi? Teʻeki ʻiloʻi
earlier-not-known = Fakatau kimuʻa: teʻeki ʻiloʻi
please-wait = Kātaki ʻo tatali. ʻOua ʻe toe totongi.
do-not-charge-again = ʻOua ʻe toe toʻo ha totongi.
do-not-charge-until-settled = ʻOua ʻe toe toʻo ha totongi kae ʻoua kuo fakapapauʻi.
new-sale-waits = ʻE tatali e fakatau foʻou ko e { $amount } ki he taimi ko iá.
code-once-confirmed = ʻE haʻu ha code foʻou ʻo ka fakapapauʻi ʻe Centrapay.
closed-by-staff = Tāpuniʻi ʻe he kau ngāue
closed-as-paid = Kuo tāpuni: kuo totongi
closed-as-not-paid = Kuo tāpuni: naʻe ʻikai totongi
answers-for-it = ʻOku haʻisia ʻa { $name } ki he ikuʻanga ʻo e meʻá ni.

## An earlier sale, for the cashier

earlier-paid = Fakatau kimuʻa: kuo totongi
earlier-paid-in-part = Fakatau kimuʻa: kuo totongi hono konga
earlier-going-back = Fakatau kimuʻa: ʻoku fakafoki
paid-in-full = Kuo totongi kakato e fakatau ko iá.
paid-in-full-by = Kuo totongi kakato e fakatau ko iá, { $means }.
do-not-charge-it-again = ʻOua ʻe toe toʻo ha totongi ki he fakatau ko iá.
cancelled-too-late = Naʻe fuʻu tōmui hono kaniselí: ʻoku tuʻu e totongí. Kapau ʻoku ʻikai totonu ke tuʻu, fakafoki e paʻangá ʻi ha refund.
amount-not-paid = ʻOku kei teʻeki totongi e { $amount } ʻo hono kātoá.
not-paid-going-back = Naʻe ʻikai totongi e fakatau ko iá: ʻoku lolotonga fakafoki e paʻangá.
earlier-sale = Fakatau kimuʻa { $reference }
reference = Fika { $reference }
reference-and-code = Fika { $reference }, code nounou { $code }
late-payment-elsewhere = Totongi tōmui: { $reference }, vakai ki he hisitōliá
late-payments-elsewhere = Ngaahi totongi tōmui: { $reference } mo e { $count } kehe, vakai ki he hisitōliá
write-down = Naʻe ʻikai lava ke tauhi e ola ní. Kātaki ʻo tohiʻi ia: { $outcome }.
write-down-named = Naʻe ʻikai lava ke tauhi e ola ní. Kātaki ʻo tohiʻi ia: { $outcome }, { $amount }. { $named }.

## A late payment

late-paid = TOTONGI TŌMUI: kuo totongi
late-earlier = TOTONGI TŌMUI, fakatau kimuʻa
late-going-back = TOTONGI TŌMUI, ʻoku fakafoki
arrived-after-all = Kuo iku ʻo aʻu mai hoʻo totongí.
part-arrived-after-all = Kuo iku ʻo aʻu mai ha konga ʻo hoʻo totongí.
came-too-late = Naʻe fuʻu tōmui hoʻo totongí.
going-back-to-you = ʻOku lolotonga fakafoki atu ia kiate koe.
came-in-after = Naʻe aʻu mai ia hili hono fakahā ʻe he mīsini ní: naʻe ʻikai totongi.
going-back-not-paid = ʻOku lolotonga fakafoki e paʻangá: naʻe ʻikai totongi.
this-sale-is-paid-now = Kuo totongi ʻeni e fakatau ní.
that-sale-is-paid-now = Kuo totongi ʻeni e fakatau ko iá, pea ʻoku teʻeki fakatokangaʻi ʻe ha taha.

## No sale, for the cashier

cannot-reach = ʻIkai maʻu ʻa Centrapay
check-clock = Naʻe ʻikai fakahā ha code. Vakaiʻi e ʻahó mo e taimi ʻo e mīsini ní, pea toki vakaiʻi e netiueká.
something-answers = Naʻe ʻikai fakahā ha code. ʻOku ʻi ai ha meʻa ʻi he netiueka ní ʻoku tali mai ko e fetongi ʻo Centrapay.
check-network = Naʻe ʻikai fakahā ha code. Vakaiʻi e uaea netiueká pe ko e Wi-Fi, pea toe feinga.
refused = Naʻe fakafisingaʻi ʻe Centrapay e kole totongi ní
check-config-id = Vakaiʻi e config id ʻo e falekoloá mo e lahi ʻo e paʻangá.
code-refused = Naʻe ʻikai tali ʻe Centrapay e code ʻa e kasitomaá
another-code = Naʻe ʻikai toʻo ha paʻanga. Toe feinga ʻaki ha code ʻi he laʻi ní, pe toe fakatau ʻaki ha code foʻou mei he telefoní.
key-not-accepted = Naʻe ʻikai tali ʻe Centrapay e kī ʻa e falekoloa ní
replace-key = Fokotuʻu ha kī ʻoku ʻaonga; vakai ki he api-key-file ʻi he fokotuʻutuʻú.
money-mixed-up = Kuo fio e paʻanga ʻahiʻahí mo e paʻanga moʻoní
check-liveness = Vakaiʻi e liveness mo e config id ʻo e falekoloá ʻi he fokotuʻutuʻú.
answer-does-not-fit = ʻOku ʻikai fenāpasi e tali ʻa Centrapay mo e fakatau ní
call-support = Kapau ʻe toe hoko, telefoni ki he kau tokoní.
no-readable-code = Naʻe ʻikai maʻu ha code ʻe lava ʻo lau
pay-another-way = Tali e totongí ʻi ha founga kehe pea telefoni ki he kau tokoní.
window-too-small = ʻOku fuʻu siʻi ʻa e matapihi ní. Fakalahi ia.
cannot-write-down = ʻOku ʻikai lava ke lekooti e fakatau ní
check-disk = Vakaiʻi pe kuo fonu e disk, pea pe ʻoku lava ke tohi ki he data directory.
earlier-not-settled = ʻOku teʻeki fakapapauʻi ha fakatau kimuʻa
settle-earlier-first = Naʻe ʻikai toʻo ha paʻanga ki he fakatau ní. Toe kamata ia, pea ʻuluaki fakapapauʻi e fakatau kimuʻá.
no-time-left = Naʻe ʻikai tuku ʻe Centrapay ha taimi totongi
check-expiry = Vakaiʻi e expiry-seconds ʻi he fokotuʻutuʻú.

## Buttons, for the cashier: a word or two

cancel = Kaniseli
back = Foki
close = Tāpuni
done = Kuo ʻosi
noted = Kuo fakatokangaʻi
try-again = Toe feinga
confirm = Fakapapauʻi
show-qr = Fakahā QR
customers-code = Code ʻa e kasitomaá
keep-checking = Kei vakaiʻi pē
cancel-and-refund = Kaniseli mo fakafoki
leave-open = Tuku pē
not-paid = Naʻe ʻikai totongi
accept = Tali
decline = Fakafisi
give-back = Fakafoki e paʻangá
keep-it = Tauhi e paʻangá: ʻoku ʻoange e koloá
keep-the-part = Tauhi: kuo totongi hono toé
all-goes-back = ʻE fakafoki kātoa ki he kasitomā
asks-by-itself = ʻEke ʻotometiki he 5 s kotoa pē; ʻeke leva
what-was-paid-goes-back = Taʻofi; ʻe fakafoki e meʻa naʻe totongí
checked-myself = Naʻá ku vakaiʻi tonu pē ʻi Centrapay
comes-up-again = Tāpuni; ʻe toe hā mai he taimi hokó
new-sale-not-made = Tāpuni; ʻe ʻikai fai e fakatau foʻoú
space-key = Vahaʻa
backspace-key = Tāmateʻi

## Input, for the cashier

amount-in = Lahi ʻo e paʻangá, { $currency }
code-ending = Code ʻa e kasitomaá, ngata ʻi he { $digits }
scan-or-type = Sikeni e code ʻi he telefoni ʻa e kasitomaá, pe taipeʻi.
no-customers-code = ʻOku ʻikai ko ha code ia ʻa e kasitomaá. Sikeni e code ʻi he telefoní.
code-misread = Naʻe ʻikai lau totonu e code. Toe sikeni.
your-name = Ho hingoá
name-first = Kātaki ʻo ʻuluaki tohi ho hingoá
checked-and-answer = Kuó u vakaiʻi ʻi Centrapay e ikuʻanga ʻo e meʻá ni, pea ʻoku ou haʻisia ki ai.
was-it-paid = Naʻe totongi?
look-first = ʻUluaki vakaiʻi e telefoni ʻa e kasitomaá pe ko e portal ʻa Centrapay.
enter-amount = Kātaki ʻo tohi e lahi ʻo e paʻangá, hangē ko e { $write }.
one-point = ʻOua ʻe laka hake ʻi he poini ʻe taha, hangē ko e { $write }.
digit-missing = ʻOku mole ha mataʻifika ʻi he tafaʻaki ʻo e poiní. Tohi e { $write }.
too-many-decimals = ʻOku fuʻu lahi e mataʻifika hili e poiní. Tohi hangē ko e { $write }.
more-than-nothing = Kuo pau ke lahi hake e paʻangá ʻi he noá.
too-large = Ko e paʻanga lahi tahá ko e { $most }.
check-amount = Kātaki ʻo vakaiʻi e lahi ʻo e paʻangá. Tohi hangē ko e { $write }.

## Labels

customer = Kasitomā
cashier = Falekoloa
test-band = ʻAHIʻAHI: ʻikai ʻalu ha paʻanga moʻoni
demo-band = DEMO: ʻikai ʻalu ha paʻanga
demo-band-short = DEMO: ʻikai moʻoni
demo-pay = totongi
demo-decline = fakafisi
demo-expire = ʻosi taimi

## Between names in a list

list-separator = { ", " }

## How money is written, after CLDR

money = { $sign }{ $figures }
money-with-code = { $code }{ "\u00A0" }{ $figures }
decimal-sign = .
group-sign = ,
grouping = three
