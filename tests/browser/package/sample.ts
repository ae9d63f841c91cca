// What users of the package write, held to its types by `tsc --strict`.
import { assess, check, configure, mount, MxRayElement, MxRayError } from "mx-ray";
import type { Finding, Options, Report, TechnologyId } from "mx-ray";

configure({ worker: true, wasmUrl: new URL("https://cdn.example/mx-ray.wasm") });

const options: Options = { resolvers: ["https://dns.example/dns-query"], selectors: "s1", bimiSelector: "default" };

export async function grades(domains: readonly string[], signal: AbortSignal): Promise<Map<string, Report["score"]["grade"]>> {
  const found = new Map<string, Report["score"]["grade"]>();
  for (const domain of domains) {
    try {
      const report = await check(domain, options, { signal, onprogress: ({ answered, asked }) => console.log(answered / asked) });
      found.set(report.domain, report.score.grade);
    } catch (error) {
      if (error instanceof MxRayError && error.code === "resolver") console.warn(error.message);
      else throw error;
    }
  }
  return found;
}

export async function broken(evidence: object): Promise<[Finding[], TechnologyId[]]> {
  const { report, wanted } = await assess("example.com", { at: new Date(0) }, evidence);
  const names = wanted.map((want) => ("url" in want ? want.url : `${want.name} ${want.type}`));
  console.log(names.join("\n"));
  return [report.findings.filter(({ outcome }) => outcome === "fail"), report.technologies.map(({ id }) => id)];
}

const mounted = mount(document.body, { domain: "example.com", view: "full", theme: "dark", editable: true, onreport: (report) => console.log(report.plan.length) });
mounted.update({ view: "badge" });
const element: MxRayElement = mounted.element;
element.addEventListener("mxray:error", ({ detail: { code, message } }) => console.error(code, message));
document.addEventListener("mxray:report", (event) => console.log(event.detail.score.points));
const made = document.createElement("mx-ray");
made.report = null;
void made.check("example.org").then((report: Report) => report.profile);
mounted.unmount();
