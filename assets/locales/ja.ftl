### Japanese: 日本語.

## Between sales, for the customer

welcome = いらっしゃいませ

## While the code is shown, for the customer

scan-to-pay = スキャンしてお支払い
with-your-camera = { $apps } またはスマートフォンのカメラで
more-items = ほか { $count } 点
time-left = お支払い期限まで { $time }
only-time-left = 残りわずか { $time }
one-moment = お待ちください …
connecting = Centrapay に接続しています …
waiting-for-centrapay = Centrapay を待っています …
reconnecting = 再接続しています …

## Waiting, for the customer

confirm-on-phone = スマートフォンでご確認ください
time-is-over = お支払い期限が過ぎました
checking-payment = お支払いが届いたか確認しています。少々お待ちください。
do-not-pay-again = もう一度お支払いにならないでください。
checking-last-payment = 前回のお支払いを確認中
one-moment-please = 少々お待ちください。
checking-earlier-sale = 以前の取引を確認中
cancelling = 取り消しています
do-not-pay-any-more = このお支払いはもう行わないでください。
cancelling-earlier-sale = 以前の取引を取り消しています
not-your-payment-moment = これはお客様のお支払いではありません。少々お待ちください。
not-your-payment-wait = これはお客様のお支払いではありません。お待ちください。
your-sale-comes-next = この次に、お客様の { $amount } のお支払いになります。
question-first = 先に確認があります
answer-on-phone = スマートフォンでお答えください。
answer-again = 回答が届きませんでした。もう一度お答えください。
part-is-paid = 一部が支払われました
waiting-for-the-rest = 残りをお待ちしています。スマートフォンで続けてください。

## Paid, for the customer

paid = お支払い完了
thank-you = ありがとうございます！
paid-by = お支払い方法：{ $means }
amount-paid-by = { $means } で { $amount }
amount-paid = { $amount } 支払い済み
paid-before = この取引はすでに支払い済みです。再度請求されません。
could-not-be-cancelled = 取り消しは間に合いませんでした。お支払いは有効です。受け取るべきでない場合は返金してください。
another-sum = Centrapay の金額が請求額と異なります。Centrapay のポータルでこのお支払いを確認してください。
still-to-be-paid = まだお支払いが必要です
received-of = { $asked } のうち { $received } が支払われました。
already-paid = お支払い済み：{ $items }
pay-the-rest = 残りは別の方法でお支払いください。

## Not paid, for the customer

time-is-up = 時間切れです
not-charged = 請求されていません。
cancelled = 取り消されました
refund-started = 返金を開始しました
cancelled-does-not-count = このお支払いは取り消され、無効です。
money-on-its-way-back = お金はお客様に返金されます。
stopped-before-shown = このお支払いはコードの表示前に中止されました。
cancelled-by-merchant = 店舗がこのお支払いを取り消しました。
cancelled-by-patron = お客様がスマートフォンで取り消しました。
patron-code-invalid = スマートフォンのコードは使えませんでした。
payment-failed = お支払いは完了しませんでした。
patron-code-expired = スマートフォンのコードは期限切れでした。
declined-by-patron = お客様がこのお支払いを拒否しました。
declined-by-merchant = 店舗がこのお支払いを拒否しました。
payment-declined = お支払いは承認されませんでした。
payment-request-expired = お支払い期限が過ぎました。
no-payment-options = この店舗で使えるものがウォレットにありません。
inactive-asset = このお支払い方法は停止されています。
cancelled-otherwise = このお支払いは取り消されました。
conditions-are-off = このお支払いに店員の回答が必要だった場合は、conditions = true に設定してください。

## The outcome is unknown

paid-not-known = お支払い済みか、まだ不明です
earlier-not-known = 以前の取引：まだ不明です
please-wait = お待ちください。もう一度お支払いにならないでください。
do-not-charge-again = もう一度請求しないでください。
do-not-charge-until-settled = 確定するまで再度請求しないでください。
new-sale-waits = 新しい { $amount } の取引はそれまで待ちます。
code-once-confirmed = Centrapay で確認でき次第、新しいコードを表示します。
closed-by-staff = 係が終了
closed-as-paid = 終了：支払い済み
closed-as-not-paid = 終了：未払い
answers-for-it = { $name } がこの結果に責任を持ちます。

## An earlier sale, for the cashier

earlier-paid = 以前の取引：支払い済み
earlier-paid-in-part = 以前の取引：一部支払い済み
earlier-going-back = 以前の取引：返金中
paid-in-full = その取引は全額支払い済みです。
paid-in-full-by = その取引は全額支払い済みです（{ $means }）。
do-not-charge-it-again = 再度請求しないでください。
cancelled-too-late = 取り消しが間に合わず、支払いは有効です。受け取るべきでない場合は返金してください。
amount-not-paid = そのうち { $amount } がまだ支払われていません。
not-paid-going-back = その取引は未払いです。お金は返金中です。
earlier-sale = 以前の取引 { $reference }
reference = 参照番号 { $reference }
reference-and-code = 参照番号 { $reference }、短縮コード { $code }
late-payment-elsewhere = 遅れた支払い：{ $reference }、履歴を参照
late-payments-elsewhere = 遅れた支払い：{ $reference } ほか { $count } 件、履歴を参照
write-down = この結果を保存できませんでした。書き留めてください：{ $outcome }。
write-down-named = この結果を保存できませんでした。書き留めてください：{ $outcome }、{ $amount }。{ $named }。

## A late payment

late-paid = 遅れた支払い：支払い済み
late-earlier = 遅れた支払い、以前の取引
late-going-back = 遅れた支払い、返金中
arrived-after-all = お客様のお支払いが届きました。
part-arrived-after-all = お支払いの一部が届きました。
came-too-late = お支払いが間に合いませんでした。
going-back-to-you = お客様に返金されます。
came-in-after = 画面が「未払い」と表示した後に届きました。
going-back-not-paid = 返金中のため、未払いです。
this-sale-is-paid-now = この取引は支払い済みになりました。
that-sale-is-paid-now = その取引は支払い済みですが、まだ誰も確認していません。

## No sale, for the cashier

cannot-reach = Centrapay に接続できません
check-clock = コードは表示されていません。この端末の日付と時刻、次にネットワークを確認してください。
something-answers = コードは表示されていません。このネットワークで何かが Centrapay の代わりに応答しています。
check-network = コードは表示されていません。LAN ケーブルか Wi-Fi を確認し、もう一度お試しください。
refused = Centrapay がこの支払い要求を拒否しました
check-config-id = マーチャント設定 ID と金額を確認してください。
code-refused = Centrapay がお客様のコードを受け付けませんでした
another-code = 請求はされていません。この画面のコードでもう一度試すか、スマートフォンの新しいコードで販売し直してください。
key-not-accepted = Centrapay がこの店舗のキーを受け付けません
replace-key = 有効なキーに替えてください。設定の api-key-file を参照。
money-mixed-up = テスト用と実際のお金が混在しています
check-liveness = 設定の liveness とマーチャント設定 ID を確認してください。
answer-does-not-fit = Centrapay の応答がこの取引と一致しません
call-support = 再発する場合はサポートに連絡してください。
no-readable-code = 読み取れるコードを作成できません
pay-another-way = 別の方法で会計し、サポートに連絡してください。
window-too-small = ウィンドウが小さすぎます。大きくしてください。
cannot-write-down = この取引を記録できません
check-disk = ディスクに空きがあり、データディレクトリに書き込めるか確認してください。
earlier-not-settled = 以前の取引が確定していません
settle-earlier-first = この取引は請求されていません。先に以前の取引を確定し、もう一度始めてください。
no-time-left = Centrapay の支払い時間が残っていません
check-expiry = 設定の expiry-seconds を確認してください。

## Buttons, for the cashier: a word or two

cancel = 取り消す
back = 戻る
close = 閉じる
done = 完了
noted = 確認済み
try-again = もう一度
confirm = 確定
show-qr = QR を表示
customers-code = お客様のコード
keep-checking = 確認を続ける
cancel-and-refund = 取り消して返金
leave-open = 未確定のまま
not-paid = 未払い
accept = 承認する
decline = 断る
give-back = 返金する
keep-it = 受け取る：商品は渡し済み
keep-the-part = 受け取る：残りは別の方法で支払い済み
all-goes-back = 全額をお客様に返金
asks-by-itself = 5 秒ごとに自動確認。今すぐ確認
what-was-paid-goes-back = 中止し、支払い分を返金
checked-myself = 自分で Centrapay に確認した
comes-up-again = 閉じる。次回また表示
new-sale-not-made = 閉じる。新しい取引は行わない
space-key = 空白
backspace-key = 削除

## Input, for the cashier

amount-in = 金額（{ $currency }）
code-ending = お客様のコード 末尾 { $digits }
scan-or-type = お客様のスマートフォンのコードをスキャンするか、入力してください。
no-customers-code = お客様のコードではありません。スマートフォンのコードをスキャンしてください。
code-misread = コードを正しく読み取れませんでした。もう一度スキャンしてください。
your-name = お名前
name-first = 先にお名前を入力してください
checked-and-answer = Centrapay で結果を確認し、責任を持ちます。
was-it-paid = 支払われましたか？
look-first = 先に、お客様のスマートフォンか Centrapay のポータルを確認してください。
enter-amount = 金額を入力してください（例：{ $write }）。
one-point = 小数点は一つまでです（例：{ $write }）。
digit-missing = 小数点の隣に数字がありません。{ $write } のように入力してください。
too-many-decimals = 小数の桁が多すぎます。{ $write } のように入力してください。
more-than-nothing = 金額は 0 より大きくしてください。
too-large = 最大金額は { $most } です。
check-amount = 金額を確認してください。{ $write } のように入力してください。

## Labels

customer = お客様
cashier = 係
test-band = テスト：実際のお金は動きません
demo-band = デモ：お金は動きません
demo-band-short = デモ：本物ではありません
demo-pay = 支払う
demo-decline = 拒否
demo-expire = 期限切れ

## Between names in a list

list-separator = 、

## How money is written, after CLDR

money = { $sign }{ $figures }
money-with-code = { $code }{ "\u00A0" }{ $figures }
decimal-sign = .
group-sign = ,
grouping = three
