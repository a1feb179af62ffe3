use super::*;

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_has_its_name_only_when_it_is_whole_and_nothing_else_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("evidence");
    let staged = stage(&path, b"whole").unwrap();
    assert!(!path.exists());
    staged.publish().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"whole");
    assert!(matches!(write_new(&path, b"other"), Err(CliError::Exists(_))));
    replace(&path, b"next").unwrap();
    drop(stage_over(&path, b"dropped").unwrap());
    assert_eq!(fs::read(&path).unwrap(), b"next");
    assert_eq!(names(folder.path()), ["evidence"]);
}

#[test]
fn what_came_to_stand_at_the_place_in_the_meantime_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("evidence");
    let staged = stage(&path, b"late").unwrap();
    fs::write(&path, b"first").unwrap();
    assert!(matches!(staged.publish(), Err(CliError::Exists(_))));
    assert_eq!(fs::read(&path).unwrap(), b"first");
    assert_eq!(names(folder.path()), ["evidence"]);
}

#[test]
fn a_private_file_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    write_private(&path, b"x").unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & OTHERS, 0);
}

#[test]
fn what_is_no_ordinary_file_is_never_replaced_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let [pipe, link, inside] = ["pipe", "link", "inside"].map(|it| folder.path().join(it));
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).unwrap();
    std::os::unix::fs::symlink(&pipe, &link).unwrap();
    fs::create_dir(&inside).unwrap();
    for path in [&pipe, &link, &inside] {
        let before = fs::symlink_metadata(path).unwrap().file_type();
        assert!(matches!(replace(path, b"over"), Err(CliError::NotAFile(_))));
        assert!(matches!(stage_over(path, b"over"), Err(CliError::NotAFile(_))));
        assert_eq!(fs::symlink_metadata(path).unwrap().file_type(), before);
    }
    let late = folder.path().join("late");
    let staged = stage_over(&late, b"over").unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, &late, 0o600.into()).unwrap();
    assert!(matches!(staged.replace(), Err(CliError::NotAFile(_))));
    assert_eq!(names(folder.path()), ["inside", "late", "link", "pipe"]);
}
