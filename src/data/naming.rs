//! Other names for the types of a dataset.

use crate::data::Dataset;
use crate::{Error, Result};
use std::collections::BTreeSet;

/// Longest name of a type, in characters.
const LONGEST: usize = 200;

impl Dataset {
    /// Calls the types otherwise, in their order.
    ///
    /// # Errors
    ///
    /// If there are not as many names as types, or one is empty, too long or there twice.
    pub fn name_types(&mut self, names: Vec<String>) -> Result<()> {
        let names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
        if names.len() != self.types.len() {
            return Err(Error::request(format!("{} names for {} types", names.len(), self.types.len()))
                .remedy("Give each type a name."));
        }
        let mut known = BTreeSet::new();
        for (name, before) in names.iter().zip(&self.types) {
            if name.is_empty() || name.chars().count() > LONGEST {
                return Err(Error::request("this name is empty or too long")
                    .at(before.name.as_str())
                    .remedy(format!("Give a name of 1 to {LONGEST} characters.")));
            }
            if !known.insert(name) {
                return Err(Error::request(format!("two types would be called “{name}”"))
                    .remedy("Tell them apart, for instance by a number."));
            }
        }
        self.types.iter_mut().zip(names).for_each(|(cell_type, name)| cell_type.name = name);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::CellType;

    #[test]
    fn each_type_gets_its_own_name() {
        let named = |name: &str| CellType { name: name.into(), color: None, cells: 3 };
        let mut dataset = Dataset { types: vec![named("cluster 1"), named("cluster 2")], ..Dataset::default() };
        for (names, says) in [
            (vec!["one"], "1 names for 2 types"),
            (vec!["one", " one "], "two types would be called “one”"),
            (vec!["one", " "], "cluster 2: this name is empty"),
        ] {
            let error = dataset.name_types(names.into_iter().map(String::from).collect()).unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
            assert_eq!(dataset.types[0].name, "cluster 1");
        }
        dataset.name_types(vec![" Epiblast".into(), "Mesoderm".into()]).unwrap();
        assert_eq!(dataset.types, [named("Epiblast"), named("Mesoderm")]);
    }
}
