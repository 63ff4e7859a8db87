### Hindi: हिन्दी.

## Between sales, for the customer

welcome = आपका स्वागत है

## While the code is shown, for the customer

scan-to-pay = भुगतान के लिए स्कैन करें
with-your-camera = { $apps } या अपने फ़ोन के कैमरे से
more-items = और { $count }
time-left = भुगतान के लिए { $time } शेष
only-time-left = केवल { $time } शेष
one-moment = एक क्षण …
connecting = Centrapay से जुड़ रहे हैं …
waiting-for-centrapay = Centrapay की प्रतीक्षा …
reconnecting = फिर से जुड़ रहे हैं …

## Waiting, for the customer

confirm-on-phone = अपने फ़ोन पर पुष्टि करें
time-is-over = भुगतान का समय समाप्त
checking-payment = देखा जा रहा है कि आपका भुगतान आया या नहीं। कृपया एक क्षण रुकें।
do-not-pay-again = कृपया दोबारा भुगतान न करें।
checking-last-payment = पिछले भुगतान की जाँच
one-moment-please = कृपया एक क्षण रुकें।
checking-earlier-sale = पहले की बिक्री की जाँच
cancelling = रद्द किया जा रहा है
do-not-pay-any-more = कृपया अब यह भुगतान न करें।
cancelling-earlier-sale = पहले की बिक्री रद्द की जा रही है
not-your-payment-moment = यह आपका भुगतान नहीं है। कृपया एक क्षण रुकें।
not-your-payment-wait = यह आपका भुगतान नहीं है। कृपया प्रतीक्षा करें।
your-sale-comes-next = इसके बाद आपका { $amount } का भुगतान होगा।
question-first = पहले एक प्रश्न
answer-on-phone = कृपया अपने फ़ोन पर उत्तर दें।
answer-again = उत्तर नहीं पहुँचा। कृपया फिर से उत्तर दें।
part-is-paid = एक हिस्सा चुकाया गया है
waiting-for-the-rest = शेष की प्रतीक्षा है। कृपया अपने फ़ोन पर जारी रखें।

## Paid, for the customer

paid = भुगतान हो गया
thank-you = धन्यवाद!
paid-by = { $means } से
amount-paid-by = { $means } से { $amount }
amount-paid = { $amount } चुकाए गए
paid-before = इस बिक्री का भुगतान पहले ही हो चुका है। फिर से शुल्क नहीं लिया जाएगा।
could-not-be-cancelled = इसे अब रद्द नहीं किया जा सका: भुगतान मान्य है। यदि नहीं लेना चाहिए, तो धनवापसी करें।
another-sum = Centrapay की बताई राशि माँगी गई राशि से अलग है। पोर्टल में यह भुगतान जाँचें।
still-to-be-paid = अभी चुकाना बाकी है
received-of = { $asked } में से { $received } चुकाए गए हैं।
already-paid = पहले ही चुकाया गया: { $items }
pay-the-rest = कृपया शेष राशि किसी और तरीके से चुकाएँ।

## Not paid, for the customer

time-is-up = समय समाप्त
not-charged = आपसे कोई राशि नहीं ली गई है।
cancelled = रद्द
refund-started = धनवापसी शुरू हुई
cancelled-does-not-count = यह भुगतान रद्द किया गया और मान्य नहीं है।
money-on-its-way-back = राशि आपको वापस भेजी जा रही है।
stopped-before-shown = कोड दिखाए जाने से पहले यह भुगतान रोक दिया गया।
cancelled-by-merchant = दुकान ने यह भुगतान रद्द किया।
cancelled-by-patron = आपने अपने फ़ोन पर यह भुगतान रद्द किया।
patron-code-invalid = फ़ोन का कोड उपयोग नहीं हो सका।
payment-failed = भुगतान पूरा नहीं हुआ।
patron-code-expired = फ़ोन का कोड पुराना हो चुका था।
declined-by-patron = आपने यह भुगतान अस्वीकार किया।
declined-by-merchant = दुकान ने यह भुगतान अस्वीकार किया।
payment-declined = भुगतान अस्वीकार हुआ।
payment-request-expired = भुगतान का समय समाप्त हो गया था।
no-payment-options = आपके वॉलेट में इस दुकान पर उपयोग योग्य कुछ नहीं है।
inactive-asset = भुगतान का यह साधन अवरुद्ध है।
cancelled-otherwise = यह भुगतान रद्द किया गया।
conditions-are-off = यदि इस भुगतान के लिए आपका उत्तर ज़रूरी था, तो conditions = true सेट करें।

## The outcome is unknown

paid-not-known = भुगतान हुआ? अभी ज्ञात नहीं
earlier-not-known = पहले की बिक्री: अभी ज्ञात नहीं
please-wait = कृपया प्रतीक्षा करें। दोबारा भुगतान न करें।
do-not-charge-again = दोबारा राशि न लें।
do-not-charge-until-settled = तय होने तक इसकी राशि दोबारा न लें।
new-sale-waits = { $amount } की नई बिक्री तब तक रुकेगी।
code-once-confirmed = Centrapay की पुष्टि के बाद नया कोड आएगा।
closed-by-staff = कर्मचारी ने बंद किया
closed-as-paid = बंद: भुगतान हुआ
closed-as-not-paid = बंद: भुगतान नहीं हुआ
answers-for-it = इस परिणाम के लिए { $name } उत्तरदायी हैं।

## An earlier sale, for the cashier

earlier-paid = पहले की बिक्री: भुगतान हुआ
earlier-paid-in-part = पहले की बिक्री: आंशिक भुगतान
earlier-going-back = पहले की बिक्री: राशि लौट रही है
paid-in-full = उस बिक्री का पूरा भुगतान हो गया है।
paid-in-full-by = उस बिक्री का पूरा भुगतान हो गया है, { $means }।
do-not-charge-it-again = इसकी राशि दोबारा न लें।
cancelled-too-late = बहुत देर से रद्द किया गया: भुगतान मान्य है। यदि नहीं लेना चाहिए, तो धनवापसी करें।
amount-not-paid = इसमें से { $amount } अब भी बाकी है।
not-paid-going-back = उस बिक्री का भुगतान नहीं हुआ: राशि लौट रही है।
earlier-sale = पहले की बिक्री { $reference }
reference = संदर्भ { $reference }
reference-and-code = संदर्भ { $reference }, लघु कोड { $code }
late-payment-elsewhere = देर से आया भुगतान: { $reference }, इतिहास देखें
late-payments-elsewhere = देर से आए भुगतान: { $reference } और { $count } अन्य, इतिहास देखें
write-down = यह परिणाम सहेजा नहीं जा सका। कृपया लिख लें: { $outcome }।
write-down-named = यह परिणाम सहेजा नहीं जा सका। कृपया लिख लें: { $outcome }, { $amount }। { $named }।

## A late payment

late-paid = देर से भुगतान: हो गया
late-earlier = देर से भुगतान, पहले की बिक्री
late-going-back = देर से भुगतान, लौट रहा है
arrived-after-all = आपका भुगतान आ गया है।
part-arrived-after-all = आपके भुगतान का एक हिस्सा आ गया है।
came-too-late = आपका भुगतान बहुत देर से आया।
going-back-to-you = राशि आपको वापस भेजी जा रही है।
came-in-after = यह तब आया जब स्क्रीन दिखा चुकी थी: भुगतान नहीं हुआ।
going-back-not-paid = राशि लौट रही है: भुगतान नहीं हुआ है।
this-sale-is-paid-now = अब इस बिक्री का भुगतान हो गया है।
that-sale-is-paid-now = उस बिक्री का भुगतान हो गया है, पर किसी ने दर्ज नहीं किया है।

## No sale, for the cashier

cannot-reach = Centrapay से संपर्क नहीं हो रहा
check-clock = कोई कोड नहीं दिखाया गया। इस स्क्रीन की तारीख और समय, फिर नेटवर्क जाँचें।
something-answers = कोई कोड नहीं दिखाया गया। इस नेटवर्क में कोई और Centrapay की जगह उत्तर दे रहा है।
check-network = कोई कोड नहीं दिखाया गया। नेटवर्क केबल या Wi-Fi जाँचें, फिर प्रयास करें।
refused = Centrapay ने यह भुगतान अनुरोध ठुकरा दिया
check-config-id = मर्चेंट config id और राशि जाँचें।
code-refused = Centrapay ने ग्राहक का कोड स्वीकार नहीं किया
another-code = कोई पैसा नहीं लिया गया। इस स्क्रीन के कोड से फिर प्रयास करें, या फ़ोन के नए कोड से दोबारा बेचें।
key-not-accepted = Centrapay ने इस दुकान की कुंजी स्वीकार नहीं की
replace-key = मान्य कुंजी लगाएँ; विन्यास में api-key-file देखें।
money-mixed-up = परीक्षण और असली पैसा मिल गए हैं
check-liveness = विन्यास में liveness और मर्चेंट config id जाँचें।
answer-does-not-fit = Centrapay का उत्तर इस बिक्री से मेल नहीं खाता
call-support = फिर हो तो सहायता से संपर्क करें।
no-readable-code = पढ़ने योग्य कोड नहीं बन सका
pay-another-way = भुगतान किसी और तरीके से लें और सहायता से संपर्क करें।
window-too-small = यह विंडो बहुत छोटी है। इसे बड़ा करें।
cannot-write-down = यह बिक्री दर्ज नहीं की जा सकती
check-disk = जाँचें कि डिस्क भरी न हो और डेटा फ़ोल्डर में लिखा जा सके।
earlier-not-settled = पहले की एक बिक्री तय नहीं हुई है
settle-earlier-first = इसके लिए कोई राशि नहीं ली गई। पहले की बिक्री तय करें, फिर इसे दोबारा शुरू करें।
no-time-left = Centrapay ने भुगतान का समय नहीं छोड़ा
check-expiry = विन्यास में expiry-seconds जाँचें।

## Buttons, for the cashier: a word or two

cancel = रद्द करें
back = वापस
close = बंद करें
done = पूरा हुआ
noted = देख लिया
try-again = फिर प्रयास करें
confirm = पुष्टि करें
show-qr = QR दिखाएँ
customers-code = ग्राहक का कोड
keep-checking = जाँच जारी रखें
cancel-and-refund = रद्द कर लौटाएँ
leave-open = अनिर्णीत छोड़ें
not-paid = भुगतान नहीं हुआ
accept = स्वीकार करें
decline = अस्वीकार करें
give-back = राशि लौटाएँ
keep-it = रखें: सामान दे दिया गया है
keep-the-part = रखें: शेष किसी और तरीके से चुकाया गया
all-goes-back = पूरी राशि ग्राहक को लौटेगी
asks-by-itself = हर 5 सेकंड में स्वयं जाँच; अभी जाँचें
what-was-paid-goes-back = रोकें; चुकाई राशि लौटेगी
checked-myself = मैंने Centrapay पर स्वयं जाँचा
comes-up-again = बंद करें; अगली बार फिर दिखेगा
new-sale-not-made = बंद करें; नई बिक्री नहीं होगी
space-key = रिक्त
backspace-key = मिटाएँ

## Input, for the cashier

amount-in = राशि ({ $currency })
code-ending = ग्राहक का कोड, अंत में { $digits }
scan-or-type = ग्राहक के फ़ोन का कोड स्कैन करें, या टाइप करें।
no-customers-code = यह ग्राहक का कोड नहीं है। फ़ोन वाला कोड स्कैन करें।
code-misread = कोड ठीक से नहीं पढ़ा गया। फिर स्कैन करें।
your-name = आपका नाम
name-first = पहले अपना नाम लिखें
checked-and-answer = मैंने Centrapay पर परिणाम जाँच लिया है और इसके लिए उत्तरदायी हूँ।
was-it-paid = क्या भुगतान हुआ?
look-first = पहले ग्राहक का फ़ोन या Centrapay पोर्टल देखें।
enter-amount = कृपया राशि लिखें, जैसे { $write }।
one-point = राशि में अधिकतम एक बिंदु होता है, जैसे { $write } में।
digit-missing = बिंदु के पास एक अंक नहीं है। { $write } लिखें।
too-many-decimals = दशमलव अंक अधिक हैं। { $write } जैसी राशि लिखें।
more-than-nothing = राशि शून्य से अधिक होनी चाहिए।
too-large = अधिकतम राशि { $most } है।
check-amount = कृपया राशि जाँचें। { $write } जैसी राशि लिखें।

## Labels

customer = ग्राहक
cashier = कैशियर
test-band = परीक्षण: असली पैसा नहीं चलता
demo-band = डेमो: कोई पैसा नहीं चलता
demo-band-short = डेमो: असली नहीं
demo-pay = चुकाएँ
demo-decline = अस्वीकार
demo-expire = समाप्त

## Between names in a list

list-separator = { ", " }

## How money is written, after CLDR

money = { $sign }{ $figures }
money-with-code = { $code }{ "\u00A0" }{ $figures }
decimal-sign = .
group-sign = ,
grouping = indian
