//! Which time points an update goes through, and in which direction.

/// Batches of an epoch. Every second epoch, the first among them, runs backwards.
const BATCHES: u32 = 20;

/// Which time points each update goes through.
#[derive(Clone, Debug, PartialEq)]
pub enum Schedule {
    /// First pairs of neighbouring training time points, one an update, then all of them at once.
    Regimen {
        /// Training time points, the first of the dataset among them.
        times: usize,
        /// Updates on pairs.
        local: u32,
    },
    /// Given orders of positions among the training times, for comparing with another implementation.
    Given(Vec<Vec<usize>>),
}

impl Schedule {
    /// The authors' regimen over `times` training time points for `updates` updates in all: `local` updates of each pair for one of the whole
    /// series.
    pub fn regimen(times: usize, updates: u32, local: f64) -> Self {
        let pairs = (times - 1) as f64 * local;
        let local = (f64::from(updates) * pairs / (pairs + 1.0)).round() as u32;
        Self::Regimen { times, local }
    }

    /// Positions among the training times that an update, counted from 0, goes through in this order.
    pub fn order(&self, update: u32) -> Vec<usize> {
        match self {
            Self::Given(orders) => orders[update as usize % orders.len()].clone(),
            Self::Regimen { times, local } => {
                let pairs = *times as u32 - 1;
                let of_pair = (update < *local).then_some(update % pairs);
                let batch = if update < *local { update / pairs } else { update - local };
                let mut series: Vec<usize> = (0..*times).collect();
                if (batch / BATCHES).is_multiple_of(2) {
                    series.reverse();
                }
                match of_pair {
                    Some(pair) => series[pair as usize..pair as usize + 2].to_vec(),
                    None => series,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_before_the_whole_and_every_second_epoch_runs_backwards() {
        // The authors': 800 updates of each of 3 pairs, then 800 of the whole.
        let schedule = Schedule::regimen(4, 3200, 1.0);
        assert_eq!(schedule, Schedule::Regimen { times: 4, local: 2400 });
        let found: Vec<_> = (0..3).map(|update| schedule.order(update)).collect();
        assert_eq!(found, [[3, 2], [2, 1], [1, 0]]);
        assert_eq!(schedule.order(60), [0, 1], "the second epoch of 20 batches x 3 pairs");
        assert_eq!((schedule.order(2400), schedule.order(2420)), (vec![3, 2, 1, 0], vec![0, 1, 2, 3]));
        assert_eq!(Schedule::regimen(4, 100, 0.0).order(0), [3, 2, 1, 0], "without pairs");
    }
}
