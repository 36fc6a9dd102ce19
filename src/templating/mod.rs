//! The use case: a question about one template. It is checked, joined with a scraped page where one is asked for, and resolved into the
//! message that arrives; then it may be drawn or turned into code. HTTP and the command line ask the same here. What a template means is
//! `template`'s to know, what Kakao's own paths answer is `sandbox`'s.

mod images;

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use tokio::sync::Semaphore;
use utoipa::ToSchema;

use crate::{
    drawing::{Drawer, Form, Look, MessageDrawing, NotDrawn},
    finding::Text,
    report::Report,
    sandbox::Sandbox,
    scrape::{self, Unserved, Watch},
    target,
    template::{
        Check, Envelope, Message, ObjectType, Resolved, Sender, TemplateObject,
        arguments::Arguments,
        check::{Checked, Kind, Rules, check_text, check_value},
        code::{self, CodeInput, Share, Target},
        custom::CustomTemplate,
        document::{Document, Syntax},
        object::{ImageRef, Link},
        resolve::resolve,
        scrap::{ScrapArguments, scrape_message},
    },
    user_agent::UserAgent,
};

/// What is asked about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A template as somebody writes it.
    Text {
        /// Its text.
        text: String,
        /// How it is written.
        syntax: Syntax,
        /// Which kind.
        kind: Kind,
    },
    /// A template as a value: its problems have no line.
    Value {
        /// It.
        value: Value,
        /// Which kind.
        kind: Kind,
    },
    /// A custom template that the sandbox knows.
    Known(i64),
    /// None: Kakao's own template for a scraped page.
    Page,
}

/// A question.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The template.
    pub subject: Subject,
    /// Arguments of a custom template.
    pub arguments: Arguments,
    /// A page to scrape into it.
    pub page: Option<target::Target>,
    /// In whose name it is sent.
    pub sender: Sender,
    /// Fetch and measure its images.
    pub images: bool,
}

/// What is known of a template.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What there is to say about it.
    pub check: Check,
    /// The message and Kakao's answer; `None` if the template is none.
    pub resolved: Option<Resolved>,
    /// The scrape, where a page was asked for.
    pub report: Option<Arc<Report>>,
}

/// What was inferred, in words.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Inferred {
    /// Stable kebab-case name; Kakao-compatible answers name it in `Scraplens-Inferred`.
    #[schema(example = "scrape-envelope")]
    pub code: &'static str,
    /// What of the answer is not documented, and what it rests on.
    pub message: Text,
}

/// What is known of a template, as JSON. The bubble is added by whoever draws.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TemplateAnswer {
    /// Every problem at once.
    pub check: Check,
    /// What Kakao's template API would answer; `null` if the template is none.
    pub envelope: Option<Envelope>,
    /// The message that arrives; `null` likewise.
    pub message: Option<Message>,
    /// What of this is not documented.
    pub inferred: Vec<Inferred>,
    /// The scrape, where a page was asked for.
    #[schema(value_type = Option<Report>)]
    pub report: Option<Arc<Report>>,
}

/// Source code that sends a template.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Code {
    /// Whose SDK.
    pub target: Target,
    /// The language's name, as highlighters know it.
    #[schema(example = "javascript")]
    pub language: &'static str,
    /// The code.
    pub code: String,
    /// What to know before it runs.
    pub notes: Vec<Text>,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum NotAnswered {
    /// No custom template has this id.
    #[error("there is no custom template with the id {0}")]
    Unknown(i64),
    /// Neither a template nor a page was given.
    #[error("there is neither a template nor a page")]
    Nothing,
    /// The template is none: it has no message.
    #[error("there is no message in the template: {why}")]
    NoMessage {
        /// Its first problem.
        why: String,
    },
    /// The page could not be scraped now.
    #[error(transparent)]
    Unserved(#[from] Unserved),
    /// A task of ours died.
    #[error("the task that was to judge the template died")]
    Died,
}

impl NotAnswered {
    /// Of a template that is none.
    pub fn none(check: &Check) -> Self {
        Self::NoMessage { why: check.problems.first().map(|problem| problem.message.en.clone()).unwrap_or_default() }
    }
}

/// Answers questions about templates. Cheap to clone.
#[derive(Clone)]
pub struct Templating {
    sandbox: Sandbox,
    drawer: Drawer,
    judges: Arc<Semaphore>,
}

impl Templating {
    /// Puts the parts together; as many templates are judged at once as there are cores.
    pub fn new(sandbox: Sandbox, drawer: Drawer) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { sandbox, drawer, judges: Arc::new(Semaphore::new(cores)) }
    }

    /// The sandbox, for its apps and templates.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Checks, scrapes and resolves.
    pub async fn answer(&self, ask: &Ask) -> Result<Outcome, NotAnswered> {
        self.watched(ask, None).await
    }

    /// The same, told to somebody as it goes.
    pub async fn watched(&self, ask: &Ask, watch: Option<Watch>) -> Result<Outcome, NotAnswered> {
        let report = match &ask.page {
            Some(target) => Some(Arc::new(self.scrape(target, watch).await?)),
            None => None,
        };
        let Judged { mut check, resolved, object } = self.judge(ask, report.clone()).await?;
        if let Some(object) = object.filter(|_| ask.images) {
            let document = match &ask.subject {
                Subject::Text { text, syntax, .. } => Document::parse(text, *syntax).ok(),
                Subject::Value { .. } | Subject::Known(_) | Subject::Page => None,
            };
            let (scraper, words) = (self.sandbox.scraper(), self.sandbox.words());
            check.problems.extend(images::problems(scraper, words, &object, document.as_ref()).await);
        }
        Ok(Outcome { check, resolved, report })
    }

    /// The answer as JSON.
    pub fn told(&self, outcome: Outcome) -> TemplateAnswer {
        let words = self.sandbox.words();
        let Outcome { check, resolved, report } = outcome;
        let codes = resolved.as_ref().map(|resolved| resolved.inferred.clone()).unwrap_or_default();
        let say = |code| Inferred { code, message: words.say("inferred", code, &[]) };
        TemplateAnswer {
            check,
            envelope: resolved.as_ref().map(Resolved::envelope),
            inferred: codes.into_iter().map(say).collect(),
            message: resolved.map(|resolved| resolved.message),
            report,
        }
    }

    /// The code that sends it.
    pub async fn code(&self, ask: &Ask, callback_args: &Arguments, target: Target) -> Result<Code, NotAnswered> {
        let known = match &ask.subject {
            Subject::Known(id) => Some(*id),
            Subject::Text { text, syntax, kind: Kind::Custom } => {
                CustomTemplate::parse(text, *syntax).ok().map(|template| template.id)
            }
            Subject::Value { value, kind: Kind::Custom } => {
                CustomTemplate::parse(&value.to_string(), Syntax::Json).ok().map(|template| template.id)
            }
            Subject::Text { .. } | Subject::Value { .. } | Subject::Page => None,
        };
        let arguments = &ask.arguments;
        let object;
        let share = match (known, &ask.page) {
            (Some(template_id), None) => Share::Custom { template_id, arguments },
            (Some(id), Some(page)) => Share::Scrap { request_url: page.requested(), template_id: Some(id), arguments },
            (None, Some(page)) if matches!(ask.subject, Subject::Page) => {
                Share::Scrap { request_url: page.requested(), template_id: None, arguments }
            }
            (None, _) => {
                object = self.object(ask).await?;
                Share::Default(&object)
            }
        };
        let input = CodeInput { share, callback_args };
        let say = |code| self.sandbox.words().say("code", code, &[]);
        Ok(Code {
            target,
            language: target.language(),
            code: code::code(&input, target),
            notes: code::notes(&input, target).into_iter().map(say).collect(),
        })
    }

    /// The template as it is shared: with what the page gives.
    async fn object(&self, ask: &Ask) -> Result<TemplateObject, NotAnswered> {
        let report = match &ask.page {
            Some(target) => Some(Arc::new(self.scrape(target, None).await?)),
            None => None,
        };
        let Judged { check, object, .. } = self.judge(ask, report.clone()).await?;
        let object = object.ok_or_else(|| NotAnswered::none(&check))?;
        Ok(with_page(&object, report.as_deref()))
    }

    /// The message drawn.
    pub async fn draw(&self, message: &Message, look: Look, form: Form) -> Result<MessageDrawing, NotDrawn> {
        self.drawer.draw_message(message, look, form).await
    }

    /// Whoever draws.
    pub fn drawer(&self) -> &Drawer {
        &self.drawer
    }

    async fn scrape(&self, target: &target::Target, watch: Option<Watch>) -> Result<Report, Unserved> {
        let ask =
            scrape::Ask { target: target.clone(), user_agent: UserAgent::default(), fresh: false, follow_og_url: None };
        Ok(self.sandbox.scraper().scrape(&ask, watch).await?.report())
    }

    /// Judges off the async workers: a template may be as large as the settings allow.
    async fn judge(&self, ask: &Ask, report: Option<Arc<Report>>) -> Result<Judged, NotAnswered> {
        let _place = self.judges.acquire().await.map_err(|_closed| NotAnswered::Died)?;
        let (templating, ask) = (self.clone(), ask.clone());
        let judging = tokio::task::spawn_blocking(move || templating.judged(&ask, report.as_deref()));
        judging.await.map_err(|died| {
            tracing::error!("judging a template died: {died}");
            NotAnswered::Died
        })?
    }

    /// The check of the template, and what it becomes with its arguments and the page.
    fn judged(&self, ask: &Ask, report: Option<&Report>) -> Result<Judged, NotAnswered> {
        let page = report.map(ScrapArguments::of);
        let rules = |kind| Rules {
            words: self.sandbox.words(),
            kind,
            sender: Some(&ask.sender),
            max_problems: self.sandbox.settings().max_problems,
        };
        let fill = |template: &CustomTemplate| template.fill(&ask.arguments, page.as_ref(), &ask.sender);
        let (Checked { check, object }, custom) = match &ask.subject {
            Subject::Page => {
                let report = report.ok_or(NotAnswered::Nothing)?;
                let resolved = Some(scrape_message(report, &ask.sender));
                return Ok(Judged { check: Check { ok: true, ..Check::default() }, resolved, object: None });
            }
            Subject::Known(id) => {
                let template = self.sandbox.template(*id).ok_or(NotAnswered::Unknown(*id))?;
                (check_value(template.value(), &rules(Kind::Custom)), Some(fill(template)))
            }
            Subject::Text { text, syntax, kind: kind @ Kind::Default } => {
                (check_text(text, *syntax, &rules(*kind)), None)
            }
            Subject::Text { text, syntax, kind: kind @ Kind::Custom } => {
                let template = CustomTemplate::parse(text, *syntax).ok();
                (check_text(text, *syntax, &rules(*kind)), template.as_ref().map(fill))
            }
            Subject::Value { value, kind: kind @ Kind::Default } => (check_value(value, &rules(*kind)), None),
            Subject::Value { value, kind: kind @ Kind::Custom } => {
                let template = CustomTemplate::parse(&value.to_string(), Syntax::Json).ok();
                (check_value(value, &rules(*kind)), template.as_ref().map(fill))
            }
        };
        // A custom template that cannot be filled is still shown as far as it can be read.
        let resolved =
            custom.or_else(|| object.as_ref().map(|object| resolve(&with_page(object, report), &ask.sender)));
        Ok(Judged { check, resolved, object })
    }
}

/// A template judged.
struct Judged {
    check: Check,
    resolved: Option<Resolved>,
    object: Option<TemplateObject>,
}

/// A template with what a page says where its content says nothing. Kakao scrapes into custom templates only: this saves typing.
fn with_page(object: &TemplateObject, report: Option<&Report>) -> TemplateObject {
    let mut object = object.clone();
    let Some((report, card)) = report.and_then(|report| Some((report, report.card.as_ref()?))) else { return object };
    if matches!(object.object_type, ObjectType::Text | ObjectType::List) {
        return object;
    }
    let content = object.content.get_or_insert_default();
    content.title.get_or_insert_with(|| card.title.clone());
    content.description.get_or_insert_with(|| card.description.clone());
    if let (true, Some(image)) =
        (content.images.is_empty(), report.image.as_ref().filter(|image| image.outcome == "ok"))
    {
        content.images.push(ImageRef { url: image.url.clone(), width: image.width, height: image.height });
    }
    content.link.get_or_insert_with(|| Link {
        web_url: Some(card.url.clone()),
        mobile_web_url: Some(card.url.clone()),
        ..Link::default()
    });
    object
}
