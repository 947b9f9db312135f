# “原因”：链接为何处于当前状态。

why-title-in-step = { $name } 为何已同步？
why-title-not-in-step = { $name } 为何不一致？
why-title-moving = { $name } 为何仍待同步？
why-title-broken = { $name } 的链接为何中断？
why-title-paused = { $name } 的链接为何已暂停？
why-title-unlinked = { $name } 为何不再关联？
why-open-projects = 打开 { $key }
why-open-crm = 在 CRM 中打开

## 状态说明
why-all-in-step = 两侧一致
why-all-in-step-text = 六个字段在 CRM 和项目中的值都相同。
why-differs = 六个字段中有 { $count } 个不同
why-one-differs = { $field }：CRM 为 { $crm }，项目为 { $projects }。
why-several-text = 下表列出了这些字段以及最近的更改人。
why-out-of-step = 此链接不一致
why-moving = 有 { $count } 项更改待同步
why-moving-text = 更改会自动同步，不会丢失。
why-paused = 链接暂停期间不同步任何内容
why-paused-text = 两侧的任务都可以更改，链接恢复后再行同步。
why-unlinked = 两个任务不再关联
why-unlinked-text = 两个任务及其历史记录都保留，此后互不影响。
why-broken =
    { $side ->
        [CRM] CRM 中的任务已被删除
       *[other] { $side }中的任务已被删除
    }
why-broken-at =
    { $side ->
        [CRM] CRM 中的任务已于 { $at } 被删除
       *[other] { $side }中的任务已于 { $at } 被删除
    }
why-broken-by =
    { $side ->
        [CRM] { $by } 于 { $at } 删除了 CRM 中的任务
       *[other] { $by } 于 { $at } 删除了{ $side }中的任务
    }
why-broken-by-whom =
    { $side ->
        [CRM] { $by } 删除了 CRM 中的任务
       *[other] { $by } 删除了{ $side }中的任务
    }
why-broken-text = 另一侧未删除任何内容，也不再同步。取消关联即可结束链接。

## 其他说明
why-read-failed = 无法读取其中一侧，显示的是最近一次读取的值
why-owner-title = 项目中的负责人在 CRM 中没有账户
why-client-unmapped = 项目“{ $project }”的客户公司都已取消映射
why-client-unmapped-text = 此任务继续同步。该项目的其他任务不能添加到 CRM。
why-again-title = CRM 未接受此任务
why-again-text = 再次添加时被拒绝，没有建立关联。
why-choose-other = 选择其他值
why-what-waits = 等待同步的内容
why-waits = { $field }，自 { $since } 起
why-waits-next = { $field }，自 { $since } 起。下次尝试：{ $next }。
why-comments-wait = { $count } 条评论

## 六个字段
why-fields = 六个字段
why-read-from-both = 已从两侧读取
why-field = 字段
why-agreed = 最近一致的值
why-last-change = 最近更改
why-state = 状态
why-same = 相同
why-never-seen = 尚未读取
why-since-linking = 关联后未更改
why-not-representable = 未在 CRM 中显示
why-not-synced = 不同步

## 历史记录、链接与规则
why-history = 历史记录
why-everything = 全部
why-about-link = 关于此链接
why-this-link = 此链接
why-under-lead = 潜在客户的任务
why-under-account = 账户的任务
why-under-contact = 联系人的任务
why-under-deal = 交易的任务
why-fact-since = 开始时间
why-fact-linked = 关联
why-linked-by = { $at }，{ $by }
why-fact-waiting = 待同步
why-fact-comments = 已复制的评论
why-nothing = 无
why-rules = 适用的规则
why-rule-strict = 严格项目“{ $project }”：允许 { $range }，含首尾两天
why-rule-latest = 两侧更改同一字段时，采用较晚的更改，另一个保留在历史记录中
why-rule-set-back = 被拒绝后恢复为双方一致的值
why-more = 更多
why-unlink-note = 取消关联不会删除任何内容，历史记录保留。
why-unlink-text = { $name } 与 CRM 中的任务都会保留原样，此后互不影响。
why-said-unlinked = 已取消两个任务的关联，两者都保留。
why-said-unlinked-before = 两个任务此前已取消关联。
