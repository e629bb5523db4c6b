//! The page: a template, and in it the report as JSON.

use super::Report;

const TEMPLATE: &str = include_str!("page.html");

/// What stands in the template where the data goes.
const PLACE: &str = "{\"report\":null}";

/// The page that shows a report. It needs nothing but a browser.
pub fn page(report: &Report) -> String {
    let json = serde_json::to_string(report).expect("all of it is JSON");
    TEMPLATE.replacen(PLACE, &embedded(&json), 1)
}

/// JSON as it may stand in an element `script`: there, `<` could end it or begin a comment, and only strings have one.
fn embedded(json: &str) -> String {
    json.replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_leave_their_element() {
        let json = serde_json::json!({ "name": "</script><!--" }).to_string();
        let embedded = embedded(&json);
        assert!(!embedded.contains('<'));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&embedded).unwrap()["name"],
            "</script><!--"
        );
    }

    #[test]
    fn the_template_has_one_place_for_data_and_names_nothing_outside() {
        assert_eq!(TEMPLATE.matches(PLACE).count(), 1);
        for outside in ["src=", "url(", "@import", "https://"] {
            assert!(!TEMPLATE.contains(outside), "{outside}");
        }
    }
}
