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

## 账户菜单
account-menu = 账户
account-language = 语言
account-time-zone = 时区
sign-out = 退出登录

## 多个页面的操作
action-add = 添加
action-cancel = 取消
action-close = 关闭
action-delete = 删除
action-edit = 编辑
action-save = 保存
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
