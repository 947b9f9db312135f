# 每个页面的外框：侧边栏、顶栏、账户菜单、分页，以及多个区域共用的词语。

## 侧边栏
nav-main = 主导航
nav-home = 首页
nav-search = 搜索或跳转…
nav-projects-group = 项目
nav-all-projects = 全部项目
nav-crm-group = CRM
nav-leads = 潜在客户
nav-accounts = 账户
nav-contacts = 联系人
nav-deals = 交易
nav-crm-tasks = 任务
nav-bridge-group = 桥接
nav-sync-activity = 同步动态
nav-account-mapping = 客户账户映射
nav-connections = 连接
nav-setup-group = 设置
nav-portal-users = 门户用户
nav-crm-users = CRM 用户
nav-outbox = 发件箱
skip-to-content = 跳到内容
open-menu = 打开菜单
nav-sync-short = 同步
nav-sidebar = 侧边栏
nav-crumbs = 当前位置
offline = 无法连接 Lockstep。仍可阅读；您输入的内容会保留在此标签页中，直到您再次发送。
assets-missing = 页面的样式和脚本尚未生成。请运行以下命令：
side-crm = CRM
side-projects = 项目
today = 今天

## 账户菜单
account-menu = 账户
account-language = 语言
account-time-zone = 时区
sign-out = 退出登录
account-menu-of = { $name } 的账户
account-settings = 语言和时区
signed-in-as = 当前登录：{ $name }

## 多个页面的操作
action-add = 添加
action-cancel = 取消
action-close = 关闭
action-delete = 删除
action-edit = 编辑
action-save = 保存
action-choose = 选择
action-search = 搜索
action-clear-filter = 清除筛选
action-next-page = 下 { $count } 条
action-first-page = 返回第一页
rows-shown = { $count } 条

## 优先级
priority-none = 无
priority-lowest = 最低
priority-low = 低
priority-medium = 中
priority-normal = 普通
priority-high = 高
priority-highest = 最高

## 链接状态
link-in-step = 已同步
link-pending = 待同步
link-out-of-step = 不一致
link-conflict = 冲突
link-broken = 链接中断
link-paused = 已暂停
link-unlinked = 已取消关联

## 保持同步的六个字段
field-title = 任务标题
field-description = 任务描述
field-due-crm = 截止日期
field-due-projects = 结束日期
field-priority = 优先级
field-status = 状态
field-owner = 负责人

## 值与更改
value-empty = 空
diff-before = 之前：
diff-after = 现在：
diff-asked = 请求的值：
due-late = 已逾期
due-none = 无截止日期
somebody-else = 其他人
somebody-nobody = 无人

## 表单
form-optional = 选填
form-problems = 有 { $count } 个字段需要处理
field-empty = 请填写此字段。
field-too-long = 文字过长。
field-no-date = 此日期不存在。请按 2026-06-30 的格式填写。
field-no-email = 这不是有效的电子邮件地址。
field-no-number = 这不是数字。
field-unknown = 系统中没有此值，请另选一个。
field-taken = 此值已被使用。
field-before-start = 结束日期早于开始日期。
field-password-short = 密码至少需要 10 个字符。
field-password-common = 此密码在已知密码列表中，请另选一个。
field-token-wrong = 这不是程序最近一次显示的令牌。
field-token-expired = 此令牌已失效。请重新启动程序以获取新的令牌。
field-not-in-list = 请选择列表中的值。
field-inactive-user = 此人已停用，请另选他人。
field-not-a-member = 此人不是项目成员。
field-last-administrator = 停用此人后将没有管理员。请先指定另一位管理员。
field-too-soon = 24 小时后才能重新发送邀请。
field-is-owner = 不能停用门户所有者。
field-is-yourself = 不能停用自己。请由另一位管理员操作。
field-fixed = 此权限简档不能在这里更改。
field-invalid = 此处不能使用该值。

## 出错页面
lost-title = 此地址没有内容
lost-text = 内容可能已被删除，或地址有误。未作任何更改。
denied-title = 您没有此操作的权限
denied-text = 您的权限简档不允许此操作。未作任何更改。管理员可以调整您的权限简档。
foreign-title = 此表单未被接受
foreign-text = 表单来自其他网站，或是您上次登录之前打开的。未作任何更改。请重新打开页面后再提交。
twice-title = 此表单正在处理
twice-text = 同一表单提交了两次。第一次仍在处理，不会重复执行。请稍后再查看页面。
moved-title = 情况已发生变化
moved-text = 未执行任何操作。请重新打开页面查看当前状态。
too-large-title = 此表单过大
too-large-text = 表单最大为 1 MB。未保存任何内容。请返回，缩短文字后再提交。
refused-title = 未执行此操作
broken-title = 页面出错
broken-text = 无法生成此页面。此前保存的内容是安全的。如果问题持续，请将此编号告知管理员：{ $reference }。
try-again = 重试
send-again = 再次发送
busy-title = Lockstep 目前繁忙
busy-text = 数据库未能在 10 秒内响应。此前保存的内容是安全的。
busy-text-kept = 以下文字尚未保存。
full-title = Lockstep 目前无法保存
full-text = 服务器磁盘已满。此前保存的内容是安全的。需要管理员清理空间。
busy-your-text = 您的文字
busy-once = 再次发送不会重复执行同一操作。
busy-reference = 如果问题持续，请将此编号告知管理员：{ $reference }。
session-ended-title = 您的登录已过期
session-ended-text = 未保存任何内容。请重新登录后再次提交表单。
session-ended-kept = 您的文字保留在此标签页中，登录后会自动填回表单。
session-ended-foot = 长时间未使用时登录会自动结束，以免他人以您的名义操作。

## 表单打开后被他人修改
stale-not-saved = 未保存
stale-title = 您填写期间，{ $name } 修改了此记录
stale-text = 尚未保存，您的文字已保留。有 { $count } 个字段双方都作了修改：请选择后保存。
stale-text-none = 尚未保存，您的文字已保留。双方修改了不同的字段：请查看后保存。
stale-both = 双方都修改的字段
stale-one = 仅一方修改，予以保留
stale-mine = 您的值，未保存
stale-yours = 您的
stale-note = 仅一方修改的内容会保留。
stale-discard = 放弃我的修改
stale-save = 保存我的选择

## 实时页面
live-changed-one = 此页面已更新
draft-back = 您的文字已填回表单，尚未保存。
draft-discard = 放弃

## 登录前的页面
gate-picture = 项目和 CRM 两条线保持平行，每次更改都彼此相连
gate-picture-task = 切换账单历史
gate-picture-project = 数据迁移
