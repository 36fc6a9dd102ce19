//! `POST /api/v1/share/send`: a simulated share. The message is answered as by Kakao, and the app's handler is told of it. To whom is
//! said by the settings alone, never by a request.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::fresh;
use crate::{
    sandbox::{
        KapiError, Sandbox, Sent, Share, Use,
        webhook::{CallbackArgs, ChatType, Delivery},
    },
    templating::{Outcome, TemplateAnswer, Templating},
    web::{
        Limits, body,
        problem::{Problem, ProblemDetails},
        template::question::{KindWord, LanguageWord, SyntaxWord, TemplateQuestion, ThemeWord, WidthWord, split},
    },
};

/// What a share has besides its template.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ShareOptions {
    callback_args: Option<Value>,
    chat_type: Option<ChatType>,
}

/// A template, and where it is shared to: what `POST /api/v1/template/check` takes, and two members more. Only described here; it is
/// read in two parts.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the body, which is read in two parts")]
#[schema(example = json!({
    "text": "{\"object_type\":\"text\",\"text\":\"안녕하세요\",\"link\":{\"web_url\":\"https://example.com\"}}",
    "app": 1, "chat_type": "MemoChat", "callback_args": { "user_id": "1" }
}))]
pub struct ShareQuestion {
    /// The template as somebody writes it; problems then have line and column.
    text: Option<String>,
    /// The template as a value.
    #[schema(value_type = Option<Object>)]
    template: Option<Value>,
    /// How `text` is written; `json` if left out.
    syntax: Option<SyntaxWord>,
    /// A `default` template; a `custom` one is shared by its `template_id`.
    kind: Option<KindWord>,
    /// A custom template that this server knows (`GET /api/v1/templates`), instead of a text.
    #[schema(example = 1001)]
    template_id: Option<i64>,
    /// Arguments of a custom template, as `template_args`.
    #[schema(value_type = Option<Object>, example = json!({ "KEY": "value" }))]
    args: Option<Value>,
    /// A page to scrape into the template.
    #[schema(example = "https://example.com/post/1")]
    url: Option<String>,
    /// The app that sends it; the first one if left out.
    #[schema(example = 1)]
    app: Option<i64>,
    /// Of no meaning here: for questions that are sent to `check` and here alike.
    images: Option<bool>,
    /// The same.
    theme: Option<ThemeWord>,
    /// The same.
    width: Option<WidthWord>,
    /// The same.
    lang: Option<LanguageWord>,
    /// `serverCallbackArgs`: an object, or a string with one in it. Without it Kakao sends no webhook.
    #[schema(value_type = Option<Value>, example = json!({ "user_id": "1" }))]
    callback_args: Option<Value>,
    /// Where it is shared to; `MemoChat` if left out.
    chat_type: Option<ChatType>,
}

/// What came of a share.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareAnswer {
    /// What the template API answers, as `POST /api/v1/template/check` says it; `null` where Kakao
    /// refuses a scraped page.
    answer: Option<TemplateAnswer>,
    /// The webhook; `null` where nothing was shared.
    #[schema(value_type = Option<Delivery>)]
    delivery: Option<Arc<Delivery>>,
    /// Kakao's error, where it refuses the message.
    error: Option<ShareError>,
}

/// An error in Kakao's words.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareError {
    /// Kakao's code.
    #[schema(example = -2)]
    code: i32,
    /// Kakao's text.
    msg: String,
}

/// Shares a message as if somebody had pressed "send" in the picker, and tells the app's webhook handler of it, once.
///
/// Counts as one call of the Share API. A template with mistakes is data: it comes as 200 with `error`, as Kakao would answer it, or with `warning_msg`.
#[utoipa::path(post, path = "/api/v1/share/send", tag = "share", operation_id = "share_send", request_body = ShareQuestion, responses(
    (status = 200, description = "Kakao's answer, and what became of the webhook", body = ShareAnswer),
    (status = 400, description = "The body, an argument or the URL cannot be used, or there is no such app", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 404, description = "There is no such custom template", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 408, description = "The body took too long", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 413, description = "The body or the template is too large", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, description = "Too many pages are being scraped; see Retry-After", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub async fn post(
    request: HttpRequest,
    payload: web::Payload,
    sandbox: web::Data<Sandbox>,
    templating: web::Data<Templating>,
    limits: web::Data<Limits>,
) -> Result<HttpResponse, Problem> {
    let bytes = body::read(&request, payload, limits.body).await?;
    let (question, options): (TemplateQuestion, ShareOptions) = split(&bytes, &["callback_args", "chat_type"])?;
    let limit = sandbox.settings().webhook.max_callback_bytes;
    let share = Share {
        app: question.app(&sandbox)?.clone(),
        call: question.call(&sandbox, &limits)?,
        callback_args: CallbackArgs::of(&options.callback_args.unwrap_or_default(), limit),
        chat_type: options.chat_type.unwrap_or_default(),
    };
    let app = share.app.clone();
    let sent = match sandbox.has_room(&app, Use::Share).await {
        Ok(()) => Box::pin(sandbox.send(share)).await,
        Err(refused) => Sent { answer: Err(refused), delivery: None },
    };
    // What was shared is counted, also by the last of several that all still had room.
    if sent.answer.is_ok() {
        let _used_up = sandbox.spend(&app, Use::Share).await;
    }
    fresh(&match sent.answer {
        Ok(answer) => ShareAnswer {
            answer: Some(templating.told(Outcome {
                check: answer.check,
                resolved: Some(answer.resolved),
                report: answer.report,
            })),
            delivery: sent.delivery,
            error: None,
        },
        Err(KapiError { code, msg, .. }) => {
            // What is wrong with the template is worth saying; a page is not scraped twice for it.
            let answer = if question.url.is_none() {
                let outcome = templating.answer(&question.ask(&sandbox, &limits)?).await?;
                Some(templating.told(outcome))
            } else {
                None
            };
            ShareAnswer { answer, delivery: sent.delivery, error: Some(ShareError { code, msg }) }
        }
    })
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema;

    use super::*;

    fn members<T: PartialSchema>() -> Vec<String> {
        let schema = serde_json::to_value(T::schema()).unwrap();
        schema["properties"].as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn a_share_is_described_as_a_template_and_two_members_more() {
        let mut expected = members::<TemplateQuestion>();
        expected.extend(["callback_args".to_owned(), "chat_type".to_owned()]);
        expected.sort();
        let mut described = members::<ShareQuestion>();
        described.sort();
        assert_eq!(described, expected);
    }
}
