//! Which lines stayed, and which new one came from which old one.

/// A stretch between lines that stayed: old lines `old.0..old.1` became new lines `new.0..new.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hunk {
    pub(super) old: (usize, usize),
    pub(super) new: (usize, usize),
}

/// More comparisons than this and everything between the equal ends is one hunk.
const CELLS_MAX: usize = 1_000_000;

/// The stretches that differ, in order.
pub(super) fn hunks(old: &[String], new: &[&str]) -> Vec<Hunk> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == *new).count();
    let tail_max = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(tail_max).take_while(|(old, new)| old == *new).count();
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    let old_middle = old.get(head..old_end).unwrap_or_default();
    let new_middle = new.get(head..new_end).unwrap_or_default();
    let mut hunks = Vec::new();
    let (mut old_from, mut new_from) = (head, head);
    for (old_at, new_at) in common(old_middle, new_middle) {
        push(&mut hunks, (old_from, head + old_at), (new_from, head + new_at));
        (old_from, new_from) = (head + old_at + 1, head + new_at + 1);
    }
    push(&mut hunks, (old_from, old_end), (new_from, new_end));
    hunks
}

fn push(hunks: &mut Vec<Hunk>, old: (usize, usize), new: (usize, usize)) {
    if old.0 < old.1 || new.0 < new.1 {
        hunks.push(Hunk { old, new });
    }
}

/// The longest common subsequence, as pairs of indexes.
fn common(old: &[String], new: &[&str]) -> Vec<(usize, usize)> {
    weighted(old.len(), new.len(), |old_at, new_at| {
        old.get(old_at).zip(new.get(new_at)).map_or(0, |(old, new)| u32::from(old == new))
    })
}

/// Pairs the lines of one hunk by likeness, in order. As many new as old lines: one each.
pub(super) fn pairs(old: &[String], new: &[&str]) -> Vec<(usize, usize)> {
    if old.len() == new.len() {
        return (0..old.len()).map(|index| (index, index)).collect();
    }
    weighted(old.len(), new.len(), |old_at, new_at| {
        old.get(old_at).zip(new.get(new_at)).map_or(0, |(old, new)| likeness(old, new))
    })
}

/// How much of two lines is a common beginning and end, in percent; 0 below a third.
fn likeness(old: &str, new: &str) -> u32 {
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let (head, tail) = common_ends(&old, &new);
    let longer = old.len().max(new.len()).max(1);
    let percent = u32::try_from((head + tail) * 100 / longer).unwrap_or(0);
    if percent < 34 { 0 } else { percent }
}

/// Lengths of the common beginning and, behind it, of the common end.
pub(super) fn common_ends(old: &[char], new: &[char]) -> (usize, usize) {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let tail_max = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(tail_max).take_while(|(old, new)| old == new).count();
    (head, tail)
}

/// The pairs in order that weigh most together.
fn weighted(rows: usize, columns: usize, weight: impl Fn(usize, usize) -> u32) -> Vec<(usize, usize)> {
    if rows == 0 || columns == 0 || rows.saturating_mul(columns) > CELLS_MAX {
        return Vec::new();
    }
    let width = columns + 1;
    let weights: Vec<u32> = (0..rows * columns).map(|cell| weight(cell / columns, cell % columns)).collect();
    let weight_at = |row: usize, column: usize| weights.get(row * columns + column).copied().unwrap_or(0);
    let mut best = vec![0_u32; (rows + 1) * width];
    let best_at = |best: &[u32], row: usize, column: usize| best.get(row * width + column).copied().unwrap_or(0);
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let skip = best_at(&best, row + 1, column).max(best_at(&best, row, column + 1));
            let weight = weight_at(row, column);
            let take = if weight > 0 { weight + best_at(&best, row + 1, column + 1) } else { 0 };
            if let Some(cell) = best.get_mut(row * width + column) {
                *cell = skip.max(take);
            }
        }
    }
    let mut pairs = Vec::new();
    let (mut row, mut column) = (0, 0);
    while row < rows && column < columns {
        let weight = weight_at(row, column);
        let here = best_at(&best, row, column);
        if weight > 0 && here == weight + best_at(&best, row + 1, column + 1) {
            pairs.push((row, column));
            (row, column) = (row + 1, column + 1);
        } else if here == best_at(&best, row + 1, column) {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}
