//! The trials of a handler, as data: what is sent, how, and what a good handler does with it. Everything but the last few is
//! something that a user of a service may cause: arguments are what the service's own pages put in.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::super::{CallbackArgs, ChatType, Event, Oddity, request::BodyForm};
use crate::{fetch::Pace, sandbox::WebhookMethod};

/// One trial, before it is made.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub code: &'static str,
    pub event: Event,
    pub oddity: Oddity,
    pub expect: Expect,
    /// How many at once.
    pub times: usize,
}

/// What a good handler does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expect {
    /// Answers 2XX.
    Success,
    /// Answers 2XX; or refuses, if such a thing cannot be in its service.
    Odd,
    /// Answers 2XX; Kakao may never send it so.
    Guess,
    /// Refuses.
    Refusal,
    /// Lives on.
    HangUp,
}

impl Plan {
    fn new(code: &'static str, chat_type: ChatType, args: &Map<String, Value>, expect: Expect) -> Self {
        let event = Event { chat_type, template_id: None, callback_args: CallbackArgs::Given(args.clone()) };
        Self { code, event, oddity: Oddity::default(), expect, times: 1 }
    }

    fn with(mut self, oddity: Oddity) -> Self {
        self.oddity = oddity;
        self
    }
}

/// All trials of a handler that takes `method`, each with `base` in its arguments. The first is a plain one.
pub(super) fn plans(base: &Map<String, Value>, method: WebhookMethod, limit: Duration) -> Vec<Plan> {
    let post = method == WebhookMethod::Post;
    let mut plans: Vec<Plan> =
        CHATS.into_iter().map(|(code, chat_type)| Plan::new(code, chat_type, base, Expect::Success)).collect();
    let memo = |code, args: &Map<String, Value>, expect| Plan::new(code, ChatType::MemoChat, args, expect);

    let mut template = memo("template-id", base, Expect::Success);
    template.event.template_id = Some(1234);
    plans.push(template);
    plans.push(memo("no-arguments", &Map::new(), Expect::Odd));
    for (code, odd) in odd_arguments(post) {
        let mut args = base.clone();
        if let Value::Object(odd) = odd {
            args.extend(odd);
        }
        plans.push(memo(code, &args, Expect::Odd));
    }
    if post {
        let form = |form| Oddity { form, ..Oddity::default() };
        plans.push(memo("content-type-charset", base, Expect::Guess).with(form(BodyForm::JsonWithCharset)));
        plans.push(memo("content-type-form", base, Expect::Guess).with(form(BodyForm::Form)));
    }
    plans.push(memo("wrong-key", base, Expect::Refusal).with(Oddity { wrong_key: true, ..Oddity::default() }));
    plans.push(Plan { times: 2, ..memo("twice-at-once", base, Expect::Success) });
    let paced = |pace| Oddity { pace, ..Oddity::default() };
    let pause = limit / 6;
    if post {
        plans.push(memo("slow-write", base, Expect::Success).with(paced(Pace { write: pause, ..Pace::default() })));
    }
    plans.push(memo("slow-read", base, Expect::Success).with(paced(Pace { read: pause, ..Pace::default() })));
    let leave = Some(Duration::from_millis(20));
    plans.push(memo("hang-up", base, Expect::HangUp).with(paced(Pace { leave, ..Pace::default() })));
    plans
}

/// What users and developers really put into arguments, and what breaks handlers.
fn odd_arguments(post: bool) -> Vec<(&'static str, Value)> {
    let mut odd = vec![
        ("hangul", json!({"이름": "라이언 가각힣 ㄱㅏ", "name": "한글"})),
        ("emoji", json!({"emoji": "👩‍👩‍👧‍👦🇰🇷❤️‍🔥 e\u{301}"})),
        ("long-value", json!({"long": "가나다라".repeat(341)})),
        ("empty-value", json!({"empty": "", "": "empty name"})),
        (
            "odd-keys",
            json!({"a.b": "1", "a[b]": "2", "a[]": "3", "a\"b'c": "4", "100%": "5", "a+b": "6", "a&b=c": "7", "a b": "8"}),
        ),
        ("odd-values", json!({"value": "100% a+b&c=d;e#f?g \"quoted\" 'single' \\ back/slash"})),
        ("alike-keys", json!({"key": "1", "KEY": "2", "Key ": "3", "key[]": "4", "chat_type": "5"})),
        ("control-letters", json!({"lines": "one\r\nX-Two: 2\ttab", "nul": "a\u{0}b", "bidi": "\u{202e}txt"})),
        ("markup", json!({"html": "<script>alert(1)</script><img src=x onerror=alert(1)>"})),
        ("sql", json!({"sql": "'; DROP TABLE shares; --", "quote": "O'Brien"})),
        ("inherited-names", json!({"__proto__": "1", "constructor": "2", "toString": "3", "hasOwnProperty": "4"})),
        ("placeholders", json!({"value": "${jndi:ldap://127.0.0.1/a} {{7*7}} ${7*7} %s %n ../../etc/passwd"})),
    ];
    if post {
        odd.push((
            "typed-values",
            json!({"number": 1.5, "large": 9_007_199_254_740_993_i64, "yes": true, "none": null}),
        ));
        odd.push(("nested-values", json!({"nested": {"a": [1, {"b": [[]]}]}, "list": ["1", 2]})));
    }
    odd
}

/// One of each kind of chat; the first is the plain delivery that every handler must answer.
const CHATS: [(&str, ChatType); 5] = [
    ("memo-chat", ChatType::MemoChat),
    ("direct-chat", ChatType::DirectChat),
    ("multi-chat", ChatType::MultiChat),
    ("open-direct-chat", ChatType::OpenDirectChat),
    ("open-multi-chat", ChatType::OpenMultiChat),
];
