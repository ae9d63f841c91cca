"""Validations a second by libxml2's RelaxNG (lxml), over the drawings of the corpus: parse and validate, as mxray does.

python libxml2-rate.py CORPUS SCHEMA MUTATIONS: the schema is written from mxray's tables, since no package ships the
official one; the mutations are drawings with mxray's verdicts, on which libxml2 gives its own. Prints one line of JSON.
"""
import json
import sys
import time

from lxml import etree

ROUNDS = 7

schema = etree.RelaxNG(etree.parse(sys.argv[2]))
parser = etree.XMLParser(resolve_entities=True, no_network=True, load_dtd=False)


def verdict(data):
    """Whether the text is well-formed, and whether it is valid."""
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return False, False
    return True, schema.validate(tree)


with open(sys.argv[1], encoding="utf-8") as file:
    cases = [json.loads(line) for line in file]
drawings = [case["svg"].encode("utf-8") for case in cases]
right = sum(verdict(data)[1] == case["schema_valid"] for data, case in zip(drawings, cases))


def seconds(one):
    """The least time of the processor that all drawings take, once each."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for data in drawings:
            one(data)
        best = min(best, time.process_time() - started)
    return best


both = seconds(lambda data: schema.validate(etree.fromstring(data, parser)))
parse = seconds(lambda data: etree.fromstring(data, parser))
compared, apart = 0, []
with open(sys.argv[3], encoding="utf-8") as file:
    for line in file:
        case = json.loads(line)
        read, valid = verdict(case["svg"].encode("utf-8"))
        compared += 1
        # libxml2 also stops at a namespace that is no address, or an empty xml:id: invalid to both all the same.
        if valid != case["schema_valid"]:
            apart.append({**case, "libxml2_read": read, "libxml2_valid": valid, "libxml2_says": str(schema.error_log.last_error)})
print(json.dumps({
    "libxml2": round(len(drawings) / both), "libxml2_right": right, "libxml2_parse": round(len(drawings) / parse),
    "compared": compared, "apart": len(apart), "first_apart": apart[:3], "version": ".".join(map(str, etree.LIBXML_VERSION)),
}))
