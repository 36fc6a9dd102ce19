//! The Message API: a message to oneself, and one to friends. What the message is, is `answer`'s; nobody gets it, but everything is
//! counted and refused as if they did.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Answer, Api, App, Call, KapiError, PeopleLimit, Sandbox, Use, User};

/// What became of a message to friends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct SentToFriends {
    /// Who got it.
    pub successful_receiver_uuids: Vec<String>,
    /// Who did not, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failure_info: Vec<SendFailure>,
    /// What of this is not documented.
    #[serde(skip)]
    #[schema(ignore)]
    pub inferred: Vec<&'static str>,
}

/// Why some did not get a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SendFailure {
    /// Kakao's code.
    #[schema(example = -532)]
    pub code: i32,
    /// What happened.
    #[schema(example = "daily message limit per sender has been exceeded.")]
    pub msg: String,
    /// Who did not get it.
    pub receiver_uuids: Vec<String>,
}

impl Sandbox {
    /// A message to oneself. It counts for the app; people's limits are about messages to friends.
    pub async fn send_to_oneself(&self, app: &App, call: Call) -> Result<Answer, KapiError> {
        self.has_room(app, Use::Message).await?;
        let answer = self.answer_to(Api::Memo, app, call).await?;
        self.spend(app, Use::Message).await?;
        Ok(answer)
    }

    /// A message to friends, who are users of the sandbox.
    pub async fn send_to_friends(
        &self,
        app: &App,
        sender: &User,
        receivers: &[String],
        call: Call,
    ) -> Result<SentToFriends, KapiError> {
        self.has_room(app, Use::Message).await?;
        let answer = self.answer_to(Api::Friends, app, call).await?;
        let mut sent = SentToFriends { inferred: answer.resolved.inferred, ..SentToFriends::default() };
        for uuid in receivers {
            match self.one(app, sender, uuid).await? {
                Ok(()) => sent.successful_receiver_uuids.push(uuid.clone()),
                Err(why) => sent.fail(&why, uuid),
            }
        }
        if let ([], [only]) = (sent.successful_receiver_uuids.as_slice(), sent.failure_info.as_slice()) {
            return Err(nobody(only, sent.inferred));
        }
        self.spend(app, Use::Message).await?;
        Ok(sent)
    }

    async fn one(&self, app: &App, sender: &User, uuid: &str) -> Result<Result<(), Why>, KapiError> {
        let Some(receiver) = self.user_of_uuid(uuid) else { return Ok(Err(Why::Unknown)) };
        Ok(self.spend_people(app, sender, receiver).await?.map_err(Why::Limit))
    }
}

impl SentToFriends {
    fn fail(&mut self, why: &Why, uuid: &str) {
        let (code, msg) = why.words();
        self.inferred.extend(why.inferred());
        let known = self.failure_info.iter_mut().find(|failure| failure.code == code && failure.msg == msg);
        if let Some(failure) = known {
            failure.receiver_uuids.push(uuid.to_owned());
        } else {
            let receiver_uuids = vec![uuid.to_owned()];
            self.failure_info.push(SendFailure { code, msg: msg.to_owned(), receiver_uuids });
        }
    }
}

/// Nobody got it, all for one reason: then the answer is that error (SDK fixture `single_failure`).
fn nobody(failure: &SendFailure, inferred: Vec<&'static str>) -> KapiError {
    let mut error = KapiError::new(failure.code, failure.msg.clone());
    error.more.insert("receiver_ids".to_owned(), failure.receiver_uuids.clone().into());
    error.inferred = inferred;
    error.inferred("message-all-failed")
}

enum Why {
    Unknown,
    Limit(PeopleLimit),
}

impl Why {
    /// The code and the text; that of the sender's limit is an SDK fixture (`partial_success`), the others are made after it.
    fn words(&self) -> (i32, &'static str) {
        match self {
            Self::Unknown => (-501, "the receiver is not a KakaoTalk user."),
            Self::Limit(PeopleLimit::Sender) => (-532, "daily message limit per sender has been exceeded."),
            Self::Limit(PeopleLimit::Receiver) => (-532, "daily message limit per receiver has been exceeded."),
            Self::Limit(PeopleLimit::Pair) => (-532, "daily message limit per sender and receiver has been exceeded."),
        }
    }

    fn inferred(&self) -> Option<&'static str> {
        match self {
            Self::Unknown => Some("receiver-unknown"),
            Self::Limit(PeopleLimit::Sender) => None,
            Self::Limit(PeopleLimit::Receiver | PeopleLimit::Pair) => Some("people-limit"),
        }
    }
}
