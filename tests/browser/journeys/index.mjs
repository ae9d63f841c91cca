// Every journey in Chromium, in order: [name, async ({open, outside, world, out}) => …].
import { builder } from "./builder.mjs";
import { clerk } from "./clerk.mjs";
import { dnssec } from "./dnssec.mjs";
import { failures } from "./failures.mjs";
import { install } from "./install.mjs";
import { sharing } from "./sharing.mjs";
import { hostile } from "./hostile.mjs";
import { input } from "./input.mjs";
import { live } from "./live.mjs";
import { logo } from "./logo.mjs";
import { looks } from "./looks.mjs";
import { mailHosts } from "./mail-hosts.mjs";
import { many } from "./many.mjs";
import { offline } from "./offline.mjs";
import { policyHosts } from "./policy-hosts.mjs";
import { reports } from "./reports.mjs";
import { road } from "./road.mjs";
import { whatIf } from "./what-if.mjs";
import { widget } from "./widget.mjs";
import { languages } from "./words.mjs";

export const journeys = [...live, ...dnssec, ...input, ...failures, ...policyHosts, ...mailHosts, ...offline, ...hostile, ...whatIf, ...road, ...logo, ...reports, ...clerk, ...many, ...sharing, ...install, ...widget, ...builder, ...languages, ...looks];
