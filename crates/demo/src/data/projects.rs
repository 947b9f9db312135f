//! Client companies, projects, tasks and comments of the demo.

use super::Name;

/// A client company.
#[derive(Clone, Copy, Debug)]
pub struct Company {
    /// Key.
    pub key: &'static str,
    /// Name.
    pub name: Name,
    /// Key of the account it is mapped to.
    pub mapped: Option<&'static str>,
}

/// A project. Its owner is always U9.
#[derive(Clone, Copy, Debug)]
pub struct Project {
    /// Key.
    pub key: &'static str,
    /// Name.
    pub name: Name,
    /// Prefix of the task keys.
    pub prefix: &'static str,
    /// First day, from T.
    pub start: i32,
    /// Last day, from T.
    pub end: Option<i32>,
    /// Whether its dates bind.
    pub is_strict: bool,
    /// Keys of the client companies, primary first.
    pub companies: &'static [&'static str],
    /// Keys of the associated deals.
    pub deals: &'static [&'static str],
    /// Keys of the members, client users among them.
    pub members: &'static [&'static str],
}

/// A Projects task.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// Key, for example `DM-10`; the number is the task's number in its project.
    pub key: &'static str,
    /// Name of the list.
    pub list: Name,
    /// Key of the parent.
    pub parent: Option<&'static str>,
    /// Title.
    pub title: Name,
    /// Status.
    pub status: &'static str,
    /// Priority.
    pub priority: &'static str,
    /// First day, from T.
    pub start: Option<i32>,
    /// Last day, from T.
    pub end: Option<i32>,
    /// Minute of the last day, if any.
    pub end_minute: Option<i64>,
    /// Keys of the owners, in order.
    pub owners: &'static [&'static str],
    /// Whether client users see it.
    pub is_external: bool,
}

/// A comment on a Projects task.
#[derive(Clone, Copy, Debug)]
pub struct TaskComment {
    /// Key of the task.
    pub task: &'static str,
    /// Key of the author.
    pub by: &'static str,
    /// Whether it was written in the CRM (and copied to Projects).
    pub is_from_crm: bool,
    /// Text.
    pub text: &'static str,
}

/// Client companies.
pub const COMPANIES: &[Company] = &[
    Company { key: "C1", name: Name::new("Software Customer", "软件客户"), mapped: Some("A1") },
    Company { key: "C2", name: Name::new("Hospital Customer", "医院客户"), mapped: Some("A2") },
    Company { key: "C3", name: Name::new("Logistics Customer", "物流客户"), mapped: None },
    Company { key: "C4", name: Name::new("Hotel Customer", "酒店客户"), mapped: None },
    Company { key: "C5", name: Name::new("Retail Customer", "零售客户"), mapped: None },
    Company { key: "C6", name: Name::new("Northern Reseller", "北方代理商"), mapped: Some("A8") },
    Company { key: "C7", name: Name::new("Public Transport Customer", "公共交通客户"), mapped: None },
];

/// Projects.
pub const PROJECTS: &[Project] = &[
    Project {
        key: "P1",
        name: Name::new("Data Migration", "数据迁移"),
        prefix: "DM",
        start: -8,
        end: Some(112),
        is_strict: true,
        companies: &["C1"],
        deals: &["D2"],
        members: &["U1", "U4", "U5", "U9", "U10", "CU1"],
    },
    Project {
        key: "P2",
        name: Name::new("Router Roll-out", "路由器部署"),
        prefix: "RR",
        start: -35,
        end: Some(90),
        is_strict: false,
        companies: &["C1"],
        deals: &["D1"],
        members: &["U1", "U3", "U4", "U7", "U9", "U10", "U11", "CU1"],
    },
    Project {
        key: "P3",
        name: Name::new("Training Portal", "培训平台"),
        prefix: "TP",
        start: -20,
        end: None,
        is_strict: false,
        companies: &[],
        deals: &[],
        members: &["U1", "U9", "U8"],
    },
    Project {
        key: "P4",
        name: Name::new("Depot Network", "仓库网络"),
        prefix: "DN",
        start: 5,
        end: Some(95),
        is_strict: false,
        companies: &["C3"],
        deals: &[],
        members: &["U1", "U9", "U10", "CU3"],
    },
    Project {
        key: "P5",
        name: Name::new("Hospital Wi-Fi", "医院无线网络"),
        prefix: "HW",
        start: -3,
        end: Some(60),
        is_strict: false,
        companies: &["C2", "C3"],
        deals: &[],
        members: &["U1", "U5", "U9", "U10", "CU2", "CU3"],
    },
];

const PREPARATION: Name = Name::new("Preparation", "准备");
const TRIAL_RUNS: Name = Name::new("Trial runs", "试运行");
const SWITCH_OVER: Name = Name::new("Switch-over", "切换");
const DELIVERY: Name = Name::new("Delivery", "交付");
const INSTALLATION: Name = Name::new("Installation", "安装");
const CONTENT: Name = Name::new("Content", "内容");
const SURVEY: Name = Name::new("Survey", "勘测");
const PLANNING: Name = Name::new("Planning", "规划");
const MOUNTING: Name = Name::new("Mounting", "安装施工");

/// Where a task stands: its key, list and parent.
type At = (&'static str, Name, Option<&'static str>);
/// Status, priority, first and last day from T.
type State = (&'static str, &'static str, Option<i32>, Option<i32>);

const fn task(at: At, title: Name, state: State, owners: &'static [&'static str]) -> Task {
    Task {
        key: at.0,
        list: at.1,
        parent: at.2,
        title,
        status: state.0,
        priority: state.1,
        start: state.2,
        end: state.3,
        end_minute: None,
        owners,
        is_external: false,
    }
}

const fn external(task: Task) -> Task {
    Task { is_external: true, ..task }
}

/// Tasks, parents before their children, in the order of their numbers within a parent's reach.
pub const TASKS: &[Task] = &[
    task(
        ("DM-1", PREPARATION, None),
        Name::new("Inventory of legacy tables", "盘点旧系统数据表"),
        ("Closed", "Medium", Some(-8), Some(-4)),
        &["U4"],
    ),
    task(
        ("DM-2", PREPARATION, Some("DM-1")),
        Name::new("List tables with personal data", "列出含个人数据的表"),
        ("Closed", "Medium", Some(-8), Some(-5)),
        &["U5"],
    ),
    task(
        ("DM-3", PREPARATION, Some("DM-1")),
        Name::new("Name an owner for each table", "为每张表指定负责人"),
        ("Closed", "Low", Some(-7), Some(-4)),
        &["U10"],
    ),
    task(
        ("DM-4", PREPARATION, None),
        Name::new("Map customer fields to the new schema", "将客户字段映射到新结构"),
        ("In Progress", "High", Some(-2), Some(10)),
        &["U4"],
    ),
    external(task(
        ("DM-5", PREPARATION, None),
        Name::new("Agree retention rules", "确认数据保留规则"),
        ("In Review", "Medium", None, Some(17)),
        &["U5"],
    )),
    task(
        ("DM-6", TRIAL_RUNS, None),
        Name::new("Trial run 1: 5 % sample", "试运行 1：5% 抽样"),
        ("Open", "Medium", Some(20), Some(31)),
        &["U4"],
    ),
    task(
        ("DM-7", TRIAL_RUNS, Some("DM-6")),
        Name::new("Load sample into staging", "将样本导入预发布环境"),
        ("Open", "Medium", Some(20), Some(24)),
        &["U10"],
    ),
    task(
        ("DM-8", TRIAL_RUNS, Some("DM-6")),
        Name::new("Compare totals with finance", "与财务核对总额"),
        ("Open", "High", Some(25), Some(31)),
        &["U5"],
    ),
    task(
        ("DM-9", TRIAL_RUNS, None),
        Name::new("Trial run 2: full volume", "试运行 2：全量数据"),
        ("Open", "High", Some(50), Some(66)),
        &["U4"],
    ),
    external(task(
        ("DM-10", SWITCH_OVER, None),
        Name::new("Cut over billing history", "切换账务历史数据"),
        ("Open", "High", Some(97), Some(104)),
        &["U4"],
    )),
    task(
        ("DM-11", SWITCH_OVER, None),
        Name::new("Rehearse the roll-back", "演练回退方案"),
        ("Open", "Medium", None, Some(90)),
        &["U10"],
    ),
    task(
        ("DM-12", SWITCH_OVER, None),
        Name::new("Hand over to support", "移交支持团队"),
        ("Open", "Low", None, Some(112)),
        &[],
    ),
    task(
        ("DM-13", PREPARATION, Some("DM-2")),
        Name::new("Confirm the list with legal", "与法务确认清单"),
        ("Closed", "Medium", Some(-6), Some(-5)),
        &["U5"],
    ),
    task(
        ("RR-1", DELIVERY, None),
        Name::new("Order 1,200 routers", "订购 1,200 台路由器"),
        ("Closed", "High", Some(-35), Some(-20)),
        &["U4"],
    ),
    Task {
        end_minute: Some(18 * 60),
        ..task(
            ("RR-2", DELIVERY, None),
            Name::new("Pre-configure routers in the warehouse", "在仓库预配置路由器"),
            ("In Progress", "High", Some(-10), Some(6)),
            &["U4", "U10"],
        )
    },
    task(
        ("RR-3", DELIVERY, None),
        Name::new("Ship to region North", "发往北区"),
        ("Open", "Medium", Some(7), Some(13)),
        &["U11"],
    ),
    task(
        ("RR-4", DELIVERY, None),
        Name::new("Ship to region South", "发往南区"),
        ("Open", "Medium", Some(14), Some(20)),
        &["U11"],
    ),
    task(
        ("RR-5", INSTALLATION, None),
        Name::new("Install at 40 pilot branches", "在 40 个试点分支安装"),
        ("Open", "High", Some(21), Some(34)),
        &["U10"],
    ),
    task(
        ("RR-6", INSTALLATION, Some("RR-5")),
        Name::new("Visit plan for pilot branches", "试点分支走访计划"),
        ("Open", "Medium", Some(21), Some(23)),
        &["U10"],
    ),
    task(
        ("RR-7", INSTALLATION, Some("RR-5")),
        Name::new("Night-time switch 🌙", "夜间切换 🌙"),
        ("Open", "High", Some(28), Some(30)),
        &["U10"],
    ),
    task(
        ("RR-8", INSTALLATION, Some("RR-5")),
        Name::new("Pilot report", "试点报告"),
        ("Open", "Low", Some(31), Some(34)),
        &["U4"],
    ),
    external(task(
        ("RR-9", INSTALLATION, None),
        Name::new("Training material for branch staff", "分支员工培训材料"),
        ("Open", "Low", None, Some(41)),
        &["U7"],
    )),
    external(task(
        ("RR-10", INSTALLATION, None),
        Name::new("Customer acceptance", "客户验收"),
        ("Open", "High", Some(70), Some(80)),
        &[],
    )),
    task(("TP-1", CONTENT, None), Name::new("Collect topics", "收集主题"), ("Closed", "None", None, Some(5)), &["U8"]),
    task(
        ("TP-2", CONTENT, None),
        Name::new("Write router basics", "编写路由器基础"),
        ("In Progress", "None", None, Some(12)),
        &["U8"],
    ),
    task(
        ("TP-3", CONTENT, Some("TP-2")),
        Name::new("Draw the network plan", "绘制网络图"),
        ("Open", "None", None, Some(15)),
        &["U8"],
    ),
    task(("TP-4", CONTENT, None), Name::new("Record videos", "录制视频"), ("Open", "None", None, Some(22)), &["U8"]),
    task(("TP-5", CONTENT, None), Name::new("Quiz", "测验"), ("Open", "None", None, Some(25)), &["U8"]),
    task(("TP-6", CONTENT, None), Name::new("Publish", "发布"), ("Open", "None", None, Some(30)), &["U8"]),
    task(("DN-1", SURVEY, None), Name::new("Site visit", "现场走访"), ("Open", "Medium", None, Some(10)), &["U10"]),
    task(("DN-2", SURVEY, None), Name::new("Cable plan", "布线方案"), ("Open", "Medium", None, Some(20)), &["U10"]),
    task(
        ("DN-3", SURVEY, Some("DN-2")),
        Name::new("Count sockets", "清点插座"),
        ("Open", "Medium", None, Some(30)),
        &["U10"],
    ),
    task(
        ("DN-4", SURVEY, None),
        Name::new("Offer for switches", "交换机报价"),
        ("Open", "Medium", None, Some(40)),
        &["U10"],
    ),
    task(("DN-5", SURVEY, None), Name::new("Order", "下单"), ("Open", "Medium", None, Some(50)), &["U10"]),
    external(task(
        ("DN-6", SURVEY, None),
        Name::new("Kick-off with the customer", "与客户启动会"),
        ("Open", "Medium", None, Some(60)),
        &["U10"],
    )),
    task(
        ("HW-1", PLANNING, None),
        Name::new("Radio survey of wards", "病房无线勘测"),
        ("In Progress", "High", Some(-3), Some(7)),
        &["U10"],
    ),
    external(task(
        ("HW-2", PLANNING, None),
        Name::new("Agree switch-off times with wards", "与病房确认断网时间"),
        ("Open", "Medium", None, Some(14)),
        &["U5"],
    )),
    task(
        ("HW-3", PLANNING, Some("HW-2")),
        Name::new("Collect night shift plans", "收集夜班计划"),
        ("Open", "None", None, Some(12)),
        &["U5"],
    ),
    task(
        ("HW-4", MOUNTING, None),
        Name::new("Mount access points", "安装接入点"),
        ("Open", "Medium", Some(15), Some(40)),
        &["U10"],
    ),
    task(
        ("HW-5", MOUNTING, None),
        Name::new("Test emergency calls", "测试紧急呼叫"),
        ("Open", "High", Some(41), Some(45)),
        &["U10"],
    ),
    external(task(
        ("HW-6", MOUNTING, None),
        Name::new("Acceptance with the hospital", "医院验收"),
        ("Open", "High", None, Some(60)),
        &["U5"],
    )),
];

/// Description of DM-4: a bold line, a list, a link.
pub const DM_4_DESCRIPTION: &str = "<p><strong>Fields that change:</strong></p><ul><li>customer number</li><li>tax code</li><li>branch code</li></ul><p>See the <a href=\"https://software-customer.example/schema\">schema</a>.</p>";

/// Comments; those on linked tasks are on both sides once.
pub const COMMENTS: &[TaskComment] = &[
    TaskComment { task: "DM-4", by: "U4", is_from_crm: true, text: "Tax codes have 11 digits in the new schema." },
    TaskComment { task: "DM-4", by: "U9", is_from_crm: false, text: "Please attach the final list by Friday." },
    TaskComment {
        task: "DM-10",
        by: "U4",
        is_from_crm: true,
        text: "The customer asks for ten more days because of the audit.",
    },
    TaskComment { task: "DM-10", by: "U9", is_from_crm: false, text: "Then we split billing from the rest." },
    TaskComment { task: "RR-2", by: "U7", is_from_crm: false, text: "已收到 300 台，✅ 今天开始配置。" },
    TaskComment { task: "HW-2", by: "CU2", is_from_crm: false, text: "Ward 5 cannot be switched off before 22:00." },
    TaskComment { task: "DM-12", by: "U4", is_from_crm: false, text: "Support wants a week of shadowing first." },
    TaskComment { task: "DM-12", by: "U9", is_from_crm: false, text: "Agreed; let us plan it into the last week." },
    TaskComment { task: "TP-2", by: "U8", is_from_crm: false, text: "First chapter is ready for review." },
    TaskComment { task: "DN-1", by: "U10", is_from_crm: false, text: "The depot opens at 05:00; we can start early." },
];
