// Every journey in Chromium, in order: [name, async ({open, outside, world, out}) => …].
import { dnssec } from "./dnssec.mjs";
import { failures } from "./failures.mjs";
import { install } from "./install.mjs";
import { sharing } from "./sharing.mjs";
import { hostile } from "./hostile.mjs";
import { input } from "./input.mjs";
import { live } from "./live.mjs";
import { logo } from "./logo.mjs";
import { looks } from "./looks.mjs";
import { offline } from "./offline.mjs";
import { whatIf } from "./what-if.mjs";

export const journeys = [...live, ...dnssec, ...input, ...failures, ...offline, ...hostile, ...whatIf, ...logo, ...sharing, ...install, ...looks];
