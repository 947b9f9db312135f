# 设置页面：首次启动、登录、邀请、用户、发件箱。

## 登录
sign-in = 登录
sign-in-to = 登录 { $organisation }
sign-in-one-account = 项目和 CRM，一个账户。
sign-in-email = 电子邮件
sign-in-password = 密码
sign-in-wrong = 电子邮件或密码不正确。
sign-in-demo = 演示账户
sign-in-demo-or = 或以下列身份浏览
sign-in-too-many = 失败次数过多。请在 { $minutes } 分钟后重试。

## 首次启动
start-title = 创建管理员
start-text = 此页面仅在创建第一个账户之前有效。
start-token = 一次性令牌
start-token-hint = 程序启动时已在控制台显示，有效期 60 分钟。
start-token-tries = 失败次数过多。请等待几分钟后重试。
start-organisation = 组织
start-name = 您的姓名
start-email = 您的电子邮件
start-password-hint = 至少 10 个字符，且不在已知密码列表中。
start-currency = 货币
start-button = 创建并登录

## 邀请
invitation-title = { $inviter } 邀请您加入 { $place }
invitation-title-crm = { $inviter } 邀请您使用 { $organisation } 的 CRM
invitation-portal = 您将参与您所加入的项目。
invitation-client = 您可以查看与您共享的任务和评论，并进行回复。
invitation-crm = 您将使用潜在客户、账户、联系人、交易和任务。
invitation-as = 您的身份：{ $role }。
invitation-address = 您使用 { $email } 登录。
invitation-name = 您的姓名
invitation-accept = 接受并登录
invitation-foot = 此邀请仅供您本人使用，只能使用一次，有效期至 { $date }。如非您所期待，请忽略。
invitation-ended-title = 此邀请已失效
invitation-used-title = 此邀请已被使用
invitation-used = 您的账户已创建。请使用您的电子邮件和密码登录。
invitation-withdrawn = 邀请已被撤回。未创建账户。
invitation-replaced = 已向您发送新的邀请。只有最新邮件中的链接有效。
invitation-expired = 有效期为 14 天，已于 { $date } 结束。未创建账户，您的位置仍然保留。
invitation-again-title = { $name } 可以重新发送
invitation-again-text = 您将收到一封新邮件，只有其中的链接有效。
invitation-write-to = 写信给 { $name }
invitation-have-account = 我已有账户：登录
invitation-ended-foot = 邀请只能使用一次，14 天后失效。

## 个人设置
account-title = 您的账户
account-name = 姓名
account-language-hint = 页面和邮件使用此语言。
account-zone-hint = 时间按此时区显示，任务是否逾期按您的日期判断。
account-saved = 您的设置已保存。
