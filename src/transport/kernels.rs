//! The divergence on a GPU, in kernels of our own: one launch for each epsilon, and no cost matrix in memory.

use super::{Divergence, Schedule};
use crate::kernel::{Buffer, Gpu, Kernel, MOST_GROUPS, ROWS, THREADS, bindings, sizes};
use burn::tensor::Tensor;

/// Bytes between two settings of a softmin: what every device can bind at.
const SETTING: usize = 256;

/// Two clouds on a device, or one against itself.
struct Clouds {
    gpu: Gpu,
    /// Points of the first and of the second cloud; none for one against itself.
    sizes: [usize; 2],
    dimensions: usize,
    /// Vectors of four rows that a workgroup takes.
    vectors: usize,
    points: Buffer,
    across: Buffer,
}

impl Clouds {
    /// None where the device takes no WGSL, or the points are too many for a launch or too wide for a workgroup. In one dimension the points
    /// and their transpose would be one memory, which a kernel cannot bind twice.
    fn new(points: Tensor<2>, sizes: [usize; 2]) -> Option<Self> {
        let gpu = Gpu::of(&points.device())?;
        let dimensions = points.dims()[1];
        let fits = |vectors: &usize| (3 * dimensions + THREADS) * vectors * size_of::<[f32; 4]>() <= gpu.shared_bytes();
        let vectors = [2, 1].into_iter().find(fits)?;
        let across = Buffer::of(points.clone().transpose())?;
        let clouds = Self { vectors, points: Buffer::of(points)?, across, gpu, sizes, dimensions };
        let bytes = (sizes[0] + sizes[1]) as u64 * dimensions as u64 * 4;
        let room = bytes <= clouds.gpu.largest_buffer() && clouds.blocks().iter().sum::<usize>() <= MOST_GROUPS;
        ((2..=THREADS).contains(&dimensions) && room).then_some(clouds)
    }

    /// Workgroups for the rows of the first cloud against the second, the other way round, and of the first against itself.
    fn blocks(&self) -> [usize; 3] {
        let [first, second] = self.sizes.map(|points| points.div_ceil(4 * self.vectors));
        if second == 0 { [0, 0, first] } else { [first, second, first] }
    }

    /// Potentials of the first cloud under the second, of the second under the first, and of the first under itself, as the last epsilon but
    /// one leaves them.
    fn potentials(&self, schedule: &Schedule, settings: &Buffer) -> Buffer {
        let kernel = self.kernel(&["across", "before", "after", "setting"], include_str!("kernels/softmin.wgsl"));
        let count = self.potential_count();
        let [mut before, mut after] = [self.gpu.room(count), self.gpu.room(count)];
        for index in 0..=schedule.epsilons().len() {
            let setting = settings.from(index * SETTING);
            self.launch(&kernel, self.blocks().iter().sum(), &[&self.across, &before, &after, &setting]);
            std::mem::swap(&mut before, &mut after);
        }
        before
    }

    fn potential_count(&self) -> usize {
        2 * self.sizes[0] + self.sizes[1]
    }

    /// The settings of all softmins: the first without a potential, then one for each epsilon, averaged, then the last.
    fn settings(&self, schedule: &Schedule) -> Buffer {
        let first = [schedule.first() as f32, 0.0, 0.0];
        let averaged = schedule.epsilons().iter().map(|&eps| [eps as f32, 1.0, 1.0]);
        let last = [schedule.last() as f32, 1.0, 0.0];
        let all = std::iter::once(first).chain(averaged).chain([last]);
        let words = all.flat_map(|setting| {
            let mut words = [0; SETTING / size_of::<u32>()];
            words.iter_mut().zip(setting).for_each(|(word, value)| *word = value.to_bits());
            words
        });
        self.gpu.words(&words.collect::<Vec<_>>())
    }

    /// A kernel for clouds of any size: how many points there are is told at each launch, so that a device compiles it once.
    fn kernel(&self, buffers: &[&str], main: &str) -> Kernel {
        let Self { dimensions: d, vectors: v, .. } = *self;
        let buffers: Vec<_> = buffers.iter().map(|name| (*name, "f32")).collect();
        let constants = [
            ("D", d),
            ("V", v),
            ("ROWS", 4 * v),
            ("POOL", 3 * d * v),
            ("PULL", d * v),
            ("PUSH", 2 * d * v),
            ("PART", THREADS * v),
        ];
        let constants: String = constants.iter().map(|(name, value)| format!("const {name} = {value}u;\n")).collect();
        let exponents = include_str!("kernels/exponents.wgsl");
        Kernel::new([&constants, &bindings(&buffers), &sizes(buffers.len()), ROWS, exponents, main].concat())
    }

    fn launch(&self, kernel: &Kernel, groups: usize, buffers: &[&Buffer]) {
        self.gpu.launch_sized(kernel, groups, buffers, &self.sizes);
    }
}

/// As [`super::own_potential`], where the device can.
pub fn own_potential(points: &Tensor<2>, schedule: &Schedule) -> Option<Tensor<1>> {
    let count = points.dims()[0];
    let clouds = Clouds::new(points.clone(), [count, 0])?;
    let settings = clouds.settings(schedule);
    let potentials = clouds.potentials(schedule, &settings);
    let last = clouds.kernel(&["across", "before", "after", "setting"], include_str!("kernels/softmin.wgsl"));
    let setting = settings.from((schedule.epsilons().len() + 1) * SETTING);
    let values = clouds.gpu.room(clouds.potential_count());
    clouds.launch(&last, clouds.blocks()[2], &[&clouds.across, &potentials, &values, &setting]);
    Some(clouds.gpu.tensor(values, [2 * count]).narrow(0, count, count))
}

/// As [`super::divergence`], where the device can.
pub fn divergence(x: &Tensor<2>, y: &Tensor<2>, y_self_term: &Tensor<1>, schedule: &Schedule) -> Option<Divergence> {
    let ([n, d], [m, _]) = (x.dims(), y.dims());
    let clouds = Clouds::new(Tensor::cat(vec![x.clone(), y.clone()], 0), [n, m])?;
    let settings = clouds.settings(schedule);
    let potentials = clouds.potentials(schedule, &settings);
    let buffers = ["points", "across", "before", "after", "gradient", "setting"];
    let last = clouds.kernel(&buffers, include_str!("kernels/last.wgsl"));
    let setting = settings.from((schedule.epsilons().len() + 1) * SETTING);
    let (values, gradient) = (clouds.gpu.room(n + m), clouds.gpu.room(n * d));
    let buffers = [&clouds.points, &clouds.across, &potentials, &values, &gradient, &setting];
    clouds.launch(&last, clouds.blocks()[0] + clouds.blocks()[1], &buffers);
    let values = clouds.gpu.tensor(values, [n + m]);
    let (own, potential) = (values.clone().narrow(0, 0, n), values.narrow(0, n, m));
    let value = own.mean() + potential.clone().mean() - y_self_term.clone();
    Some(Divergence { value, gradient: clouds.gpu.tensor(gradient, [n, d]), potential })
}

#[cfg(all(test, feature = "gpu"))]
mod tests {
    use crate::kernel::any_gpu;
    use crate::sde::Brownian;
    use crate::tensor::{cpu, read_now, upload};
    use crate::transport::{Schedule, divergence, self_term};
    use burn::tensor::Device;

    /// Value and gradient of a divergence, and the self-term that is in it.
    fn found(n: usize, m: usize, d: usize, device: &Device) -> [Vec<f32>; 3] {
        let points = |seed, count: usize, spread: f32| {
            let points = Brownian::new(seed).normals(0, count * d).into_iter().map(|x| x * spread + 0.5);
            upload(points.collect(), [count, d], device)
        };
        let (x, y) = (points(1, n, 1.0), points(2, m, 2.0));
        // a blur at which single precision tells more than the rounding of a cost divided by epsilon
        let schedule = Schedule::new(30.0, 0.5, 0.7);
        let own = self_term(y.clone(), &schedule);
        let found = divergence(x, y, own.clone(), &schedule);
        [read_now(found.value), read_now(found.gradient), read_now(own)]
    }

    #[test]
    #[ignore = "needs a GPU"]
    fn a_divergence_is_that_of_the_operators() {
        for (n, m, d) in [(40, 300, 3), (33, 7, 50), (9, 20, 200)] {
            let expected = found(n, m, d, &cpu());
            let computed = found(n, m, d, any_gpu());
            for (part, (expected, computed)) in
                ["value", "gradient", "self-term"].iter().zip(expected.iter().zip(&computed))
            {
                let size = expected.iter().fold(0.0f32, |size, value| size.max(value.abs()));
                let apart = expected.iter().zip(computed).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(
                    apart <= 1e-3 * size && computed.len() == expected.len(),
                    "{part} of {n}, {m}, {d}: {apart} of {size}"
                );
            }
        }
    }
}
