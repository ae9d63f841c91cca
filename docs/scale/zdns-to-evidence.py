#!/usr/bin/env python3
"""Makes lines of evidence (mxray-evidence/1) of what zdns printed: python3 zdns-to-evidence.py names.tsv zdns-*.json > lines.ndjson

zdns looks up names, mxray judges domains: the first file says which name belongs to which domain, one `domain<TAB>name` a
line, as the list that was given to zdns was made of. The others are zdns' output, a JSON object a line, of any raw module
(TXT, MX, A, AAAA, CNAME, TLSA, DS, DNSKEY, NS, SOA, CAA). Names that are in no line of the first file count for the
domain of the same name. A line that cannot be read is reported on stderr and left out.
"""
import datetime
import json
import sys
from collections import defaultdict

# What zdns calls an outcome that is an answer; everything else is a look-up that failed, and no statement on the domain.
ANSWERED = {"NOERROR": "NOERROR", "NXDOMAIN": "NXDOMAIN", "NO_ANSWER": "NOERROR", "NODATA": "NOERROR", "NORECORD": "NOERROR"}
FAILED = {"SERVFAIL": "servfail", "REFUSED": "refused", "TIMEOUT": "timeout", "ITERATIVE_TIMEOUT": "timeout"}


def host(name):
    return name if name.endswith(".") else name + "."


def quoted(text):
    """TXT strings, which zdns joins with line feeds, in quotes."""
    escape = lambda string: "".join(c if " " <= c <= "~" and c not in '"\\' else f"\\{c}" if c in '"\\' else "".join(f"\\{b:03d}" for b in c.encode()) for c in string)
    return " ".join(f'"{escape(string)}"' for string in text.split("\n"))


def rdata(answer):
    """The data of a record in the form of zone files; None for types that mxray has no use for."""
    kind, value = answer.get("type"), answer.get("answer", "")
    if kind in ("A", "AAAA"):
        return value
    if kind in ("CNAME", "NS", "PTR", "DNAME"):
        return host(value)
    if kind == "MX":
        return f"{answer['preference']} {host(value)}"
    if kind == "TXT":
        return quoted(value)
    if kind == "TLSA":
        return f"{answer['cert_usage']} {answer['selector']} {answer['matching_type']} {answer['certificate']}"
    if kind == "CAA":
        return f"{answer['flag']} {answer['tag']} {quoted(answer['value'])}"
    if kind == "DS":
        return f"{answer['key_tag']} {answer['algorithm']} {answer['digest_type']} {answer['digest']}"
    if kind == "DNSKEY":
        return f"{answer['flags']} {answer['protocol']} {answer['algorithm']} {answer['public_key']}"
    if kind == "SOA":
        return f"{host(answer['ns'])} {host(answer['mbox'])} {answer['serial']} {answer['refresh']} {answer['retry']} {answer['expire']} {answer['min_ttl']}"
    return None


def record(answer):
    data = rdata(answer)
    return None if data is None else {"name": answer["name"], "type": answer["type"], "ttl": answer.get("ttl", 300), "data": data}


def entry(name, kind, result):
    """One look-up as an entry of `dns`."""
    status = result.get("status", "ERROR")
    entry = {"name": name, "type": kind, "at": utc(result.get("timestamp"))}
    data = result.get("data") or {}
    if data.get("resolver"):
        entry["from"] = data["resolver"]
    if status not in ANSWERED:
        entry["failed"] = FAILED.get(status, f"zdns: {status}")
        return entry
    entry["rcode"] = ANSWERED[status]
    for section, key in (("answers", "answers"), ("authority", "authorities")):
        entry[section] = [found for found in map(record, data.get(key) or []) if found]
    return entry


def utc(timestamp):
    """RFC 3339 with the zone of the collector, in UTC."""
    if not timestamp:
        return None
    return datetime.datetime.fromisoformat(timestamp).astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    names, *outputs = sys.argv[1:]
    belongs = defaultdict(list)
    with open(names, encoding="utf-8") as file:
        for line in file:
            domain, _, name = line.rstrip("\n").partition("\t")
            belongs[name.rstrip(".").lower()].append(domain)
    found, taken = defaultdict(list), {}
    for path in outputs:
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    looked_up = json.loads(line)
                    name = looked_up["name"].rstrip(".").lower()
                    entries = [entry(name, kind, result) for kind, result in looked_up["results"].items()]
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    print(f"{path}, line {number}: left out: {error!r}", file=sys.stderr)
                    continue
                for domain in belongs.get(name, [name]):
                    found[domain].extend(entries)
                    taken[domain] = max([taken.get(domain) or ""] + [one["at"] or "" for one in entries])
    for domain, entries in found.items():
        print(json.dumps({"format": "mxray-evidence/1", "domain": domain, "taken_at": taken[domain] or None, "dns": entries}, separators=(",", ":")))


if __name__ == "__main__":
    main()
