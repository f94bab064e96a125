import pytest
from twisted.internet.error import DNSLookupError

from newsrust_spider.middlewares.resolver import check_address

PRIVATE = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "224.0.0.1",
    "255.255.255.255",
    "192.0.0.8",
    "::1",
    "::ffff:127.0.0.1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "ff02::1",
    "239.255.255.255",
    "240.0.0.1",
    "172.31.255.255",
    "198.18.0.1",
    "::ffff:10.0.0.1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_with_a_private_address_is_refused(address: str) -> None:
    for name in ("www.newsrust.com", "evil.www.newsrust.com", "2130706433", "127.1", "0x7f000001"):
        with pytest.raises(DNSLookupError, match="private address"):
            check_address(address, name)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "10.1.2.3"])
def test_a_site_that_is_written_as_a_private_address_was_meant(name: str) -> None:
    assert check_address("127.0.0.1", name) == "127.0.0.1"


def test_a_public_address_is_taken() -> None:
    assert check_address("93.184.216.34", "www.newsrust.com") == "93.184.216.34"
