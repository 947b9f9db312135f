# 邮件：未生效的更改、客户账户映射结果和邀请。

## 句子中的字段、更改和两侧的名称
mail-field =
    { $field ->
        [title] 标题
        [description] 描述
        [due] 截止日期
        [priority] 优先级
        [status] 状态
        [owner] 负责人
       *[comment] 评论
    }
mail-change =
    { $field ->
        [title] 标题更改
        [description] 描述更改
        [due] 截止日期更改
        [priority] 优先级更改
        [status] 状态更改
        [owner] 负责人更改
       *[comment] 评论
    }
mail-field-label =
    { $field ->
        [title] 标题
        [description] 描述
        [due] 截止日期
        [priority] 优先级
        [status] 状态
        [owner] 负责人
       *[comment] 评论
    }
mail-side-crm = CRM
mail-side-projects = 项目
mail-value-empty = 空值
mail-value-shortened = { $text } …（已截短）
mail-and-when = { $value }，{ $when }
mail-today-at = 今天 { $time }

## M1、M2、M3
mail-refused-subject = 更新失败：“{ $title }”的{ $field }未生效
mail-refused-headline-yours = 您最近一次的{ $change }未生效
mail-refused-headline = 最近一次的{ $change }未生效
mail-refused-did-set-yours = 您在 { $side } 中将“{ $title }”的{ $field }改为 { $value }。
mail-refused-did-set = 有人在 { $side } 中将“{ $title }”的{ $field }改为 { $value }。
mail-refused-did-clear-yours = 您在 { $side } 中清空了“{ $title }”的{ $field }。
mail-refused-did-clear = 有人在 { $side } 中清空了“{ $title }”的{ $field }。
mail-refused-did-text-yours = 您在 { $side } 中更改了“{ $title }”的{ $field }。
mail-refused-did-text = 有人在 { $side } 中更改了“{ $title }”的{ $field }。
mail-refused-did-reopen-yours = 您在 { $side } 中重新打开了“{ $title }”。
mail-refused-did-reopen = 有人在 { $side } 中重新打开了“{ $title }”。
mail-refused-did-close-yours = 您在 { $side } 中关闭了“{ $title }”。
mail-refused-did-close = 有人在 { $side } 中关闭了“{ $title }”。
mail-refused-why-after = 更新失败：该截止日期超出项目计划，“{ $project }”是严格项目，于 { $day } 结束。
mail-refused-why-before = 更新失败：该截止日期超出项目计划，“{ $project }”是严格项目，于 { $day } 开始。
mail-refused-why-parent = 状态更新失败：父任务“{ $parent }”在项目中已关闭，因此该任务保持关闭。
mail-refused-why = { $change }更新失败。{ $reason }
mail-refused-set-back = { $side } 已恢复为 { $value }，两边一致。
mail-refused-set-back-text = { $side } 中的{ $field }已恢复，两边一致。
mail-refused-held = { $side } 保留新值，{ $other } 保留原值。在有人处理之前两边不一致。
mail-refused-left = { $side } 中的值没有恢复。

mail-label-task = 任务
mail-label-under =
    { $module ->
        [lead] 所属潜在客户
        [account] 所属 CRM 账户
        [contact] 所属联系人
       *[deal] 所属交易
    }
mail-label-before = 更改前
mail-label-asked-yours = 您填写的值
mail-label-asked = 填写的值
mail-label-allowed = 允许的范围
mail-label-closed-by = 关闭者
mail-label-reason = 原因
mail-label-now = 当前状态
mail-task-with-key = { $title }（{ $key }）
mail-both-included = { $range }，含首尾两天
mail-now-equal = { $crm } 和{ $projects }均为 { $value }
mail-now-differs = { $side } 为 { $tried }，{ $other } 为 { $agreed }
mail-closed = 已关闭
mail-open = 未关闭
mail-was-reopened = 重新打开
mail-last-allowed = 允许的最后一天
mail-first-allowed = 允许的第一天
mail-days-after = +{ $days } 天
mail-days-before = −{ $days } 天
mail-picture-schedule = 项目从 { $start } 到 { $end }，填写的日期为 { $tried }。
mail-picture-tree = 该任务及其上方已关闭的任务

mail-section-refused = 同样未生效
mail-section-applied = 同一次保存中已生效
mail-column-field = 字段
mail-column-value = 值
mail-column-why = 原因
mail-open-task = 打开任务
mail-why = 查看原因：这次更改的每一步

mail-footer-you = 您收到此通知邮件，是因为更改由您作出。
mail-footer-owner = 您收到此通知邮件，是因为无法得知更改者，而您是任务负责人或门户管理员。
mail-footer-from = 由 { $host } 的 Lockstep 发送

## 汇总
mail-digest-subject = 更新失败：一小时内另有 { $count } 项更改未生效
mail-digest-headline = 另有 { $count } 项更改未生效
mail-digest-paragraph = 一小时内已有多封关于更改的邮件发给您，因此之后的更改汇总在这封邮件中。以下各项更新失败，原因见右侧。
mail-column-task = 任务
mail-column-asked = 填写的值

## M4
mail-mapping-subject =
    { $mapped ->
        [0] 客户账户映射已完成：新映射 0 个，{ $open } 个未映射
       *[other] 客户账户映射已完成：{ $mapped } 个已映射，{ $open } 个未映射
    }
mail-mapping-headline =
    { $open ->
        [0] 客户账户映射：每家客户公司都有对应的账户
       *[other] 客户账户映射：{ $open } 家客户公司需要您选择
    }
mail-mapping-paragraph = 您运行了映射（{ $when }）。比较了 { $companies } 家客户公司和 { $accounts } 个 CRM 账户。没有新建或重命名任何记录。
mail-mapping-now = 本次映射
mail-mapping-before = 之前已映射
mail-mapping-open = 未映射
mail-mapping-column-company = 客户公司
mail-mapping-column-account = CRM 账户
mail-mapping-column-result = 结果
mail-mapping-result-now = = 本次映射：名称相同
mail-mapping-result-before = = 之前已映射
mail-mapping-result-open = ≠ 未映射。{ $reason }
mail-mapping-none = —
mail-mapping-page = 打开映射页面
mail-mapping-page-hint = 也可以保持不变。
mail-mapping-alone =
    { $accounts ->
        [0] 每个账户都有客户公司。
       *[other] { $accounts } 个账户没有客户公司。
    }
mail-mapping-footer = 您收到此邮件，是因为您运行了映射。

## M7
mail-invitation-subject = 邀请您加入“{ $place }”
mail-invitation-headline = { $inviter } 邀请您加入“{ $place }”
mail-invitation-portal = 您将作为门户用户加入，可以查看您参与的项目及其任务和评论。
mail-invitation-client = 您将作为客户用户加入，可以查看与您共享的任务和评论，并作出回复。
mail-invitation-crm = 您将作为 CRM 用户加入，可以查看账户、联系人、交易和任务，以及由它们创建的项目。
mail-invitation-role = 角色
mail-invitation-address = 登录邮箱
mail-invitation-ends = 邀请有效期至
mail-invitation-accept = 接受邀请
mail-invitation-accept-hint = 您可以设置姓名、密码和语言。
mail-invitation-note = 此链接仅限您本人使用一次。如果您没有预料到这封邮件，无需任何操作。
mail-invitation-footer = 您收到此邮件，是因为 { $inviter } 邀请了您。
mail-invitation-link-hidden = 链接只在邮件中，此处不显示。
