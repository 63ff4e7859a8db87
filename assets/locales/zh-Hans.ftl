### Chinese in simplified characters: 简体中文.

## Between sales, for the customer

welcome = 欢迎光临

## While the code is shown, for the customer

scan-to-pay = 扫码支付
with-your-camera = 请用 { $apps } 或手机相机扫描
more-items = 另有 { $count } 件
time-left = 剩余付款时间 { $time }
only-time-left = 仅剩 { $time }
one-moment = 请稍候 …
connecting = 正在连接 Centrapay …
waiting-for-centrapay = 正在等待 Centrapay …
reconnecting = 正在重新连接 …

## Waiting, for the customer

confirm-on-phone = 请在手机上确认
time-is-over = 付款时间已过
checking-payment = 正在确认您的付款是否到账，请稍候。
do-not-pay-again = 请不要再次付款。
checking-last-payment = 正在核对上一笔付款
one-moment-please = 请稍候。
checking-earlier-sale = 正在核对较早的一笔交易
cancelling = 正在取消
do-not-pay-any-more = 请不要再支付这一笔。
cancelling-earlier-sale = 正在取消较早的一笔交易
not-your-payment-moment = 这不是您的付款，请稍候。
not-your-payment-wait = 这不是您的付款，请等待。
your-sale-comes-next = 接下来是您的 { $amount } 付款。
question-first = 请先回答一个问题
answer-on-phone = 请在手机上回答。
answer-again = 回答未送达，请再次回答。
part-is-paid = 已支付一部分
waiting-for-the-rest = 正在等待其余部分，请在手机上继续。

## Paid, for the customer

paid = 已付款
thank-you = 谢谢！
paid-by = 支付方式：{ $means }
amount-paid-by = { $means } 支付 { $amount }
amount-paid = 已支付 { $amount }
paid-before = 这笔交易之前已付款，不会再次扣款。
could-not-be-cancelled = 已无法取消：付款有效。如不应收款，请办理退款。
another-sum = Centrapay 给出的金额与应收金额不同。请在 Centrapay 门户中核对这笔付款。
still-to-be-paid = 尚待支付
received-of = 总额 { $asked }，已付 { $received }。
already-paid = 已付商品：{ $items }
pay-the-rest = 请用其他方式支付余额。

## Not paid, for the customer

time-is-up = 时间已到
not-charged = 您没有被扣款。
cancelled = 已取消
refund-started = 已开始退款
cancelled-does-not-count = 这笔付款已取消，不作数。
money-on-its-way-back = 款项正在退还给您。
stopped-before-shown = 这笔付款在显示二维码之前已停止。
cancelled-by-merchant = 商家取消了这笔付款。
cancelled-by-patron = 您在手机上取消了这笔付款。
patron-code-invalid = 手机上的付款码无法使用。
payment-failed = 付款没有成功。
patron-code-expired = 手机上的付款码已过期。
declined-by-patron = 您拒绝了这笔付款。
declined-by-merchant = 商家拒绝了这笔付款。
payment-declined = 付款被拒绝。
payment-request-expired = 付款时间已过。
no-payment-options = 您的钱包里没有本店可用的支付方式。
inactive-asset = 这种支付方式已被冻结。
cancelled-otherwise = 这笔付款已取消。
conditions-are-off = 如果此笔付款需要您回答问题，请设置 conditions = true。

## The outcome is unknown

paid-not-known = 是否已付款？尚不清楚
earlier-not-known = 较早的交易：尚不清楚
please-wait = 请等待，不要再次付款。
do-not-charge-again = 不要再次收款。
do-not-charge-until-settled = 查清之前，不要再次收这笔款。
new-sale-waits = 新的 { $amount } 交易要等到那时。
code-once-confirmed = Centrapay 确认后，会显示新的二维码。
closed-by-staff = 由店员结清
closed-as-paid = 已结清：已付款
closed-as-not-paid = 已结清：未付款
answers-for-it = 由 { $name } 对结果负责。

## An earlier sale, for the cashier

earlier-paid = 较早的交易：已付款
earlier-paid-in-part = 较早的交易：已付一部分
earlier-going-back = 较早的交易：正在退款
paid-in-full = 那笔交易已全额付款。
paid-in-full-by = 那笔交易已全额付款，{ $means }。
do-not-charge-it-again = 不要再次收这笔款。
cancelled-too-late = 取消得太晚：付款有效。如不应收款，请办理退款。
amount-not-paid = 其中 { $amount } 仍未支付。
not-paid-going-back = 那笔交易未付款：款项正在退回。
earlier-sale = 较早的交易 { $reference }
reference = 编号 { $reference }
reference-and-code = 编号 { $reference }，短码 { $code }
late-payment-elsewhere = 迟到的付款：{ $reference }，见历史记录
late-payments-elsewhere = 迟到的付款：{ $reference } 及另外 { $count } 笔，见历史记录
write-down = 这个结果无法保存，请记录下来：{ $outcome }。
write-down-named = 这个结果无法保存，请记录下来：{ $outcome }，{ $amount }。{ $named }。

## A late payment

late-paid = 迟到的付款：已付款
late-earlier = 迟到的付款，较早的交易
late-going-back = 迟到的付款，正在退回
arrived-after-all = 您的付款还是到账了。
part-arrived-after-all = 您的付款有一部分还是到账了。
came-too-late = 您的付款来得太晚。
going-back-to-you = 款项正在退还给您。
came-in-after = 这笔款是在屏幕显示未付款之后到账的。
going-back-not-paid = 款项正在退回：未付款。
this-sale-is-paid-now = 这笔交易现已付款。
that-sale-is-paid-now = 那笔交易现已付款，但还没有人记下。

## No sale, for the cashier

cannot-reach = 无法连接 Centrapay
check-clock = 没有显示二维码。请检查本机的日期和时间，再检查网络。
something-answers = 没有显示二维码。本网络中有别的东西在冒充 Centrapay 应答。
check-network = 没有显示二维码。请检查网线或 Wi-Fi，然后重试。
refused = Centrapay 拒绝了这个付款请求
check-config-id = 请检查商户配置编号（config-id）和金额。
code-refused = Centrapay 不接受顾客的付款码
another-code = 没有扣款。请改用本屏幕上的二维码重试，或用手机上的新付款码重新收款。
key-not-accepted = Centrapay 不接受本店的密钥
replace-key = 请换上有效的密钥；见配置中的 api-key-file。
money-mixed-up = 测试款与真实款混淆
check-liveness = 请检查配置中的 liveness 和 config-id。
answer-does-not-fit = Centrapay 的应答与这笔交易不符
call-support = 如再次发生，请联系技术支持。
no-readable-code = 无法生成可读的二维码
pay-another-way = 请用其他方式收款，并联系技术支持。
window-too-small = 窗口太小，请放大。
cannot-write-down = 这笔交易无法记录
check-disk = 请检查磁盘是否已满，数据目录是否可写。
earlier-not-settled = 有一笔较早的交易尚未结清
settle-earlier-first = 这一笔没有扣款。请先结清较早的交易，再重新开始。
no-time-left = Centrapay 没有留下付款时间
check-expiry = 请检查配置中的 expiry-seconds。

## Buttons, for the cashier: a word or two

cancel = 取消
back = 返回
close = 关闭
done = 完成
noted = 已知悉
try-again = 重试
confirm = 确认
show-qr = 显示二维码
customers-code = 顾客付款码
keep-checking = 继续核对
cancel-and-refund = 取消并退款
leave-open = 暂不处理
not-paid = 未付款
accept = 接受
decline = 拒绝
give-back = 退还款项
keep-it = 保留：商品已交付
keep-the-part = 保留：余额以其他方式支付
all-goes-back = 全部退还给顾客
asks-by-itself = 每 5 秒自动查询；立即查询
what-was-paid-goes-back = 停止；已付款项退回
checked-myself = 我已在 Centrapay 查过
comes-up-again = 关闭；下次会再出现
new-sale-not-made = 关闭；新交易不进行
space-key = 空格
backspace-key = 退格

## Input, for the cashier

amount-in = 金额（{ $currency }）
code-ending = 顾客付款码，末尾 { $digits }
scan-or-type = 请扫描顾客手机上的付款码，或手动输入。
no-customers-code = 这不是顾客的付款码。请扫描手机上的付款码。
code-misread = 付款码读取有误。请重新扫描。
your-name = 您的姓名
name-first = 请先输入您的姓名
checked-and-answer = 我已在 Centrapay 查明结果，并对此负责。
was-it-paid = 付款了吗？
look-first = 请先查看顾客的手机或 Centrapay 门户。
enter-amount = 请输入金额，例如 { $write }。
one-point = 金额最多有一个小数点，例如 { $write }。
digit-missing = 小数点旁边缺少数字。请写 { $write }。
too-many-decimals = 小数位太多。请写 { $write } 这样的金额。
more-than-nothing = 金额必须大于零。
too-large = 最大金额为 { $most }。
check-amount = 请检查金额。请写 { $write } 这样的金额。

## Labels

customer = 顾客
cashier = 收银员
test-band = 测试：没有真实资金往来
demo-band = 演示：没有资金往来
demo-band-short = 演示：非真实
demo-pay = 付款
demo-decline = 拒绝
demo-expire = 过期

## Between names in a list

list-separator = 、

## How money is written, after CLDR

money = { $sign }{ $figures }
money-with-code = { $code }{ "\u00A0" }{ $figures }
decimal-sign = .
group-sign = ,
grouping = three
