//! Combinations of answers: which of its choices each option gets, before the choices are known.

use crate::answers::{self, Answers, Given};
use crate::facts::{Facts, field};
use serde_json::Value;
use tenon_pack::{Kind, OptionKind, Pack, PackOption};
use tenon_text::diag::Result;

/// The choice for an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// All choices.
    All,
    /// The first choice.
    First,
    /// The last choice.
    Last,
    /// No answer.
    Nothing,
}

/// One choice for each option of a kind, in order.
pub type Combination = Vec<Choice>;

/// The number of combinations, and those to try, at most `most`: all; or each choice with the fewest other answers, followed by
/// combinations in which any two choices meet. The first has the fewest answers.
pub fn of(pack: &Pack, kind: &Kind, most: usize) -> (usize, Vec<Combination>) {
    let levels: Vec<Vec<Choice>> = pack.options(&kind.id).map(levels).collect();
    let all = levels
        .iter()
        .try_fold(1usize, |product, level| product.checked_mul(level.len()))
        .unwrap_or(usize::MAX);
    let chosen = if all <= most {
        let mut chosen = product(&levels);
        chosen.reverse();
        chosen
    } else {
        let mut chosen = singles(&levels);
        for combination in pairwise(&levels) {
            if !chosen.contains(&combination) {
                chosen.push(combination);
            }
        }
        chosen.truncate(most.max(1));
        chosen
    };
    (all, chosen)
}

fn levels(option: &PackOption) -> Vec<Choice> {
    let mut out = match option.kind {
        OptionKind::Many => vec![Choice::All, Choice::First],
        OptionKind::One => vec![Choice::First, Choice::Last],
        OptionKind::Flag | OptionKind::Pairs | OptionKind::Text => vec![Choice::First],
    };
    if !option.required {
        out.push(Choice::Nothing);
    }
    out
}

fn product(levels: &[Vec<Choice>]) -> Vec<Combination> {
    let mut out: Vec<Combination> = vec![vec![]];
    for level in levels {
        out = out
            .into_iter()
            .flat_map(|combination| {
                level.iter().map(move |choice| {
                    let mut longer = combination.clone();
                    longer.push(*choice);
                    longer
                })
            })
            .collect();
    }
    out
}

/// The fewest answers, and these with each other choice of one option.
fn singles(levels: &[Vec<Choice>]) -> Vec<Combination> {
    let fewest: Combination = levels.iter().filter_map(|level| level.last().copied()).collect();
    let mut out = vec![fewest.clone()];
    for (at, level) in levels.iter().enumerate() {
        for choice in level.iter().rev().skip(1) {
            let mut combination = fewest.clone();
            combination[at] = *choice;
            out.push(combination);
        }
    }
    out
}

/// Combinations in which any two choices of two options occur together. Each is filled greedily with the choice that adds most
/// new pairs.
fn pairwise(levels: &[Vec<Choice>]) -> Vec<Combination> {
    let mut open: Vec<(usize, usize, usize, usize)> = Vec::new();
    for (i, one) in levels.iter().enumerate() {
        for (j, two) in levels.iter().enumerate().skip(i + 1) {
            open.extend((0..one.len()).flat_map(|a| (0..two.len()).map(move |b| (i, a, j, b))));
        }
    }
    let mut out = Vec::new();
    while let Some(&(i, a, j, b)) = open.first() {
        let mut picked: Vec<Option<usize>> = vec![None; levels.len()];
        picked[i] = Some(a);
        picked[j] = Some(b);
        for at in 0..levels.len() {
            if picked[at].is_some() {
                continue;
            }
            let meets = |choice: usize| {
                let is = |option: usize, with: usize| match option == at {
                    true => with == choice,
                    false => picked[option] == Some(with),
                };
                let new = open.iter().filter(|(i, a, j, b)| is(*i, *a) && is(*j, *b));
                new.count()
            };
            let best = (0..levels[at].len()).max_by_key(|choice| (meets(*choice), levels[at].len() - choice));
            picked[at] = best;
        }
        let picked: Vec<usize> = picked.into_iter().map(Option::unwrap_or_default).collect();
        open.retain(|(i, a, j, b)| picked[*i] != *a || picked[*j] != *b);
        let combination = picked.iter().zip(levels).map(|(at, level)| level[*at]);
        out.push(combination.collect());
    }
    out
}

/// What a member is called in a trial.
pub struct Sample<'s> {
    /// Its name.
    pub name: &'s str,
    /// The word for answers where any text will do.
    pub word: &'s str,
}

/// The answers of a combination.
///
/// # Errors
/// If a required answer is missing, or a choice is refused.
pub fn answers(
    pack: &Pack,
    kind: &Kind,
    facts: &Facts<'_>,
    sample: &Sample<'_>,
    combination: &Combination,
) -> Result<Answers> {
    let mut choices = combination.iter();
    let mut pick = |option: &PackOption, rows: &[Value], so_far: &Answers| {
        let choice = *choices.next()?;
        let lefts = option.left.as_ref().and_then(|left| so_far.values.get(left));
        let lefts = lefts.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        given(choice, option, rows, lefts, sample.word)
    };
    answers::picked(pack, kind, facts, sample.name.to_owned(), &mut pick)
}

/// The answer for a choice. `rows` are the choices of the option, `lefts` the answers for the left sides of pairs.
fn given(choice: Choice, option: &PackOption, rows: &[Value], lefts: &[Value], word: &str) -> Option<Given> {
    let ids: Vec<String> = rows.iter().map(|row| field(row, "id").to_owned()).collect();
    let words = |ids: Vec<String>| (!ids.is_empty()).then_some(Given::Words(ids));
    if choice == Choice::Nothing {
        return None;
    }
    match option.kind {
        OptionKind::Flag => Some(Given::Flag(true)),
        OptionKind::Text => {
            let text = option.example.as_deref().unwrap_or(word);
            words(vec![text.to_owned()])
        }
        OptionKind::Pairs => {
            let left = match &option.left {
                Some(_) => field(lefts.first()?, "id").to_owned(),
                None => word.to_owned(),
            };
            // A pair of a value with itself is unlikely to be valid.
            let right = ids.iter().find(|id| **id != left).or(ids.first())?;
            words(vec![format!("{left}:{right}")])
        }
        OptionKind::One | OptionKind::Many => match choice {
            Choice::All => words(ids),
            Choice::Last => words(ids.into_iter().next_back().into_iter().collect()),
            _ => words(ids.into_iter().take(1).collect()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Choice::{All, First, Last, Nothing};

    #[test]
    fn all_combinations_of_few_options() {
        assert_eq!(
            product(&[vec![First, Nothing], vec![All, First]]),
            [[First, All], [First, First], [Nothing, All], [Nothing, First]]
        );
        assert_eq!(product(&[]), [Vec::<Choice>::new()]);
    }

    #[test]
    fn each_choice_stands_once_with_the_fewest_others() {
        let levels = [vec![All, First, Nothing], vec![First, Nothing]];
        assert_eq!(
            singles(&levels),
            [
                [Nothing, Nothing],
                [First, Nothing],
                [All, Nothing],
                [Nothing, First]
            ]
        );
    }

    #[test]
    fn any_two_choices_of_many_options_meet() {
        let levels = vec![vec![All, First, Nothing]; 6];
        let combinations = pairwise(&levels);
        assert!(combinations.len() < 25, "{}", combinations.len());
        for i in 0..6 {
            for j in i + 1..6 {
                for (a, b) in levels[i]
                    .iter()
                    .flat_map(|a| levels[j].iter().map(move |b| (a, b)))
                {
                    assert!(
                        combinations
                            .iter()
                            .any(|combination| combination[i] == *a && combination[j] == *b)
                    );
                }
            }
        }
        assert_eq!(pairwise(&[vec![First, Last]]), Vec::<Combination>::new());
    }
}
