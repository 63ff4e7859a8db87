### German: Deutsch.

## Between sales, for the customer

welcome = Willkommen

## While the code is shown, for the customer

scan-to-pay = Zum Bezahlen scannen
with-your-camera = mit { $apps } oder der Kamera Ihres Handys
more-items = und { $count } weitere
time-left = Noch { $time } zum Bezahlen
only-time-left = Nur noch { $time }
one-moment = Einen Moment …
connecting = Verbinden mit Centrapay …
waiting-for-centrapay = Warten auf Centrapay …
reconnecting = Neu verbinden …

## Waiting, for the customer

confirm-on-phone = Bitte auf Ihrem Handy bestätigen
time-is-over = Die Zeit zum Bezahlen ist um
checking-payment = Es wird geprüft, ob Ihre Zahlung angekommen ist. Einen Moment, bitte.
do-not-pay-again = Bitte bezahlen Sie nicht noch einmal.
checking-last-payment = Letzte Zahlung wird geprüft
one-moment-please = Einen Moment, bitte.
checking-earlier-sale = Früherer Verkauf wird geprüft
cancelling = Wird abgebrochen
do-not-pay-any-more = Bitte bezahlen Sie dies nicht mehr.
cancelling-earlier-sale = Früherer Verkauf wird abgebrochen
not-your-payment-moment = Dies ist nicht Ihre Zahlung. Einen Moment, bitte.
not-your-payment-wait = Dies ist nicht Ihre Zahlung. Bitte warten Sie.
your-sale-comes-next = Ihr eigener Einkauf über { $amount } kommt als Nächstes.
question-first = Zuerst eine Frage
answer-on-phone = Bitte antworten Sie auf Ihrem Handy.
answer-again = Die Antwort kam nicht an. Bitte antworten Sie noch einmal.
part-is-paid = Ein Teil ist bezahlt
waiting-for-the-rest = Der Rest wird erwartet. Bitte machen Sie auf Ihrem Handy weiter.

## Paid, for the customer

paid = Bezahlt
thank-you = Vielen Dank!
paid-by = mit { $means }
amount-paid-by = { $amount } mit { $means }
amount-paid = { $amount } bezahlt
paid-before = Dieser Einkauf wurde schon früher bezahlt. Es wird nicht noch einmal abgebucht.
could-not-be-cancelled = Der Abbruch war nicht mehr möglich: Die Zahlung gilt. Falls sie nicht gelten soll, geben Sie das Geld durch eine Erstattung zurück.
another-sum = Centrapay nennt einen anderen Betrag als verlangt. Prüfen Sie diese Zahlung im Portal.
still-to-be-paid = Noch zu bezahlen
received-of = { $received } von { $asked } sind bezahlt.
already-paid = Schon bezahlt: { $items }
pay-the-rest = Bitte bezahlen Sie den Rest auf andere Weise.

## Not paid, for the customer

time-is-up = Die Zeit ist um
not-charged = Es wurde Ihnen nichts abgebucht.
cancelled = Abgebrochen
refund-started = Erstattung begonnen
cancelled-does-not-count = Diese Zahlung wurde abgebrochen und zählt nicht.
money-on-its-way-back = Das Geld ist auf dem Weg zurück zu Ihnen.
stopped-before-shown = Diese Zahlung wurde gestoppt, bevor ein Code angezeigt wurde.
cancelled-by-merchant = Das Geschäft hat diese Zahlung abgebrochen.
cancelled-by-patron = Sie haben diese Zahlung auf Ihrem Handy abgebrochen.
patron-code-invalid = Der Code vom Handy konnte nicht verwendet werden.
payment-failed = Die Zahlung kam nicht zustande.
patron-code-expired = Der Code vom Handy war zu alt.
declined-by-patron = Sie haben diese Zahlung abgelehnt.
declined-by-merchant = Das Geschäft hat diese Zahlung abgelehnt.
payment-declined = Die Zahlung wurde abgelehnt.
payment-request-expired = Die Zeit zum Bezahlen war um.
no-payment-options = Nichts in Ihrer Wallet kann in diesem Geschäft verwendet werden.
inactive-asset = Dieses Zahlungsmittel ist gesperrt.
cancelled-otherwise = Diese Zahlung wurde abgebrochen.
conditions-are-off = Falls diese Zahlung Ihre Antwort brauchte, stellen Sie conditions = true ein.

## The outcome is unknown

paid-not-known = Bezahlt? Noch nicht bekannt
earlier-not-known = Früherer Verkauf: noch nicht bekannt
please-wait = Bitte warten Sie. Bezahlen Sie nicht noch einmal.
do-not-charge-again = Nicht noch einmal kassieren.
do-not-charge-until-settled = Nicht noch einmal kassieren, bis es geklärt ist.
new-sale-waits = Der neue Verkauf über { $amount } wartet bis dahin.
code-once-confirmed = Ein neuer Code kommt, sobald Centrapay es bestätigt.
closed-by-staff = Vom Personal abgeschlossen
closed-as-paid = Abgeschlossen: bezahlt
closed-as-not-paid = Abgeschlossen: nicht bezahlt
answers-for-it = { $name } steht dafür ein, wie dies ausgegangen ist.

## An earlier sale, for the cashier

earlier-paid = Früherer Verkauf: bezahlt
earlier-paid-in-part = Früherer Verkauf: teilweise bezahlt
earlier-going-back = Früherer Verkauf: geht zurück
paid-in-full = Der frühere Verkauf ist vollständig bezahlt.
paid-in-full-by = Der frühere Verkauf ist vollständig bezahlt, { $means }.
do-not-charge-it-again = Nicht noch einmal dafür kassieren.
cancelled-too-late = Der Abbruch kam zu spät: Die Zahlung gilt. Falls sie nicht gelten soll, geben Sie das Geld durch eine Erstattung zurück.
amount-not-paid = { $amount } davon sind noch nicht bezahlt.
not-paid-going-back = Der frühere Verkauf ist nicht bezahlt: Das Geld ist auf dem Weg zurück.
earlier-sale = Früherer Verkauf { $reference }
reference = Referenz { $reference }
reference-and-code = Referenz { $reference }, Kurzcode { $code }
late-payment-elsewhere = Späte Zahlung: { $reference }, siehe Verlauf
late-payments-elsewhere = Späte Zahlungen: { $reference } und { $count } weitere, siehe Verlauf
write-down = Dieses Ergebnis konnte nicht gespeichert werden. Bitte notieren Sie es: { $outcome }.
write-down-named = Dieses Ergebnis konnte nicht gespeichert werden. Bitte notieren Sie es: { $outcome }, { $amount }. { $named }.

## A late payment

late-paid = SPÄTE ZAHLUNG: bezahlt
late-earlier = SPÄTE ZAHLUNG, früherer Verkauf
late-going-back = SPÄTE ZAHLUNG, geht zurück
arrived-after-all = Ihre Zahlung ist doch noch angekommen.
part-arrived-after-all = Ein Teil Ihrer Zahlung ist doch noch angekommen.
came-too-late = Ihre Zahlung kam zu spät.
going-back-to-you = Sie geht an Sie zurück.
came-in-after = Sie kam an, nachdem diese Anzeige gemeldet hatte: nicht bezahlt.
going-back-not-paid = Das Geld ist auf dem Weg zurück: Es ist nicht bezahlt.
this-sale-is-paid-now = Dieser Verkauf ist jetzt bezahlt.
that-sale-is-paid-now = Der frühere Verkauf ist jetzt bezahlt, und niemand hat es vermerkt.

## No sale, for the cashier

cannot-reach = Centrapay nicht erreichbar
check-clock = Es wurde kein Code angezeigt. Prüfen Sie Datum und Uhrzeit dieses Bildschirms, dann das Netzwerk.
something-answers = Es wurde kein Code angezeigt. Etwas in diesem Netzwerk antwortet anstelle von Centrapay.
check-network = Es wurde kein Code angezeigt. Prüfen Sie das Netzwerkkabel oder das Wi-Fi und versuchen Sie es dann noch einmal.
refused = Centrapay hat diese Zahlungsanfrage abgelehnt
check-config-id = Prüfen Sie die config id des Geschäfts und den Betrag.
code-refused = Centrapay hat den Code der Kundschaft nicht angenommen
another-code = Es wurde nichts abgebucht. Versuchen Sie es mit einem Code auf diesem Bildschirm, oder verkaufen Sie noch einmal mit einem neuen vom Handy.
key-not-accepted = Centrapay hat den Schlüssel dieses Geschäfts abgelehnt
replace-key = Hinterlegen Sie einen gültigen Schlüssel; siehe api-key-file in der Konfiguration.
money-mixed-up = Testgeld und echtes Geld sind vermischt
check-liveness = Prüfen Sie liveness und die config id des Geschäfts in der Konfiguration.
answer-does-not-fit = Die Antwort von Centrapay passt nicht zu diesem Verkauf
call-support = Wenn es wieder vorkommt, rufen Sie den Support an.
no-readable-code = Es konnte kein lesbarer Code erzeugt werden
pay-another-way = Nehmen Sie die Zahlung auf andere Weise entgegen und rufen Sie den Support an.
window-too-small = Dieses Fenster ist zu klein. Vergrößern Sie es.
cannot-write-down = Dieser Verkauf lässt sich nicht aufzeichnen
check-disk = Prüfen Sie, dass das Laufwerk nicht voll ist und das Datenverzeichnis beschrieben werden kann.
earlier-not-settled = Ein früherer Verkauf ist nicht geklärt
settle-earlier-first = Für diesen wurde nichts abgebucht. Starten Sie ihn noch einmal und klären Sie zuerst den früheren Verkauf.
no-time-left = Centrapay gab keine Zeit zum Bezahlen
check-expiry = Prüfen Sie expiry-seconds in der Konfiguration.

## Buttons, for the cashier: a word or two

cancel = Abbrechen
back = Zurück
close = Beenden
done = Fertig
noted = Vermerkt
try-again = Noch einmal
confirm = Bestätigen
show-qr = QR anzeigen
customers-code = Kundencode
keep-checking = Weiter prüfen
cancel-and-refund = Abbrechen und erstatten
leave-open = Offen lassen
not-paid = Nicht bezahlt
accept = Annehmen
decline = Ablehnen
give-back = Geld zurückgeben
keep-it = Behalten: Die Ware wird ausgehändigt
keep-the-part = Behalten: Rest anders bezahlt
all-goes-back = Alles geht an die Kundschaft zurück
asks-by-itself = Fragt alle 5 s von selbst; jetzt fragen
what-was-paid-goes-back = Stoppen; was bezahlt wurde, geht zurück
checked-myself = Ich habe es selbst bei Centrapay geprüft
comes-up-again = Beenden; es kommt nächstes Mal wieder
new-sale-not-made = Beenden; der neue Verkauf entfällt
space-key = Leertaste
backspace-key = Löschen

## Input, for the cashier

amount-in = Betrag in { $currency }
code-ending = Kundencode mit der Endung { $digits }
scan-or-type = Scannen Sie den Code auf dem Handy der Kundschaft, oder tippen Sie ihn ein.
no-customers-code = Das ist kein Kundencode. Scannen Sie den auf dem Handy.
code-misread = Der Code wurde nicht richtig gelesen. Scannen Sie ihn noch einmal.
your-name = Ihr Name
name-first = Bitte geben Sie zuerst Ihren Namen ein
checked-and-answer = Ich habe bei Centrapay geprüft, wie dies ausgegangen ist, und stehe dafür ein.
was-it-paid = Wurde bezahlt?
look-first = Sehen Sie zuerst auf dem Handy der Kundschaft oder im Centrapay-Portal nach.
enter-amount = Bitte geben Sie einen Betrag ein, zum Beispiel { $write }.
one-point = Ein Betrag hat höchstens ein Komma, wie in { $write }.
digit-missing = Neben dem Komma fehlt eine Ziffer. Schreiben Sie { $write }.
too-many-decimals = Das sind zu viele Nachkommastellen. Schreiben Sie einen Betrag wie { $write }.
more-than-nothing = Ein Betrag muss mehr als null sein.
too-large = Der höchste Betrag ist { $most }.
check-amount = Bitte prüfen Sie den Betrag. Schreiben Sie zum Beispiel { $write }.

## Labels

customer = Kundschaft
cashier = Kasse
test-band = TEST: kein echtes Geld wird bewegt
demo-band = DEMO: kein Geld wird bewegt
demo-band-short = DEMO: nicht echt
demo-pay = bezahlen
demo-decline = ablehnen
demo-expire = ablaufen

## Between names in a list

list-separator = { ", " }

## How money is written, after CLDR

money = { $figures }{ "\u00A0" }{ $sign }
money-with-code = { $figures }{ "\u00A0" }{ $code }
decimal-sign = ,
group-sign = .
grouping = three
