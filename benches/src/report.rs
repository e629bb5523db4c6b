//! The figures, as a table in Markdown and as JSON.

use serde::Serialize;

/// A figure of both builders.
#[derive(Debug, Serialize)]
struct Figure {
    name: String,
    unit: &'static str,
    ampoule: f64,
    peer: f64,
    ratio: f64,
}

/// A line of text that belongs to the figures.
#[derive(Debug, Serialize)]
struct Note {
    name: String,
    text: String,
}

/// All figures of a run.
#[derive(Debug, Serialize)]
pub struct Report {
    builders: [String; 2],
    figures: Vec<Figure>,
    notes: Vec<Note>,
}

impl Report {
    /// An empty report on two builders.
    pub fn new(builders: [String; 2]) -> Report {
        Report {
            builders,
            figures: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a figure: Ampoule's, then the peer's.
    pub fn figure(&mut self, name: &str, unit: &'static str, [ampoule, peer]: [f64; 2]) {
        eprintln!("{name}: {} / {} {unit}", digits(ampoule), digits(peer));
        self.figures.push(Figure {
            name: name.to_string(),
            unit,
            ampoule,
            peer,
            ratio: ampoule / peer,
        });
    }

    /// Adds what is not a pair of numbers.
    pub fn note(&mut self, name: &str, text: &str) {
        eprintln!("{name}: {text}");
        self.notes.push(Note {
            name: name.to_string(),
            text: text.to_string(),
        });
    }

    /// The table, then the notes.
    pub fn to_markdown(&self) -> String {
        let [ampoule, peer] = &self.builders;
        let mut lines = vec![
            format!("| | {ampoule} | {peer} | ratio |"),
            "|---|---:|---:|---:|".to_string(),
        ];
        for figure in &self.figures {
            lines.push(format!(
                "| {} ({}) | {} | {} | {:.2} |",
                figure.name,
                figure.unit,
                digits(figure.ampoule),
                digits(figure.peer),
                figure.ratio
            ));
        }
        for note in &self.notes {
            lines.push(format!("\n{}: {}", note.name, note.text));
        }
        lines.join("\n")
    }

    /// The same as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("names and numbers are always JSON")
    }
}

/// Three significant digits, or all of the whole part.
fn digits(number: f64) -> String {
    match number {
        _ if number >= 100.0 => format!("{number:.0}"),
        _ if number >= 10.0 => format!("{number:.1}"),
        _ if number >= 1.0 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}
