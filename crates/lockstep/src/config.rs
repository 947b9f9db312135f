//! Settings of the program: flag, then environment, then file, then default. Read here and nowhere else.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use ports::Language;
use serde::Deserialize;

/// Settings that every command takes.
#[derive(Args, Clone, Debug, Default)]
pub struct CommonArgs {
    /// Folder of the database, the mails and the keys [default: ./lockstep-data]
    #[arg(long, env = "LOCKSTEP_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// PostgreSQL instead of the embedded SQLite, for example postgres://user@host/lockstep
    #[arg(long, env = "LOCKSTEP_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// TOML file with the same settings [default: lockstep.toml in the data folder, if it is there]
    #[arg(long, env = "LOCKSTEP_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Settings of `lockstep serve`.
#[derive(Args, Clone, Debug, Default)]
pub struct ServeArgs {
    /// What every command takes.
    #[command(flatten)]
    pub common: CommonArgs,
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "LOCKSTEP_LISTEN", value_name = "ADDR")]
    pub listen: Option<String>,
    /// Address under which people reach the program, for links in mails [default: http:// and the listen address]
    #[arg(long, env = "LOCKSTEP_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Load the demo data into an empty database, and offer its accounts on the sign-in page
    #[arg(long, env = "LOCKSTEP_DEMO", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub demo: Option<bool>,
    /// Language of a new installation and of the demo names: en or zh-CN [default: en]
    #[arg(long, env = "LOCKSTEP_LANGUAGE", value_name = "LANG")]
    pub language: Option<String>,
    /// Folder into which mails are written when no mail server is set [default: mail/ in the data folder]
    #[arg(long, env = "LOCKSTEP_MAIL_DIR", value_name = "DIR")]
    pub mail_dir: Option<PathBuf>,
    /// Mail server, for example smtps://user:password@mail.example?from=crm@zylker.example
    #[arg(long, env = "LOCKSTEP_SMTP_URL", value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Token that /metrics asks for; without it /metrics is open
    #[arg(long, env = "LOCKSTEP_METRICS_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
    /// How long a commit waits for the disk: full or normal [default: full]
    #[arg(long, env = "LOCKSTEP_SYNCHRONOUS", value_name = "MODE")]
    pub synchronous: Option<String>,
    /// Password of all demo accounts; set again at each start with --demo [default: a random one, printed once]
    #[arg(skip)]
    pub demo_password: Option<Secret>,
}

/// The same settings in the file; every key is optional, an unknown one is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    database_url: Option<Secret>,
    listen: Option<String>,
    public_url: Option<String>,
    demo: Option<bool>,
    language: Option<String>,
    mail_dir: Option<PathBuf>,
    smtp_url: Option<Secret>,
    metrics_token: Option<Secret>,
    synchronous: Option<String>,
}

/// A text that is never printed.
#[derive(Clone, Default, Deserialize, PartialEq, Eq)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[hidden]")
    }
}

/// Which database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// The embedded one, in the data folder.
    Sqlite {
        /// The file.
        file: PathBuf,
    },
    /// A server.
    Postgres {
        /// Its address, with the password.
        url: Secret,
    },
}

/// Where the data is; what every command needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The data folder.
    pub data: PathBuf,
    /// The database.
    pub database: Database,
    /// Whether commits wait until the disk has them.
    pub is_durable: bool,
}

/// Where letters go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailTarget {
    /// Files in a folder.
    Folder(PathBuf),
    /// A mail server.
    Server(Secret),
}

/// Everything `serve` needs, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServeSettings {
    /// Where the data is.
    pub place: Place,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Address in links, without a slash at the end.
    pub public_url: String,
    /// Whether the demo data is wanted.
    pub is_demo: bool,
    /// Password of the demo accounts, if set from outside.
    pub demo_password: Option<Secret>,
    /// Language of a new installation.
    pub language: Language,
    /// Where letters go.
    pub mail: MailTarget,
    /// Token of /metrics.
    pub metrics_token: Option<Secret>,
}

/// A setting that cannot be used; says which and what would do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read: {cause}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        cause: String,
    },
    /// The file is not valid TOML, or has an unknown key.
    #[error("the configuration file {path} is not right: {cause}")]
    Malformed {
        /// The file.
        path: String,
        /// Where and what.
        cause: String,
    },
    /// A value cannot be used.
    #[error("{option}: {given:?} is not {expected}")]
    Invalid {
        /// The option.
        option: &'static str,
        /// The value as given.
        given: String,
        /// What would do.
        expected: &'static str,
    },
}

const DEFAULT_DATA: &str = "lockstep-data";
const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

/// Settles where the data is.
pub fn place(args: &CommonArgs) -> Result<Place, ConfigError> {
    let file = read_file(args)?;
    settle_place(args, &file)
}

/// Settles everything for `serve`.
pub fn serve_settings(args: &ServeArgs) -> Result<ServeSettings, ConfigError> {
    let file = read_file(&args.common)?;
    let mut place = settle_place(&args.common, &file)?;
    place.is_durable = match args.synchronous.as_deref().or(file.synchronous.as_deref()).unwrap_or("full") {
        "full" => true,
        "normal" => false,
        other => return Err(invalid("--synchronous", other, "full or normal")),
    };
    let listen = args.listen.as_deref().or(file.listen.as_deref()).unwrap_or(DEFAULT_LISTEN);
    let listen = listen
        .parse::<SocketAddr>()
        .map_err(|_| invalid("--listen", listen, "an address with a port, like 127.0.0.1:8080"))?;
    let public_url = settle_public_url(args.public_url.as_deref().or(file.public_url.as_deref()), listen)?;
    let language = args.language.as_deref().or(file.language.as_deref()).unwrap_or("en");
    let language = Language::parse(language).map_err(|_| invalid("--language", language, "en or zh-CN"))?;
    let smtp = args.smtp_url.clone().map(Secret).or(file.smtp_url);
    let mail_dir = args.mail_dir.clone().or(file.mail_dir).unwrap_or_else(|| place.data.join("mail"));
    Ok(ServeSettings {
        listen,
        is_demo: args.demo.or(file.demo).unwrap_or(false),
        demo_password: args.demo_password.clone().filter(|password| !password.reveal().is_empty()),
        language,
        mail: smtp.map_or(MailTarget::Folder(mail_dir), MailTarget::Server),
        metrics_token: args.metrics_token.clone().map(Secret).or(file.metrics_token),
        public_url,
        place,
    })
}

fn settle_place(args: &CommonArgs, file: &File) -> Result<Place, ConfigError> {
    let data = args.data.clone().or_else(|| file.data.clone()).unwrap_or_else(|| PathBuf::from(DEFAULT_DATA));
    let url = args.database_url.clone().map(Secret).or_else(|| file.database_url.clone());
    let database = match url {
        None => Database::Sqlite { file: data.join("lockstep.db") },
        Some(url) if url.reveal().starts_with("postgres://") || url.reveal().starts_with("postgresql://") => {
            Database::Postgres { url }
        }
        Some(_) => return Err(invalid("--database-url", "[hidden]", "an address that begins with postgres://")),
    };
    Ok(Place { data, database, is_durable: true })
}

fn settle_public_url(given: Option<&str>, listen: SocketAddr) -> Result<String, ConfigError> {
    let Some(given) = given else {
        return Ok(format!("http://{listen}"));
    };
    let url =
        url::Url::parse(given).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some());
    let plain = url.filter(|url| matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none());
    plain
        .map(|_| given.trim_end_matches('/').to_owned())
        .ok_or_else(|| invalid("--public-url", given, "an address like https://lockstep.example, without a path"))
}

fn read_file(args: &CommonArgs) -> Result<File, ConfigError> {
    let data = args.data.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_DATA));
    let (path, is_wanted) = match &args.config {
        Some(path) => (path.clone(), true),
        None => (data.join("lockstep.toml"), false),
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => parse_file(&path, &text),
        Err(cause) if !is_wanted && cause.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(cause) => Err(ConfigError::Unreadable { path: path.display().to_string(), cause: cause.to_string() }),
    }
}

fn parse_file(path: &Path, text: &str) -> Result<File, ConfigError> {
    toml::from_str(text).map_err(|cause| ConfigError::Malformed {
        path: path.display().to_string(),
        cause: cause.to_string().trim_end().to_owned(),
    })
}

fn invalid(option: &'static str, given: &str, expected: &'static str) -> ConfigError {
    ConfigError::Invalid { option, given: given.to_owned(), expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(data: &Path) -> ServeArgs {
        ServeArgs {
            common: CommonArgs { data: Some(data.to_owned()), ..CommonArgs::default() },
            ..ServeArgs::default()
        }
    }

    #[test]
    fn nothing_set_starts_a_working_server_on_sqlite() {
        let folder = tempfile::tempdir().unwrap();
        let settings = serve_settings(&args(folder.path())).unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.public_url, "http://127.0.0.1:8080");
        assert_eq!(settings.mail, MailTarget::Folder(folder.path().join("mail")));
        assert_eq!(settings.place.database, Database::Sqlite { file: folder.path().join("lockstep.db") });
        assert!(settings.place.is_durable && !settings.is_demo);
    }

    #[test]
    fn a_flag_wins_over_the_file_and_an_unknown_key_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lockstep.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:9000\"\nlanguage = \"zh-CN\"\n").unwrap();
        let mut wanted = args(folder.path());
        wanted.listen = Some("127.0.0.1:9001".into());
        let settings = serve_settings(&wanted).unwrap();
        assert_eq!((settings.listen.port(), settings.language), (9001, Language::ZhCn));
        std::fs::write(&file, "lissten = \"127.0.0.1:9000\"\n").unwrap();
        let error = serve_settings(&args(folder.path())).unwrap_err().to_string();
        assert!(error.contains("lissten"), "{error}");
    }

    #[test]
    fn wrong_values_name_the_option_and_what_would_do() {
        let folder = tempfile::tempdir().unwrap();
        let cases: [(fn(&mut ServeArgs), &str); 5] = [
            (|args| args.listen = Some("8080".into()), "--listen"),
            (|args| args.public_url = Some("lockstep.example".into()), "--public-url"),
            (|args| args.public_url = Some("https://x.example/path".into()), "--public-url"),
            (|args| args.language = Some("fr".into()), "--language"),
            (|args| args.synchronous = Some("off".into()), "--synchronous"),
        ];
        for (change, option) in cases {
            let mut wanted = args(folder.path());
            change(&mut wanted);
            let error = serve_settings(&wanted).unwrap_err().to_string();
            assert!(error.starts_with(option), "{error}");
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let folder = tempfile::tempdir().unwrap();
        let mut wanted = args(folder.path());
        wanted.smtp_url = Some("smtps://user:hunter2@mail.example".into());
        wanted.common.database_url = Some("postgres://user:hunter2@host/lockstep".into());
        assert!(!format!("{:?}", serve_settings(&wanted).unwrap()).contains("hunter2"));
    }
}
