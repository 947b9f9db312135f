# 同步动态，以及更改历史的各行。

act-live = 实时
act-waits = 等待中
act-in-step = 已同步
act-in-step-of = { $same } / { $all }
act-moving = 待同步
act-not-applied = 未生效
act-broken = 链接中断
act-cases = 未生效的更改
act-cases-all = 全部未生效的更改
act-latest = 最近更改
act-filter = 筛选
act-all-outcomes = 全部结果
act-from-crm = 来自 CRM
act-from-projects = 来自项目
act-mine = 我的更改
act-none = 还没有同步任何更改。已关联任务的更改会显示在这里。
act-none-found = 没有符合筛选条件的记录。
act-key-and-title = { $key } { $title }
act-state-of-bridge = 桥接状态
act-on-their-way = 待同步
act-queue = { $waiting } 项更改正在等待，{ $flight } 项正在处理。
act-queue-empty = 没有等待的更改。
act-queue-note = 每个任务按自己的顺序处理，一个任务受阻不会影响其他任务。
act-oldest = 最早
act-sides = 已连接的两侧
act-side-projects = 内置项目
act-side-crm = 内置 CRM
act-answers = 正常
act-since = 自 { $at } 起
act-unreachable =
    { $side ->
        [CRM] 无法访问 CRM
       *[other] 无法访问{ $side }
    }
act-auth-expired =
    { $side ->
        [CRM] CRM 的授权已过期
       *[other] { $side }的授权已过期
    }
act-rate-limited =
    { $side ->
        [CRM] CRM 暂时不再接受请求
       *[other] { $side }暂时不再接受请求
    }
act-waiting-since = 自 { $at } 起更改正在等待，不会丢失。
act-waiting-safe = 更改已保存并等待同步，不会丢失。

## 历史记录
story-task = 任务
story-comment = 评论
story-open = 未关闭
story-closed = 已关闭
story-applied = { $field }已同步
story-refused = { $field }未生效
story-reverted = { $field }已恢复
story-held = { $field }未生效，保留在一侧
story-skipped = { $field }未同步
story-overruled = { $field }：另一侧的更改较晚，已采用
story-comment-copied = 已复制 { $author } 的评论
story-comment-not-copied = { $author } 的评论未复制
story-created = 已在另一侧创建任务
story-not-created = 未能在另一侧创建任务
story-deleted =
    { $side ->
        [CRM] 任务已在 CRM 中删除
       *[other] 任务已在{ $side }中删除
    }
story-gone = 任务已在一侧删除
story-linked = 已关联
story-unlinked = 已取消关联
story-mapped = { $company } 已映射
story-unmapped = { $company } 已取消映射
story-associated = 项目已与“{ $record }”关联
story-dissociated = 项目已不再与“{ $record }”关联
story-handed-off = 已从“{ $record }”创建项目
story-by-in =
    { $side ->
        [CRM] { $person }，在 CRM 中
       *[other] { $person }，在{ $side }中
    }
story-in =
    { $side ->
        [CRM] 在 CRM 中
       *[other] 在{ $side }中
    }
story-owner-note = { $owner } 没有 CRM 账户，CRM 保留自己的负责人。
story-out-applied = 已同步
story-out-done = 已完成
story-out-after = { $seconds } 秒
story-out-refused = 未生效
story-out-reverted = 已恢复
story-out-held = 保留
story-out-skipped = 未同步

## 未生效的更改
story-asked-by =
    { $side ->
        [CRM] { $person } 在 CRM 中作出此更改。
       *[other] { $person } 在{ $side }中作出此更改。
    }
story-asked =
    { $side ->
        [CRM] 此更改在 CRM 中作出。
       *[other] 此更改在{ $side }中作出。
    }
story-now-set-back =
    { $side ->
        [CRM] CRM 已恢复为 { $value }。
       *[other] { $side }已恢复为 { $value }。
    }
story-now-set-back-text =
    { $side ->
        [CRM] CRM 已恢复为两侧一致的文字。
       *[other] { $side }已恢复为两侧一致的文字。
    }
story-now-held =
    { $side ->
        [CRM] CRM 保留新值，直到有人作出决定。
       *[other] { $side }保留新值，直到有人作出决定。
    }
