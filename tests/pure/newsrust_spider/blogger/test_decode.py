from newsrust_spider.blogger.decode import decode_page


def test_pages_are_utf_8_whatever_the_header_says() -> None:
    assert decode_page("\ufeffcafé".encode(), "iso-8859-1") == "café"
    assert decode_page("кафе".encode("cp1251"), "windows-1251") == "кафе"
    assert decode_page(b"caf\xe9 \x81", "no-such-charset") == "café \ufffd"
