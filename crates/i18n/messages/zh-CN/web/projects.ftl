# /projects 下的页面：项目、成员和客户。任务见 projects_task.ftl。

## 操作
action-look = 查看
action-move = 移动
action-show = 显示
action-why = 原因
field-no-time = 此时间不存在。请按 18:00 的格式填写。
field-time-without-day = 请先选择日期。

## 列表
projects-views = 已保存的视图
projects-active = 进行中
projects-mine = 我的
projects-strict = 严格项目
projects-closed = 已关闭
projects-all = 全部
projects-search = 名称或前缀
projects-none = 还没有项目。项目包含一项工作的任务、日期和人员。
projects-none-for-you = 您还不是任何进行中项目的成员。项目负责人可以添加您。
projects-none-filtered = 没有符合条件的项目。请换一个视图或重新搜索。
projects-in-step = { $count } 项已同步
projects-moving = { $total } 项中有 { $count } 项待同步
projects-not-applied = { $total } 项中有 { $count } 项未生效
projects-no-client = 无客户
projects-no-account = 未映射账户
projects-no-task-in-crm = CRM 中尚无任务

## 项目
project-pages = 项目页面
project-tab-tasks = 任务
project-tab-users = 用户
project-tab-client = 客户
project-tab-activity = 动态
project-new = 新建项目
project-create = 创建项目
project-edit-of = 编辑“{ $name }”
project-delete = 删除项目
project-delete-title = 删除此项目？
project-delete-text = 将删除“{ $name }”及其 { $count } 个任务。该前缀不会再次使用。
project-delete-linked = 其中 { $count } 个任务已在 CRM 中。它们会保留在那里，链接将显示另一方已被删除。
project-name = 项目名称
project-key = 任务前缀
project-key-hint = 留空则由名称生成。
project-key-taken = 此前缀已被使用。可以使用 { $free }。
project-key-invalid = 请使用两到五个英文字母（A 到 Z）。
project-owner = 负责人
project-overview = 概述
project-start = 开始日期
project-end = 结束日期
project-end-hint = 严格项目需要填写两个日期。
project-open-end = 未定
project-from = { $day }起
project-until = 至{ $day }
project-not-begun = 尚未开始
project-strict = 严格项目
project-strict-range = 严格项目 { $range }
project-strict-hint = 任何任务都不能超出项目计划，来自 CRM 的日期也不例外。
project-status-active = 进行中
project-status-on-hold = 暂缓
project-status-completed = 已完成
project-status-archived = 已归档
project-closed-tasks = 已关闭的任务
project-tasks-outside = 有 { $count } 个任务超出此项目计划
project-tasks-outside-hint = 未保存任何内容。请移动这些任务，或选择能包含它们的日期。
project-also = 成员和客户公司有各自的页面：
project-said-created = 已创建“{ $name }”。
project-said-saved = 已保存“{ $name }”。
project-said-deleted = 已删除“{ $name }”。

## 成员
project-members = { $count } 位成员
project-members-label = 成员
project-members-rule = 只有成员才能负责任务。由项目负责人添加成员。
project-add-member = 添加成员
project-remove-member = 移除
project-remove-member-of = 将 { $name } 移出项目
project-owner-stays = 项目负责人不能离开项目。请先选择其他负责人。
project-client-user = 客户用户
project-inactive = 已停用
project-said-joined = { $name } 已成为项目成员。
project-said-left = 此人不再是项目成员，原有任务保留。

## 客户
project-client = 客户
project-no-client = 无客户
project-companies = 客户公司
project-companies-hint = 客户公司映射到账户后，任务即可添加到 CRM。
project-client-mapped = { $name }，已映射到 CRM 账户
project-client-unmapped = { $name }，未映射到 CRM 账户
project-mapped = 已映射
project-unmapped = 未映射
project-unmapped-text = 未映射到 CRM 账户
project-account = CRM 账户
project-primary = 主客户
project-make-primary = 设为主客户
project-make-primary-of = 将 { $name } 设为主客户
project-remove-client-of = 从项目中移除 { $name }
project-add-client = 添加客户公司
project-clients-none = 此项目没有客户。添加已映射的客户公司后，任务即可添加到 CRM。
project-map-text = 客户公司映射后，任务即可添加到 CRM：
project-said-clients = 已保存客户公司。
