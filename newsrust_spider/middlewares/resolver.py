"""Names that resolve to private addresses are refused: no site's DNS sends us into our network."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

# Global to Python 3.11, and no web server's: multicast, the dummy address, and two ways to write
# an IPv4 address, which may be a private one (RFC 6052, section 3.1; RFC 3056).
_NEVER_A_SITE = tuple(
    map(ip_network, ("224.0.0.0/4", "192.0.0.8", "ff00::/8", "64:ff9b::/96", "2002::/16"))
)


def is_public(address: str) -> bool:
    """Tell whether an IPv4 or IPv6 ``address`` is one of the public internet.

    >>> [is_public(a) for a in ("93.184.216.34", "10.0.0.1", "127.0.0.1", "169.254.169.254")]
    [True, False, False, False]
    """
    found = ip_address(address)
    return found.is_global and not any(found in network for network in _NEVER_A_SITE)


def says_it_is_local(name: str) -> bool:
    """Tell whether a host's ``name`` is itself an address, or this machine's.

    >>> [says_it_is_local(n) for n in ("127.0.0.1", "localhost", "www.newsrust.com", "127.1")]
    [True, True, False, False]
    """
    try:
        ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    return True


class PublicOnlyResolver(CachingThreadedResolver):
    """Resolves as Scrapy does; DNSLookupError for a name with a private address.

    The address that is checked here is the one that is then connected to, so that a second
    answer of the DNS cannot differ. Only the site's own host is ever asked for (``SameSite``):
    where that is written as a private address, it was meant.
    """

    def getHostByName(  # noqa: N802 - Twisted's name
        self, name: str, timeout: Sequence[int] = ()
    ) -> "Deferred[str]":
        """Return the address of ``name``, as Twisted asks for it."""
        resolved: Deferred[str] = super().getHostByName(name, timeout)
        return resolved.addCallback(check_address, name)


def check_address(address: str, name: str) -> str:
    """Return ``address`` if ``name`` may have it; raises DNSLookupError."""
    if not says_it_is_local(name) and not is_public(address):
        raise DNSLookupError(f"{name} has the private address {address}")
    return address
