// What the types must refuse, line by line.
import { check, mount, MxRayElement } from "mx-ray";

// @ts-expect-error: an option that there is not
void check("example.com", { resolver: "https://dns.example/dns-query" });
// @ts-expect-error: a view that there is not
mount(document.body, { view: "huge" });
// @ts-expect-error: a state is read, not set
new MxRayElement().state = "done";
// @ts-expect-error: a field that reports do not have
void check("example.com").then((report) => report.grade);
