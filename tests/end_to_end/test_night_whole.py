def test_x(finished):
    print(finished.jiceng("status").stdout)
    print({k: len(v) for k, v in finished.marts().items()})
    print(finished.nights()[0].facts)
    assert 0
