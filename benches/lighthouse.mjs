// Lighthouse on the built site, as a telephone and as a desktop.
const BARS = { performance: 95, accessibility: 100, "best-practices": 100, seo: 100 };

export async function lighthouseScores({ outside, browser, bar }) {
  console.log("\n--- Lighthouse");
  let lighthouse;
  let desktop;
  try {
    ({ default: lighthouse, desktopConfig: desktop } = await import("lighthouse"));
  } catch (error) {
    return console.log(`skipped, it is not installed: ${error.message}`);
  }
  const port = Number(new URL(browser.wsEndpoint()).port);
  for (const [words, config] of [["telephone (throttled)", undefined], ["desktop", desktop]]) {
    const { lhr } = await lighthouse(outside.url, { port, logLevel: "error", output: "json", onlyCategories: Object.keys(BARS) }, config);
    if (lhr.runtimeError) {
      console.log(`${words}: ${lhr.runtimeError.message}${bar(`Lighthouse ${words}`, false)}`);
      continue;
    }
    const scores = Object.entries(BARS).map(([id, wanted]) => {
      const score = Math.round((lhr.categories[id].score ?? 0) * 100);
      return `${id} ${score}${bar(`Lighthouse ${words}: ${id} ${score} of ${wanted}`, score >= wanted)}`;
    });
    const metric = (id) => lhr.audits[id]?.displayValue ?? "?";
    console.log(`${words}: ${scores.join(", ")}`);
    console.log(`  first paint ${metric("first-contentful-paint")}, largest ${metric("largest-contentful-paint")}, blocked ${metric("total-blocking-time")}, shift ${metric("cumulative-layout-shift")}`);
    for (const [id, wanted] of Object.entries(BARS)) {
      if ((lhr.categories[id].score ?? 0) * 100 >= wanted) continue;
      for (const { id: audit } of lhr.categories[id].auditRefs) {
        const { score, title, displayValue, details } = lhr.audits[audit];
        if (score !== null && score < 0.9) console.log(`  ${id}: ${title}${displayValue ? ` (${displayValue})` : ""}: ${JSON.stringify(details?.items?.slice(0, 3) ?? []).slice(0, 400)}`);
      }
    }
  }
}
