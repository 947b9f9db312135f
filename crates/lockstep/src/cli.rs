//! The command line: what can be asked of the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::config::{CommonArgs, ServeArgs};

/// A CRM and a project tool that never drift apart.
#[derive(Debug, Parser)]
#[command(name = "lockstep", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the program: pages, API, and the bridge between CRM and Projects
    Serve(ServeArgs),
    /// Load records from a CSV file into the CRM; repeated, it makes no duplicates
    Import(ImportArgs),
    /// Programs that use the API
    ApiClient {
        /// What to do with them.
        #[command(subcommand)]
        command: ApiClientCommand,
    },
}

/// What can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ImportModule {
    /// Companies
    Accounts,
    /// People at companies
    Contacts,
    /// Sales
    Deals,
    /// Leads
    Leads,
}

/// Settings of `lockstep import`.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// What the rows are
    pub module: ImportModule,
    /// The CSV file
    pub file: PathBuf,
    /// Address of the CRM user who imports and owns what is made
    #[arg(long, value_name = "EMAIL")]
    pub user: String,
    /// Column that finds a row again when the file is loaded once more
    #[arg(long, value_name = "COLUMN")]
    pub key: String,
    /// Which column goes into which field, by the Zoho CRM API names: "account=Account_Name,close_date=Closing_Date"
    #[arg(long, value_name = "COLUMN=Field,…", required = true)]
    pub map: Vec<String>,
    /// Values that are called otherwise here: "deal_stage:Won=Closed Won,Lost=Closed Lost"; may be given several times
    #[arg(long, value_name = "COLUMN:from=to,…")]
    pub value: Vec<String>,
    /// How dates are written when neither YYYY-MM-DD nor YYYY/MM/DD, for example DD.MM.YYYY
    #[arg(long, value_name = "FORMAT")]
    pub date_format: Option<String>,
    /// Character set of the file when it is not UTF-8, for example gb18030
    #[arg(long, value_name = "LABEL")]
    pub encoding: Option<String>,
    /// What separates the cells when it cannot be told from the header: ",", ";" or "tab"
    #[arg(long, value_name = "CHARACTER")]
    pub separator: Option<String>,
    /// Check every row and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Where the data is.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// Commands about API clients.
#[derive(Debug, Subcommand)]
pub enum ApiClientCommand {
    /// Make a client with its tokens, acting as one user; the secrets are shown once
    Create(ApiClientArgs),
}

/// Settings of `lockstep api-client create`.
#[derive(Args, Debug)]
pub struct ApiClientArgs {
    /// What the program is called
    #[arg(long)]
    pub name: String,
    /// Address of the user it acts as
    #[arg(long, value_name = "EMAIL")]
    pub user: String,
    /// What it may do, for example Lockstep.links.READ [default: everything the user may]
    #[arg(long, value_delimiter = ',', value_name = "SCOPE,…")]
    pub scopes: Vec<String>,
    /// Print one JSON object instead of lines
    #[arg(long)]
    pub json: bool,
    /// Where the data is.
    #[command(flatten)]
    pub common: CommonArgs,
}
