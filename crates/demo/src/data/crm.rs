//! Accounts, contacts, leads, deals, CRM tasks and notes of the demo.

use super::Name;

/// An account.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// Key.
    pub key: &'static str,
    /// Name.
    pub name: Name,
    /// Industry.
    pub industry: &'static str,
    /// Billing city.
    pub city: &'static str,
    /// Billing country.
    pub country: &'static str,
    /// Billing street.
    pub street: &'static str,
    /// Website.
    pub website: &'static str,
    /// Phone.
    pub phone: &'static str,
    /// Key of the owner.
    pub owner: &'static str,
}

/// A contact; the name is split into first and last.
#[derive(Clone, Copy, Debug)]
pub struct Contact {
    /// Key.
    pub key: &'static str,
    /// First name.
    pub first: &'static str,
    /// Last name.
    pub last: &'static str,
    /// Key of the account.
    pub account: Option<&'static str>,
    /// Title.
    pub title: &'static str,
    /// Address.
    pub email: Option<&'static str>,
}

/// A lead.
#[derive(Clone, Copy, Debug)]
pub struct Lead {
    /// Key.
    pub key: &'static str,
    /// First name.
    pub first: &'static str,
    /// Last name.
    pub last: &'static str,
    /// Company.
    pub company: Name,
    /// Lead status.
    pub status: &'static str,
    /// Lead source.
    pub source: &'static str,
    /// Key of the owner.
    pub owner: &'static str,
}

/// A deal.
#[derive(Clone, Copy, Debug)]
pub struct Deal {
    /// Key.
    pub key: &'static str,
    /// Name.
    pub name: Name,
    /// Key of the account.
    pub account: Option<&'static str>,
    /// Stage.
    pub stage: &'static str,
    /// Amount in whole units of the organisation's currency.
    pub amount: i64,
    /// Closing day, from T.
    pub closing: i32,
    /// Key of the owner.
    pub owner: &'static str,
    /// Description.
    pub description: &'static str,
}

/// A CRM task. Linked ones take their subject from the Projects task.
#[derive(Clone, Copy, Debug)]
pub struct CrmTask {
    /// Key.
    pub key: &'static str,
    /// Subject; empty for a linked task.
    pub subject: Name,
    /// Key of the record above.
    pub under: Option<&'static str>,
    /// Status.
    pub status: &'static str,
    /// Status before it was closed.
    pub before: Option<&'static str>,
    /// Priority.
    pub priority: Option<&'static str>,
    /// Due day, from T.
    pub due: Option<i32>,
    /// Key of the owner.
    pub owner: &'static str,
    /// Key of the linked Projects task.
    pub linked: Option<&'static str>,
}

/// A note on a record that is not a task.
#[derive(Clone, Copy, Debug)]
pub struct RecordNote {
    /// Key of the record.
    pub record: &'static str,
    /// Key of the author.
    pub by: &'static str,
    /// Text.
    pub text: &'static str,
}

const fn account(
    key: &'static str,
    name: Name,
    industry: &'static str,
    place: (&'static str, &'static str),
    host: &'static str,
    phone: &'static str,
    owner: &'static str,
) -> Account {
    let street = if key.len() == 2 && key.as_bytes()[1] == b'1' { "1 Example Street" } else { "" };
    Account { key, name, industry, city: place.0, country: place.1, street, website: host, phone, owner }
}

/// Accounts.
pub const ACCOUNTS: &[Account] = &[
    account(
        "A1",
        Name::new("Software Customer", "软件客户"),
        "Software",
        ("Seattle", "United States"),
        "https://software-customer.example",
        "+1 555 0100",
        "U3",
    ),
    account(
        "A2",
        Name::new("Hospital Customer", "医院客户"),
        "Health",
        ("Chicago", "United States"),
        "https://hospital-customer.example",
        "+1 555 0101",
        "U5",
    ),
    account(
        "A3",
        Name::new("Logistics Customer", "物流客户"),
        "Transport",
        ("Rotterdam", "Netherlands"),
        "https://logistics-customer.example",
        "+1 555 0102",
        "U5",
    ),
    account(
        "A4",
        Name::new("University Customer", "大学客户"),
        "Education",
        ("Toronto", "Canada"),
        "https://university-customer.example",
        "+1 555 0103",
        "U3",
    ),
    account(
        "A5",
        Name::new("Hotel Customer", "酒店客户"),
        "Hotels",
        ("Lisbon", "Portugal"),
        "https://hotel-customer.example",
        "+1 555 0104",
        "U3",
    ),
    account(
        "A6",
        Name::new("Hotel Customer", "酒店客户"),
        "Hotels",
        ("Osaka", "Japan"),
        "https://hotel-customer.example",
        "+1 555 0105",
        "U7",
    ),
    account(
        "A7",
        Name::new("RETAIL  CUSTOMER", "零售客户\u{3000}"),
        "Retail",
        ("Boston", "United States"),
        "https://retail-customer.example",
        "+1 555 0106",
        "U6",
    ),
    account(
        "A8",
        Name::new("North Reseller", "北方经销商"),
        "Distribution",
        ("Oslo", "Norway"),
        "https://north-reseller.example",
        "+1 555 0107",
        "U3",
    ),
];

const fn contact(
    key: &'static str,
    name: (&'static str, &'static str),
    account: Option<&'static str>,
    title: &'static str,
    email: Option<&'static str>,
) -> Contact {
    Contact { key, first: name.0, last: name.1, account, title, email }
}

/// Contacts.
pub const CONTACTS: &[Contact] = &[
    contact("N1", ("Ana", "Silva"), Some("A1"), "IT manager", Some("it.manager@software-customer.example")),
    contact("N2", ("Li", "Wei"), Some("A1"), "Finance lead", Some("finance@software-customer.example")),
    contact("N3", ("Tom", "Berg"), Some("A1"), "Branch operations", Some("branch.ops@software-customer.example")),
    contact("N4", ("Kenji", "Mori"), Some("A2"), "Network lead", Some("network.lead@hospital-customer.example")),
    contact("N5", ("Amina", "Diallo"), Some("A2"), "Purchasing", Some("purchasing@hospital-customer.example")),
    contact("N6", ("Nora", "Haddad"), Some("A3"), "Depot manager", Some("depot.manager@logistics-customer.example")),
    contact("N7", ("Lucas", "Meyer"), Some("A4"), "Campus IT", Some("campus.it@university-customer.example")),
    contact("N8", ("Sara", "Lind"), Some("A5"), "Front office", Some("front.office@hotel-customer.example")),
    contact("N9", ("Mei", "Chen"), Some("A6"), "Front office", Some("front.office.osaka@hotel-customer.example")),
    contact("N10", ("Omar", "Hassan"), Some("A7"), "Store IT", Some("store.it@retail-customer.example")),
    contact("N11", ("Ivan", "Petrov"), Some("A8"), "Partner manager", None),
    contact("N12", ("Priya", "Rao"), None, "Consultant", Some("consultant@freelance.example")),
];

const fn lead(
    key: &'static str,
    name: (&'static str, &'static str),
    company: Name,
    status: &'static str,
    source: &'static str,
    owner: &'static str,
) -> Lead {
    Lead { key, first: name.0, last: name.1, company, status, source, owner }
}

/// Leads.
pub const LEADS: &[Lead] = &[
    lead("L1", ("Elena", "Novak"), Name::new("Museum Customer", "博物馆客户"), "Contacted", "Trade Show", "U3"),
    lead("L2", ("Samuel", "Osei"), Name::new("School Customer", "学校客户"), "Attempted to Contact", "Web Form", "U6"),
    lead("L3", ("Yuki", "Tanaka"), Name::new("Airport Customer", "机场客户"), "Pre-Qualified", "Partner", "U7"),
    lead("L4", ("Clara", "Weiss"), Name::new("Logistics Customer", "物流客户"), "Not Contacted", "Web Form", "U6"),
    lead("L5", ("David", "Cohen"), Name::new("Harbour Customer", "港口客户"), "Junk Lead", "Web Form", "U6"),
    lead("L6", ("Zhang", "Min"), Name::new("Factory Customer", "工厂客户"), "Contact in Future", "Phone", "U7"),
];

const fn deal(
    key: &'static str,
    name: Name,
    account: Option<&'static str>,
    stage: &'static str,
    amount: i64,
    closing: i32,
    owner: &'static str,
) -> Deal {
    Deal { key, name, account, stage, amount, closing, owner, description: "" }
}

/// Deals, one of every stage.
pub const DEALS: &[Deal] = &[
    deal("D1", Name::new("1,200 branch routers", "1,200 台分支路由器"), Some("A1"), "Closed Won", 480_000, -40, "U3"),
    deal("D2", Name::new("Data migration services", "数据迁移服务"), Some("A1"), "Closed Won", 95_000, -30, "U3"),
    deal(
        "D3",
        Name::new("Router maintenance contract", "路由器维护合同"),
        Some("A1"),
        "Negotiation/Review",
        60_000,
        35,
        "U3",
    ),
    Deal {
        key: "D4",
        name: Name::new("Ward Wi-Fi routers", "病房无线路由器"),
        account: Some("A2"),
        stage: "Closed Won",
        amount: 120_000,
        closing: -2,
        owner: "U5",
        description: "Wards 2 and 5 first.",
    },
    deal("D5", Name::new("Depot routers", "仓库路由器"), Some("A3"), "Proposal/Price Quote", 75_000, 28, "U5"),
    deal("D6", Name::new("Campus core routers", "校园核心路由器"), Some("A4"), "Value Proposition", 210_000, 60, "U3"),
    deal("D7", Name::new("Guest network", "宾客网络"), Some("A5"), "Needs Analysis", 33_000, 75, "U3"),
    deal(
        "D8",
        Name::new("Store routers pilot", "门店路由器试点"),
        Some("A7"),
        "Identify Decision Makers",
        18_000,
        50,
        "U6",
    ),
    deal(
        "D9",
        Name::new("Reseller frame agreement", "经销商框架协议"),
        Some("A8"),
        "Qualification",
        300_000,
        120,
        "U3",
    ),
    deal("D10", Name::new("Old depot upgrade", "旧仓库升级"), Some("A3"), "Closed Lost", 40_000, -200, "U12"),
    deal(
        "D11",
        Name::new("Osaka lobby routers", "大阪大堂路由器"),
        Some("A6"),
        "Closed Lost to Competition",
        22_000,
        -90,
        "U7",
    ),
    deal("D12", Name::new("Trade fair enquiry", "展会询价"), None, "Qualification", 5_000, 90, "U6"),
];

const NO_NAME: Name = Name::same("");

const fn linked(
    key: &'static str,
    under: &'static str,
    status: (&'static str, Option<&'static str>),
    priority: &'static str,
    due: i32,
    owner: &'static str,
    task: &'static str,
) -> CrmTask {
    CrmTask {
        key,
        subject: NO_NAME,
        under: Some(under),
        status: status.0,
        before: status.1,
        priority: Some(priority),
        due: Some(due),
        owner,
        linked: Some(task),
    }
}

const fn own(
    key: &'static str,
    subject: Name,
    under: Option<&'static str>,
    status: &'static str,
    priority: Option<&'static str>,
    due: Option<i32>,
    owner: &'static str,
) -> CrmTask {
    CrmTask { key, subject, under, status, before: None, priority, due, owner, linked: None }
}

/// CRM tasks: K1 to K11 are linked, the others are not.
pub const CRM_TASKS: &[CrmTask] = &[
    linked("K1", "D2", ("Completed", Some("In Progress")), "Normal", -5, "U5", "DM-2"),
    linked("K2", "D2", ("In Progress", None), "Highest", 10, "U4", "DM-4"),
    linked("K3", "A1", ("Waiting for input", None), "Normal", 17, "U5", "DM-5"),
    linked("K4", "D2", ("Not Started", None), "Normal", 24, "U4", "DM-7"),
    linked("K5", "D2", ("Not Started", None), "High", 66, "U4", "DM-9"),
    linked("K6", "D2", ("Not Started", None), "High", 104, "U4", "DM-10"),
    linked("K7", "D2", ("Completed", Some("Not Started")), "Normal", -5, "U5", "DM-13"),
    linked("K8", "D1", ("Completed", Some("In Progress")), "High", -20, "U4", "RR-1"),
    linked("K9", "D1", ("In Progress", None), "High", 6, "U4", "RR-2"),
    linked("K10", "A1", ("Not Started", None), "Lowest", 41, "U7", "RR-9"),
    linked("K11", "A2", ("Not Started", None), "Normal", 14, "U5", "HW-2"),
    own(
        "K12",
        Name::new("Call about the offer", "致电沟通报价"),
        Some("D3"),
        "Not Started",
        Some("High"),
        Some(1),
        "U3",
    ),
    own("K13", Name::new("Send price list", "发送价目表"), Some("D5"), "Completed", Some("Normal"), Some(-12), "U5"),
    own("K14", Name::new("Prepare demo", "准备演示"), Some("D6"), "In Progress", Some("Highest"), Some(4), "U3"),
    own("K15", Name::new("Visit the depot", "走访仓库"), Some("D5"), "Not Started", Some("Normal"), Some(8), "U5"),
    own("K16", Name::new("Ask for references", "索取参考案例"), Some("D7"), "Deferred", Some("Low"), Some(30), "U3"),
    own(
        "K17",
        Name::new("Renew the frame agreement", "续签框架协议"),
        Some("D9"),
        "Not Started",
        Some("High"),
        Some(45),
        "U3",
    ),
    own(
        "K18",
        Name::new("Check the credit limit", "核查信用额度"),
        Some("D8"),
        "In Progress",
        Some("Normal"),
        Some(2),
        "U6",
    ),
    own("K19", Name::new("Send the contract", "发送合同"), Some("D3"), "Not Started", Some("Highest"), Some(20), "U3"),
    own(
        "K20",
        Name::new("Invite to the trade show", "邀请参加展会"),
        Some("L1"),
        "Completed",
        Some("Low"),
        Some(-30),
        "U3",
    ),
    own("K21", Name::new("Thank-you letter", "感谢信"), Some("A8"), "Completed", Some("Lowest"), Some(-6), "U3"),
    own("K22", Name::new("Follow up in autumn", "秋季回访"), Some("L6"), "Deferred", Some("Normal"), Some(60), "U7"),
    own("K23", Name::new("Update contact data", "更新联系人资料"), Some("A4"), "In Progress", None, None, "U6"),
    own("K24", Name::new("Plan the quarter", "制定季度计划"), None, "Completed", Some("Normal"), Some(-1), "U7"),
    own("K25", Name::new("Clean up old leads", "清理旧潜在客户"), None, "Not Started", None, None, "U6"),
];

/// Notes on records.
pub const RECORD_NOTES: &[RecordNote] = &[
    RecordNote { record: "D1", by: "U3", text: "Customer insists on night-time installation." },
    RecordNote { record: "D1", by: "U3", text: "Spare units: 3 % agreed by phone." },
    RecordNote { record: "D4", by: "U5", text: "Wards 2 and 5 first." },
    RecordNote { record: "D4", by: "U5", text: "Invoice in two parts." },
    RecordNote { record: "A1", by: "U3", text: "Prefers to be called in the morning, Seattle time." },
    RecordNote { record: "L1", by: "U3", text: "Met at the trade show; wants Wi-Fi in every hall." },
];
