"""The encoding of an export is found by what stands in it; damage ends a file and no run."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from training.ingest.encodings import detect, has_misfits, head_of, opened

GERMAN = "Guten Tag, die Größe passt nicht. Können Sie mir bitte erklären, wie ich die Bestellung zurückschicken muß?"
TURKISH = "Merhaba, siparişim hâlâ gelmedi, kargo şirketi ulaşmıyor; iade için ne yapmalıyım? Teşekkürler, iyi günler."
POLISH = "Dzień dobry, gdzie jest moja paczka? Proszę o zwrot pieniędzy, bo źle działa łącze i część się zgubiła."
RUSSIAN = "Здравствуйте, где мой заказ? Я жду уже две недели, а курьер так и не позвонил."
JAPANESE = "注文した商品がまだ届きません。いつ届きますか。お問い合わせ番号を教えてください。"
CHINESE = "我的订单还没有到，请问什么时候可以收到？谢谢您的帮助。"
ARABIC = "مرحبا، أين طلبي؟ لم يصل منذ أسبوعين وأريد استرداد المبلغ"


def _read(path: Path) -> str:
    with opened(path, detect(path)) as (text, _):
        return text.read()


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", CHINESE),
        ("utf-8-sig", GERMAN),
        ("utf-16", RUSSIAN),
        ("utf-16-le", GERMAN),
        ("utf-16-be", GERMAN),
        ("utf-32", ARABIC),
        ("cp1252", GERMAN),
        ("cp1250", POLISH),
        ("cp1254", TURKISH),
        ("cp1251", RUSSIAN),
        ("koi8_r", RUSSIAN),
        ("cp1256", ARABIC),
        ("shift_jis", JAPANESE),
        ("euc_jp", JAPANESE),
        ("gb18030", CHINESE),
    ],
)
def test_the_text_comes_out_as_it_was_written(tmp_path: Path, encoding: str, text: str) -> None:
    written = "id,role,text\n" + "".join(f"{row},customer,{text}\n" for row in range(20))
    path = tmp_path / "export.csv"
    path.write_bytes(written.encode(encoding))
    assert _read(path) == written
    assert detect(path).sure is encoding.startswith("utf")


def test_a_letter_far_behind_still_tells(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b"plain\n" * 100_000 + "Größe, schön, können, müßte\n".encode("cp1252") * 20)
    assert "Größe, schön, können, müßte" in _read(path)


def test_a_broken_byte_in_utf8_stays_in_its_line(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes((GERMAN + "\n").encode() * 3 + b"bro\xffken\n" + (GERMAN + "\n").encode())
    lines = _read(path).splitlines()
    assert [has_misfits(line) for line in lines] == [False, False, False, True, False]
    assert lines[4] == GERMAN


def test_what_fits_nothing_is_taken_for_western_european_and_said_to_be_a_guess(tmp_path: Path) -> None:
    path = tmp_path / "noise.bin"
    path.write_bytes(bytes(range(0x80, 0x100)) * 4 + b"\x81\x8d\xfe\xff\x80\x9d")
    found = detect(path)
    assert not found.sure
    assert found.name == "cp1252"


def test_a_character_cut_off_at_the_end_leaves_utf8(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("né".encode()[:-1])
    assert detect(path).name == "utf-8"


def test_gzip_is_told_by_its_bytes_and_gives_what_stands_before_the_damage(tmp_path: Path) -> None:
    lines = [f"{number} {number * number}\n" for number in range(5000)]
    whole = gzip.compress("".join(lines).encode())
    path = tmp_path / "export.csv"
    path.write_bytes(whole[:-400])
    assert head_of(path, 4) == b"0 0\n"
    with opened(path, detect(path)) as (text, raw):
        read = text.read()
        assert raw.is_damaged
    assert len(read) > 40_000
    assert "".join(lines).startswith(read)
    path.write_bytes(whole)
    with opened(path, detect(path)) as (text, raw):
        assert text.read() == "".join(lines)
        assert not raw.is_damaged
