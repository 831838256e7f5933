//! Partitions in memory and on disk.

use std::env;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::{Interaction, Owner};
use crate::events::EventName;

/// How many partitions there are. Of 100 million interactions one has 50 MB in memory, so that both
/// cores can have one at a time.
pub const PARTITIONS: usize = 64;

/// The most interactions of a partition: 512 MiB of memory while sessions are cut. A partition that has
/// more holds an owner that is none: "null" as the id of all visitors, for instance.
pub const MAX_PARTITION: usize = 1 << 24;

/// Bytes of an interaction on disk: owner 8, time 8, item 4, kind of owner 1, name 1.
const RECORD_BYTES: usize = 22;

/// Why interactions could not be kept.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot keep events in the folder for temporary files, {}: {source}; free some space, \
     22 bytes an event, or set TMPDIR to another folder", folder.display()
)]
pub struct StoreError {
    folder: PathBuf,
    source: io::Error,
}

fn failed(source: io::Error) -> StoreError {
    StoreError {
        folder: env::temp_dir(),
        source,
    }
}

/// Takes interactions.
#[derive(Debug)]
pub struct Store {
    partitions: Vec<Partition>,
    /// How many are in memory, and how many may be.
    held: usize,
    most_held: usize,
    most_in_partition: usize,
    len: u64,
    left_out: u64,
    newest: i64,
}

/// All interactions of a run. Reading a partition changes nothing, but its file has one position: each
/// is read by one thread at a time.
#[derive(Debug)]
pub struct Log {
    partitions: Vec<Partition>,
    len: u64,
    left_out: u64,
    newest: i64,
}

#[derive(Debug, Default)]
struct Partition {
    held: Vec<Interaction>,
    /// What came before those that are held. It has no name, and goes with the process.
    file: Option<File>,
    written: usize,
}

impl Store {
    /// A store that holds so many interactions in memory before it writes them to disk.
    pub fn new(most_held: usize) -> Self {
        Self::with_limit(most_held, MAX_PARTITION)
    }

    fn with_limit(most_held: usize, most_in_partition: usize) -> Self {
        Self {
            partitions: (0..PARTITIONS).map(|_| Partition::default()).collect(),
            held: 0,
            most_held,
            most_in_partition,
            len: 0,
            left_out: 0,
            newest: i64::MIN,
        }
    }

    /// Adds one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the disk is full or not to be written.
    pub fn push(&mut self, interaction: Interaction) -> Result<(), StoreError> {
        let partition = &mut self.partitions[partition_of(&interaction)];
        if partition.written + partition.held.len() >= self.most_in_partition {
            self.left_out += 1;
            return Ok(());
        }
        partition.held.push(interaction);
        self.len += 1;
        self.newest = self.newest.max(interaction.time);
        self.held += 1;
        if self.held > self.most_held {
            for partition in &mut self.partitions {
                partition.write().map_err(failed)?;
            }
            self.held = 0;
        }
        Ok(())
    }

    /// All that was added.
    pub fn finish(self) -> Log {
        Log {
            partitions: self.partitions,
            len: self.len,
            left_out: self.left_out,
            newest: self.newest,
        }
    }
}

impl Log {
    /// A log of what is in memory.
    pub fn of(interactions: &[Interaction]) -> Self {
        let mut store = Store::new(interactions.len());
        for &interaction in interactions {
            // As many as it may hold: nothing is written.
            let _ = store.push(interaction);
        }
        store.finish()
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many came after their partition had [`MAX_PARTITION`] already.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The newest one's time; 0 when there is none.
    pub fn newest(&self) -> i64 {
        if self.len == 0 { 0 } else { self.newest }
    }

    /// A partition's interactions by owner, an owner's by time, those of the same time as they came.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when what was written cannot be read.
    pub fn partition(&self, number: usize) -> Result<Vec<Interaction>, StoreError> {
        let Some(partition) = self.partitions.get(number) else {
            return Ok(Vec::new());
        };
        let mut all = partition.read().map_err(failed)?;
        all.sort_by_key(|interaction| (interaction.owner, interaction.time));
        Ok(all)
    }
}

impl Partition {
    fn write(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        let mut out = BufWriter::with_capacity(1 << 16, &mut *file);
        for interaction in &self.held {
            out.write_all(&record(interaction))?;
        }
        out.flush()?;
        self.written += self.held.len();
        self.held.clear();
        Ok(())
    }

    fn read(&self) -> io::Result<Vec<Interaction>> {
        let mut all = Vec::with_capacity(self.written + self.held.len());
        if let Some(mut file) = self.file.as_ref() {
            file.seek(SeekFrom::Start(0))?;
            let mut input = BufReader::with_capacity(1 << 16, file);
            let mut bytes = [0; RECORD_BYTES];
            for _ in 0..self.written {
                input.read_exact(&mut bytes)?;
                all.push(interaction(&bytes)?);
            }
        }
        all.extend(&self.held);
        Ok(all)
    }
}

/// All of an owner's go into one partition. What is nobody's is spread by time.
fn partition_of(interaction: &Interaction) -> usize {
    let key = match interaction.owner {
        Owner::Visitor(id) | Owner::Session(id) => id,
        Owner::Nobody => interaction.time as u64,
    };
    // Fibonacci hashing: research data number their sessions one after the other.
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - PARTITIONS.ilog2())) as usize
}

fn record(interaction: &Interaction) -> [u8; RECORD_BYTES] {
    let (kind, owner) = match interaction.owner {
        Owner::Nobody => (0, 0),
        Owner::Visitor(id) => (1, id),
        Owner::Session(id) => (2, id),
    };
    let mut bytes = [0; RECORD_BYTES];
    bytes[..8].copy_from_slice(&owner.to_le_bytes());
    bytes[8..16].copy_from_slice(&interaction.time.to_le_bytes());
    bytes[16..20].copy_from_slice(&interaction.item.to_le_bytes());
    bytes[20] = kind;
    let is_name = |(_, name): &(&str, EventName)| *name == interaction.name;
    bytes[21] = EventName::ALL.iter().position(is_name).unwrap_or(0) as u8;
    bytes
}

/// What [`record`] wrote; an error when something else changed the file.
fn interaction(bytes: &[u8; RECORD_BYTES]) -> io::Result<Interaction> {
    let changed = || {
        let why = "a temporary file holds something that was not written to it";
        io::Error::new(io::ErrorKind::InvalidData, why)
    };
    let (owner, rest) = bytes.split_first_chunk::<8>().ok_or_else(changed)?;
    let (time, rest) = rest.split_first_chunk::<8>().ok_or_else(changed)?;
    let (item, rest) = rest.split_first_chunk::<4>().ok_or_else(changed)?;
    let &[kind, name] = rest else {
        return Err(changed());
    };
    let id = u64::from_le_bytes(*owner);
    Ok(Interaction {
        name: EventName::ALL.get(usize::from(name)).ok_or_else(changed)?.1,
        item: u32::from_le_bytes(*item),
        time: i64::from_le_bytes(*time),
        owner: match kind {
            0 => Owner::Nobody,
            1 => Owner::Visitor(id),
            2 => Owner::Session(id),
            _ => return Err(changed()),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many() -> Vec<Interaction> {
        let owner = |at: u64| match at % 5 {
            0 => Owner::Nobody,
            1 => Owner::Session(at % 31),
            _ => Owner::Visitor(at % 97),
        };
        (0..5_000u64)
            .map(|at| Interaction {
                name: EventName::ALL[at as usize % EventName::ALL.len()].1,
                item: at as u32,
                time: (at * 7_919 % 1_000) as i64 - 50,
                owner: owner(at),
            })
            .collect()
    }

    fn partitions(log: &Log) -> Vec<Vec<Interaction>> {
        let all = (0..PARTITIONS).map(|number| log.partition(number).expect("reads"));
        all.collect()
    }

    #[test]
    fn the_disk_changes_nothing() {
        let in_memory = Log::of(&many());
        for most_held in [0, 1, 100, 4_999] {
            let mut store = Store::new(most_held);
            for interaction in many() {
                store.push(interaction).expect("a temporary file");
            }
            let log = store.finish();
            assert_eq!((log.len(), log.newest()), (5_000, 949));
            assert_eq!(partitions(&log), partitions(&in_memory), "{most_held}");
            // A second time the same.
            assert_eq!(
                log.partition(3).expect("reads"),
                in_memory.partition(3).expect("held")
            );
        }
    }

    #[test]
    fn an_owner_has_one_partition_in_order_of_time() {
        let log = Log::of(&many());
        let mut found = 0;
        let mut seen = std::collections::BTreeMap::new();
        for (number, partition) in partitions(&log).iter().enumerate() {
            found += partition.len();
            assert!(partition.is_sorted_by_key(|i| (i.owner, i.time)));
            for interaction in partition.iter().filter(|i| i.owner != Owner::Nobody) {
                assert_eq!(*seen.entry(interaction.owner).or_insert(number), number);
            }
        }
        assert_eq!(found, 5_000);
        assert!(log.partition(PARTITIONS).expect("none").is_empty());
    }

    #[test]
    fn an_owner_that_is_none_fills_no_memory() {
        let mut store = Store::with_limit(10, 100);
        for interaction in many() {
            let owner = Owner::Visitor(7);
            let shared = Interaction {
                owner,
                ..interaction
            };
            store.push(shared).expect("a temporary file");
        }
        let log = store.finish();
        assert_eq!((log.len(), log.left_out()), (100, 4_900));
    }

    #[test]
    fn no_interaction_is_no_error() {
        let log = Log::of(&[]);
        assert!(log.is_empty() && log.newest() == 0);
    }
}
