"""Money and numbers in words."""

import pytest

from portal.kernel.money import rupiah, rupiah_in_words, thousands
from portal.kernel.terbilang import terbilang


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (1000, "seribu"),
        (1999, "seribu sembilan ratus sembilan puluh sembilan"),
        (2019, "dua ribu sembilan belas"),
        (100_000, "seratus ribu"),
        (1_000_000, "satu juta"),
        (
            9_200_723_312,
            "sembilan miliar dua ratus juta tujuh ratus dua puluh tiga ribu tiga ratus dua belas",
        ),
        (-5, "minus lima"),
    ],
)
def test_terbilang(number, words):
    assert terbilang(number) == words


def test_terbilang_refuses_what_it_cannot_say():
    with pytest.raises(ValueError, match="1,000 trillion"):
        terbilang(10**15)


def test_rupiah_is_written_as_in_letters():
    assert rupiah(1_250_000) == "Rp1.250.000"
    assert rupiah(0) == "Rp0"
    assert rupiah(-5000) == "-Rp5.000"
    assert thousands(91_650_000_000) == "91.650.000.000"
    assert rupiah_in_words(5000) == "Rp5.000 (lima ribu rupiah)"
