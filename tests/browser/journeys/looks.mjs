// The page as it is used and seen: by keyboard, on a telephone, in light, dark and print.
import assert from "node:assert/strict";
import { join } from "node:path";

const WIDTHS = [[360, 740], [768, 1024], [1280, 900]];

/** The selector of what has the focus, and whether one can see that it has. */
function focus(visit) {
  return visit.page.evaluate(() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    return { id: element.id, tag: element.tagName, name: element.textContent.trim().slice(0, 40), ring };
  });
}

async function tabTo(visit, wanted, limit = 400) {
  const passed = [];
  for (let presses = 0; presses < limit; presses += 1) {
    await visit.page.keyboard.press("Tab");
    const at = await focus(visit);
    if (at.tag === "BODY") continue;
    const labelled = await visit.page.evaluate(() => {
      const element = document.activeElement;
      const label = element.matches("input[type=file]") ? document.querySelector(`label[for=${element.id}]`) : null;
      const style = label && getComputedStyle(label);
      return !!style && ((style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none");
    });
    assert.ok(at.ring || labelled, `the focus on ${at.tag} #${at.id} “${at.name}” cannot be seen`);
    passed.push(at.id || at.tag);
    if (at.id === wanted) return passed;
  }
  assert.fail(`Tab never reaches ${wanted}: ${passed.join(" ")}`);
}

/** Nothing reaches out of the window, unless it scrolls by itself. */
async function fits(visit, width, name) {
  const wide = await visit.page.evaluate((most) => ({
    width: document.scrollingElement.scrollWidth,
    elements: [...document.querySelectorAll("body *")].filter((element) => {
      const box = element.getBoundingClientRect();
      if ((box.right <= most + 1 && box.left >= -1) || box.width === 0) return false;
      for (let up = element.parentElement; up; up = up.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return false;
      return true;
    }).slice(0, 5).map((element) => `${element.tagName}#${element.id}.${element.getAttribute("class")}`),
  }), width);
  assert.ok(wide.width <= width, `${name}: ${wide.width} px: ${wide.elements.join(", ")}`);
}

export const looks = [
  ["keyboard alone suffices", async ({ open, outside }) => {
    const visit = await open();
    const { keyboard } = visit.page;
    await tabTo(visit, "domain", 10);
    await keyboard.type("faults.test");
    await keyboard.press("Enter");
    await visit.done();
    await visit.page.evaluate(() => document.querySelector("input#domain").focus());
    // The options open, a selector is typed, the check runs again.
    await visit.page.focus("details#options > summary");
    await keyboard.press("Enter");
    await tabTo(visit, "selectors", 10);
    await keyboard.type("autumn");
    await keyboard.press("Enter");
    await visit.page.waitForFunction(() => location.hash.includes("s=autumn"), { timeout: 5000 });
    await visit.done();
    assert.ok(outside.log.some(({ query }) => query?.question.name === "autumn._domainkey.faults.test"));
    await visit.page.evaluate(() => document.querySelector("input#domain").focus());
    await tabTo(visit, "save-evidence");
    await visit.sound({ audit: false });
  }],
  ["the skip link leads to the content", async ({ open }) => {
    const visit = await open();
    await visit.page.evaluate(() => document.activeElement.blur());
    await visit.page.keyboard.press("Tab");
    await visit.page.keyboard.press("Enter");
    assert.equal((await focus(visit)).id, "main");
  }],
  ["a screen reader finds landmarks, headings and live regions", async ({ open }) => {
    const visit = await open();
    await visit.check("faults.test");
    const found = await visit.page.evaluate(() => ({
      main: document.querySelectorAll("main").length,
      search: document.querySelectorAll("[role=search], search").length,
      headings: [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.tagName[1])),
      status: document.querySelector("#progress")?.getAttribute("role"),
      live: document.querySelectorAll("[aria-live=polite], [role=status]:not([aria-live=off])").length,
      language: document.documentElement.lang,
      untitled: [...document.querySelectorAll("section:not([aria-label]):not([aria-labelledby])")].map(({ id }) => id),
    }));
    assert.equal(found.main, 1);
    assert.equal(found.search, 1);
    assert.equal(found.headings.filter((level) => level === 1).length, 1, "one h1");
    found.headings.reduce((before, level) => (assert.ok(level <= before + 1, `h${level} after h${before}`), level), 0);
    assert.equal(found.status, "status");
    assert.ok(found.live > 0, "begin and end are announced");
    assert.equal(found.language, "en");
    assert.deepEqual(found.untitled, []);
  }],
  ["nothing is wider than a telephone of 360 px", async ({ open }) => {
    for (const domain of ["faults.test", "perfect.test", "hostile.test"]) {
      const visit = await open({ viewport: { width: 360, height: 740 } });
      await visit.check(domain, 60_000);
      await visit.openAll();
      await fits(visit, 360, domain);
      await visit.sound({ audit: domain === "faults.test", networkErrors: domain === "hostile.test" });
    }
  }],
  ["it fits at 320 px, at a zoom of 200 %, and from right to left", async ({ open, out }) => {
    const faces = [
      ["320 px", { width: 320, height: 640 }, "ltr"],
      ["320 px, right to left", { width: 320, height: 640 }, "rtl"],
      // A window of 1280 px at 200 % has 640 px of the style sheet's.
      ["200 %", { width: 640, height: 450, deviceScaleFactor: 2 }, "ltr"],
      ["1280 px, right to left", { width: 1280, height: 900 }, "rtl"],
    ];
    const visit = await open();
    await visit.check("faults.test");
    await visit.openAll();
    for (const [name, viewport, direction] of faces) {
      await visit.page.setViewport(viewport);
      await visit.page.evaluate((dir) => (document.documentElement.dir = dir), direction);
      await fits(visit, viewport.width, name);
      await visit.page.screenshot({ path: join(out, `face-${name.replace(/\W+/g, "-")}.png`), fullPage: true });
    }
    await visit.sound({ audit: false });
  }],
  ["forced colours leave every sign and every border", async ({ open, out }) => {
    const visit = await open({ viewport: { width: 768, height: 1024 } });
    const session = await visit.page.createCDPSession();
    await session.send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" }] });
    await visit.check("faults.test");
    const invisible = await visit.page.$$eval("main button, main input, main textarea, main .card, main svg.icon", (all) =>
      all.filter((element) => {
        if (!element.getClientRects().length || element.matches(".visually-hidden")) return false;
        const { borderTopStyle, fill, stroke, backgroundColor } = getComputedStyle(element);
        const behind = getComputedStyle(document.body).backgroundColor;
        return element.matches("svg") ? fill === "none" && stroke === "none" : borderTopStyle === "none" && backgroundColor === behind;
      }).map((element) => element.outerHTML.slice(0, 120)));
    assert.deepEqual(invisible, []);
    await visit.page.screenshot({ path: join(out, "face-forced-colours.png"), fullPage: true });
    await visit.sound({ audit: false });
  }],
  ["screenshots at three widths, light and dark", async ({ open, out }) => {
    for (const [width, height] of WIDTHS) {
      for (const scheme of ["light", "dark"]) {
        const visit = await open({ viewport: { width, height } });
        await visit.scheme(scheme);
        const shot = (name) => visit.page.screenshot({ path: join(out, `${name}-${width}-${scheme}.png`), fullPage: true });
        await shot("start");
        await visit.check("faults.test");
        await shot("faults");
        await visit.check("perfect.test");
        await shot("perfect");
        assert.deepEqual(visit.errors, []);
        await visit.close();
      }
    }
  }],
  ["it prints: the report, without the controls", async ({ open, out }) => {
    const visit = await open();
    await visit.check("faults.test");
    await visit.page.emulateMediaType("print");
    const hidden = await visit.page.$eval("#check", (button) => getComputedStyle(button).display === "none" || button.getClientRects().length === 0);
    assert.ok(hidden, "the button is not printed");
    assert.ok(await visit.page.$eval("#tech-spf", (section) => section.getClientRects().length > 0));
    const pdf = await visit.page.pdf({ path: join(out, "faults.pdf"), format: "A4" });
    assert.ok(pdf.length > 10_000);
  }],
];
