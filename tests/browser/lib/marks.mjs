// A Mark Certificate of our own, made with OpenSSL: everything as the rules want it, but for a root that nobody trusts and
// a log that has never seen it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** One DER element. */
function der(tag, ...parts) {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = body;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

/** The logotype extension, RFC 9399 §4.1, with the drawing in it. */
function logotype(svg) {
  const sha256 = der(0x30, der(0x06, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]));
  const hash = der(0x30, sha256, der(0x04, createHash("sha256").update(svg).digest()));
  const uri = `data:image/svg+xml;base64,${gzipSync(svg).toString("base64")}`;
  const details = der(0x30, der(0x16, "image/svg+xml"), der(0x30, hash), der(0x30, der(0x16, uri)));
  return der(0x30, der(0xa2, der(0xa0, der(0x30, der(0x30, details)))));
}

/** The chain as PEM, for one domain and one drawing. */
export function markCertificate(domain, svg) {
  const folder = mkdtempSync(join(tmpdir(), "mxray-mark-"));
  const at = (name) => join(folder, name);
  const openssl = (...words) => execFileSync("openssl", words, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  writeFileSync(at("leaf.cnf"), `oid_section = oids
[oids]
markType = 1.3.6.1.4.1.53087.1.13
trademarkCountry = 1.3.6.1.4.1.53087.1.3
trademarkIdentifier = 1.3.6.1.4.1.53087.1.4
[req]
distinguished_name = subject
prompt = no
[subject]
C = DE
O = Acme GmbH
CN = Acme GmbH
markType = Registered Mark
trademarkCountry = DE
trademarkIdentifier = 30123456
[issuer]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
authorityKeyIdentifier = keyid
subjectKeyIdentifier = hash
extendedKeyUsage = 1.3.6.1.5.5.7.3.31
certificatePolicies = 1.3.6.1.4.1.99999.1, 1.3.6.1.4.1.53087.1.1
[leaf]
basicConstraints = CA:FALSE
authorityKeyIdentifier = keyid
subjectKeyIdentifier = hash
extendedKeyUsage = 1.3.6.1.5.5.7.3.31
certificatePolicies = 1.3.6.1.4.1.99999.1, 1.3.6.1.4.1.53087.1.1
subjectAltName = DNS:${domain}
crlDistributionPoints = URI:http://crl.mark.test/mark.crl
1.3.6.1.5.5.7.1.12 = DER:${logotype(Buffer.from(svg)).toString("hex")}
`);
  openssl("req", "-x509", ...key, "-days", "90", "-subj", "/O=Mark Authority/CN=Mark Root", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-addext", "certificatePolicies=1.3.6.1.4.1.53087.1.1", "-keyout", "root.key", "-out", "root.pem");
  const issue = (name, by, ...subject) => {
    openssl("req", ...key, "-config", "leaf.cnf", ...subject, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    openssl("x509", "-req", "-in", `${name}.csr`, "-CA", `${by}.pem`, "-CAkey", `${by}.key`, "-days", "60", "-extfile", "leaf.cnf", "-extensions", name, "-out", `${name}.pem`);
  };
  issue("issuer", "root", "-subj", "/O=Mark Authority/CN=Mark Issuer");
  issue("leaf", "issuer");
  const pem = ["leaf", "issuer", "root"].map((name) => readFileSync(at(`${name}.pem`), "utf8")).join("");
  rmSync(folder, { recursive: true });
  return pem;
}
