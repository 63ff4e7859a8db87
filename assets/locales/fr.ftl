### French: français.

## Between sales, for the customer

welcome = Bienvenue

## While the code is shown, for the customer

scan-to-pay = Scannez pour payer
with-your-camera = avec { $apps } ou l’appareil photo de votre téléphone
more-items = et { $count } de plus
time-left = Encore { $time } pour payer
only-time-left = Plus que { $time }
one-moment = Un instant…
connecting = Connexion à Centrapay…
waiting-for-centrapay = En attente de Centrapay…
reconnecting = Reconnexion…

## Waiting, for the customer

confirm-on-phone = Confirmez sur votre téléphone
time-is-over = Le temps pour payer est écoulé
checking-payment = Nous vérifions si votre paiement est arrivé. Un instant, s’il vous plaît.
do-not-pay-again = Veuillez ne pas payer de nouveau.
checking-last-payment = Vérification du dernier paiement
one-moment-please = Un instant, s’il vous plaît.
checking-earlier-sale = Vérification d’une vente précédente
cancelling = Annulation en cours
do-not-pay-any-more = Veuillez ne plus payer ceci.
cancelling-earlier-sale = Annulation d’une vente précédente
not-your-payment-moment = Ce n’est pas votre paiement. Un instant, s’il vous plaît.
not-your-payment-wait = Ce n’est pas votre paiement. Veuillez patienter.
your-sale-comes-next = Votre propre achat de { $amount } vient ensuite.
question-first = D’abord une question
answer-on-phone = Veuillez répondre sur votre téléphone.
answer-again = La réponse n’est pas arrivée. Veuillez répondre de nouveau.
part-is-paid = Une partie est payée
waiting-for-the-rest = En attente du reste. Veuillez continuer sur votre téléphone.

## Paid, for the customer

paid = Payé
thank-you = Merci !
paid-by = avec { $means }
amount-paid-by = { $amount } avec { $means }
amount-paid = Payé : { $amount }
paid-before = Cette vente a déjà été payée. Rien n’est débité de nouveau.
could-not-be-cancelled = L’annulation n’était plus possible : le paiement est maintenu. S’il ne doit pas l’être, rendez l’argent par un remboursement.
another-sum = Centrapay indique une autre somme que celle demandée. Vérifiez ce paiement dans le portail.
still-to-be-paid = Reste à payer
received-of = Payé : { $received } sur { $asked }.
already-paid = Déjà payé : { $items }
pay-the-rest = Veuillez payer le reste autrement.

## Not paid, for the customer

time-is-up = Temps écoulé
not-charged = Rien ne vous a été débité.
cancelled = Annulé
refund-started = Remboursement lancé
cancelled-does-not-count = Ce paiement a été annulé et ne compte pas.
money-on-its-way-back = L’argent est en cours de retour vers vous.
stopped-before-shown = Ce paiement a été arrêté avant l’affichage d’un code.
cancelled-by-merchant = Le magasin a annulé ce paiement.
cancelled-by-patron = Vous avez annulé ce paiement sur votre téléphone.
patron-code-invalid = Le code du téléphone n’a pas pu être utilisé.
payment-failed = Le paiement n’a pas abouti.
patron-code-expired = Le code du téléphone était trop ancien.
declined-by-patron = Vous avez refusé ce paiement.
declined-by-merchant = Le magasin a refusé ce paiement.
payment-declined = Le paiement a été refusé.
payment-request-expired = Le temps pour payer était écoulé.
no-payment-options = Rien dans votre portefeuille n’est utilisable dans ce magasin.
inactive-asset = Ce moyen de paiement est bloqué.
cancelled-otherwise = Ce paiement a été annulé.
conditions-are-off = Si ce paiement demandait une réponse de votre part, réglez conditions = true.

## The outcome is unknown

paid-not-known = Payé ? Pas encore connu
earlier-not-known = Vente précédente : pas encore connu
please-wait = Veuillez patienter. Ne payez pas de nouveau.
do-not-charge-again = N’encaissez pas de nouveau.
do-not-charge-until-settled = Ne l’encaissez pas de nouveau avant que ce soit résolu.
new-sale-waits = La nouvelle vente de { $amount } attend jusque-là.
code-once-confirmed = Un nouveau code viendra dès que Centrapay le confirme.
closed-by-staff = Clos par le personnel
closed-as-paid = Clos : payé
closed-as-not-paid = Clos : non payé
answers-for-it = { $name } répond de la façon dont cela s’est terminé.

## An earlier sale, for the cashier

earlier-paid = Vente précédente : payée
earlier-paid-in-part = Vente précédente : payée en partie
earlier-going-back = Vente précédente : argent en retour
paid-in-full = Cette vente-là est payée en totalité.
paid-in-full-by = Cette vente-là est payée en totalité, { $means }.
do-not-charge-it-again = Ne l’encaissez pas de nouveau.
cancelled-too-late = L’annulation est venue trop tard : le paiement est maintenu. S’il ne doit pas l’être, rendez l’argent par un remboursement.
amount-not-paid = Toujours pas payé sur le total : { $amount }.
not-paid-going-back = Cette vente-là n’est pas payée : l’argent est en cours de retour.
earlier-sale = Vente précédente { $reference }
reference = Référence { $reference }
reference-and-code = Référence { $reference }, code court { $code }
late-payment-elsewhere = Paiement tardif : { $reference }, voir l’historique
late-payments-elsewhere = Paiements tardifs : { $reference } et { $count } de plus, voir l’historique
write-down = Ce résultat n’a pas pu être enregistré. Veuillez le noter : { $outcome }.
write-down-named = Ce résultat n’a pas pu être enregistré. Veuillez le noter : { $outcome }, { $amount }. { $named }.

## A late payment

late-paid = PAIEMENT TARDIF : payé
late-earlier = PAIEMENT TARDIF, vente précédente
late-going-back = PAIEMENT TARDIF, argent en retour
arrived-after-all = Votre paiement est finalement arrivé.
part-arrived-after-all = Une partie de votre paiement est finalement arrivée.
came-too-late = Votre paiement est arrivé trop tard.
going-back-to-you = Il vous est renvoyé.
came-in-after = Il est arrivé après que cet écran a indiqué : non payé.
going-back-not-paid = L’argent est en cours de retour : ce n’est pas payé.
this-sale-is-paid-now = Cette vente est maintenant payée.
that-sale-is-paid-now = Cette vente-là est maintenant payée, et personne ne l’a noté.

## No sale, for the cashier

cannot-reach = Centrapay est injoignable
check-clock = Aucun code n’a été affiché. Vérifiez la date et l’heure de cet écran, puis le réseau.
something-answers = Aucun code n’a été affiché. Quelque chose sur ce réseau répond à la place de Centrapay.
check-network = Aucun code n’a été affiché. Vérifiez le câble réseau ou le Wi-Fi, puis réessayez.
refused = Centrapay a refusé cette demande de paiement
check-config-id = Vérifiez le config id du magasin et le montant.
code-refused = Centrapay n’a pas accepté le code du client
another-code = Rien n’a été débité. Réessayez avec un code sur cet écran, ou vendez à nouveau avec un nouveau code du téléphone.
key-not-accepted = Centrapay n’a pas accepté la clé de ce magasin
replace-key = Mettez en place une clé valide ; voir api-key-file dans la configuration.
money-mixed-up = L’argent de test et l’argent réel sont mélangés
check-liveness = Vérifiez liveness et le config id du magasin dans la configuration.
answer-does-not-fit = La réponse de Centrapay ne correspond pas à cette vente
call-support = Si cela se reproduit, appelez l’assistance.
no-readable-code = Aucun code lisible n’a pu être créé
pay-another-way = Encaissez le paiement autrement et appelez l’assistance.
window-too-small = Cette fenêtre est trop petite. Agrandissez-la.
cannot-write-down = Cette vente ne peut pas être enregistrée
check-disk = Vérifiez que le disque n’est pas plein et que le dossier des données est accessible en écriture.
earlier-not-settled = Une vente précédente n’est pas résolue
settle-earlier-first = Rien n’a été débité pour celle-ci. Recommencez-la, et résolvez d’abord la vente précédente.
no-time-left = Centrapay n’a laissé aucun temps pour payer
check-expiry = Vérifiez expiry-seconds dans la configuration.

## Buttons, for the cashier: a word or two

cancel = Annuler
back = Retour
close = Fermer
done = Terminé
noted = Noté
try-again = Réessayer
confirm = Confirmer
show-qr = Afficher le QR
customers-code = Code du client
keep-checking = Continuer à vérifier
cancel-and-refund = Annuler et rembourser
leave-open = Laisser en suspens
not-paid = Non payé
accept = Accepter
decline = Refuser
give-back = Rendre l’argent
keep-it = Garder : la marchandise est remise
keep-the-part = Garder : le reste est payé autrement
all-goes-back = Tout est rendu au client
asks-by-itself = Auto toutes les 5 s ; demander maintenant
what-was-paid-goes-back = Arrêter ; ce qui a été payé est rendu
checked-myself = J’ai vérifié moi-même chez Centrapay
comes-up-again = Fermer ; cela reviendra la prochaine fois
new-sale-not-made = Fermer ; la nouvelle vente n’est pas faite
space-key = Espace
backspace-key = Effacer

## Input, for the cashier

amount-in = Montant en { $currency }
code-ending = Code du client finissant par { $digits }
scan-or-type = Scannez le code sur le téléphone du client, ou tapez-le.
no-customers-code = Ce n’est pas un code de client. Scannez celui du téléphone.
code-misread = Le code a été mal lu. Scannez-le à nouveau.
your-name = Votre nom
name-first = Veuillez d’abord saisir votre nom
checked-and-answer = J’ai vérifié chez Centrapay comment cela s’est terminé, et j’en réponds.
was-it-paid = Est-ce payé ?
look-first = Regardez d’abord le téléphone du client ou le portail Centrapay.
enter-amount = Veuillez saisir un montant, par exemple { $write }.
one-point = Un montant a une virgule au plus, comme dans { $write }.
digit-missing = Il manque un chiffre à côté de la virgule. Écrivez { $write }.
too-many-decimals = Il y a trop de décimales. Écrivez un montant comme { $write }.
more-than-nothing = Un montant doit être supérieur à zéro.
too-large = Le montant maximal est de { $most }.
check-amount = Veuillez vérifier le montant. Écrivez par exemple { $write }.

## Labels

customer = Client
cashier = Caisse
test-band = TEST : aucun argent réel ne circule
demo-band = DÉMO : aucun argent ne circule
demo-band-short = DÉMO : pas réel
demo-pay = payer
demo-decline = refuser
demo-expire = expirer

## Between names in a list

list-separator = { ", " }

## How money is written, after CLDR

money = { $figures }{ "\u00A0" }{ $sign }
money-with-code = { $figures }{ "\u00A0" }{ $code }
decimal-sign = ,
group-sign = { "\u202F" }
grouping = three
