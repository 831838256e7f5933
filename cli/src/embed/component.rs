//! Puts a snapshot into a component's memory, so that all of its instances share it.
//!
//! The core module whose data has the [`Place`] gets more memory at its end, a data segment there with the snapshot,
//! and its address in the place. The linker told the allocator where its first heap ends (`__heap_end`), so memory
//! behind that is nobody's. All else of the component stays byte for byte.

use tailorbird::snapshot::{PLACE_MARK, Place};
use wasm_encoder::{
    Component, ConstExpr, DataCountSection, DataSection, DataSegment, DataSegmentMode,
    MemorySection, Module, RawSection, SectionId,
};
use wasmparser::{
    BinaryReader, BinaryReaderError, Chunk, DataKind, DataSectionReader, Encoding,
    MemorySectionReader, Operator, Parser, Payload,
};

/// Bytes of one page of WASM memory.
const PAGE: u64 = 1 << 16;

/// The number of core modules' sections in a component.
const CORE_MODULE: u8 = 1;

/// Why no snapshot can be put in.
#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    #[error("expected a component, found no WASM at all")]
    NoWasm,
    #[error("it is damaged")]
    Damaged(#[from] BinaryReaderError),
    #[error("it is cut off")]
    CutOff,
    #[error("expected a component, found a core module; build it with `--target wasm32-wasip2`")]
    Module,
    #[error(
        "it has no place for a snapshot; expected Tailorbird's component for Spin, of the same version as this program"
    )]
    NoPlace,
    #[error("it has a snapshot already; embed into the component as it was built")]
    Embedded,
    #[error("expected one memory that can hold {bytes} bytes more, found {found}")]
    Memory { bytes: usize, found: String },
}

/// The component with the snapshot in it.
pub fn embed(component: &[u8], snapshot: &[u8]) -> Result<Vec<u8>, EmbedError> {
    if !component.starts_with(b"\0asm") {
        return Err(EmbedError::NoWasm);
    }
    let mut out = Component::new();
    let mut is_embedded = false;
    for section in sections(component, Encoding::Component)? {
        if section.id == CORE_MODULE && !is_embedded && has_place(section.data) {
            is_embedded = true;
            let module = embed_in_module(section.data, snapshot)?;
            out.section(&RawSection {
                id: CORE_MODULE,
                data: &module,
            });
        } else {
            out.section(&section);
        }
    }
    if !is_embedded {
        return Err(EmbedError::NoPlace);
    }
    Ok(out.finish())
}

/// The outermost sections.
fn sections(bytes: &[u8], expected: Encoding) -> Result<Vec<RawSection<'_>>, EmbedError> {
    let mut parser = Parser::new(0);
    let mut at = 0;
    let mut found = Vec::new();
    loop {
        let rest = bytes.get(at..).ok_or(EmbedError::CutOff)?;
        let Chunk::Parsed { consumed, payload } = parser.parse(rest, true)? else {
            return Err(EmbedError::CutOff);
        };
        at += consumed;
        if let Some((id, range)) = payload.as_section() {
            let data = bytes.get(range.clone()).ok_or(EmbedError::CutOff)?;
            found.push(RawSection { id, data });
            // What is in a nested module or in the code is not looked into.
            at = range.end;
        }
        match payload {
            Payload::Version { encoding, .. } if encoding != expected => {
                return Err(EmbedError::Module);
            }
            Payload::CodeSectionStart { .. } => parser.skip_section(),
            Payload::End(_) => return Ok(found),
            _ => {}
        }
    }
}

fn has_place(bytes: &[u8]) -> bool {
    place(bytes).is_some()
}

/// Where the place is.
fn place(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(PLACE_MARK.len())
        .position(|window| window == PLACE_MARK)
}

fn embed_in_module(module: &[u8], snapshot: &[u8]) -> Result<Vec<u8>, EmbedError> {
    let sections = sections(module, Encoding::Module)?;
    let grown = grow(&sections, snapshot.len())?;
    let mut out = Module::new();
    for section in sections {
        if section.id == SectionId::Memory as u8 {
            out.section(&grown.memories);
        } else if section.id == SectionId::DataCount as u8 {
            let count = BinaryReader::new(section.data, 0)
                .read_var_u32()?
                .saturating_add(1);
            out.section(&DataCountSection { count });
        } else if section.id == SectionId::Data as u8 {
            out.section(&with_snapshot(section.data, snapshot, grown.address)?);
        } else {
            out.section(&section);
        }
    }
    Ok(out.finish())
}

/// A memory with room for the snapshot.
struct Grown {
    memories: MemorySection,
    /// Where the room begins.
    address: u32,
}

fn grow(sections: &[RawSection], bytes: usize) -> Result<Grown, EmbedError> {
    let refuse = |found: &str| EmbedError::Memory {
        bytes,
        found: found.to_owned(),
    };
    let section = sections
        .iter()
        .find(|section| section.id == SectionId::Memory as u8)
        .ok_or_else(|| refuse("none of its own"))?;
    let reader = BinaryReader::new(section.data, 0);
    let mut found = MemorySectionReader::new(reader)?.into_iter();
    let (Some(memory), None) = (found.next().transpose()?, found.next()) else {
        return Err(refuse("several"));
    };
    if memory.memory64 || memory.shared || memory.page_size_log2.is_some() {
        return Err(refuse("one of another kind"));
    }
    let address = u32::try_from(memory.initial * PAGE).map_err(|_| refuse("a full one"))?;
    let minimum = memory.initial + (bytes as u64).div_ceil(PAGE);
    if memory.maximum.is_some_and(|maximum| minimum > maximum) || minimum * PAGE > 1 << 32 {
        return Err(refuse("one that may not grow so far"));
    }
    let mut memories = MemorySection::new();
    memories.memory(wasm_encoder::MemoryType {
        minimum,
        maximum: memory.maximum,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    Ok(Grown { memories, address })
}

/// The data segments with the place filled, and the snapshot behind them.
fn with_snapshot(data: &[u8], snapshot: &[u8], address: u32) -> Result<DataSection, EmbedError> {
    let filled = Place::of(address, u32::try_from(snapshot.len()).unwrap_or(u32::MAX)).bytes();
    let empty = Place::EMPTY.bytes();
    let reader = BinaryReader::new(data, 0);
    let mut out = DataSection::new();
    let mut is_filled = false;
    for segment in DataSectionReader::new(reader)? {
        let segment = segment?;
        let mut bytes = segment.data.to_vec();
        if let Some(at) = place(&bytes) {
            let found = bytes
                .get_mut(at..at + empty.len())
                .ok_or(EmbedError::NoPlace)?;
            if found != empty {
                return Err(EmbedError::Embedded);
            }
            found.copy_from_slice(&filled);
            is_filled = true;
        }
        match segment.kind {
            DataKind::Passive => out.passive(bytes),
            DataKind::Active {
                memory_index,
                offset_expr,
            } => {
                let mut operators = offset_expr.get_operators_reader();
                let Operator::I32Const { value } = operators.read()? else {
                    return Err(EmbedError::NoPlace);
                };
                out.active(memory_index, &ConstExpr::i32_const(value), bytes)
            }
        };
    }
    if !is_filled {
        return Err(EmbedError::NoPlace);
    }
    let offset = ConstExpr::i32_const(address.cast_signed());
    out.segment(DataSegment {
        mode: DataSegmentMode::Active {
            memory_index: 0,
            offset: &offset,
        },
        data: snapshot.iter().copied(),
    });
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CustomSection, ModuleSection};

    /// What stands in a component's data before and behind the place.
    const AROUND: &[u8] = b"around";

    fn module(pages: u64, maximum: Option<u64>, data: &[u8]) -> Module {
        let mut memories = MemorySection::new();
        memories.memory(wasm_encoder::MemoryType {
            minimum: pages,
            maximum,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut segments = DataSection::new();
        segments.active(0, &ConstExpr::i32_const(1024), data.iter().copied());
        segments.passive(*b"passive");
        let mut module = Module::new();
        module.section(&memories);
        module.section(&DataCountSection { count: 2 });
        module.section(&segments);
        module
    }

    fn component(modules: &[Module]) -> Vec<u8> {
        let mut out = Component::new();
        let note = CustomSection {
            name: "note".into(),
            data: AROUND.into(),
        };
        out.section(&note);
        for module in modules {
            out.section(&ModuleSection(module));
        }
        out.section(&note);
        out.finish()
    }

    fn data() -> Vec<u8> {
        [AROUND, &Place::EMPTY.bytes(), AROUND].concat()
    }

    /// A module's memory as it begins, as far as its last segment.
    fn memory(component: &[u8], module: usize) -> (u64, Vec<u8>) {
        let sections = sections(component, Encoding::Component).expect("a component");
        let mut modules = sections.iter().filter(|it| it.id == CORE_MODULE);
        let module = modules.nth(module).expect("a module");
        let (mut pages, mut memory) = (0, Vec::new());
        for payload in Parser::new(0).parse_all(module.data) {
            match payload.expect("sound") {
                Payload::MemorySection(section) => {
                    pages = section.into_iter().next().unwrap().unwrap().initial;
                }
                Payload::DataSection(section) => {
                    for segment in section {
                        let segment = segment.expect("sound");
                        let DataKind::Active { offset_expr, .. } = segment.kind else {
                            continue;
                        };
                        let first = offset_expr.get_operators_reader().read();
                        let Ok(Operator::I32Const { value }) = first else {
                            panic!("expected a number");
                        };
                        let at = usize::try_from(value).expect("an address");
                        memory.resize(memory.len().max(at + segment.data.len()), 0);
                        memory[at..at + segment.data.len()].copy_from_slice(segment.data);
                    }
                }
                _ => {}
            }
        }
        (pages, memory)
    }

    #[test]
    fn the_snapshot_is_where_the_place_says() {
        let other = || module(1, None, AROUND);
        let plain = component(&[other(), module(3, None, &data()), other()]);
        let snapshot: Vec<u8> = (0..PAGE + 5).map(|n| n as u8).collect();
        let embedded = embed(&plain, &snapshot).expect("embeds");
        wasmparser::validate(&embedded).expect("valid");

        let (pages, memory) = memory(&embedded, 1);
        assert_eq!(pages, 3 + 2, "as many as the snapshot takes");
        let start = 3 * PAGE as usize;
        let filled = Place::of(3 << 16, u32::try_from(snapshot.len()).unwrap()).bytes();
        assert_eq!(memory[1024..start][..AROUND.len()], *AROUND);
        assert_eq!(memory[1024 + AROUND.len()..][..filled.len()], filled);
        assert_eq!(memory[start..], snapshot);

        let others = |bytes: &[u8]| -> Vec<(u8, Vec<u8>)> {
            let all = sections(bytes, Encoding::Component).expect("a component");
            let others = all.iter().filter(|section| !has_place(section.data));
            others.map(|it| (it.id, it.data.to_vec())).collect()
        };
        assert_eq!(others(&embedded), others(&plain), "nothing else changed");
        assert_eq!(others(&plain).len(), 4);
    }

    #[test]
    fn what_takes_no_snapshot_says_why() {
        let refused = |component: &[u8]| embed(component, &[1; 70_000]).expect_err("refused");
        assert!(matches!(refused(b"some text"), EmbedError::NoWasm));
        assert!(matches!(refused(b""), EmbedError::NoWasm));
        assert!(matches!(refused(b"\0asm, it says"), EmbedError::Damaged(_)));
        let core = module(1, None, &data()).finish();
        assert!(matches!(refused(&core), EmbedError::Module));
        let foreign = component(&[module(1, None, AROUND)]);
        assert!(matches!(refused(&foreign), EmbedError::NoPlace));
        let full = component(&[module(3, Some(4), &data())]);
        assert!(matches!(refused(&full), EmbedError::Memory { .. }));
        let cut = component(&[module(1, None, &data()[..20])]);
        assert!(matches!(refused(&cut), EmbedError::NoPlace));
        let twice = embed(&component(&[module(1, None, &data())]), b"snapshot").expect("embeds");
        assert!(matches!(refused(&twice), EmbedError::Embedded));
    }

    #[test]
    fn a_component_that_is_cut_off_is_refused() {
        let whole = component(&[module(1, None, &data())]);
        for end in 0..whole.len() {
            // At a border of sections nothing is missing that could be seen.
            if let Ok(embedded) = embed(&whole[..end], b"snapshot") {
                wasmparser::validate(&embedded).expect("valid");
            }
        }
    }
}
