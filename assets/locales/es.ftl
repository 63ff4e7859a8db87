### Spanish: español.

## Between sales, for the customer

welcome = Te damos la bienvenida

## While the code is shown, for the customer

scan-to-pay = Escanee para pagar
with-your-camera = con { $apps } o la cámara de su teléfono
more-items = y { $count } más
time-left = Quedan { $time } para pagar
only-time-left = Solo quedan { $time }
one-moment = Un momento…
connecting = Conectando con Centrapay…
waiting-for-centrapay = Esperando a Centrapay…
reconnecting = Reconectando…

## Waiting, for the customer

confirm-on-phone = Confirme en su teléfono
time-is-over = Terminó el tiempo para pagar
checking-payment = Estamos comprobando si ha llegado su pago. Un momento, por favor.
do-not-pay-again = Por favor, no vuelva a pagar.
checking-last-payment = Comprobando el último pago
one-moment-please = Un momento, por favor.
checking-earlier-sale = Comprobando una venta anterior
cancelling = Cancelando
do-not-pay-any-more = Por favor, ya no pague esto.
cancelling-earlier-sale = Cancelando una venta anterior
not-your-payment-moment = Este no es su pago. Un momento, por favor.
not-your-payment-wait = Este no es su pago. Espere, por favor.
your-sale-comes-next = Después sigue su propia compra de { $amount }.
question-first = Primero, una pregunta
answer-on-phone = Por favor, responda en su teléfono.
answer-again = La respuesta no llegó. Por favor, responda otra vez.
part-is-paid = Una parte está pagada
waiting-for-the-rest = Esperando el resto. Por favor, continúe en su teléfono.

## Paid, for the customer

paid = Pagado
thank-you = ¡Gracias!
paid-by = con { $means }
amount-paid-by = { $amount } con { $means }
amount-paid = Pagado: { $amount }
paid-before = Esta venta ya se pagó antes. No se cobra de nuevo.
could-not-be-cancelled = Ya no se pudo cancelar: el pago se mantiene. Si no debe mantenerse, devuelva el dinero con un reembolso.
another-sum = Centrapay indica un importe distinto del pedido. Revise este pago en el portal.
still-to-be-paid = Falta por pagar
received-of = Pagado: { $received } de { $asked }.
already-paid = Ya pagado: { $items }
pay-the-rest = Por favor, pague el resto de otra forma.

## Not paid, for the customer

time-is-up = Se acabó el tiempo
not-charged = No se le ha cobrado nada.
cancelled = Cancelado
refund-started = Reembolso iniciado
cancelled-does-not-count = Este pago se canceló y no cuenta.
money-on-its-way-back = El dinero está en camino de vuelta a usted.
stopped-before-shown = Este pago se detuvo antes de que se mostrara un código.
cancelled-by-merchant = La tienda canceló este pago.
cancelled-by-patron = Usted canceló este pago en su teléfono.
patron-code-invalid = El código del teléfono no se pudo usar.
payment-failed = El pago no se realizó.
patron-code-expired = El código del teléfono era demasiado antiguo.
declined-by-patron = Usted rechazó este pago.
declined-by-merchant = La tienda rechazó este pago.
payment-declined = El pago fue rechazado.
payment-request-expired = El tiempo para pagar había terminado.
no-payment-options = Nada de su billetera se puede usar en esta tienda.
inactive-asset = Este medio de pago está bloqueado.
cancelled-otherwise = Este pago se canceló.
conditions-are-off = Si este pago necesitaba una respuesta suya, configure conditions = true.

## The outcome is unknown

paid-not-known = ¿Pagado? Aún no se sabe
earlier-not-known = Venta anterior: aún no se sabe
please-wait = Espere, por favor. No vuelva a pagar.
do-not-charge-again = No vuelva a cobrar.
do-not-charge-until-settled = No la vuelva a cobrar hasta que se resuelva.
new-sale-waits = La venta nueva de { $amount } espera hasta entonces.
code-once-confirmed = Habrá un código nuevo cuando Centrapay lo confirme.
closed-by-staff = Cerrada por el personal
closed-as-paid = Cerrada: pagada
closed-as-not-paid = Cerrada: no pagada
answers-for-it = { $name } responde de cómo terminó esto.

## An earlier sale, for the cashier

earlier-paid = Venta anterior: pagada
earlier-paid-in-part = Venta anterior: pagada en parte
earlier-going-back = Venta anterior: en devolución
paid-in-full = Esa venta está pagada por completo.
paid-in-full-by = Esa venta está pagada por completo, { $means }.
do-not-charge-it-again = No la vuelva a cobrar.
cancelled-too-late = Se canceló demasiado tarde: el pago se mantiene. Si no debe mantenerse, devuelva el dinero con un reembolso.
amount-not-paid = Aún sin pagar del total: { $amount }.
not-paid-going-back = Esa venta no está pagada: el dinero está en camino de vuelta.
earlier-sale = Venta anterior { $reference }
reference = Referencia { $reference }
reference-and-code = Referencia { $reference }, código corto { $code }
late-payment-elsewhere = Pago tardío: { $reference }, vea el historial
late-payments-elsewhere = Pagos tardíos: { $reference } y { $count } más, vea el historial
write-down = Este resultado no se pudo guardar. Por favor, anótelo: { $outcome }.
write-down-named = Este resultado no se pudo guardar. Por favor, anótelo: { $outcome }, { $amount }. { $named }.

## A late payment

late-paid = PAGO TARDÍO: pagado
late-earlier = PAGO TARDÍO, venta anterior
late-going-back = PAGO TARDÍO, en devolución
arrived-after-all = Al final, su pago ha llegado.
part-arrived-after-all = Al final, una parte de su pago ha llegado.
came-too-late = Su pago llegó demasiado tarde.
going-back-to-you = Se le está devolviendo.
came-in-after = Llegó después de que esta pantalla dijera: no pagado.
going-back-not-paid = El dinero está en camino de vuelta: no está pagado.
this-sale-is-paid-now = Esta venta ya está pagada.
that-sale-is-paid-now = Esa venta ya está pagada, y nadie lo ha anotado.

## No sale, for the cashier

cannot-reach = Sin conexión con Centrapay
check-clock = No se mostró ningún código. Revise la fecha y la hora de esta pantalla, y después la red.
something-answers = No se mostró ningún código. Algo en esta red responde en lugar de Centrapay.
check-network = No se mostró ningún código. Revise el cable de red o el Wi-Fi y vuelva a intentarlo.
refused = Centrapay rechazó esta solicitud de pago
check-config-id = Revise el config id de la tienda y el importe.
code-refused = Centrapay no aceptó el código del cliente
another-code = No se cobró nada. Reintente con un código en esta pantalla, o venda otra vez con uno nuevo del teléfono.
key-not-accepted = Centrapay no aceptó la clave de esta tienda
replace-key = Ponga una clave válida; vea api-key-file en la configuración.
money-mixed-up = Dinero de prueba y dinero real mezclados
check-liveness = Revise liveness y el config id de la tienda en la configuración.
answer-does-not-fit = La respuesta de Centrapay no corresponde a esta venta
call-support = Si vuelve a ocurrir, llame a soporte.
no-readable-code = No se pudo crear un código legible
pay-another-way = Cobre de otra forma y llame a soporte.
window-too-small = Esta ventana es demasiado pequeña. Amplíela.
cannot-write-down = Esta venta no se puede registrar
check-disk = Compruebe que el disco no esté lleno y que se pueda escribir en la carpeta de datos.
earlier-not-settled = Una venta anterior no está resuelta
settle-earlier-first = Por esta no se cobró nada. Iníciela de nuevo y resuelva primero la venta anterior.
no-time-left = Centrapay no dejó tiempo para pagar
check-expiry = Revise expiry-seconds en la configuración.

## Buttons, for the cashier: a word or two

cancel = Cancelar
back = Volver
close = Cerrar
done = Listo
noted = Anotado
try-again = Reintentar
confirm = Confirmar
show-qr = Mostrar QR
customers-code = Código del cliente
keep-checking = Seguir comprobando
cancel-and-refund = Cancelar y reembolsar
leave-open = Dejar pendiente
not-paid = No pagado
accept = Aceptar
decline = Rechazar
give-back = Devolver el dinero
keep-it = Conservarlo: se entrega la mercancía
keep-the-part = Conservarlo: el resto se paga aparte
all-goes-back = Todo se devuelve al cliente
asks-by-itself = Consulta por sí solo cada 5 s; consultar ya
what-was-paid-goes-back = Detenerlo; lo pagado se devuelve
checked-myself = Lo comprobé yo en Centrapay
comes-up-again = Cerrar; volverá a salir la próxima vez
new-sale-not-made = Cerrar; la venta nueva no se hace
space-key = Espacio
backspace-key = Borrar

## Input, for the cashier

amount-in = Importe en { $currency }
code-ending = Código del cliente terminado en { $digits }
scan-or-type = Escanee el código del teléfono del cliente, o escríbalo.
no-customers-code = Eso no es un código de cliente. Escanee el del teléfono.
code-misread = El código no se leyó bien. Escanéelo otra vez.
your-name = Su nombre
name-first = Por favor, escriba primero su nombre
checked-and-answer = He comprobado en Centrapay cómo terminó esto y respondo de ello.
was-it-paid = ¿Se pagó?
look-first = Mire primero el teléfono del cliente o el portal de Centrapay.
enter-amount = Por favor, escriba un importe, como { $write }.
one-point = Un importe lleva como máximo una coma, como en { $write }.
digit-missing = Falta una cifra junto a la coma. Escriba { $write }.
too-many-decimals = Son demasiados decimales. Escriba un importe como { $write }.
more-than-nothing = Un importe debe ser mayor que cero.
too-large = El importe máximo es { $most }.
check-amount = Por favor, revise el importe. Escriba uno como { $write }.

## Labels

customer = Cliente
cashier = Caja
test-band = PRUEBA: no se mueve dinero real
demo-band = DEMO: no se mueve dinero
demo-band-short = DEMO: no es real
demo-pay = pagar
demo-decline = rechazar
demo-expire = caducar

## Between names in a list

list-separator = { ", " }

## How money is written, after CLDR

money = { $figures }{ "\u00A0" }{ $sign }
money-with-code = { $figures }{ "\u00A0" }{ $code }
decimal-sign = ,
group-sign = .
grouping = three-from-five
