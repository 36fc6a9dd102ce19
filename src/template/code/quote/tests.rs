//! Literals read back as each language reads them.

use super::*;
