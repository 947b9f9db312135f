//! Letters as they leave: as files, and over the line to a mail server.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{JoinHandle, spawn};

use mail::{Delivery, Handed, LetterCode, MailFolder, MailServer, Outgoing};
use ports::Moment;

use crate::world::email;

fn outgoing() -> Outgoing {
    Outgoing {
        id: "7100000000000008001".into(),
        code: LetterCode::M1,
        message_id: "7100000000000008001.lockstep@lockstep.zylker.example".into(),
        from_name: "Zylker 工作".into(),
        from: "lockstep@lockstep.zylker.example".into(),
        to_name: "销售代表, 中国".into(),
        to: email("sales.rep.cn@zylker.example"),
        subject: "更新失败：“切换账务历史数据”的截止日期未生效".into(),
        text: "更新失败\n.\nend\n".into(),
        html: "<p>更新失败</p>".into(),
        at: Moment::parse("2026-03-10T09:00:00Z").unwrap(),
    }
}

#[test]
fn a_letter_is_one_file_with_encoded_headers_and_two_parts() {
    let folder = tempfile::tempdir().unwrap();
    let mail = MailFolder::new(folder.path().join("mail"));
    let name = "m1-sales.rep.cn-7100000000000008001.eml";
    for _ in 0..2 {
        assert_eq!(mail.hand_over(&outgoing()), Handed::Written(name.into()), "the same letter is the same file");
    }
    let files: Vec<_> =
        std::fs::read_dir(folder.path().join("mail")).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, [name]);
    let text = std::fs::read_to_string(folder.path().join("mail").join(name)).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(text.is_ascii(), "{text}");
    for line in [
        "Message-ID: <7100000000000008001.lockstep@lockstep.zylker.example>",
        "Date: Tue, 10 Mar 2026 09:00:00 +0000",
        "Auto-Submitted: auto-generated",
        "Subject: =?utf-8?b?",
        "<sales.rep.cn@zylker.example>",
        "multipart/alternative",
    ] {
        assert!(head.contains(line), "{line}\n{head}");
    }
    assert!(body.contains("text/plain; charset=utf-8") && body.contains("text/html; charset=utf-8"), "{body}");
}

#[test]
fn a_folder_that_cannot_be_written_delays_the_letter() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "x").unwrap();
    assert!(matches!(MailFolder::new(blocked).hand_over(&outgoing()), Handed::Later(_)));
}

/// Where the server of a test hangs up, or what it says instead of the usual.
#[derive(Clone, Copy)]
enum Habit {
    Takes,
    Answers(&'static str, &'static str),
    HangsUpAt(&'static str),
}

/// Speaks one conversation on a port of this machine.
fn server(habit: Habit) -> (MailServer, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("smtp://{}", listener.local_addr().unwrap());
    let conversation = spawn(move || {
        let (line, _) = listener.accept().unwrap();
        // The other side may hang up at any time; that is no failure of the test.
        converse(line, habit).ok();
    });
    (MailServer::parse(&address).unwrap(), conversation)
}

fn converse(mut line: TcpStream, habit: Habit) -> std::io::Result<()> {
    let mut reader = BufReader::new(line.try_clone()?);
    line.write_all(b"220 mail.example\r\n")?;
    let mut is_text = false;
    loop {
        let mut said = String::new();
        if reader.read_line(&mut said)? == 0 {
            return Ok(());
        }
        let word = if is_text { if said == ".\r\n" { "." } else { continue } } else { said.get(..4).unwrap_or("") };
        let usual = match word {
            "EHLO" => "250 mail.example",
            "DATA" => "354 go on",
            "." => "250 queued",
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        let answer = match habit {
            Habit::HangsUpAt(at) if at == word => return Ok(()),
            Habit::Answers(at, words) if at == word => words,
            Habit::Takes | Habit::HangsUpAt(_) | Habit::Answers(..) => usual,
        };
        is_text = answer.starts_with("354");
        line.write_all(format!("{answer}\r\n").as_bytes())?;
    }
}

#[test]
fn mail_4_what_the_server_answers_decides_whether_a_letter_is_sent_again() {
    for (habit, expected) in [
        (Habit::Takes, "Sent(\"250 queued\")"),
        (Habit::Answers("RCPT", "550 no such mailbox"), "Refused"),
        (Habit::Answers("RCPT", "451 try again later"), "Later"),
        (Habit::Answers("MAIL", "421 closing"), "Later"),
        (Habit::Answers("DATA", "452 full"), "Later"),
        (Habit::Answers(".", "451 try again later"), "Later"),
        (Habit::Answers(".", "554 no"), "Refused"),
        (Habit::HangsUpAt("EHLO"), "Later"),
        (Habit::HangsUpAt("RCPT"), "Later"),
        (Habit::HangsUpAt("DATA"), "Later"),
        (Habit::HangsUpAt("."), "InDoubt"),
    ] {
        let (mail, conversation) = server(habit);
        let handed = format!("{:?}", mail.hand_over(&outgoing()));
        conversation.join().unwrap();
        assert!(handed.starts_with(expected), "{expected}: {handed}");
    }
}

#[test]
fn mail_4_a_server_that_is_not_there_delays_the_letter() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mail = MailServer::parse(&format!("smtp://127.0.0.1:{port}")).unwrap();
    assert!(matches!(mail.hand_over(&outgoing()), Handed::Later(_)));
}
