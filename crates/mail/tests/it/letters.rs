//! What the letters say, in both languages.

use mail::letter::{
    AppliedChange, Done, Field, InvitationLetter, Letter, MappingReport, MappingResult, MappingRow, Place,
    RefusalLetter, RefusedChange, Side, Value,
};
use ports::{JobId, Language, Moment, Reason, RefusalId};

use crate::world::{due_refused, each, email, letter};

const LEAD: &str = "migration.lead@zylker.example";
const CHINA: &str = "sales.rep.cn@zylker.example";

/// The text of a letter, which says the same as its HTML.
fn text(to: &str, letter: &Letter) -> String {
    let mut said = None;
    each(|world| {
        world.put(to, letter.clone()).unwrap();
        world.deliver();
        let sent = world.last();
        assert_same_content(&sent.text, &sent.html);
        said = Some(format!("{}\n\n{}", sent.subject, sent.text));
    });
    said.unwrap()
}

/// Every line of the text part stands in the HTML part too, tags and escapes aside.
fn assert_same_content(text: &str, html: &str) {
    let mut plain = String::new();
    let mut is_tag = false;
    for sign in html.split("<body").nth(1).unwrap().chars() {
        match sign {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            _ if is_tag => {}
            _ => plain.push(sign),
        }
    }
    let plain = plain.replace("&#34;", "\"").replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">");
    for part in text.lines().flat_map(|line| line.split([':', '：', '|', '[', ']', '→', '(', ')', '└'])) {
        let part = part.trim_start_matches("- ").trim();
        if !part.is_empty() && !part.starts_with("//") && !part.ends_with("https") && part != "--" {
            assert!(plain.contains(part) || html.contains(part), "{part:?} is not in the HTML: {html}");
        }
    }
}

fn m1(author: &str) -> RefusalLetter {
    let mut letter = letter("DM-10", "Cut over billing history", vec![due_refused("DM-10", "2026-07-06")]);
    letter.author = Some(email(author));
    letter
}

fn m2(author: &str) -> RefusalLetter {
    let refused = RefusedChange {
        refusal_id: RefusalId::new("2"),
        field: Field::Status,
        tried: Value::State { is_closed: false, name: "In Progress".into() },
        agreed: Value::State { is_closed: true, name: "Completed".into() },
        reason: Reason::ParentClosed {
            parent_id: "1".into(),
            parent: "List tables with personal data".into(),
            closed_by: Some("project.manager@zylker.example".into()),
        },
        done: Done::SetBack,
        at: Moment::parse("2026-03-09T08:15:00Z").unwrap(),
    };
    let mut letter = letter("DM-13", "Confirm the list with legal", vec![refused]);
    letter.author = Some(email(author));
    letter.record = None;
    letter
}

fn m4() -> Letter {
    let row = |company: &str, accounts: &[&str], result| MappingRow {
        company: company.into(),
        accounts: accounts.iter().map(|name| (*name).to_owned()).collect(),
        result,
    };
    Letter::MappingReport(MappingReport {
        job_id: JobId::new("4"),
        at: Moment::parse("2026-03-10T08:58:00Z").unwrap(),
        accounts: 8,
        accounts_alone: 1,
        rows: vec![
            row("Software Customer", &["Software Customer"], MappingResult::MappedBefore),
            row("Logistics Customer", &["Logistics Customer"], MappingResult::MappedNow),
            row(
                "Retail Customer",
                &["RETAIL  CUSTOMER"],
                MappingResult::NotMapped(Reason::SimilarName { candidate: "RETAIL  CUSTOMER".into() }),
            ),
            row("Public Transport Customer", &[], MappingResult::NotMapped(Reason::NoMatch)),
        ],
    })
}

fn m7(language: Language) -> Letter {
    Letter::Invitation(InvitationLetter {
        invited_by: "Sales Manager".into(),
        place: Place::Client,
        place_name: "Ward Wi-Fi".into(),
        role: "Hospital Customer".into(),
        language,
        token: "0f3a".into(),
        expires: Moment::parse("2026-03-24T09:00:00Z").unwrap(),
    })
}

#[test]
fn m1_in_english() {
    insta::assert_snapshot!(text(LEAD, &Letter::Refusal(m1(LEAD))), @r#"
    Not applied: due date of “Cut over billing history”

    Zylker

    Your latest due-date change was not applied

    You set the due date of Cut over billing history to 6 Jul in CRM. This latest due-date change failed, because the date is beyond the schedule of Data Migration, a strict project that ends on 30 Jun. CRM was set back to 22 Jun, so both sides agree.

    The project runs from 2 Mar to 30 Jun. The date asked for is 6 Jul.
    +6 days

    Task: Cut over billing history (DM-10)
    Under the deal: Data migration services
    Before: 22 Jun 2026
    You asked for: 6 Jul 2026, today at 08:59
    Allowed: 2 Mar – 30 Jun 2026, both days included
    Now: 22 Jun 2026 in CRM and in Projects

    Open the task
    https://lockstep.zylker.example/crm/tasks/5400000000000006006?in=23

    Why? See every step of this change
    https://lockstep.zylker.example/bridge/links/link-DM-10?in=23

    --
    You get this mail because you made the change.
    Sent by Lockstep at lockstep.zylker.example
    "#);
}

#[test]
fn m1_in_chinese_has_the_words_of_the_seed() {
    let said = text(CHINA, &Letter::Refusal(m1(CHINA)));
    for word in ["更新失败", "超出项目计划", "严格项目", "截止日期", "未生效"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    insta::assert_snapshot!(said, @r#"
    更新失败：“Cut over billing history”的截止日期未生效

    Zylker

    您最近一次的截止日期更改未生效

    您在 CRM 中将“Cut over billing history”的截止日期改为 7月6日。更新失败：该截止日期超出项目计划，“Data Migration”是严格项目，于 6月30日 结束。CRM 已恢复为 6月22日，两边一致。

    项目从 3月2日 到 6月30日，填写的日期为 7月6日。
    +6 天

    任务：Cut over billing history（DM-10）
    所属交易：Data migration services
    更改前：2026年6月22日
    您填写的值：2026年7月6日，今天 16:59
    允许的范围：2026年3月2日 – 6月30日，含首尾两天
    当前状态：CRM 和项目均为 2026年6月22日

    打开任务
    https://lockstep.zylker.example/crm/tasks/5400000000000006006?in=23

    查看原因：这次更改的每一步
    https://lockstep.zylker.example/bridge/links/link-DM-10?in=23

    --
    您收到此通知邮件，是因为更改由您作出。
    由 lockstep.zylker.example 的 Lockstep 发送
    "#);
}

#[test]
fn m2_in_english() {
    insta::assert_snapshot!(text(LEAD, &Letter::Refusal(m2(LEAD))), @r#"
    Not applied: status of “Confirm the list with legal”

    Zylker

    Your latest status change was not applied

    You reopened Confirm the list with legal in CRM. This latest status change failed: its parent task List tables with personal data is closed in Projects, so the task stays closed. CRM was set back to Completed, so both sides agree.

    The task and the closed task above it
    List tables with personal data [Closed]
    └ Confirm the list with legal [Closed → Open]

    Task: Confirm the list with legal (DM-13)
    Before: Completed
    You asked for: In Progress, 9 Mar, 08:15
    Closed by: Project Manager
    Now: Completed in CRM and in Projects

    Open the task
    https://lockstep.zylker.example/crm/tasks/5400000000000006006?in=23

    Why? See every step of this change
    https://lockstep.zylker.example/bridge/links/link-DM-13?in=23

    --
    You get this mail because you made the change.
    Sent by Lockstep at lockstep.zylker.example
    "#);
}

#[test]
fn m2_in_chinese() {
    insta::assert_snapshot!(text(CHINA, &Letter::Refusal(m2(CHINA))), @r#"
    更新失败：“Confirm the list with legal”的状态未生效

    Zylker

    您最近一次的状态更改未生效

    您在 CRM 中重新打开了“Confirm the list with legal”。状态更新失败：父任务“List tables with personal data”在项目中已关闭，因此该任务保持关闭。CRM 已恢复为 Completed，两边一致。

    该任务及其上方已关闭的任务
    List tables with personal data [已关闭]
    └ Confirm the list with legal [已关闭 → 未关闭]

    任务：Confirm the list with legal（DM-13）
    更改前：Completed
    您填写的值：In Progress，3月9日 16:15
    关闭者：Project Manager
    当前状态：CRM 和项目均为 Completed

    打开任务
    https://lockstep.zylker.example/crm/tasks/5400000000000006006?in=23

    查看原因：这次更改的每一步
    https://lockstep.zylker.example/bridge/links/link-DM-13?in=23

    --
    您收到此通知邮件，是因为更改由您作出。
    由 lockstep.zylker.example 的 Lockstep 发送
    "#);
}

#[test]
fn m4_in_english() {
    insta::assert_snapshot!(text(LEAD, &m4()), @r#"
    Client mapping finished: 1 mapped, 2 not mapped

    Zylker

    Client mapping: 2 companies need your choice

    You ran the mapping (today at 08:58). Client companies compared: 4; CRM accounts: 8. No record was created or renamed.

    1 mapped now
    1 mapped before
    2 not mapped

    - Retail Customer | RETAIL  CUSTOMER | ≠ Not mapped. Only a similar name was found: RETAIL  CUSTOMER.
    - Public Transport Customer | — | ≠ Not mapped. No partner of this name was found.
    - Logistics Customer | Logistics Customer | = Mapped now: same name
    - Software Customer | Software Customer | = Mapped before

    Open the mapping page
    https://lockstep.zylker.example/bridge/mapping?show=open&in=23
    You can also leave them as they are.

    1 account has no client company.

    --
    You get this mail because you ran the mapping.
    Sent by Lockstep at lockstep.zylker.example
    "#);
}

#[test]
fn m4_in_chinese() {
    insta::assert_snapshot!(text(CHINA, &m4()), @r#"
    客户账户映射已完成：1 个已映射，2 个未映射

    Zylker

    客户账户映射：2 家客户公司需要您选择

    您运行了映射（今天 16:58）。比较了 4 家客户公司和 8 个 CRM 账户。没有新建或重命名任何记录。

    1 本次映射
    1 之前已映射
    2 未映射

    - Retail Customer | RETAIL  CUSTOMER | ≠ 未映射。只找到相近的名称：RETAIL  CUSTOMER。
    - Public Transport Customer | — | ≠ 未映射。没有找到同名的对应项。
    - Logistics Customer | Logistics Customer | = 本次映射：名称相同
    - Software Customer | Software Customer | = 之前已映射

    打开映射页面
    https://lockstep.zylker.example/bridge/mapping?show=open&in=23
    也可以保持不变。

    1 个账户没有客户公司。

    --
    您收到此邮件，是因为您运行了映射。
    由 lockstep.zylker.example 的 Lockstep 发送
    "#);
}

#[test]
fn m7_in_english() {
    insta::assert_snapshot!(text("amina@hospital-customer.example", &m7(Language::En)), @r#"
    You are invited to Ward Wi-Fi

    Zylker

    Sales Manager invites you to Ward Wi-Fi

    You come in as client user. You will see the tasks and comments that are shared with you, and can answer.

    You sign in with: amina@hospital-customer.example
    Role: Hospital Customer
    The invitation ends on: 24 Mar 2026

    Accept the invitation
    https://lockstep.zylker.example/invitation/0f3a
    You choose your name, a password and your language.

    The link is only for you and works once. If you did not expect it, do nothing.

    --
    You get this mail because Sales Manager invited you.
    Sent by Lockstep at lockstep.zylker.example
    "#);
}

#[test]
fn m7_in_chinese() {
    insta::assert_snapshot!(text("amina@hospital-customer.example", &m7(Language::ZhCn)), @r#"
    邀请您加入“Ward Wi-Fi”

    Zylker

    Sales Manager 邀请您加入“Ward Wi-Fi”

    您将作为客户用户加入，可以查看与您共享的任务和评论，并作出回复。

    登录邮箱：amina@hospital-customer.example
    角色：Hospital Customer
    邀请有效期至：2026年3月24日

    接受邀请
    https://lockstep.zylker.example/invitation/0f3a
    您可以设置姓名、密码和语言。

    此链接仅限您本人使用一次。如果您没有预料到这封邮件，无需任何操作。

    --
    您收到此邮件，是因为 Sales Manager 邀请了您。
    由 lockstep.zylker.example 的 Lockstep 发送
    "#);
}

#[test]
fn m3_holds_a_whole_title_and_names_the_numbers() {
    let long = "a".repeat(256);
    let refused = RefusedChange {
        refusal_id: RefusalId::new("3"),
        field: Field::Title,
        tried: Value::Text(long.clone()),
        agreed: Value::Text("Cut over billing history".into()),
        reason: Reason::TitleTooLong { length: 256, max: 255, text: long.clone() },
        done: Done::SetBack,
        at: Moment::parse("2026-03-10T08:59:00Z").unwrap(),
    };
    let mut letter = letter("DM-10", "Cut over billing history", vec![refused]);
    letter.side = Side::Projects;
    let said = text(LEAD, &Letter::Refusal(letter));
    for word in [long.as_str(), "256", "255", "failed", "https://lockstep.zylker.example/projects/DM/tasks/DM-10?in=23"]
    {
        assert!(said.contains(word), "{word}: {said}");
    }
}

#[test]
fn one_letter_tells_of_refused_held_and_applied_changes_of_a_save() {
    let mut letter = m1(LEAD);
    letter.refused.insert(
        0,
        RefusedChange {
            refusal_id: RefusalId::new("4"),
            field: Field::Priority,
            tried: Value::Text("Someday".into()),
            agreed: Value::Text("Normal".into()),
            reason: Reason::ValueNotMapped { value: "Someday".into() },
            done: Done::Held,
            at: Moment::parse("2026-03-10T08:59:00Z").unwrap(),
        },
    );
    letter.applied.push(AppliedChange { field: Field::Owner, value: Value::Person(email(CHINA)) });
    letter.author = None;
    insta::assert_snapshot!(text(LEAD, &Letter::Refusal(letter)), @r#"
    Not applied: due date of “Cut over billing history”

    Zylker

    The latest due-date change was not applied

    The due date of Cut over billing history was set to 6 Jul in CRM. This latest due-date change failed, because the date is beyond the schedule of Data Migration, a strict project that ends on 30 Jun. CRM was set back to 22 Jun, so both sides agree.

    The project runs from 2 Mar to 30 Jun. The date asked for is 6 Jul.
    +6 days

    Task: Cut over billing history (DM-10)
    Under the deal: Data migration services
    Before: 22 Jun 2026
    Asked for: 6 Jul 2026, today at 08:59
    Allowed: 2 Mar – 30 Jun 2026, both days included
    Now: 22 Jun 2026 in CRM and in Projects

    Also not applied
    - Priority | Someday | The value “Someday” has no partner on the other side. CRM keeps the new value and Projects the one before. They differ until somebody decides.

    Applied in the same save
    - Owner | 销售代表

    Open the task
    https://lockstep.zylker.example/crm/tasks/5400000000000006006?in=23

    Why? See every step of this change
    https://lockstep.zylker.example/bridge/links/link-DM-10?in=23

    --
    You get this mail because it is not known who made the change, and you own the task or look after the portal.
    Sent by Lockstep at lockstep.zylker.example
    "#);
}

#[test]
fn a_date_before_the_start_is_told_as_such() {
    let said = text(LEAD, &Letter::Refusal(letter("DM-10", "Cut over", vec![due_refused("DM-10", "2026-02-27")])));
    assert!(said.contains("that starts on 2 Mar") && said.contains("−3 days"), "{said}");
}

#[test]
fn every_reason_has_a_letter_in_both_languages() {
    for reason in Reason::samples() {
        for to in [LEAD, CHINA] {
            let mut row = due_refused("DM-10", "2026-07-06");
            row.reason = reason.clone();
            let said = text(to, &Letter::Refusal(letter("DM-10", "<b>Müller & 王</b>", vec![row])));
            assert!(said.contains("<b>Müller & 王</b>"), "{said}");
        }
    }
}
