//! A reader for exactly the pickles that `torch.save` makes of dictionaries of tensors.
//!
//! Nothing is ever executed: the few globals that occur are known by name and stand for plain data; any other is refused.
//! (Python's `pickletools` documents the opcodes, PyTorch's `serialization.py` the persistent ids.)

use crate::data::number::Number;
use crate::{Error, Result};

mod value;

use value::{Global, Object};
pub(super) use value::{Id, Storage, Strided, Value};

/// Most sides of a tensor. A pickle can name the same sizes for any number of tensors, and each has its own.
const MOST_SIDES: usize = 8;
/// Longest name of a storage, for the same reason.
const LONGEST_KEY: usize = 64;

/// A pickle that was read.
#[derive(Debug)]
pub(super) struct Pickle {
    objects: Vec<Object>,
    root: Value,
}

impl Pickle {
    /// Reads a pickle of protocol 2 to 5.
    ///
    /// # Errors
    ///
    /// If it is damaged, or holds a global or an operation that state dictionaries do not have; names it.
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let mut machine =
            Machine { rest: bytes, objects: Vec::new(), stack: Vec::new(), marks: Vec::new(), memo: Vec::new() };
        let root = machine.run()?;
        Ok(Self { objects: machine.objects, root })
    }

    pub(super) fn root(&self) -> Value {
        self.root
    }

    pub(super) fn dict(&self, value: Value) -> Option<&[(Value, Value)]> {
        match self.object(value)? {
            Object::Dict(entries) => Some(entries),
            _ => None,
        }
    }

    pub(super) fn text(&self, value: Value) -> Option<&str> {
        match self.object(value)? {
            Object::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn tensor(&self, value: Value) -> Option<&Strided> {
        match self.object(value)? {
            Object::Tensor(tensor) => Some(tensor),
            _ => None,
        }
    }

    /// The storage of a tensor of this pickle.
    pub(super) fn storage(&self, id: Id) -> &Storage {
        match &self.objects[id.0] {
            Object::Storage(storage) => storage,
            _ => unreachable!("tensors are only built on storages"),
        }
    }

    fn object(&self, value: Value) -> Option<&Object> {
        match value {
            Value::Object(id) => self.objects.get(id.0),
            _ => None,
        }
    }
}

/// The stack machine that a pickle is a program of.
struct Machine<'a> {
    rest: &'a [u8],
    objects: Vec<Object>,
    stack: Vec<Value>,
    /// Heights of the stack at each mark.
    marks: Vec<usize>,
    memo: Vec<Value>,
}

impl Machine<'_> {
    fn run(&mut self) -> Result<Value> {
        loop {
            let [opcode] = self.take()?;
            match opcode {
                // PROTO, FRAME
                0x80 => drop(self.take::<1>()?),
                0x95 => drop(self.take::<8>()?),
                b'.' => return self.pop(),
                b'(' => self.marks.push(self.stack.len()),
                b'0' => drop(self.pop()?),

                b'N' => self.stack.push(Value::None),
                0x88 => self.stack.push(Value::Bool(true)),
                0x89 => self.stack.push(Value::Bool(false)),
                b'K' => {
                    let [value] = self.take()?;
                    self.stack.push(Value::Int(value.into()));
                }
                b'M' => {
                    let value = u16::from_le_bytes(self.take()?);
                    self.stack.push(Value::Int(value.into()));
                }
                b'J' => {
                    let value = i32::from_le_bytes(self.take()?);
                    self.stack.push(Value::Int(value.into()));
                }
                // LONG1
                0x8a => {
                    let [length] = self.take()?;
                    let bytes = self.slice(length.into())?;
                    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
                    let mut word = [if negative { 0xff } else { 0 }; 8];
                    word.get_mut(..bytes.len()).ok_or_else(damaged)?.copy_from_slice(bytes);
                    self.stack.push(Value::Int(i64::from_le_bytes(word)));
                }
                b'G' => {
                    self.take::<8>()?;
                    self.stack.push(Value::Float);
                }
                // BINUNICODE, SHORT_BINUNICODE
                b'X' => {
                    let length = u32::from_le_bytes(self.take()?);
                    self.text(length as usize)?;
                }
                0x8c => {
                    let [length] = self.take()?;
                    self.text(length.into())?;
                }

                b')' => self.push(Object::Tuple(Vec::new())),
                b't' => {
                    let items = self.pop_mark()?;
                    self.push(Object::Tuple(items));
                }
                0x85..=0x87 => {
                    let at = self.stack.len().checked_sub(usize::from(opcode - 0x84)).ok_or_else(damaged)?;
                    let items = self.stack.split_off(at);
                    self.push(Object::Tuple(items));
                }
                b']' => self.push(Object::List),
                b'a' => drop(self.pop()?),
                b'e' => drop(self.pop_mark()?),
                b'}' => self.push(Object::Dict(Vec::new())),
                b's' => {
                    let (value, key) = (self.pop()?, self.pop()?);
                    self.set(&[key, value])?;
                }
                b'u' => {
                    let items = self.pop_mark()?;
                    self.set(&items)?;
                }

                // BINPUT, LONG_BINPUT, MEMOIZE
                b'q' => {
                    let [at] = self.take()?;
                    self.put(at.into())?;
                }
                b'r' => {
                    let at = u32::from_le_bytes(self.take()?);
                    self.put(at as usize)?;
                }
                0x94 => self.put(self.memo.len())?,
                b'h' => {
                    let [at] = self.take()?;
                    self.get(at.into())?;
                }
                b'j' => {
                    let at = u32::from_le_bytes(self.take()?);
                    self.get(at as usize)?;
                }

                b'c' => {
                    let (module, name) = (self.line()?, self.line()?);
                    let global = global(&module, &name)?;
                    self.push(Object::Global(global));
                }
                // STACK_GLOBAL
                0x93 => {
                    let (name, module) = (self.pop()?, self.pop()?);
                    let global = global(self.text_of(module)?, self.text_of(name)?)?;
                    self.push(Object::Global(global));
                }
                b'Q' => self.persistent()?,
                b'R' => self.reduce()?,
                // BUILD: the `_metadata` that PyTorch hangs on a state dictionary; it is not needed.
                b'b' => drop(self.pop()?),
                other => {
                    return Err(Error::input(format!(
                        "the checkpoint holds a pickle operation (0x{other:02x}) that state dictionaries do not have"
                    ))
                    .remedy("Save only the state dictionary of the model."));
                }
            }
        }
    }

    /// A storage: `("storage", type, key, device, length)`.
    fn persistent(&mut self) -> Result<()> {
        let id = self.pop()?;
        let &[tag, kind, key, _, Value::Int(length)] = self.tuple_of(id)? else { return Err(damaged()) };
        if self.text_of(tag)? != "storage" {
            return Err(damaged());
        }
        let Object::Global(Global::Storage(number)) = *self.object_of(kind)? else { return Err(damaged()) };
        let key = Some(self.text_of(key)?).filter(|key| key.len() <= LONGEST_KEY).ok_or_else(damaged)?.to_owned();
        let length = usize::try_from(length).map_err(|_| damaged())?;
        self.push(Object::Storage(Storage { number, key, length }));
        Ok(())
    }

    /// The calls that occur, carried out as what they mean.
    fn reduce(&mut self) -> Result<()> {
        let (arguments, callee) = (self.pop()?, self.pop()?);
        let Object::Global(callee) = *self.object_of(callee)? else { return Err(damaged()) };
        let arguments = self.tuple_of(arguments)?;
        match (callee, arguments) {
            (Global::OrderedDict, []) => self.push(Object::Dict(Vec::new())),
            (Global::RebuildTensor, &[storage, Value::Int(offset), shape, strides, ..]) => {
                let Value::Object(id) = storage else { return Err(damaged()) };
                if !matches!(self.object_of(storage)?, Object::Storage(_)) {
                    return Err(damaged());
                }
                let offset = usize::try_from(offset).map_err(|_| damaged())?;
                let (shape, strides) = (self.sizes(shape)?, self.sizes(strides)?);
                self.push(Object::Tensor(Strided { storage: id, offset, shape, strides }));
            }
            (Global::RebuildParameter, &[tensor, ..]) => self.stack.push(tensor),
            _ => return Err(damaged()),
        }
        Ok(())
    }

    fn sizes(&self, tuple: Value) -> Result<Vec<usize>> {
        let size = |value: &Value| match value {
            Value::Int(size) => usize::try_from(*size).map_err(|_| damaged()),
            _ => Err(damaged()),
        };
        let sizes = self.tuple_of(tuple)?;
        if sizes.len() > MOST_SIDES {
            return Err(damaged());
        }
        sizes.iter().map(size).collect()
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk().ok_or_else(damaged)?;
        self.rest = rest;
        Ok(*head)
    }

    fn slice(&mut self, length: usize) -> Result<&[u8]> {
        let (head, rest) = self.rest.split_at_checked(length).ok_or_else(damaged)?;
        self.rest = rest;
        Ok(head)
    }

    fn text(&mut self, length: usize) -> Result<()> {
        let text = std::str::from_utf8(self.slice(length)?).map_err(|_| damaged())?.to_owned();
        self.push(Object::Text(text));
        Ok(())
    }

    fn line(&mut self) -> Result<String> {
        let length = self.rest.iter().position(|byte| *byte == b'\n').ok_or_else(damaged)?;
        let line = std::str::from_utf8(self.slice(length)?).map_err(|_| damaged())?.to_owned();
        self.take::<1>()?;
        Ok(line)
    }

    fn push(&mut self, object: Object) {
        self.stack.push(Value::Object(Id(self.objects.len())));
        self.objects.push(object);
    }

    fn pop(&mut self) -> Result<Value> {
        self.stack.pop().ok_or_else(damaged)
    }

    fn pop_mark(&mut self) -> Result<Vec<Value>> {
        let mark = self.marks.pop().filter(|mark| *mark <= self.stack.len()).ok_or_else(damaged)?;
        Ok(self.stack.split_off(mark))
    }

    /// Adds keys and values, in turn, to the dictionary on top of the stack.
    fn set(&mut self, items: &[Value]) -> Result<()> {
        let Some(Value::Object(id)) = self.stack.last() else { return Err(damaged()) };
        let Object::Dict(entries) = &mut self.objects[id.0] else { return Err(damaged()) };
        let (pairs, rest) = items.as_chunks::<2>();
        entries.extend(pairs.iter().map(|[key, value]| (*key, *value)));
        if rest.is_empty() { Ok(()) } else { Err(damaged()) }
    }

    fn put(&mut self, at: usize) -> Result<()> {
        let value = *self.stack.last().ok_or_else(damaged)?;
        // Writers number the memo without gaps.
        match at.cmp(&self.memo.len()) {
            std::cmp::Ordering::Less => self.memo[at] = value,
            std::cmp::Ordering::Equal => self.memo.push(value),
            std::cmp::Ordering::Greater => return Err(damaged()),
        }
        Ok(())
    }

    fn get(&mut self, at: usize) -> Result<()> {
        self.stack.push(*self.memo.get(at).ok_or_else(damaged)?);
        Ok(())
    }

    fn object_of(&self, value: Value) -> Result<&Object> {
        match value {
            Value::Object(id) => self.objects.get(id.0).ok_or_else(damaged),
            _ => Err(damaged()),
        }
    }

    fn tuple_of(&self, value: Value) -> Result<&[Value]> {
        match self.object_of(value)? {
            Object::Tuple(items) => Ok(items),
            _ => Err(damaged()),
        }
    }

    fn text_of(&self, value: Value) -> Result<&str> {
        match self.object_of(value)? {
            Object::Text(text) => Ok(text),
            _ => Err(damaged()),
        }
    }
}

fn damaged() -> Error {
    Error::input("the pickle of this checkpoint is damaged or not a dictionary of tensors")
        .remedy("Save only the state dictionary of the model.")
}

fn global(module: &str, name: &str) -> Result<Global> {
    Ok(match (module, name) {
        ("collections", "OrderedDict") => Global::OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2") => Global::RebuildTensor,
        ("torch._utils", "_rebuild_parameter") => Global::RebuildParameter,
        ("torch", "FloatStorage") => Global::Storage(Number::Float(4)),
        ("torch", "DoubleStorage") => Global::Storage(Number::Float(8)),
        ("torch", "HalfStorage") => Global::Storage(Number::Float(2)),
        ("torch", "BFloat16Storage") => Global::Storage(Number::Bfloat16),
        _ => {
            return Err(Error::input(format!(
                "the checkpoint asks for “{module}.{name}”, which is never loaded from a file"
            ))
            .remedy("Save only the state dictionary of the model, in floating point numbers."));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globals_of_other_kinds_are_refused_by_name() {
        let error = Pickle::read(b"\x80\x02cos\nsystem\nq\x00X\x02\x00\x00\x00id\x85R.").unwrap_err().to_string();
        assert!(error.contains("“os.system”"), "{error}");
        let error = Pickle::read(b"\x80\x02\x81.").unwrap_err().to_string();
        assert!(error.contains("0x81"), "{error}");
    }

    #[test]
    fn damaged_programs_end_in_an_error() {
        let programs: [&[u8]; 9] =
            [b"", b"\x80\x02", b".", b"}u.", b"K\x01s.", b"h\x00.", b"X\xff\xff\xff\xffab.", b"(q\x05.", b"}(K\x01u."];
        for program in programs {
            assert!(Pickle::read(program).is_err(), "{program:?}");
        }
    }

    #[test]
    fn a_dictionary_keeps_what_is_added_after_it_was_remembered() {
        let pickle = Pickle::read(b"\x80\x02}q\x00X\x01\x00\x00\x00aK\x07sh\x00X\x01\x00\x00\x00bK\x08s.").unwrap();
        let entries = pickle.dict(pickle.root()).unwrap();
        let found: Vec<_> = entries.iter().map(|(key, value)| (pickle.text(*key), *value)).collect();
        assert_eq!(found, [(Some("a"), Value::Int(7)), (Some("b"), Value::Int(8))]);
    }
}
