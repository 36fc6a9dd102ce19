//! The page of the picker. Everything that is a caller's is text; the bubble comes from our own painter.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{super::parameters::Parameters, Asked, refusal::Refusal};
use crate::{
    finding::{Severity, Text},
    language::Language,
    sandbox::{
        Answer,
        webhook::{ChatType, Delivery},
    },
    words::Words,
};

/// What is offered.
pub struct Draft<'a> {
    /// The form, to be sent again with the chat.
    pub parameters: &'a Parameters,
    /// The message.
    pub answer: &'a Answer,
    /// The message drawn.
    pub bubble: Option<String>,
}

/// The document around `body`.
pub fn page(body: &Markup, language: Language) -> String {
    let title = match language {
        Language::Ko => "카카오톡 공유 샌드박스",
        Language::En => "Kakao Talk Share sandbox",
    };
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="icon" href="/static/favicon.svg";
                link rel="stylesheet" href="/static/css/tokens.css";
                link rel="stylesheet" href="/api/v1/preview.css";
                link rel="stylesheet" href="/static/css/picker.css";
                script src="/static/js/picker.js" defer {}
            }
            body { header { strong { "scraplens" } " " (title) } (body) }
        }
    }
    .into_string()
}

/// The message, the chats, and the button.
pub fn offer(words: &Words, language: Language, draft: &Draft<'_>) -> Markup {
    let say = |code| in_language(&words.say("picker", code, &[]), language).to_owned();
    let answer = draft.answer;
    let validated = serde_json::to_string(&answer.resolved.envelope()).unwrap_or_default();
    html! {
        main {
            h1 { (say("choose")) }
            p.note { (say("sandbox")) }
            div.stage {
                @match &draft.bubble {
                    Some(bubble) => (PreEscaped(bubble)),
                    None => p { (answer.resolved.message.title) },
                }
            }
            form method="post" action="/picker/send" {
                @for (name, value) in draft.parameters.pairs().filter(|(name, _)| FORM.contains(name)) {
                    input type="hidden" name=(name) value=(value);
                }
                input type="hidden" id="validatedTalkLink" value=(validated);
                fieldset {
                    legend { (say("chat")) }
                    @for (place, chat) in ChatType::ALL.into_iter().enumerate() {
                        label {
                            input type="radio" name="chat_type" value=(chat.as_str()) checked[place == 0];
                            span { (say(chat.as_str())) } " " code { (chat.as_str()) }
                        }
                    }
                }
                button type="submit" { (say("send")) }
            }
            (remarks(words, language, answer))
        }
    }
}

/// What was dropped or is missing, what is worth knowing, and what of it is not documented.
fn remarks(words: &Words, language: Language, answer: &Answer) -> Markup {
    let resolved = &answer.resolved;
    let problems = answer.check.problems.iter().filter(|problem| problem.severity != Severity::Info);
    let problems: Vec<_> = problems.take(MOST_TOLD).collect();
    html! {
        @if !problems.is_empty() || !resolved.warning_msg.is_empty() || !resolved.argument_msg.is_empty() {
            section {
                h2 { (in_language(&words.say("picker", "remarks", &[]), language)) }
                ul {
                    @for (place, text) in resolved.warning_msg.iter().chain(&resolved.argument_msg).take(MOST_TOLD) {
                        li { code { (place) } " " (text.as_str().unwrap_or_default()) }
                    }
                    @for problem in problems {
                        li { code { (problem.path) } " " (in_language(&problem.message, language)) }
                    }
                }
            }
        }
        @if !resolved.inferred.is_empty() {
            details {
                summary { (in_language(&words.say("picker", "inferred", &[]), language)) }
                ul { @for code in &resolved.inferred { li { (in_language(&words.say("inferred", code, &[]), language)) } } }
            }
        }
    }
}

/// It was shared; `data-origin` names the page that is told.
pub fn sent(words: &Words, language: Language, asked: &Asked<'_>, delivery: Option<&Delivery>) -> Markup {
    let say = |code| in_language(&words.say("picker", code, &[]), language).to_owned();
    html! {
        main id="sent" data-origin=[asked.origin.as_deref()] {
            h1 { (say("sent")) }
            p.note { (say("nobody")) }
            @if let Some(delivery) = delivery {
                section {
                    h2 { (say("webhook")) }
                    p { (in_language(&delivery.conclusion, language)) }
                    p.note { (in_language(&delivery.advice, language)) }
                }
            }
            button type="button" id="close" hidden { (say("close")) }
        }
    }
}

/// Nothing can be shared: the picker's code, Kakao's words, and all problems in both languages.
pub fn failure(words: &Words, language: Language, refusal: &Refusal) -> Markup {
    let code = format!("code-{}", refusal.code);
    let text = words.say("picker", &code, &[]);
    let (_, description, name) = refusal.words();
    let name = if name == refusal.code.to_string() { name } else { format!("{} ({name})", refusal.code) };
    let problems = refusal.error.check.iter().flat_map(|check| &check.problems);
    html! {
        main {
            h1 { (in_language(&words.say("picker", "failed", &[]), language)) }
            p { strong { (name) } }
            p lang="ko" { (text.ko) }
            p lang="en" { (text.en) }
            pre { (description) @if description != refusal.error.msg { "\n" (refusal.error.msg) } }
            @if refusal.error.check.is_some() {
                ul {
                    @for problem in problems.take(MOST_TOLD) {
                        li {
                            code { (problem.path) }
                            p lang="ko" { (problem.message.ko) br; span.note { (problem.advice.ko) } }
                            p lang="en" { (problem.message.en) br; span.note { (problem.advice.en) } }
                        }
                    }
                }
            }
            @for inferred in &refusal.error.inferred {
                @let text = words.say("inferred", inferred, &[]);
                p.note lang="ko" { (text.ko) }
                p.note lang="en" { (text.en) }
            }
        }
    }
}

fn in_language(text: &Text, language: Language) -> &str {
    match language {
        Language::Ko => &text.ko,
        Language::En => &text.en,
    }
}

/// What of the form is sent again.
const FORM: [&str; 6] = ["app_key", "ka", "validation_action", "validation_params", "lcba", "target_app_key"];

/// Problems on one page.
const MOST_TOLD: usize = 50;
