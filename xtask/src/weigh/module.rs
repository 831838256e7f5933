//! A WASM module's sections, and its functions with their names, as far as a list of sizes needs them.
//!
//! [Binary format](https://webassembly.github.io/spec/core/binary/modules.html).

use std::collections::HashMap;

/// Bytes that are read from front to back.
struct Reader<'m>(&'m [u8]);

impl<'m> Reader<'m> {
    fn take(&mut self, length: usize) -> Option<&'m [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    /// An unsigned LEB128 number.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// Bytes behind their length.
    fn part(&mut self) -> Option<&'m [u8]> {
        let length = self.number()?;
        self.take(length)
    }

    fn text(&mut self) -> Option<String> {
        self.part()
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }
}

/// What a module consists of, sizes in bytes.
pub struct Module {
    pub sections: Vec<(String, usize)>,
    /// Those with code, in the module's order.
    pub functions: Vec<(String, usize)>,
}

impl Module {
    pub fn read(bytes: &[u8]) -> Result<Module, String> {
        if !bytes.starts_with(b"\0asm\x01\0\0\0") {
            return Err("expected a WASM module of version 1, found other bytes".into());
        }
        read(&bytes[8..]).ok_or_else(|| "the WASM module ends within a section".into())
    }
}

fn read(bytes: &[u8]) -> Option<Module> {
    let mut module = Reader(bytes);
    let (mut sections, mut sizes) = (Vec::new(), Vec::new());
    let (mut imported, mut names) = (0, HashMap::new());
    while let Some(id) = module.byte() {
        let bytes = module.part()?;
        let mut section = Reader(bytes);
        let name = match id {
            0 => section.text()?,
            _ => name(id).to_owned(),
        };
        match id {
            0 if name == "name" => names = function_names(section)?,
            2 => imported = imported_functions(section)?,
            10 => {
                for _ in 0..section.number()? {
                    sizes.push(section.part()?.len());
                }
            }
            _ => {}
        }
        sections.push((name, bytes.len()));
    }
    let functions = (imported..).zip(sizes);
    let functions = functions.map(|(index, size)| {
        let name = names.remove(&index);
        (name.unwrap_or_else(|| format!("function {index}")), size)
    });
    Some(Module {
        sections,
        functions: functions.collect(),
    })
}

fn name(id: u8) -> &'static str {
    match id {
        1 => "types",
        2 => "imports",
        3 => "functions",
        4 => "tables",
        5 => "memories",
        6 => "globals",
        7 => "exports",
        8 => "start",
        9 => "elements",
        10 => "code",
        11 => "data",
        12 => "data count",
        13 => "tags",
        _ => "unknown",
    }
}

/// The part 1 of the section `name`.
fn function_names(mut section: Reader<'_>) -> Option<HashMap<usize, String>> {
    let mut names = HashMap::new();
    while let Some(part) = section.byte() {
        let mut map = Reader(section.part()?);
        if part == 1 {
            for _ in 0..map.number()? {
                names.insert(map.number()?, map.text()?);
            }
        }
    }
    Some(names)
}

fn imported_functions(mut section: Reader<'_>) -> Option<usize> {
    let mut count = 0;
    for _ in 0..section.number()? {
        section.part()?;
        section.part()?;
        match section.byte()? {
            0 => {
                section.number()?;
                count += 1;
            }
            kind @ (1 | 2) => {
                if kind == 1 {
                    section.byte()?;
                }
                let has_maximum = section.byte()? & 1 == 1;
                section.number()?;
                if has_maximum {
                    section.number()?;
                }
            }
            3 => {
                section.take(2)?;
            }
            _ => {
                section.byte()?;
                section.number()?;
            }
        }
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_have_their_names_behind_the_imports() {
        let module = b"\0asm\x01\0\0\0\
            \x01\x04\x01\x60\0\0\
            \x02\x07\x01\x01a\x01b\0\0\
            \x03\x03\x02\0\0\
            \x0a\x08\x02\x02\0\x0b\x03\0\x01\x0b\
            \0\x0b\x04name\x01\x04\x01\x01\x01x";
        let module = Module::read(module).unwrap();
        let expected = [("x".to_owned(), 2), ("function 2".to_owned(), 3)];
        assert_eq!(module.functions, expected);
        assert_eq!(module.sections[3], ("code".to_owned(), 8));
    }

    #[test]
    fn a_cut_module_is_an_error() {
        assert!(Module::read(b"\0asm\x01\0\0\0\x0a\x08\x02").is_err());
        assert!(Module::read(b"<html>").is_err());
    }
}
