//! A mail server, spoken to step by step: only so is it known whether a letter was taken when the line breaks.

use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use percent_encoding::percent_decode_str;
use url::Url;

use super::{Delivery, Handed};
use crate::eml::{self, Outgoing};
use crate::error::MailError;

/// The longest wait for one answer. With the steps of one letter it stays below the minute that a delivery may take.
const WAIT: Duration = Duration::from_secs(15);

/// Whether the line is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encryption {
    /// From the first byte (`smtps://`).
    Whole,
    /// Asked for after the greeting, and required (`smtp://…?tls=required`).
    Required,
    /// Asked for if the server offers it (`smtp://`, default).
    Offered,
    /// Never (`smtp://…?tls=off`).
    Off,
}

/// A mail server by its address, such as `smtp://user:password@mail.example:587?from=crm@zylker.example`.
#[derive(Clone)]
pub struct MailServer {
    host: String,
    port: u16,
    encryption: Encryption,
    credentials: Option<Credentials>,
    from: Option<String>,
    hello: ClientId,
}

impl std::fmt::Debug for MailServer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("MailServer").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

/// How far a letter came before something went wrong.
enum Broken {
    /// Before its text was sent: certainly not taken.
    Before(lettre::transport::smtp::Error),
    /// While or after its text was sent.
    Within(lettre::transport::smtp::Error),
}

impl MailServer {
    /// Reads the address: `smtp://` (port 25 without another) or `smtps://` (port 465); user and password
    /// percent-encoded; `tls=required` or `tls=off`; `from=` for the sender's address.
    ///
    /// Errors: `ServerAddress`, without the password.
    pub fn parse(address: &str) -> Result<Self, MailError> {
        let wrong = |what: &str| MailError::ServerAddress(what.to_owned());
        let url = Url::parse(address).map_err(|cause| MailError::ServerAddress(cause.to_string()))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong("it names no host"))?;
        let mut encryption = match url.scheme() {
            "smtps" => Encryption::Whole,
            "smtp" => Encryption::Offered,
            other => return Err(wrong(&format!("{other}:// is neither smtp:// nor smtps://"))),
        };
        let mut from = None;
        for (name, value) in url.query_pairs() {
            match (name.as_ref(), value.as_ref()) {
                ("tls", "required") if encryption != Encryption::Whole => encryption = Encryption::Required,
                ("tls", "off") if encryption != Encryption::Whole => encryption = Encryption::Off,
                ("from", sender) if sender.parse::<lettre::Address>().is_ok() => from = Some(sender.to_owned()),
                (name, value) => return Err(wrong(&format!("{name}={value} is not understood"))),
            }
        }
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let credentials = (!url.username().is_empty())
            .then(|| Credentials::new(decoded(url.username()), decoded(url.password().unwrap_or_default())));
        if credentials.is_some() && encryption == Encryption::Offered {
            // A password never goes over an open line because a server (or somebody between) says so.
            encryption = Encryption::Required;
        }
        let port = url.port().unwrap_or(if encryption == Encryption::Whole { 465 } else { 25 });
        let hello = ClientId::default();
        Ok(Self { host: host.to_owned(), port, encryption, credentials, from, hello })
    }

    /// Host and port, for the line at start-up.
    pub fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    fn connect(&self) -> Result<SmtpConnection, lettre::transport::smtp::Error> {
        let tls = TlsParameters::new(self.host.clone())?;
        let whole = (self.encryption == Encryption::Whole).then_some(&tls);
        let address = (self.host.trim_matches(['[', ']']), self.port);
        let mut line = SmtpConnection::connect(address, Some(WAIT), &self.hello, whole, None)?;
        let is_wanted = match self.encryption {
            Encryption::Required => true,
            Encryption::Offered => line.can_starttls(),
            Encryption::Whole | Encryption::Off => false,
        };
        if is_wanted {
            line.starttls(&tls, &self.hello)?;
        }
        if let Some(credentials) = &self.credentials {
            line.auth(&[Mechanism::Plain, Mechanism::Login], credentials)?;
        }
        Ok(line)
    }

    fn send(&self, message: &Message) -> Result<Response, Broken> {
        let mut line = self.connect().map_err(Broken::Before)?;
        let envelope = message.envelope();
        line.command(Mail::new(envelope.from().cloned(), Vec::new())).map_err(Broken::Before)?;
        for recipient in envelope.to() {
            line.command(Rcpt::new(recipient.clone(), Vec::new())).map_err(Broken::Before)?;
        }
        line.command(Data).map_err(Broken::Before)?;
        let answer = line.message(&message.formatted()).map_err(Broken::Within)?;
        // The letter is taken; how the server says good-bye changes nothing.
        line.quit().ok();
        Ok(answer)
    }
}

impl Delivery for MailServer {
    fn hand_over(&self, letter: &Outgoing) -> Handed {
        let message = match eml::message(letter, self.from.as_deref()) {
            Ok(message) => message,
            Err(cause) => return Handed::Refused(cause),
        };
        match self.send(&message) {
            Ok(answer) => {
                let words = answer.message().collect::<Vec<_>>().join(" ");
                Handed::Sent(format!("{} {words}", answer.code()).trim_end().to_owned())
            }
            Err(Broken::Before(cause) | Broken::Within(cause)) if cause.is_permanent() => {
                Handed::Refused(words(&cause))
            }
            Err(Broken::Within(cause)) if !cause.is_transient() => Handed::InDoubt(words(&cause)),
            Err(Broken::Before(cause) | Broken::Within(cause)) => Handed::Later(words(&cause)),
        }
    }
}

/// The error with its causes: "Connection error: Connection refused (os error 111)".
fn words(cause: &lettre::transport::smtp::Error) -> String {
    let mut text = cause.to_string();
    let mut next = std::error::Error::source(cause);
    while let Some(deeper) = next {
        let more = deeper.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        next = deeper.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_all_that_is_needed() {
        let server = MailServer::parse("smtp://127.0.0.1:2525").unwrap();
        assert_eq!((server.name().as_str(), server.encryption), ("127.0.0.1:2525", Encryption::Offered));
        let server = MailServer::parse("smtps://a%40b.example:p%2Fw@mail.example?from=crm@b.example").unwrap();
        assert_eq!((server.port, server.encryption), (465, Encryption::Whole));
        assert_eq!(server.from.as_deref(), Some("crm@b.example"));
        assert!(!format!("{server:?}").contains("p/w"));
        let server = MailServer::parse("smtp://user:pw@mail.example:587").unwrap();
        assert_eq!(server.encryption, Encryption::Required);
        assert_eq!(MailServer::parse("smtp://mail.example?tls=off").unwrap().encryption, Encryption::Off);
    }

    #[test]
    fn a_wrong_address_is_named() {
        for address in
            ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example?tls=maybe", "smtp://m?from=x"]
        {
            assert!(matches!(MailServer::parse(address), Err(MailError::ServerAddress(_))), "{address}");
        }
    }
}
