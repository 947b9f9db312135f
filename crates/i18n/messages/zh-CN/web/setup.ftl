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
invitation-expired = 有效期为 7 天，已于 { $date } 结束。未创建账户，您的位置仍然保留。
invitation-again-title = { $name } 可以重新发送
invitation-again-text = 您将收到一封新邮件，只有其中的链接有效。
invitation-write-to = 写信给 { $name }
invitation-have-account = 我已有账户：登录
invitation-ended-foot = 邀请只能使用一次，7 天后失效。

## 个人设置
account-title = 您的账户
account-name = 姓名
account-language-hint = 页面和邮件使用此语言。
account-zone-hint = 时间按此时区显示，任务是否逾期按您的日期判断。
account-saved = 您的设置已保存。

## 首页
home-morning = 早上好，{ $name }
home-afternoon = 下午好，{ $name }
home-evening = 晚上好，{ $name }
home-day = { $date } { $weekday }
home-summary =
    { $late ->
        [0] { $today ->
            [0] 今天没有到期的任务
           *[other] 今天有 { $today } 项任务到期
        }
       *[other] { $today ->
            [0] { $late } 项任务已逾期
           *[other] { $late } 项任务已逾期，{ $today } 项今天到期
        }
    }
home-waiting = 未生效
home-why = 原因
home-why-of = 原因：{ $task }
home-task = 任务
home-field-title = 标题
home-field-description = 描述
home-field-due = 截止日期
home-field-priority = 优先级
home-field-status = 状态
home-field-owner = 负责人
home-field-comment = 评论
home-closed = 已关闭
home-open = 未关闭
home-health = 同步状况
home-health-of = { $done } / { $all }
home-health-text = 这些项目中已关联的任务已同步
home-rejected = 未生效
home-not-applied = { $count } 项未生效
home-moving = { $count } 项待同步
home-crm-sync = CRM 同步
home-no-links = 没有任务在 CRM 中
home-new-project = 新建项目
home-new-account = 新建账户
home-tasks = 我的未完成任务
home-no-tasks = 您没有未完成的任务。分配给您的任务会显示在这里。
home-no-projects = 尚无项目。您参与的项目及其进度和日期会显示在这里。
home-project = 项目
home-client = 客户
home-closed-tasks = 已关闭的任务
home-ends = 结束
home-progress = { $closed } / { $total }
home-active = { $count } 个未关闭
home-strict = 严格项目
home-steps = 入门步骤
home-step-people = 邀请您的同事
home-step-people-text = 通过电子邮件邀请。在您点击按钮之前不会发送任何邮件。
home-step-client = 添加第一个客户及其项目
home-step-client-text = 一个账户、一笔交易，以及由此创建的项目。之后任务即可添加到 CRM。
home-step-mapping = 关联账户和客户公司
home-step-mapping-text = 内置的 CRM 和项目已经连接。账户映射后，其项目的任务即可进入 CRM。
weekday-monday = 星期一
weekday-tuesday = 星期二
weekday-wednesday = 星期三
weekday-thursday = 星期四
weekday-friday = 星期五
weekday-saturday = 星期六
weekday-sunday = 星期日

## 用户
users-title = 用户
users-person = 人员
users-seen = 上次登录
users-actions = 操作
users-search = 姓名或电子邮件
users-all = 全部
users-clients = 客户用户
users-not-in-crm = 不在 CRM 中
users-not-in-portal = 不在门户中
users-waiting = 等待回复
users-inactive = 已停用
users-none = 没有符合搜索和筛选条件的人员。
users-count = { $count } 人
users-sees-all = 全部
users-you = 您
users-never = 从未
users-one-account = 一人一个账户：电子邮件将两侧关联起来。
users-portal-profile = 门户权限简档
users-portal-role = 门户角色
users-open-tasks = 未完成任务
user-profile = 权限简档
user-profile-of = { $name } 的权限简档
user-profile-hint = 决定此人可以执行的操作。
user-profile-decides = 权限简档决定可执行的操作；角色只是标签。
user-role = 角色
user-role-hint = 标签，例如：工程师。
user-projects = 项目
user-is-in-crm = CRM 用户
user-inactive = 已停用
user-invited = { $date } 已邀请
user-is-invited = 已邀请
user-send-again = 重新发送
user-send-again-to = 重新发送给 { $name } 的邀请
user-deactivate = 停用
user-deactivate-of = 停用 { $name }
user-activate = 启用
user-activate-of = 启用 { $name }
user-deactivated = { $name } 已停用。
user-activated = { $name } 已重新启用。
user-changed = { $name } 的权限简档已更改。
portal-user-keeps = 在以下项目中仍为成员并保留任务：{ $projects }
portal-deactivate-title = 在门户中停用 { $name }？
portal-deactivate-text = { $name } 将无法再打开门户。不会删除任何内容；重新启用后一切恢复。
profile-owner = 门户所有者
profile-administrator = 门户管理员
profile-manager = 经理
profile-employee = 员工
profile-contractor = 承包商
profile-client = 客户用户

## 邀请用户
invite-title = 邀请用户
invite-people = 电子邮件地址
invite-people-hint = 每行一个，或用逗号分隔，最多 { $count } 个。
invite-too-many = 一次最多邀请 { $count } 人。
invite-no-email = “{ $text }”不是有效的电子邮件地址。
invite-failed = { $email }：{ $message }
invite-language = 邀请信的语言
invite-until = 链接有效期至 { $date }。
invite-button = 邀请
invite-done = 已邀请 { $count } 人。
invite-again-done = 已重新发送给 { $email } 的邀请。

## CRM 用户
crm-user-add = 添加 CRM 用户
crm-user-email-hint = 已有账户者保留姓名和密码。
crm-user-name-hint = 仅用于尚无账户者。
crm-user-mail-note = 仅向尚无账户者发送邮件。
crm-user-added = { $name } 已成为 CRM 用户。
crm-user-invited = { $name } 已成为 CRM 用户，并已发送邀请邮件。
crm-user-keeps = { $name } 仍负责 { $tasks } 项未完成任务和 { $deals } 笔交易
crm-user-stays = 在项目中：仍为{ $profile }
crm-users-count = { $active } 人启用，{ $inactive } 人停用
crm-deactivate-title = 在 CRM 中停用 { $name }？
crm-deactivate-text = { $name } 将无法再打开 CRM。不会删除任何内容；重新启用后一切恢复。
crm-profile = CRM 权限简档
crm-profile-standard = 标准
crm-profile-standard-hint = 可查看、编辑和删除所有记录。
crm-profile-administrator = 管理员
crm-profile-administrator-hint = 还可管理设置、用户和连接。
crm-profiles-note = 标准可查看和编辑所有记录；管理员还可管理设置、用户和连接。
