use super::*;

#[test]
fn half_of_the_answers_took_at_most_the_median() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[7]), Some(7));
    assert_eq!(median(&[1, 9]), Some(1));
    assert_eq!(median(&[1, 2, 9]), Some(2));
    assert_eq!(median(&[1, 2, 3, 9]), Some(2));
}
