import numpy


def check():
    a = numpy.arange(12, dtype=float).reshape(3, 4)
    assert (a @ a.T).tolist() == [[14, 38, 62], [38, 126, 214], [62, 214, 366]]
    b = numpy.array([[4.0, 1], [1, 3]])
    assert numpy.allclose(numpy.linalg.solve(b, [1, 2]) @ b, [1, 2])
    assert numpy.allclose(numpy.fft.ifft(numpy.fft.fft(a)), a)
    assert numpy.random.default_rng(1).integers(0, 100, 5).tolist() == [47, 51, 75, 95, 3]
    assert numpy.einsum("ij,ij->i", a, a).tolist() == [14, 126, 366]
    assert numpy.sort(numpy.array(["b", "a"])).tolist() == ["a", "b"]
    a.dtype = numpy.int64
    assert a.dtype == numpy.int64
    try:
        numpy.linalg.inv(numpy.zeros((2, 2)))
    except numpy.linalg.LinAlgError:
        return
    raise AssertionError("it is singular")
