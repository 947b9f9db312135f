# 自有 API 回答中的句子：调用会做什么，客户选项的含义，历史条目的内容。

api-effect-create-project = 将创建项目“{ $name }”。
api-effect-create-company = 将创建客户公司“{ $name }”。
api-effect-use-company = { $company } 将成为该项目的客户。
api-effect-map = { $company } 将映射到账户 { $account }。
api-effect-associate = 将显示在“{ $record }”上。
api-effect-add-member = { $person } 将成为项目成员。
api-effect-invite-user = { $person } 将受邀加入门户并成为项目成员。
api-effect-invite-client = { $person } 将受邀成为项目的客户用户。

api-client-mapped = { $company }，已映射到该账户
api-client-namesake = { $company }，同名的客户公司
api-client-similar = { $company }，名称相近的客户公司
api-client-new = 新的客户公司“{ $name }”
api-client-none = 无客户公司

api-history-change = { $field }已同步。
api-history-change-refused = { $field }未生效。
api-history-change-reverted = { $field }已恢复。
api-history-change-held = { $field }保留在一侧。
api-history-change-skipped = { $field }保持不变。
api-history-change-overruled = { $field }被后来的更改覆盖。
api-history-create = 已在另一侧创建。
api-history-create-refused = 未能在另一侧创建。
api-history-delete = 一侧已删除，关联已断开。
api-history-comment = 评论已同步。
api-history-comment-refused = 评论未能同步。
api-history-link = 已关联。
api-history-unlink = 已取消关联。
api-history-map = 已映射：{ $name }。
api-history-unmap = 已取消映射：{ $name }。
api-history-associate = 已关联项目：{ $name }。
api-history-dissociate = 已移除项目关联：{ $name }。
api-history-hand-off = 已创建项目：{ $name }。

api-field-title = 标题
api-field-description = 描述
api-field-due = 截止日期
api-field-priority = 优先级
api-field-status = 状态
api-field-owner = 所有者
api-field-comment = 评论

api-note-owner-not-representable = { $person } 在 CRM 中没有账户，因此那里的所有者保持不变。
api-note-in-doubt = 写入已发送但没有收到回答，发送其他内容之前会先查找结果。

api-rule-str-3 = 严格项目计划：{ $range }，含首尾两天。
api-rule-sub-2 = 父任务“{ $parent }”已关闭。
api-rule-start = 不早于任务的开始日期：{ $day }。
api-rule-owner = 所有者必须是项目“{ $project }”的成员。
api-rule-length = 最多 { $max } 个字符。
api-rule-ref-1 = 被拒绝的值会恢复为约定的值。
api-why-in-step = 两侧一致。
api-why-pending = 有更改正在等待同步。
api-why-differs = 六个字段中有 { $count } 个不同。
api-why-broken = 任务已在一侧删除，另一侧的任务独立存在。
api-why-unlinked = 两个任务不再关联。
api-why-paused = 关联已暂停，目前不同步任何内容。
api-why-with-reason = { $state }{ $reason }
