//! ufw: what `ufw status` and `ufw show added` print, and the files it keeps (`user.rules`, `user6.rules`, `/etc/default/ufw`,
//! `ufw.conf`, profiles, `before.rules`). The dump of a running ufw host by `iptables-save` is the `iptables` dialect's.

mod added;
mod build;
mod open;
mod profiles;
mod row;
mod saved;
mod settings;
mod status;

#[cfg(test)]
mod tests;

use self::build::Found;
use super::{
    super::{File, Malformed, Reading, Ruleset},
    Cannot, Format,
};

/// The row of `FORMATS`.
pub const FORMAT: Format = Format {
    name: "ufw",
    title: "ufw",
    from: "ufw status verbose; /etc/ufw/user.rules, /etc/ufw/user6.rules, /etc/default/ufw",
    joins: true,
    cannot: &[
        Cannot {
            ko: "`ufw status`에는 기본 정책이 나오지 않으므로, 일치하는 규칙이 없는 대역은 판단하지 않습니다. `ufw status verbose`를 쓰거나 /etc/default/ufw를 함께 주십시오.",
            en: "`ufw status` hides the default policy, so ranges that no rule matches stay open: use `ufw status verbose`, or add /etc/default/ufw.",
        },
        Cannot {
            ko: "Docker가 공개한 포트는 ufw를 거치지 않습니다. 그런 포트는 이 목록으로 판단할 수 없으므로 iptables-save를 사용하십시오.",
            en: "Ports that Docker publishes never pass ufw: for those this listing says nothing; use iptables-save.",
        },
        Cannot {
            ko: "before.rules와 after.rules에 직접 넣은 규칙은 ufw 출력에 나오지 않으며, 기본 내용 그대로라고 가정합니다.",
            en: "Rules put by hand into before.rules and after.rules are not in ufw's output; the stock contents are assumed.",
        },
        Cannot {
            ko: "LIMIT 규칙은 30초 안에 여섯 번째 접속부터 거부하므로, 통과 여부가 접속 빈도에 따라 달라집니다.",
            en: "A LIMIT rule refuses from the sixth connection within 30 seconds: whether it lets a visit in depends on the rate.",
        },
        Cannot {
            ko: "널리 쓰이는 것이 아닌 애플리케이션 프로필은 포트를 알 수 없습니다. `ufw status verbose`를 쓰거나 /etc/ufw/applications.d의 파일을 함께 주십시오.",
            en: "Ports of application profiles that are not common ones are not known: use `ufw status verbose`, or add the files of /etc/ufw/applications.d.",
        },
    ],
    recognise,
    parse,
    open: Some(open::open),
};

/// What one file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Output of `ufw status`, in any of its forms.
    Status,
    /// Output of `ufw show added`.
    Added,
    /// `user.rules` or `user6.rules`.
    Saved,
    /// `before.rules` or `before6.rules`.
    Before,
    /// `/etc/default/ufw` or `ufw.conf`.
    Settings,
    /// A file of `/etc/ufw/applications.d`.
    Profiles,
}

fn kind(text: &str) -> Option<Kind> {
    // What a file is shows in its first lines; looking further would only find other people's words.
    const LINES: usize = 200;
    let mut saved = None;
    let mut sections = 0;
    for line in text.lines().take(LINES) {
        let line = line.trim_start_matches('\u{feff}').trim();
        if status::is_status_line(line) {
            return Some(Kind::Status);
        }
        if added::is_head(line) || added::is_command(line) {
            return Some(Kind::Added);
        }
        if line.starts_with("### tuple ###") {
            return Some(Kind::Saved);
        }
        if line.starts_with(":ufw-user-input ") || line.starts_with(":ufw6-user-input ") {
            saved = saved.or(Some(Kind::Saved));
        }
        // Of a running host's dump both chains are part; the saved files of ufw have the one or the other.
        if line.starts_with(":ufw-before-input ") || line.starts_with(":ufw6-before-input ") {
            saved = if saved.is_some() || line_of_running_host(text) { return None } else { Some(Kind::Before) };
        }
        if settings::is_setting(line) {
            return settings::is_settings(text).then_some(Kind::Settings);
        }
        if line.starts_with('[') && line.ends_with(']') {
            sections += 1;
        }
        if sections > 0 && line.strip_prefix("ports").is_some_and(|rest| rest.trim_start().starts_with('=')) {
            return Some(Kind::Profiles);
        }
    }
    saved
}

/// `iptables-save` writes the built-in chains, ufw's files never do.
fn line_of_running_host(text: &str) -> bool {
    text.lines().take(200).any(|line| line.starts_with(":INPUT "))
}

fn recognise(text: &str) -> u8 {
    if line_of_running_host(text) {
        return 0;
    }
    match kind(text) {
        Some(Kind::Status | Kind::Saved) => 96,
        Some(Kind::Added | Kind::Before) => 92,
        Some(Kind::Settings) => 85,
        Some(Kind::Profiles) => 60,
        None => 0,
    }
}

const ADVICE: &str = "give the output of `ufw status verbose`, or /etc/ufw/user.rules with /etc/default/ufw";

fn parse(files: &[File], _reading: &Reading) -> Result<Ruleset, Malformed> {
    let mut found = Found::default();
    for (index, file) in files.iter().enumerate() {
        match kind(&file.text) {
            Some(Kind::Status) => status::read(file, index, &mut found)?,
            Some(Kind::Added) => added::read(file, index, &mut found)?,
            Some(Kind::Saved) => saved::read(file, index, &mut found)?,
            Some(Kind::Before) => saved::read_before(file, index, &mut found),
            Some(Kind::Settings) => settings::read(file, index, &mut found),
            Some(Kind::Profiles) => profiles::read(file, &mut found.profiles),
            None => {
                let what = "this is neither output of ufw nor a file of its own";
                return Err(Malformed::at(file, 0, 0, what, ADVICE));
            }
        }
    }
    if !found.speaks
        && let Some(file) = files.first()
    {
        let what = "the rules themselves are missing: these files only go with them";
        return Err(Malformed::at(file, 0, 0, what, ADVICE));
    }
    Ok(build::build(found))
}
