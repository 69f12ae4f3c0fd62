"""`make planted` runs once a week; that its faults find their places is seen at every change."""

from trials import planted


def test_every_fault_changes_a_file_of_the_book(site):
    lost = [
        f"{name} in {file}"
        for _, name, (file, change) in planted.every_fault()
        if (text := (site / file).read_text("utf-8")) == change(text)
    ]
    assert lost == []


def test_every_test_that_should_notice_a_fault_is_there():
    folder = planted.ROOT / "tests" / "browser"
    tests = {test.partition("::")[::2] for test, _, _ in planted.every_fault()}
    assert [t for f, t in sorted(tests) if f"def {t}(" not in (folder / f).read_text()] == []
