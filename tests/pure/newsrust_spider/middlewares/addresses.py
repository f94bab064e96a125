"""Addresses that a hostile site may write, in any place where an address can stand.

``{host}`` is the site's host, ``{home}`` its address, ``{port}`` a port of this machine where a
listener counts who comes.
"""

# ruff: noqa: RUF001, S104 - digits that only look like digits, and an address to refuse

ELSEWHERE = {
    # other hosts
    "another host": "http://evil.example/x",
    "the host as a prefix": "http://{host}.evil.example/x",
    "a subdomain": "http://evil.{host}/x",
    "the host glued on": "http://evil{host}/x",
    "the dot left out": "http://wwwnewsrust.com/x",
    "Blogger itself": "https://www.blogger.com/feeds/1/posts/default",
    # other schemes
    "file": "file:///etc/passwd",
    "file on the host": "file://{host}/etc/passwd",
    "FILE": "FILE:///etc/passwd",
    "ftp": "ftp://{host}/x",
    "data": "data:text/html,<p>x</p>",
    "s3": "s3://{host}/x",
    "gopher": "gopher://{host}:70/_x",
    "javascript": "javascript:alert(1)",
    "ws": "ws://{host}/x",
    "dict": "dict://127.0.0.1:{port}/x",
    "feed": "feed://127.0.0.1:{port}/x",
    "view-source": "view-source:http://127.0.0.1:{port}/x",
    "mailto": "mailto:a@evil.example",
    # other ports
    "ssh": "http://{host}:22/x",
    "Scrapy's telnet": "http://{host}:6023/x",
    "Scrapy's remote control": "http://{host}:6024/x",
    "Postgres": "http://{host}:5432/x",
    "a proxy": "http://{host}:8080/x",
    "port 0": "http://{host}:0/x",
    "a port too high": "http://{host}:65536/x",
    "a port that is none": "http://{host}:http/x",
    "a port in other digits": "http://{host}:８０８０/x",
    "another host, a port too high": "http://evil.example:65536/x",
    "another host, a port that is none": "http://evil.example:http/x",
    # who is the host?
    "host as user": "http://{host}@127.0.0.1:{port}/x",
    "host and port as user": "http://{host}:80@127.0.0.1:{port}/x",
    "user and password": "http://user:password@127.0.0.1:{port}/x",
    "user at the site": "{scheme}://user@{authority}/x",
    "user and password at the site": "{scheme}://user:password@{authority}/x",
    "backslash and at": "http://127.0.0.1:{port}\\@{host}/x",
    "at after a backslash": "http://{host}\\@127.0.0.1:{port}/x",
    "hash and at": "http://127.0.0.1:{port}#@{host}/x",
    "question mark and at": "http://127.0.0.1:{port}?@{host}/x",
    "two at": "http://a@127.0.0.1:{port}@{host}/x",
    "percent-encoded at": "http://{host}%40127.0.0.1:{port}/x",
    "percent-encoded slash": "http://127.0.0.1:{port}%2f@{host}:1/x",
    "semicolon": "http://127.0.0.1:{port};@{host}/x",
    # this machine, in other words
    "loopback": "http://127.0.0.1:{port}/x",
    "another loopback": "http://127.0.0.2:{port}/x",
    "localhost": "http://localhost:{port}/x",
    "LocalHost": "HTTP://LocalHost:{port}/x",
    "localhost with a dot": "http://localhost.:{port}/x",
    "loopback with a dot": "http://127.0.0.1.:{port}/x",
    "decimal": "http://2130706433:{port}/x",
    "hexadecimal": "http://0x7f000001:{port}/x",
    "hexadecimal parts": "http://0x7f.0x0.0x0.0x1:{port}/x",
    "octal": "http://017700000001:{port}/x",
    "octal parts": "http://0177.0.0.01:{port}/x",
    "two parts": "http://127.1:{port}/x",
    "three parts": "http://127.0.1:{port}/x",
    "zero": "http://0:{port}/x",
    "0.0.0.0": "http://0.0.0.0:{port}/x",
    "fullwidth digits": "http://１２７.０.０.１:{port}/x",
    "circled digits": "http://①②⑦.⓪.⓪.①:{port}/x",
    "ideographic full stops": "http://127。0。0。1:{port}/x",
    "percent-encoded digits": "http://%31%32%37.0.0.1:{port}/x",
    "soft hyphen": "http://local\u00adhost:{port}/x",
    "tab within": "http://127.0\t.0.1:{port}/x",
    "newline within": "http://127.0.0\n.1:{port}/x",
    "blank before": "   http://127.0.0.1:{port}/x",
    "IPv6 loopback": "http://[::1]:{port}/x",
    "IPv6 any": "http://[::]:{port}/x",
    "IPv6 in full": "http://[0:0:0:0:0:0:0:1]:{port}/x",
    "IPv4 in IPv6": "http://[::ffff:127.0.0.1]:{port}/x",
    "IPv4 in IPv6, hexadecimal": "http://[::ffff:7f00:1]:{port}/x",
    "NAT64": "http://[64:ff9b::7f00:1]:{port}/x",
    "6to4": "http://[2002:7f00:1::]:{port}/x",
    "IPv6 with a zone": "http://[fe80::1%25lo]:{port}/x",
    "bracket left open": "http://[::1:{port}/x",
    # other networks
    "metadata of a cloud": "http://169.254.169.254/latest/meta-data/",
    "metadata by IPv6": "http://[fd00:ec2::254]/latest/meta-data/",
    "metadata by name": "http://metadata.google.internal/",
    "10/8": "http://10.0.0.1/x",
    "172.16/12": "http://172.16.0.1/x",
    "192.168/16": "http://192.168.0.1/x",
    "100.64/10": "http://100.64.0.1/x",
    "192.0.0.8": "http://192.0.0.8/x",
    "multicast": "http://224.0.0.1/x",
    "broadcast": "http://255.255.255.255/x",
    "link-local by IPv6": "http://[fe80::1]/x",
    "unique local": "http://[fc00::1]/x",
    # relative to where one is
    "without a scheme": "//127.0.0.1:{port}/x",
    "without a scheme, three slashes": "///127.0.0.1:{port}/x",
    "backslashes": "\\\\127.0.0.1:{port}\\x",
    "slash and backslash": "/\\127.0.0.1:{port}/x",
    "a scheme and no slash": "http:127.0.0.1:{port}/x",
    "a scheme and one slash": "http:/127.0.0.1:{port}/x",
    "a scheme and backslashes": "http:\\\\127.0.0.1:{port}\\x",
    "dots out of the root": "/../..//127.0.0.1:{port}/x",
    "a tab in the scheme": "ht\ttp://127.0.0.1:{port}/x",
    "a line end and a header": "http://127.0.0.1:{port}/x\r\nHost: evil.example",
}


def addresses(home: str, port: int) -> dict[str, str]:
    """Return the table for the site at ``home`` and a listener at ``port``."""
    scheme, _, authority = home.partition("://")
    host = authority.partition(":")[0]
    filled = {"home": home, "scheme": scheme, "authority": authority, "host": host, "port": port}
    return {name: address.format(**filled) for name, address in ELSEWHERE.items()}
