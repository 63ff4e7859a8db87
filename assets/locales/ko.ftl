### Korean: 한국어.

## Between sales, for the customer

welcome = 어서 오세요

## While the code is shown, for the customer

scan-to-pay = 스캔하여 결제하세요
with-your-camera = { $apps } 또는 휴대전화 카메라로
more-items = 외 { $count }개
time-left = 결제 시간 { $time } 남음
only-time-left = { $time }밖에 안 남음
one-moment = 잠시만요 …
connecting = Centrapay에 연결 중 …
waiting-for-centrapay = Centrapay 대기 중 …
reconnecting = 다시 연결 중 …

## Waiting, for the customer

confirm-on-phone = 휴대전화에서 확인해 주세요
time-is-over = 결제 시간이 끝났습니다
checking-payment = 결제가 들어왔는지 확인하고 있습니다. 잠시만 기다려 주세요.
do-not-pay-again = 다시 결제하지 마세요.
checking-last-payment = 지난 결제를 확인하는 중
one-moment-please = 잠시만 기다려 주세요.
checking-earlier-sale = 이전 거래를 확인하는 중
cancelling = 취소하는 중
do-not-pay-any-more = 이 결제는 더 이상 하지 마세요.
cancelling-earlier-sale = 이전 거래를 취소하는 중
not-your-payment-moment = 고객님의 결제가 아닙니다. 잠시만 기다려 주세요.
not-your-payment-wait = 고객님의 결제가 아닙니다. 기다려 주세요.
your-sale-comes-next = 다음은 고객님의 { $amount } 결제입니다.
question-first = 먼저 확인할 것이 있습니다
answer-on-phone = 휴대전화에서 답해 주세요.
answer-again = 답변이 전달되지 않았습니다. 다시 답해 주세요.
part-is-paid = 일부가 결제되었습니다
waiting-for-the-rest = 나머지를 기다리고 있습니다. 휴대전화에서 계속해 주세요.

## Paid, for the customer

paid = 결제 완료
thank-you = 감사합니다!
paid-by = 결제 수단: { $means }
amount-paid-by = { $means }(으)로 { $amount }
amount-paid = { $amount } 결제됨
paid-before = 이 거래는 이미 결제되었습니다. 다시 청구되지 않습니다.
could-not-be-cancelled = 더 이상 취소할 수 없어 결제가 유효합니다. 받으면 안 되는 경우 환불해 주세요.
another-sum = Centrapay가 알린 금액이 청구한 금액과 다릅니다. 포털에서 이 결제를 확인하세요.
still-to-be-paid = 아직 결제해야 합니다
received-of = { $asked } 중 { $received }이(가) 결제되었습니다.
already-paid = 이미 결제됨: { $items }
pay-the-rest = 나머지는 다른 방법으로 결제해 주세요.

## Not paid, for the customer

time-is-up = 시간이 끝났습니다
not-charged = 청구되지 않았습니다.
cancelled = 취소됨
refund-started = 환불이 시작되었습니다
cancelled-does-not-count = 이 결제는 취소되어 유효하지 않습니다.
money-on-its-way-back = 돈이 고객님께 환불되고 있습니다.
stopped-before-shown = 코드가 표시되기 전에 이 결제가 중단되었습니다.
cancelled-by-merchant = 매장에서 이 결제를 취소했습니다.
cancelled-by-patron = 고객님이 휴대전화에서 취소했습니다.
patron-code-invalid = 휴대전화의 코드를 사용할 수 없었습니다.
payment-failed = 결제가 이루어지지 않았습니다.
patron-code-expired = 휴대전화의 코드가 만료되었습니다.
declined-by-patron = 고객님이 이 결제를 거절했습니다.
declined-by-merchant = 매장에서 이 결제를 거절했습니다.
payment-declined = 결제가 거절되었습니다.
payment-request-expired = 결제 시간이 끝났습니다.
no-payment-options = 지갑에 이 매장에서 쓸 수 있는 것이 없습니다.
inactive-asset = 이 결제 수단은 정지되어 있습니다.
cancelled-otherwise = 이 결제는 취소되었습니다.
conditions-are-off = 이 결제에 직원의 답변이 필요했다면 conditions = true로 설정하세요.

## The outcome is unknown

paid-not-known = 결제 여부를 아직 모릅니다
earlier-not-known = 이전 거래: 아직 모릅니다
please-wait = 기다려 주세요. 다시 결제하지 마세요.
do-not-charge-again = 다시 청구하지 마세요.
do-not-charge-until-settled = 확정될 때까지 다시 청구하지 마세요.
new-sale-waits = 새 { $amount } 거래는 그때까지 기다립니다.
code-once-confirmed = Centrapay가 확인하면 새 코드가 표시됩니다.
closed-by-staff = 직원이 종료
closed-as-paid = 종료: 결제됨
closed-as-not-paid = 종료: 결제되지 않음
answers-for-it = { $name } 님이 이 결과를 책임집니다.

## An earlier sale, for the cashier

earlier-paid = 이전 거래: 결제됨
earlier-paid-in-part = 이전 거래: 일부 결제됨
earlier-going-back = 이전 거래: 환불 중
paid-in-full = 그 거래는 전액 결제되었습니다.
paid-in-full-by = 그 거래는 전액 결제되었습니다({ $means }).
do-not-charge-it-again = 다시 청구하지 마세요.
cancelled-too-late = 취소가 늦어 결제가 유효합니다. 받으면 안 되는 경우 환불해 주세요.
amount-not-paid = 그중 { $amount }이(가) 아직 결제되지 않았습니다.
not-paid-going-back = 그 거래는 결제되지 않았습니다. 돈이 환불되고 있습니다.
earlier-sale = 이전 거래 { $reference }
reference = 참조 번호 { $reference }
reference-and-code = 참조 번호 { $reference }, 짧은 코드 { $code }
late-payment-elsewhere = 늦은 결제: { $reference }, 기록 참조
late-payments-elsewhere = 늦은 결제: { $reference } 외 { $count }건, 기록 참조
write-down = 이 결과를 저장하지 못했습니다. 적어 두세요: { $outcome }.
write-down-named = 이 결과를 저장하지 못했습니다. 적어 두세요: { $outcome }, { $amount }. { $named }.

## A late payment

late-paid = 늦은 결제: 결제됨
late-earlier = 늦은 결제, 이전 거래
late-going-back = 늦은 결제, 환불 중
arrived-after-all = 고객님의 결제가 들어왔습니다.
part-arrived-after-all = 결제의 일부가 들어왔습니다.
came-too-late = 결제가 너무 늦게 들어왔습니다.
going-back-to-you = 고객님께 환불되고 있습니다.
came-in-after = 화면에 미결제로 표시된 뒤에 들어왔습니다.
going-back-not-paid = 돈이 환불되고 있으므로 결제되지 않았습니다.
this-sale-is-paid-now = 이 거래는 이제 결제되었습니다.
that-sale-is-paid-now = 그 거래는 결제되었지만 아직 아무도 확인하지 않았습니다.

## No sale, for the cashier

cannot-reach = Centrapay에 연결할 수 없습니다
check-clock = 코드가 표시되지 않았습니다. 이 기기의 날짜와 시각, 그다음 네트워크를 확인하세요.
something-answers = 코드가 표시되지 않았습니다. 이 네트워크의 무언가가 Centrapay 대신 응답합니다.
check-network = 코드가 표시되지 않았습니다. 네트워크 케이블이나 Wi-Fi를 확인한 뒤 다시 시도하세요.
refused = Centrapay가 이 결제 요청을 거부했습니다
check-config-id = 가맹점 설정 ID와 금액을 확인하세요.
code-refused = Centrapay가 고객의 코드를 받아들이지 않았습니다
another-code = 청구되지 않았습니다. 이 화면의 코드로 다시 시도하거나, 휴대전화의 새 코드로 다시 판매하세요.
key-not-accepted = Centrapay가 이 매장의 키를 받아들이지 않았습니다
replace-key = 유효한 키로 바꾸세요. 설정의 api-key-file을 참조하세요.
money-mixed-up = 테스트 돈과 실제 돈이 섞여 있습니다
check-liveness = 설정의 liveness와 가맹점 설정 ID를 확인하세요.
answer-does-not-fit = Centrapay의 응답이 이 거래와 맞지 않습니다
call-support = 다시 발생하면 지원팀에 연락하세요.
no-readable-code = 읽을 수 있는 코드를 만들 수 없습니다
pay-another-way = 다른 방법으로 결제받고 지원팀에 연락하세요.
window-too-small = 창이 너무 작습니다. 크게 해 주세요.
cannot-write-down = 이 거래를 기록할 수 없습니다
check-disk = 디스크가 가득 차지 않았는지, 데이터 폴더에 쓸 수 있는지 확인하세요.
earlier-not-settled = 이전 거래가 확정되지 않았습니다
settle-earlier-first = 이 거래는 청구되지 않았습니다. 이전 거래를 먼저 확정하고 다시 시작하세요.
no-time-left = Centrapay가 결제 시간을 남기지 않았습니다
check-expiry = 설정의 expiry-seconds를 확인하세요.

## Buttons, for the cashier: a word or two

cancel = 취소
back = 뒤로
close = 닫기
done = 완료
noted = 확인함
try-again = 다시 시도
confirm = 확정
show-qr = QR 표시
customers-code = 고객 코드
keep-checking = 계속 확인
cancel-and-refund = 취소 및 환불
leave-open = 미확정으로 두기
not-paid = 결제되지 않음
accept = 수락
decline = 거절
give-back = 환불하기
keep-it = 받음: 상품을 건넸습니다
keep-the-part = 받음: 나머지는 다른 방법으로 결제
all-goes-back = 전액을 고객에게 환불합니다
asks-by-itself = 5초마다 자동 확인, 지금 확인
what-was-paid-goes-back = 중단하고 결제된 돈을 환불
checked-myself = Centrapay에서 직접 확인함
comes-up-again = 닫기, 다음에 다시 표시됨
new-sale-not-made = 닫기, 새 거래는 하지 않음
space-key = 공백
backspace-key = 지우기

## Input, for the cashier

amount-in = 금액({ $currency })
code-ending = 고객 코드, 끝자리 { $digits }
scan-or-type = 고객 휴대전화의 코드를 스캔하거나 입력하세요.
no-customers-code = 고객 코드가 아닙니다. 휴대전화의 코드를 스캔하세요.
code-misread = 코드가 제대로 읽히지 않았습니다. 다시 스캔하세요.
your-name = 이름
name-first = 먼저 이름을 입력하세요
checked-and-answer = Centrapay에서 결과를 확인했으며 책임지겠습니다.
was-it-paid = 결제되었습니까?
look-first = 먼저 고객의 휴대전화나 Centrapay 포털을 확인하세요.
enter-amount = 금액을 입력하세요. 예: { $write }
one-point = 소수점은 하나만 쓸 수 있습니다. 예: { $write }
digit-missing = 소수점 옆에 숫자가 없습니다. { $write }처럼 쓰세요.
too-many-decimals = 소수 자릿수가 너무 많습니다. { $write }처럼 쓰세요.
more-than-nothing = 금액은 0보다 커야 합니다.
too-large = 최대 금액은 { $most }입니다.
check-amount = 금액을 확인하세요. { $write }처럼 쓰세요.

## Labels

customer = 고객
cashier = 직원
test-band = 테스트: 실제 돈이 오가지 않습니다
demo-band = 데모: 돈이 오가지 않습니다
demo-band-short = 데모: 실제 아님
demo-pay = 결제
demo-decline = 거절
demo-expire = 만료

## Between names in a list

list-separator = { ", " }

## How money is written, after CLDR

money = { $sign }{ $figures }
money-with-code = { $code }{ "\u00A0" }{ $figures }
decimal-sign = .
group-sign = ,
grouping = three
