"""The picture of an article."""

import pytest

from pipelines.markup.lead_image import lead_image


@pytest.mark.parametrize(
    ("thumbnail", "picture"),
    [
        ("https://1.bp.blogspot.com/-a/s72-c/p.jpg", "https://1.bp.blogspot.com/-a/s0/p.jpg"),
        ("//1.bp.blogspot.com/-a/s72-w640-c/p.jpg", "https://1.bp.blogspot.com/-a/s0/p.jpg"),
        ("https://lh3.example/img/a/AV=s72-c", "https://lh3.example/img/a/AV=s0"),
        (
            "https://img.youtube.com/vi/x/default.jpg",
            "https://img.youtube.com/vi/x/default.jpg",
        ),
        ("data:image/png;base64,AA", "https://i.example/first.jpg"),
        ("http://[::1", "https://i.example/first.jpg"),
        ("", "https://i.example/first.jpg"),
    ],
)
def test_the_picture_is_the_thumbnail_at_full_size_or_the_first_in_the_text(
    thumbnail: str, picture: str
) -> None:
    content = (
        '<img src="file:///etc/passwd"><img src="//t.example/1.gif" width="1">'
        '<img src="//i.example/first.jpg"><img src="https://i.example/second.jpg">'
    )
    assert lead_image(thumbnail, content) == picture
