#!/usr/bin/env python3
"""Writes lines of evidence (mxray-evidence/1) for made-up domains in every state: python3 evidence-lines.py 100000 > lines.ndjson

The same number always gives the same lines. Every 997th line is broken in one of several ways, as lines of a large
collection are: cut off, not JSON, without a domain, of another format, not UTF-8.
"""
import json
import random
import sys

TAKEN_AT = "2026-11-23T12:00:00Z"
PROVIDERS = [
    ("v=spf1 include:_spf.mail.example -all", "mx.mail.example"),
    ("v=spf1 mx ~all", None),
    ("v=spf1 ip4:192.0.2.0/24 include:_a.host.example include:_b.host.example ~all", None),
    ("v=spf1 a mx ip4:198.51.100.7 +all", None),
    ("v=spf1 ip4:192.0.2.300 -all", None),
    ("v=spf1 include:_loop.host.example -all", None),
    (None, None),
]
INCLUDES = {
    "_spf.mail.example": "v=spf1 ip4:203.0.113.0/24 -all",
    "_a.host.example": "v=spf1 ip4:198.51.100.0/25 include:_c.host.example -all",
    "_b.host.example": "v=spf1 ip6:2001:db8::/32 -all",
    "_c.host.example": "v=spf1 ip4:203.0.113.128/25 -all",
    "_loop.host.example": "v=spf1 include:_loop.host.example -all",
}
DMARC = ["v=DMARC1; p=reject; rua=mailto:dmarc@{d}", "v=DMARC1; p=quarantine; rua=mailto:r@reports.example", "v=DMARC1; p=none", "v=DMARC1; p=rejekt", None]
KEY = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4kRYsJQo95Z+Kt40yCmRYlHGYYxQScQUOa+5DALtAvaGiAIKfE7VfWZ8al3LvUQC39L8FvOJTonLp+/N0cLCYfW9bRRTlQBxcx2TlHFYCXJYZENLa3qfW9799sxSKHdAM3xVts5SjyhVagZl0LNwGuKC/XHqzuHoWAF4DMSK8Rh9IrqvN3d2M3hEHFIPZzBXJJf0C0saLltWF4k0/7heETAmSsVjtQvLCutXlIy8YxFQSVIkaWdafmxq6tRJ9SYqz8voMfwemmn2wlySYF6VDZ8oxnnEAgK6wiXxTmBMfLhbgQJmITO+ujvgkieZBdrgIHTjLwhP2BDwF3WrXpfOEwIDAQAB"


def quoted(text):
    """A TXT record as a zone file has it: strings of at most 255 octets."""
    return " ".join(f'"{text[at:at + 250]}"' for at in range(0, max(len(text), 1), 250))


def evidence(number):
    """Everything a bulk resolver would have found about one domain."""
    rng = random.Random(number)
    domain = f"d{number}.{rng.choice(['example', 'test', 'co.example', 'org.example'])}"
    dns = []

    def answer(name, kind, *answers):
        dns.append({"name": name, "type": kind, "rcode": "NOERROR", "answers": list(answers), "ttl": 3600})

    def missing(name, kind):
        dns.append({"name": name, "type": kind, "rcode": "NXDOMAIN"})

    def failed(name, kind):
        dns.append({"name": name, "type": kind, "failed": rng.choice(["timeout", "servfail"])})

    state = rng.random()
    if state < 0.03:  # a domain that does not exist
        for kind in ("SOA", "NS", "MX", "TXT", "A"):
            missing(domain, kind)
        return {"format": "mxray-evidence/1", "domain": domain, "taken_at": TAKEN_AT, "dns": dns, "authoritative_for": ["."]}
    answer(domain, "SOA", f"ns1.{domain}. hostmaster.{domain}. 1 7200 3600 1209600 3600")
    answer(domain, "NS", f"ns1.{domain}.", f"ns2.{domain}.")
    if state < 0.11:  # parked
        answer(domain, "MX", "0 .")
        answer(domain, "TXT", quoted("v=spf1 -all"))
        answer(f"_dmarc.{domain}", "TXT", quoted("v=DMARC1; p=reject"))
        return {"format": "mxray-evidence/1", "domain": domain, "taken_at": TAKEN_AT, "dns": dns, "authoritative_for": [domain]}
    if state < 0.15:  # nothing but failures
        for name, kind in ((domain, "MX"), (domain, "TXT"), (f"_dmarc.{domain}", "TXT"), (f"_mta-sts.{domain}", "TXT")):
            failed(name, kind)
        return {"format": "mxray-evidence/1", "domain": domain, "taken_at": TAKEN_AT, "dns": dns}
    spf, host = rng.choice(PROVIDERS)
    hosts = [host] if host else [f"mx{n}.{domain}" for n in range(1, rng.randint(2, 4))]
    answer(domain, "MX", *(f"{10 * n} {name}." for n, name in enumerate(hosts, 1)))
    for n, name in enumerate(hosts, 1):
        answer(name, "A", f"192.0.2.{n}")
    answer(domain, "TXT", *([quoted(spf)] if spf else []), quoted(f"site-verification={number:x}"))
    for name, text in INCLUDES.items():
        if spf and name.split(".", 1)[1] in spf:
            answer(name, "TXT", quoted(text))
    dmarc = rng.choice(DMARC)
    if dmarc:
        answer(f"_dmarc.{domain}", "TXT", quoted(dmarc.format(d=domain)))
    if rng.random() < 0.6:
        answer(f"{rng.choice(['selector1', 'google', 's1', 'default'])}._domainkey.{domain}", "TXT", quoted(f"v=DKIM1; k=rsa; p={KEY}"))
    https = []
    if rng.random() < 0.2:
        answer(f"_mta-sts.{domain}", "TXT", quoted("v=STSv1; id=20261123"))
        answer(f"mta-sts.{domain}", "A", "192.0.2.80")
        mode = rng.choice(["enforce", "testing", "none"])
        body = f"version: STSv1\r\nmode: {mode}\r\n" + "".join(f"mx: {name}\r\n" for name in hosts) + "max_age: 604800\r\n"
        https.append({"url": f"https://mta-sts.{domain}/.well-known/mta-sts.txt", "status": 200, "content_type": "text/plain", "body": body})
    if rng.random() < 0.25:
        answer(f"_smtp._tls.{domain}", "TXT", quoted(f"v=TLSRPTv1; rua=mailto:tls@{domain}"))
    if rng.random() < 0.1:
        answer(f"default._bimi.{domain}", "TXT", quoted(f"v=BIMI1; l=https://{domain}/logo.svg"))
    if rng.random() < 0.1:
        for name in hosts:
            answer(f"_25._tcp.{name}", "TLSA", "3 1 1 " + f"{rng.getrandbits(256):064x}")
    if rng.random() < 0.05:
        failed(f"_smtp._tls.{domain}", "TXT")
    return {"format": "mxray-evidence/1", "domain": domain, "taken_at": TAKEN_AT, "dns": dns, "https": https, "authoritative_for": [domain, "mail.example", "host.example"]}


def line(number):
    """One line; some are broken."""
    text = json.dumps(evidence(number), separators=(",", ":")).encode()
    if number % 997:
        return text
    breaks = [text[: len(text) // 2], b"not json at all", text.replace(b'"domain"', b'"name"', 1), text.replace(b"evidence/1", b"evidence/9", 1), b"\xff\xfe" + text[2:]]
    return breaks[number // 997 % len(breaks)]


if __name__ == "__main__":
    for number in range(1, int(sys.argv[1]) + 1):
        sys.stdout.buffer.write(line(number) + b"\n")
