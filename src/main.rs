//! The program. Everything it can do is in the library; this file hands over the arguments and the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    scraplens::cli::main()
}
