// The same domain in every form that can be dropped on the page: zone file, dig output, DoH JSON.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);
const at = (path) => new URL(`../world/${path}`, import.meta.url);

/** What `dig` is asked for to know a domain: names below it and their types. */
export const QUESTIONS = [
  ["", "TXT"], ["", "MX"], ["", "NS"], ["mx1", "A"], ["mx1", "AAAA"], ["mx2", "A"], ["mx2", "AAAA"], ["_25._tcp.mx1", "TLSA"], ["_25._tcp.mx2", "TLSA"],
  ["selector1._domainkey", "TXT"], ["_dmarc", "TXT"], ["_mta-sts", "TXT"], ["_smtp._tls", "TXT"], ["default._bimi", "TXT"],
];
const below = (name, domain) => (name ? `${name}.${domain}` : domain);

/** A BIND zone file as an administrator keeps it. */
export function zoneFile(domain) {
  const head = `$ORIGIN ${domain}.\n$TTL 300\n@ IN SOA ns1.test. hostmaster.test. (\n  2026112301 ; serial\n  3600 600 86400 300 )\n@ IN NS ns1.test.\n`;
  return head + readFileSync(at(`${domain}.zone`), "utf8");
}

/** What `dig` prints for all questions, one after the other. */
export async function digOutput(world, domain) {
  const questions = QUESTIONS.flatMap(([name, type]) => [below(name, domain), type]);
  return (await run("dig", ["@127.0.0.1", "-p", String(world.port), "+nocookie", ...questions])).stdout;
}

/** What the JSON interfaces of public resolvers answer, as one array or, with one question, as one object. */
export async function dohJson(world, domain, questions = QUESTIONS) {
  const numbers = { A: 1, NS: 2, MX: 15, TXT: 16, AAAA: 28, TLSA: 52 };
  const answers = [];
  for (const [name, type] of questions) {
    const { stdout } = await run("dig", ["@127.0.0.1", "-p", String(world.port), "+noall", "+answer", below(name, domain), type]);
    const Answer = stdout.split("\n").filter(Boolean).map((line) => {
      const [owner, ttl, , kind, ...data] = line.split(/\s+/);
      return { name: owner, type: numbers[kind], TTL: Number(ttl), data: data.join(" ") };
    });
    answers.push({ Status: 0, TC: false, RD: true, RA: true, AD: true, CD: false, Question: [{ name: `${below(name, domain)}.`, type: numbers[type] }], Answer });
  }
  return questions.length === 1 ? JSON.stringify(answers[0], null, 2) : JSON.stringify(answers, null, 2);
}

/** The MTA-STS policy as the policy host serves it. */
export function policy(domain) {
  return readFileSync(at(`https/mta-sts.${domain}/.well-known/mta-sts.txt`), "utf8");
}
