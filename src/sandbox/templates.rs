//! The custom templates that the sandbox knows: the examples that come with the program, and the files of a folder, read once at the
//! start. What is in them is `template`'s to say.

use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

use super::{SandboxError, Settings};
use crate::template::{CustomTemplate, Syntax, embedded_templates};

/// The templates, by id.
#[derive(Debug, Default)]
pub struct Templates(Vec<CustomTemplate>);

impl Templates {
    /// Reads them. A file of the folder takes the place of an example with its id; two files with one id stop the start, and so does a
    /// file that is no template.
    pub fn open(settings: &Settings) -> Result<Self, SandboxError> {
        let embedded = embedded_templates().map_err(|error| SandboxError::Template {
            file: "config/templates".to_owned(),
            reason: error.to_string(),
            remedy: error.advice().to_owned(),
        })?;
        let own = if settings.templates.as_os_str().is_empty() { Vec::new() } else { folder(settings)? };
        let mut templates = own;
        for example in embedded {
            if !templates.iter().any(|template| template.id == example.id) {
                templates.push(example);
            }
        }
        templates.sort_by_key(|template| template.id);
        Ok(Self(templates))
    }

    /// The template of an id.
    pub fn find(&self, id: i64) -> Option<&CustomTemplate> {
        self.0.iter().find(|template| template.id == id)
    }

    /// All of them, by id.
    pub fn all(&self) -> &[CustomTemplate] {
        &self.0
    }
}

fn folder(settings: &Settings) -> Result<Vec<CustomTemplate>, SandboxError> {
    let mut templates: Vec<CustomTemplate> = Vec::new();
    for (path, syntax) in files(settings)? {
        let template = read(&path, syntax, settings.max_template_bytes)?;
        if let Some(first) = templates.iter().find(|known| known.id == template.id) {
            return Err(SandboxError::Twice {
                first: format!("the id in {}", first.file),
                second: format!("the id in {}", template.file),
                value: template.id.to_string(),
            });
        }
        templates.push(template);
    }
    Ok(templates)
}

/// The folder's templates, in the order of their names.
fn files(settings: &Settings) -> Result<Vec<(PathBuf, Syntax)>, SandboxError> {
    let folder = &settings.templates;
    let unread = |error: std::io::Error| SandboxError::Template {
        file: folder.display().to_string(),
        reason: format!("it cannot be read: {error}"),
        remedy: "name a folder in sandbox.templates, or leave it empty".to_owned(),
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        let syntax = match ending.as_deref() {
            Some("toml") => Syntax::Toml,
            Some("json") => Syntax::Json,
            _ => continue, // notes and the like
        };
        if files.len() == settings.max_templates {
            return Err(SandboxError::Template {
                file: folder.display().to_string(),
                reason: format!("it has more than {} templates", settings.max_templates),
                remedy: "take some out, or raise sandbox.max_templates".to_owned(),
            });
        }
        files.push((path, syntax));
    }
    files.sort_by(|(left, _), (right, _)| left.cmp(right));
    Ok(files)
}

fn read(path: &Path, syntax: Syntax, most: usize) -> Result<CustomTemplate, SandboxError> {
    let file = path.display().to_string();
    let wrong =
        |reason: String, remedy: &str| SandboxError::Template { file: file.clone(), reason, remedy: remedy.to_owned() };
    let mut text = String::new();
    let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)
        .and_then(|file| file.take(bound).read_to_string(&mut text))
        .map_err(|error| wrong(format!("it cannot be read: {error}"), "save it as UTF-8, readable for this user"))?;
    if text.len() > most {
        let reason = format!("it is larger than {most} bytes");
        return Err(wrong(reason, "make it smaller, or raise sandbox.max_template_bytes"));
    }
    let mut template =
        CustomTemplate::parse(&text, syntax).map_err(|error| wrong(error.to_string(), error.advice()))?;
    template.file = file;
    Ok(template)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(folder: &Path) -> Settings {
        let mut settings = crate::config::Settings::defaults().unwrap().sandbox;
        settings.templates = folder.to_owned();
        settings
    }

    fn template(id: i64) -> String {
        format!(
            "id = {id}\nname = \"own\"\npurpose = \"share\"\nobject_type = \"feed\"\n[content]\ntitle = \"${{A}}\"\n[content.link]\nweb_url = \"https://example.com\"\n"
        )
    }

    #[test]
    fn a_file_takes_the_place_of_an_example_with_its_id() {
        let folder = tempfile::tempdir().unwrap();
        let examples = Templates::open(&settings(Path::new(""))).unwrap();
        let known = examples.all()[0].id;
        fs::write(folder.path().join("own.toml"), template(known)).unwrap();
        fs::write(folder.path().join("notes.txt"), "no template").unwrap();

        let templates = Templates::open(&settings(folder.path())).unwrap();

        assert_eq!(templates.all().len(), examples.all().len());
        assert_eq!(templates.find(known).unwrap().name, "own");
        assert!(templates.find(known).unwrap().file.ends_with("own.toml"));
    }

    #[test]
    fn what_cannot_be_used_stops_the_start_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a.toml"), template(7)).unwrap();
        fs::write(path("b.toml"), template(7)).unwrap();
        let twice = Templates::open(&settings(folder.path())).unwrap_err().to_string();
        assert!(twice.contains("a.toml") && twice.contains("b.toml") && twice.contains('7'), "{twice}");

        fs::write(path("b.toml"), "id = ").unwrap();
        let broken = Templates::open(&settings(folder.path())).unwrap_err().to_string();
        assert!(broken.contains("b.toml"), "{broken}");

        fs::write(path("b.toml"), "#".repeat(300_000)).unwrap();
        let large = Templates::open(&settings(folder.path())).unwrap_err().to_string();
        assert!(large.contains("b.toml") && large.contains("sandbox.max_template_bytes"), "{large}");

        let mut one = settings(folder.path());
        one.max_templates = 1;
        assert!(Templates::open(&one).unwrap_err().to_string().contains("sandbox.max_templates"));

        let missing = Templates::open(&settings(&path("none"))).unwrap_err().to_string();
        assert!(missing.contains("sandbox.templates"), "{missing}");
    }
}
