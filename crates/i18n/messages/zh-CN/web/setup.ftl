# 设置页面：首次启动、登录、邀请、用户、发件箱。

## 登录
sign-in = 登录
sign-in-to = 登录 { $organisation }
sign-in-one-account = 项目和 CRM，一个账户。
sign-in-email = 电子邮件
sign-in-password = 密码
sign-in-stay = 在此设备上保持登录 30 天
sign-in-wrong = 电子邮件或密码不正确。
sign-in-demo = 演示账户
sign-in-demo-or = 或以下列身份浏览
