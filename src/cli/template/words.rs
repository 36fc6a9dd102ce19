//! The words of the commands about templates in both languages. The sentences of problems come with the check.

use crate::{
    finding::{Confidence, Severity},
    language::Language,
};

/// One language.
#[derive(Debug)]
pub(super) struct Words {
    /// One, several: error, warning, info.
    severities: [[&'static str; 2]; 3],
    /// A problem's severity before its line.
    marks: [&'static str; 3],
    confidences: [&'static str; 3],
    pub no_problems: &'static str,
    pub bytes: &'static str,
    pub inferred: &'static str,
    pub picture: &'static str,
    pub limit: &'static str,
    pub notes: &'static str,
}

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Ko => &KO,
            Language::En => &EN,
        }
    }

    /// `2 errors`.
    pub fn counted(&self, severity: Severity, count: usize) -> String {
        let [one, several] = pick(self.severities, severity);
        let form = if count == 1 { one } else { several };
        form.replace("{}", &count.to_string())
    }

    /// `error`.
    pub fn mark(&self, severity: Severity) -> &'static str {
        pick(self.marks, severity)
    }

    /// How well a rule is known.
    pub fn confidence(&self, confidence: Confidence) -> &'static str {
        let [documented, observed, default] = self.confidences;
        match confidence {
            Confidence::Documented => documented,
            Confidence::Observed => observed,
            Confidence::Default => default,
        }
    }
}

fn pick<T>([error, warning, info]: [T; 3], severity: Severity) -> T {
    match severity {
        Severity::Error => error,
        Severity::Warning => warning,
        Severity::Info => info,
    }
}

const EN: Words = Words {
    severities: [["{} error", "{} errors"], ["{} warning", "{} warnings"], ["{} note", "{} notes"]],
    marks: ["error", "warning", "note"],
    confidences: ["documented", "observed", "our default"],
    no_problems: "nothing wrong found",
    bytes: "{} bytes as sent (SDKs stop at 10,240)",
    inferred: "not documented by Kakao",
    picture: "image",
    limit: "{} measured, {} allowed",
    notes: "notes",
};

const KO: Words = Words {
    severities: [["오류 {}건"; 2], ["주의 {}건"; 2], ["정보 {}건"; 2]],
    marks: ["오류", "주의", "정보"],
    confidences: ["카카오 문서", "관찰됨", "기본값(미확인)"],
    no_problems: "문제가 없습니다",
    bytes: "전송 크기 {}바이트(SDK 한도 10,240)",
    inferred: "카카오 문서에 없는 부분",
    picture: "이미지",
    limit: "측정값 {}, 한도 {}",
    notes: "참고",
};
