//! An AnnData file that is whole as HDF5, and whose arrays need not fit together.
#![no_main]

use arbitrary::Arbitrary;
use hdf5_pure::{AttrValue, FileBuilder, GroupBuilder};
use libfuzzer_sys::fuzz_target;
use scimf_fuzz::{attempt, file, meter::Bound};

#[derive(Arbitrary, Debug)]
struct Input {
    cells: u8,
    genes: u8,
    obs: Vec<(Name, Column)>,
    /// Order of the columns, as the table declares it.
    order: Vec<Name>,
    matrices: Vec<(Place, Values)>,
    spaces: Vec<(Name, u8, u8, Option<f32>)>,
    loadings: Option<u8>,
    without: u8,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Name {
    Day,
    Type,
    Pca,
    Umap,
    Other(u8),
    Odd,
}

impl Name {
    fn text(self) -> String {
        match self {
            Self::Day => "day".into(),
            Self::Type => "cell_type".into(),
            Self::Pca => "X_pca".into(),
            Self::Umap => "X_umap".into(),
            Self::Other(number) => format!("n{}", number % 4),
            Self::Odd => "<b>ü \u{202e}”".into(),
        }
    }
}

#[derive(Arbitrary, Debug)]
enum Column {
    Numbers(Vec<f64>),
    Counting(u8),
    Texts(Vec<String>),
    Codes(Vec<i8>, Vec<String>),
    Levels(u8, bool),
    Masked(Vec<i32>, Vec<bool>),
    Bytes(Vec<u8>, Vec<u8>),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Place {
    X,
    Raw,
    Layer,
}

#[derive(Arbitrary, Debug)]
enum Values {
    Dense(u8, u8, f32),
    Sparse { csc: bool, starts: Vec<i32>, indices: Vec<i32>, values: Vec<f32> },
    Rows { csc: bool, each: u8, value: f32 },
}

/// A group that belongs nowhere yet.
fn new_group(name: &str) -> GroupBuilder {
    FileBuilder::new().create_group(name)
}

fn column(group: &mut GroupBuilder, name: &str, column: &Column, cells: usize) {
    match column {
        Column::Numbers(values) => _ = group.create_dataset(name).with_f64_data(values),
        Column::Counting(levels) => {
            let values: Vec<f64> = (0..cells).map(|cell| (cell % usize::from(*levels).max(1)) as f64).collect();
            group.create_dataset(name).with_f64_data(&values);
        }
        Column::Texts(values) => {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            group.create_dataset(name).with_vlen_strings(&values);
        }
        Column::Codes(codes, names) => {
            let mut inner = group.create_group(name);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            inner.create_dataset("codes").with_i8_data(codes);
            inner.create_dataset("categories").with_vlen_strings(&names);
            group.add_group(inner.finish());
        }
        Column::Levels(levels, ordered) => {
            let mut inner = group.create_group(name);
            let levels = usize::from(*levels % 60).max(1);
            let names: Vec<String> = (0..levels).map(|level| format!("day {level}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let codes: Vec<i8> = (0..cells).map(|cell| (cell % levels) as i8).collect();
            inner.set_attr("ordered", AttrValue::U8(u8::from(*ordered)));
            inner.create_dataset("codes").with_i8_data(&codes);
            inner.create_dataset("categories").with_vlen_strings(&names);
            group.add_group(inner.finish());
        }
        Column::Masked(values, mask) => {
            let mut inner = group.create_group(name);
            let mask: Vec<u8> = mask.iter().map(|masked| u8::from(*masked)).collect();
            inner.create_dataset("values").with_i32_data(values);
            inner.create_dataset("mask").with_u8_data(&mask);
            group.add_group(inner.finish());
        }
        Column::Bytes(values, shape) => {
            let sides: Vec<u64> = shape.iter().take(3).map(|side| u64::from(*side % 9)).collect();
            let length = sides.iter().product::<u64>() as usize;
            let values: Vec<u8> = values.iter().copied().chain([0]).cycle().take(length).collect();
            group.create_dataset(name).with_u8_data(&values).with_shape(&sides);
        }
    }
}

fn frame(name: &str, rows: usize, order: &[String]) -> GroupBuilder {
    let mut group = new_group(name);
    group.set_attr("_index", AttrValue::VarLenString("_index".into()));
    group.set_attr("column-order", AttrValue::VarLenStringArray(order.to_vec()));
    let names: Vec<String> = (0..rows).map(|row| format!("r{row}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    group.create_dataset("_index").with_vlen_strings(&names);
    group
}

fn matrix(group: &mut GroupBuilder, name: &str, values: &Values, cells: usize, genes: usize) {
    let sparse = |group: &mut GroupBuilder, csc: bool, starts: &[i32], indices: &[i32], values: &[f32]| {
        let mut inner = group.create_group(name);
        inner.set_attr("encoding-type", AttrValue::VarLenString(if csc { "csc_matrix" } else { "csr_matrix" }.into()));
        inner.create_dataset("indptr").with_i32_data(starts);
        inner.create_dataset("indices").with_i32_data(indices);
        inner.create_dataset("data").with_f32_data(values);
        group.add_group(inner.finish());
    };
    match values {
        Values::Dense(more_rows, more_columns, value) => {
            let (rows, columns) = (cells + usize::from(more_rows / 128), genes + usize::from(more_columns / 128));
            let values: Vec<f32> =
                (0..rows * columns).map(|at| if at % 3 == 0 { *value } else { (at % 5) as f32 }).collect();
            group.create_dataset(name).with_f32_data(&values).with_shape(&[rows as u64, columns as u64]);
        }
        Values::Sparse { csc, starts, indices, values } => sparse(group, *csc, starts, indices, values),
        Values::Rows { csc, each, value } => {
            let (major, minor) = if *csc { (genes, cells) } else { (cells, genes) };
            let each = usize::from(*each % 4).min(minor);
            let starts: Vec<i32> = (0..=major).map(|row| (row * each) as i32).collect();
            let indices: Vec<i32> = (0..major * each).map(|at| (at % each.max(1)) as i32).collect();
            sparse(group, *csc, &starts, &indices, &vec![*value; major * each]);
        }
    }
}

fuzz_target!(|input: Input| {
    let (cells, genes) = (usize::from(input.cells % 40), usize::from(input.genes % 12));
    let missing = |bit: u8| input.without & (1 << bit) != 0;
    let mut builder = FileBuilder::new();
    let order: Vec<String> = input.order.iter().map(|name| name.text()).collect();
    let mut used = std::collections::BTreeSet::new();
    if !missing(0) {
        let mut obs = frame("obs", cells, &order);
        for (name, values) in input.obs.iter().take(12) {
            if used.insert(name.text()) {
                column(&mut obs, &name.text(), values, cells);
            }
        }
        builder.add_group(obs.finish());
    }
    if !missing(1) {
        builder.add_group(frame("var", genes, &[]).finish());
    }
    let (mut raw, mut layers) = (new_group("raw"), new_group("layers"));
    for (at, (place, values)) in input.matrices.iter().take(4).enumerate() {
        match place {
            Place::X if used.insert("X".into()) => {
                // The root takes groups and datasets by their own builders.
                let mut holder = new_group("X");
                match values {
                    Values::Dense(..) => {
                        let data: Vec<f32> = (0..cells * genes).map(|at| (at % 7) as f32).collect();
                        builder.create_dataset("X").with_f32_data(&data).with_shape(&[cells as u64, genes as u64]);
                    }
                    Values::Sparse { csc, starts, indices, values } => {
                        let kind = if *csc { "csc_matrix" } else { "csr_matrix" };
                        holder.set_attr("encoding-type", AttrValue::VarLenString(kind.into()));
                        holder.create_dataset("indptr").with_i32_data(starts);
                        holder.create_dataset("indices").with_i32_data(indices);
                        holder.create_dataset("data").with_f32_data(values);
                        builder.add_group(holder.finish());
                    }
                    Values::Rows { .. } => {}
                }
            }
            Place::Raw if used.insert("raw/X".into()) => matrix(&mut raw, "X", values, cells, genes),
            Place::Layer => matrix(&mut layers, &format!("layer{at}"), values, cells, genes),
            _ => {}
        }
    }
    builder.add_group(raw.finish());
    builder.add_group(layers.finish());
    let mut obsm = new_group("obsm");
    let mut spaces = std::collections::BTreeSet::new();
    for (name, columns, more, odd) in input.spaces.iter().take(12) {
        if spaces.insert(name.text()) {
            let (rows, columns) = (cells + usize::from(more / 200), usize::from(columns % 8));
            let mut values: Vec<f32> = (0..rows * columns).map(|at| ((at * 7) % 11) as f32).collect();
            if let (Some(odd), Some(first)) = (odd, values.first_mut()) {
                *first = *odd;
            }
            obsm.create_dataset(&name.text()).with_f32_data(&values).with_shape(&[rows as u64, columns as u64]);
        }
    }
    builder.add_group(obsm.finish());
    if let Some(columns) = input.loadings {
        let mut varm = new_group("varm");
        let columns = usize::from(columns % 8);
        let values = vec![0.5; genes * columns];
        varm.create_dataset("PCs").with_f32_data(&values).with_shape(&[genes as u64, columns as u64]);
        builder.add_group(varm.finish());
    }
    let Ok(bytes) = builder.finish() else { return };
    Bound { each: 64, besides: 1 << 20 }.hold(bytes.len(), || attempt(vec![file("study.h5ad", &bytes)]));
});
