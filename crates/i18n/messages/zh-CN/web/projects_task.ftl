# 项目的任务：列表、抽屉、表单，以及添加到 CRM。

## 列表
tasks-state = 状态
tasks-all = 全部
tasks-open = 未关闭
tasks-closed = 已关闭
tasks-in-crm = 在 CRM 中
tasks-every-owner = 所有负责人
tasks-search = 标题或编号
tasks-closed-of = 已关闭 { $closed }/{ $total }
tasks-of = { $closed }/{ $total }
tasks-none = 还没有任务。添加第一个任务时会自动创建任务列表。
tasks-none-client = 还没有您可以查看的任务。
tasks-none-filtered = 没有符合筛选条件的任务。
tasks-list-empty = 此列表中还没有任务

## 任务列表
list-name = 任务列表名称
list-add = 添加任务列表
list-change-of = 修改任务列表“{ $name }”
list-delete = 删除列表
list-place = 位置
list-first = 排在最前
list-after = 排在“{ $name }”之后
list-not-empty = 此列表中还有任务。请先移动或删除这些任务。
list-said-added = 已添加任务列表“{ $name }”。
list-said-saved = 已保存任务列表“{ $name }”。
list-said-deleted = 已删除任务列表“{ $name }”。

## 字段
task-word = 任务
task-title = 任务标题
task-description = 任务描述
task-description-none = 无描述
task-list = 任务列表
task-owner = 任务负责人
task-owner-none = 无负责人
task-owner-number = 任务负责人 { $number }
task-start = 开始日期
task-due = 结束日期
task-due-time = 时间
task-project = 项目
task-created = 创建
task-changed = 修改
task-visible-to = 可见范围
task-visible-client = 成员和客户
task-visible-members = 仅成员
task-visible-to-client = 对客户可见
task-visible-hint = 项目的客户用户可以看到此任务及其非内部评论。
task-status-open = 未开始
task-status-in-progress = 进行中
task-status-in-review = 审核中
task-status-closed = 已关闭
task-status-cancelled = 已取消
task-open-subtasks = 还有 { $count } 个子任务未关闭。请先关闭子任务，再关闭此任务。

## 对任务的操作
task-add = 添加任务
task-add-to-list = 在“{ $name }”中添加任务
task-add-subtask = 添加子任务
task-another = 继续新建
task-save-and-add = 保存并添加到 CRM
task-can-go-to-crm = 客户“{ $name }”已映射到 CRM 账户，保存时可以把任务一并添加到 CRM。
task-add-to-crm = 添加到 CRM
task-open-in-crm = 在 CRM 中打开
task-unlink = 取消关联
task-unlink-title = 取消两个任务的关联？
task-unlink-text = { $key } 与“{ $record }”下的任务都会保留原样，此后互不影响。
task-edit-of = 编辑 { $key }
task-move = 移动到…
task-move-parent = 父任务
task-move-parent-hint = 填写任务编号，例如 DM-4。留空则放在列表的最上层。
task-below-itself = 任务不能放在自己之下。
task-parent-gone = 此任务已不存在。
task-delete = 删除任务
task-delete-title = 删除此任务？
task-delete-text = 将删除“{ $name }”。
task-delete-with-subtasks = 将删除“{ $name }”及其下的 { $count } 个子任务。
task-delete-linked = CRM 中的任务会保留，链接将显示另一方已被删除。
task-more = 更多操作
task-open-as-page = 在单独页面中打开
task-below = 上级任务：
task-subtask = 子任务
task-subtasks = 子任务
task-subtasks-of = { $key } 的子任务
task-subtasks-none = 没有子任务。多人参与时可以把工作拆分开来。
task-said-added = 已添加 { $key }“{ $title }”。
task-said-saved = 已保存 { $key }。
task-said-moved = 已移动 { $key }。
task-said-deleted = 已删除 { $key }。
task-said-linked = 任务已添加到 CRM，双方将保持同步。
task-said-kept = 任务已保存在项目中，但 CRM 未接受。
task-said-on-its-way = 任务正在添加到 CRM。
task-said-unlinked = 两个任务已取消关联，均予以保留。
task-changed-meanwhile = 其他人刚刚修改了此记录
task-changed-meanwhile-text = 您的文字已保留。保存时会并排显示双方的值。

## 保存前的提示
task-check-not-saved = 在此情况下无法保存。
task-check-crm = CRM 不会接受此值
task-check-crm-text = 可以在此保存，CRM 将保留自己的值。

## 评论
task-comment = 评论
task-comments = 评论
task-comments-none = 还没有评论。
task-write-comment = 写评论
task-write-linked-comment = 写评论，会同步到 CRM
task-from-crm = 来自 CRM
task-internal = 内部
task-comment-internal = 内部评论：客户用户看不到
task-comment-release = 对客户显示
task-comment-released = 客户用户现在可以看到此评论。

## 在 CRM 中
task-crm-task = CRM 任务
task-not-in-crm = 未添加到 CRM
task-not-in-crm-text = 将此任务添加到“{ $name }”或其交易，双方即可保持同步。
task-not-in-crm-title = { $key }“{ $title }”未添加到 CRM
task-crm-refused = CRM 未接受此任务
field-in-step = 项目与 CRM 一致
field-not-applied = 未生效
sync-title = 与 CRM 的链接
sync-crm-kind = CRM · { $kind }
sync-kind-lead = 潜在客户
sync-kind-account = 账户
sync-kind-contact = 联系人
sync-kind-deal = 交易
sync-all-in-step = 六个字段均已同步
sync-five-in-step = 六个字段中有五个已同步；所有者各自保留
sync-not-applied = { $count } 个字段未生效
sync-set-back = 未生效，已恢复
sync-set-back-text = { $side } 已恢复为 { $value }，双方现在一致。
sync-held = 未生效，已保留
sync-held-text = 该值保留在 { $side } 中，障碍消除后会再次尝试。
sync-you-in = 您，在 { $side } 中
sync-person-in = { $name }，在 { $side } 中
sync-owner-note = { $name } 没有 CRM 账号，CRM 保留自己的负责人。
sync-broken-title = 另一方的任务已被删除
sync-broken-text = 此处未删除任何内容。取消关联即可结束链接。
sync-broken-at = 删除时间：{ $at }。此处未删除任何内容。取消关联即可结束链接。
sync-broken-by = { $by } 于 { $at } 将其删除。此处未删除任何内容。取消关联即可结束链接。
sync-paused-text = 目前不传递更改。更改正在等待，不会丢失。

## 选择
picker-title = 将任务添加到 CRM
picker-step = 第 2 步，共 2 步
picker-choose = 请选择要将任务放在哪条记录下。
picker-mapped = 已映射账户
picker-unmapped = 未映射账户
picker-mapped-to = 已映射到客户“{ $name }”
picker-same-name = 与客户同名，尚未映射
picker-similar = 与客户“{ $name }”名称相近，尚未映射
picker-ask = 选择后将建立映射，需由 { $names } 操作。
picker-owner = 负责人 { $name }
picker-closing = 成交日期 { $day }
picker-won = 已赢单
picker-deals-hint = 仅列出与“{ $project }”关联的交易。
picker-copy = 同时复制 { $count } 条评论
picker-stays = 今后保持同步的内容
picker-closed-or-reopened = 关闭或重新打开
picker-back = 返回

## 动态
activity-none = 还没有更改。
activity-you = 您
activity-somebody = 有人
activity-changed = { $name } 更改了{ $field }
activity-changed-in = { $name } 在 { $side } 中更改了{ $field }
activity-changed-something = { $name } 作了更改
activity-created = { $name } 创建了此记录
activity-deleted = { $name } 删除了此记录
activity-joined = { $name } 添加了成员 { $member }
activity-left = { $name } 移除了成员 { $member }
activity-clients = { $name } 更改了客户公司
activity-moved = { $name } 移动了此任务
activity-released = { $name } 将一条评论对客户显示
activity-refused-in = 未生效：{ $name } 在 { $side } 中更改的{ $field }
activity-because = { $text }。{ $reason }
activity-set-back = { $side } 中的{ $field }已恢复
activity-held = 未生效，值保留在 { $side } 中：{ $field }
activity-skipped = 未传递：{ $name } 更改的{ $field }
activity-overruled = { $name } 在 { $side } 中的{ $field }被较晚的值取代
activity-commented = { $name } 在 { $side } 中写了评论，已同步
activity-comment-refused = { $name } 在 { $side } 中的评论未能同步
activity-linked = { $name } 将任务添加到 CRM
activity-unlinked = { $name } 取消了两个任务的关联
activity-gone = { $name } 在 { $side } 中删除了任务

## 句中的字段
the-title = 任务标题
the-description = 任务描述
the-formatting = 描述的格式
the-due = 结束日期
the-time = 时间
the-start = 开始日期
the-end = 结束日期
the-priority = 优先级
the-status = 状态
the-owner = 负责人
the-visibility = 对客户的可见性
the-strict = 是否为严格项目
the-name = 名称
the-overview = 概述
the-comment = 评论
