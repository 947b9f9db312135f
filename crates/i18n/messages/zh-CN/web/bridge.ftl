# 客户账户映射：哪个客户公司与哪个账户是同一位客户。

map-about = 客户公司与其 CRM 账户相互对应后，其项目的任务才能添加到 CRM。
map-company = 客户公司
map-account = CRM 账户
map-last-run = 上次运行：{ $at }
map-search = 客户公司或账户
map-tab-open = 待处理
map-tab-mapped = 已映射
map-tab-all = 全部
map-tab-history = 历史记录
map-map = 映射
map-unmap = 取消映射
map-not-the-same = 不是同一客户
map-denied-title = 客户账户映射仅供门户管理员使用
map-denied-text = 未作任何更改。以下人员可以操作：{ $people }。

## 运行前的预览
map-preview-title = 有 { $count } 对名称在两侧相同
map-preview-names = { $names }。
map-preview-more = { $names }，另有 { $more } 对。
map-preview-text = 先预览将要映射的内容。不会更改或创建任何记录。
map-matching-ones = 映射名称相同的客户
map-dry-title = 映射预览
map-dry-note = 尚未映射任何内容。您可以随时再次运行。
map-dry-maps = 将要映射
map-go = 映射这 { $count } 对
map-not-now = 暂不映射
map-nothing-yet = 仅映射名称相同且唯一的客户。
map-run-title = 映射运行
map-run-note = { $by } 启动，{ $at }。
map-run-mapped = 已映射
map-run-unmapped = 未映射
map-run-empty = 没有需要映射的客户公司。
map-run-running = 正在运行
map-run-progress = 已完成 { $total } 个客户公司中的 { $done } 个。
map-run-look-again = 再次查看
map-run-failed = 运行失败，未留下任何更改。
map-run-result = 已映射 { $mapped } 对，未映射 { $open } 个
map-result = 结果
map-row-would-map = 将要映射
map-row-mapped = 已映射
map-row-unmapped = 已取消映射
map-row-left = 保持不变
map-read-letter = 查看邮件
map-back = 返回客户账户映射
map-said-run =
    { $count ->
        [0] 没有映射任何客户。
       *[other] 已映射 { $count } 对，列表见通知邮件。
    }
map-said-running = 正在运行，完成后将发送通知邮件。
map-said-changed = 预览之后名称有变化，因此未映射任何内容。这是新的预览。

## 各行
map-exact = 名称相同，尚未映射
map-exact-hint = 名称相同，两侧各有一个
map-ambiguous = 有多个候选账户
map-ambiguous-hint = 只有您选择后才会映射
map-similar = 名称相近
map-similar-hint = 大小写、空格或全角半角不同
map-no-match = 没有匹配项
map-no-match-hint = 没有同名的可用账户
map-different = 不是同一客户
map-different-hint = 已有人确认候选账户不是该客户
map-mapped = 已映射
map-mapped-hint = 一侧改名后映射保持不变
map-alone = 没有客户公司的账户
map-alone-hint = 项目中没有同名的客户公司
map-no-account = 没有账户
map-no-company = 没有客户公司
map-name-twice = 另一个客户公司也使用此名称。是这个账户吗？
map-which-one = 有 { $count } 个账户使用此名称，请选择。
map-said-no = 您仍可自行选择账户
map-names-differ = 名称不同
map-projects = { $count } 个项目
map-no-project = 尚无项目
map-mapped-by = { $by } · { $origin } · { $when }
map-mapped-at = { $origin } · { $when }
map-origin-run = 通过运行映射
map-origin-hand = 手动映射
map-origin-picker = 添加到 CRM 时映射
map-origin-hand-off = 创建项目时映射
map-none-open = 所有客户公司都有对应的账户。
map-none-mapped = 还没有客户公司映射到账户。
map-none-at-all = 还没有客户公司和账户。
map-none-found = 没有此名称的内容。
map-see-mapped = 查看已映射的客户
map-see-open = 查看待处理的客户

## 更改映射
map-choose-account = 为 { $company } 选择账户
map-choose-company = 为 { $account } 选择客户公司
map-search-account = 搜索账户
map-search-company = 搜索客户公司
map-choose-one = 请选择其中一个。
map-choose-note = 两侧名称不必相同。
map-offered = 显示 { $total } 个中的 { $shown } 个，其余请搜索。
map-not-mapped = 未能映射
map-said-mapped = 映射成功。
map-said-different = 不会再次推荐。
map-said-unmapped = { $company } 不再对应任何账户。
map-unmap-title = 取消此映射？
map-unmap-what = 项目中的 { $company } 与 CRM 中的 { $account } 将不再视为同一客户。
map-unmap-text = 已关联的任务继续同步。新任务不能再添加到此账户，通过映射建立的项目关联也会结束。

## 历史记录
map-history-title = 映射历史记录
map-runs = 运行
map-events = 映射与取消映射
map-no-events = 还没有映射或取消映射的记录。
map-event = 操作
map-how = 方式
map-who = 操作人
map-when = 时间
