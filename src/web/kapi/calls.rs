//! From parameters to a call of the template API: the same names in the Share API, the Message API and the picker.

use super::parameters::Parameters;
use crate::sandbox::{Call, KapiError};

/// Which of the three calls a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A default template.
    Default,
    /// A custom template.
    Custom,
    /// A page.
    Scrap,
}

impl Kind {
    /// The call that the parameters ask for.
    pub fn call(self, parameters: &Parameters) -> Result<Call, KapiError> {
        let template_args = || parameters.get("template_args").unwrap_or_default().to_owned();
        let template_id = parameters.number("template_id");
        Ok(match self {
            Self::Default => Call::Default { template_object: parameters.required("template_object")?.to_owned() },
            Self::Custom => Call::Custom {
                template_id: template_id?.ok_or_else(|| KapiError::unreadable("template_id"))?,
                template_args: template_args(),
            },
            Self::Scrap => Call::Scrap {
                request_url: parameters.required("request_url")?.to_owned(),
                template_id: template_id?,
                template_args: template_args(),
            },
        })
    }
}
