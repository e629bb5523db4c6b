//! Flags of Python's own command line: they hold for the Python in the component.

use ampoule_settings::{PythonOption, PythonSettings};

/// What Python in the component is started with.
#[derive(Clone, Debug, clap::Args)]
pub struct PythonFlags {
    /// Compile all modules without assertions, as Python's -O; -OO leaves out docstrings, too
    #[arg(short = 'O', action = clap::ArgAction::Count)]
    optimize: u8,
    /// Option of the interpreter, as Python's -X, such as `dev` or `int_max_str_digits=0`; may be given several times
    #[arg(short = 'X', value_name = "OPTION", value_parser = with::<'X'>)]
    x: Vec<PythonOption>,
    /// Filter of warnings, as Python's -W, such as `error`; may be given several times
    #[arg(short = 'W', value_name = "FILTER", value_parser = with::<'W'>)]
    warnings: Vec<PythonOption>,
    #[command(flatten)]
    settings: PythonSettings,
}

/// The option with this letter and an argument.
fn with<const LETTER: char>(argument: &str) -> Result<PythonOption, String> {
    format!("-{LETTER}{argument}").parse()
}

impl PythonFlags {
    /// These flags after what a project has: the later ones prevail, as for Python.
    pub fn after(&self, mut project: PythonSettings) -> PythonSettings {
        let optimize = (self.optimize > 0).then(|| format!("-{}", "O".repeat(self.optimize.into())));
        let optimize = optimize.map(|option| option.parse().expect("-O can be repeated"));
        let given = &self.settings;
        let options = given.python_options.iter().chain(&optimize);
        let options = options.chain(&self.x).chain(&self.warnings);
        project.python_options.extend(options.cloned());
        project.python_variables.extend(given.python_variables.iter().cloned());
        project
    }
}
