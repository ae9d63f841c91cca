// TLS-RPT reports for the journeys: made up by rule, so that what they must come to is known.
import { gzipSync } from "node:zlib";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const DAY = 86_400_000;
const SENDERS = ["Sender Example", "Mailer Example", "Post Example"];

/** A report of RFC 8460: one of many, with a failure in every tenth. */
export function report(number, { domain = "perfect.test", host = `mx${1 + (number % 2)}.${domain}`, result = "certificate-expired", good = 100, bad = number % 10 === 0 ? 3 : 0 } = {}) {
  const start = new Date(Date.UTC(2026, 8, 1) + (number % 60) * DAY).toISOString().slice(0, 10);
  return {
    "organization-name": SENDERS[number % SENDERS.length],
    "date-range": { "start-datetime": `${start}T00:00:00Z`, "end-datetime": `${start}T23:59:59Z` },
    "contact-info": "tls@sender.example",
    "report-id": `journey-${number}`,
    policies: [{
      policy: { "policy-type": "sts", "policy-string": ["version: STSv1", "mode: enforce", `mx: mx1.${domain}`, `mx: mx2.${domain}`, "max_age: 604800"], "policy-domain": domain, "mx-host": [`mx1.${domain}`] },
      summary: { "total-successful-session-count": good, "total-failure-session-count": bad },
      ...(bad && { "failure-details": [{ "result-type": result, "sending-mta-ip": "192.0.2.1", "receiving-mx-hostname": host, "receiving-ip": "198.51.100.1", "failed-session-count": bad }] }),
    }],
  };
}

/** As reporters send it: about 2 KB of JSON with white space. */
export const written = (one) => JSON.stringify(one, null, 4);

/** A message with a report attached, as RFC 8460 §5.3 has it. */
export function mail(one) {
  const packed = gzipSync(written(one)).toString("base64").replace(/.{76}/g, "$&\r\n");
  return [
    "From: tls@sender.example", "To: reports@perfect.test", `TLS-Report-Domain: ${one.policies[0].policy["policy-domain"]}`, "TLS-Report-Submitter: sender.example",
    "MIME-Version: 1.0", 'Content-Type: multipart/report; report-type="tlsrpt"; boundary="part"', "", "--part", "Content-Type: text/plain", "", "A report.", "", "--part",
    "Content-Type: application/tlsrpt+gzip", "Content-Transfer-Encoding: base64", 'Content-Disposition: attachment; filename="report.json.gz"', "", packed, "", "--part--", "",
  ].join("\r\n");
}

/** Writes files into a folder of their own, and tells where. */
export function folderOf(files) {
  const folder = mkdtempSync(join(tmpdir(), "mxray-reports-"));
  for (const [name, body] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), body);
  }
  return folder;
}

/** So many reports, one a file, in folders of a thousand. */
export function many(count) {
  return Object.fromEntries(Array.from({ length: count }, (_, number) => [`reports/${Math.floor(number / 1000)}/report-${String(number).padStart(5, "0")}.json`, written(report(number))]));
}

/** Hands files or folders to a file field by their paths. */
export async function choosePaths(visit, field, paths) {
  const input = await visit.page.$(field);
  await input.uploadFile(...paths);
}

/** Drops files and folders on the page as a user does. */
export async function drop(visit, paths) {
  const session = await visit.page.createCDPSession();
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) await session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  await session.detach();
}

/** Until the desk of reports has read everything; then what it shows. */
export async function summed(visit, { lots, timeout = 60_000 } = {}) {
  await visit.page.waitForFunction((lots) => {
    const desk = document.querySelector("#reports");
    return desk?.getAttribute("aria-busy") === "false" && (lots === undefined || desk.dataset.lots === String(lots)) && (desk.querySelector(".numbers") || desk.querySelector(".sentence"));
  }, { timeout }, lots);
  return desk(visit);
}

/** What the desk of reports shows. */
export function desk(visit) {
  return visit.page.$eval("#reports", (desk) => {
    const clean = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? null;
    const table = (id) => [...desk.querySelectorAll(`#${id} tbody tr`)].map((row) => [...row.children].map(clean));
    return {
      numbers: Object.fromEntries([...desk.querySelectorAll("[data-number]")].map((number) => [number.dataset.number, clean(number.querySelector("dd"))])),
      failures: [...desk.querySelectorAll("[data-failure]")].map((item) => ({
        kind: item.dataset.failure, sessions: Number(item.dataset.sessions), text: clean(item),
        ties: [...item.querySelectorAll("[data-tie]")].map((tie) => ({ text: clean(tie), href: tie.querySelector("a")?.getAttribute("href") })),
      })),
      general: [...desk.querySelectorAll("#reports-failures > .ties > li")].map(clean),
      hosts: table("reports-hosts"), senders: table("reports-senders"), policies: table("reports-policies"),
      unreadable: table("reports-unreadable"), deviations: table("reports-deviations"),
      bars: desk.querySelectorAll(".picture rect").length,
      notes: [...desk.querySelectorAll(".note")].map(clean),
      text: clean(desk),
    };
  });
}
