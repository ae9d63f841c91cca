/**
 * Types of mx-ray. The report is `mxray-report/1`, as `mxray check --format json` writes it too; its JSON schema is
 * `docs/report.schema.json` of the project.
 */

/** What else is asked for; all of it may be left out. */
export interface Options {
  /** DNS-over-HTTPS resolvers in order of preference, instead of Cloudflare and Google. */
  resolvers?: string | readonly string[];
  /** DKIM selectors to ask besides the usual ones. */
  selectors?: string | readonly string[];
  /** The BIMI selector, or the address of a sender. */
  bimiSelector?: string;
  /** DNSSEC trust anchors, a DS or DNSKEY record each, instead of the root keys of IANA. */
  anchors?: string | readonly string[];
  /** Roots for mark certificates, PEM, instead of the shipped ones. */
  markRoots?: string;
  /** A relay of your own for files that hosts do not let pages read, as in `https://relay.example.net/?url=`. */
  relay?: string;
}

/** Options of {@link assess}. */
export interface AssessOptions extends Options {
  /** The time to judge at, RFC 3339; else the time of the evidence. */
  at?: string | Date;
}

/** How far a check has come. */
export interface Progress {
  domain: string;
  /** Look-ups that have ended, with or without an answer. */
  answered: number;
  /** Look-ups known to be needed so far. */
  asked: number;
}

/** How to follow and stop a check. */
export interface CheckControls {
  signal?: AbortSignal;
  onprogress?: (progress: Progress) => void;
}

/**
 * Why there is no report. `domain`: there is none in what was given; `options`: one of them cannot be understood;
 * `evidence`: it cannot be read; `resolver`: none answers; `report`: a saved one cannot be read; `load`: the checker
 * could not be loaded, or broke.
 */
export type ErrorCode = "domain" | "options" | "evidence" | "resolver" | "report" | "load";

/** A failed check. */
export class MxRayError extends Error {
  readonly name: "MxRayError";
  readonly code: ErrorCode;
}

/** Checks a domain live. Rejected with an {@link MxRayError}, or with the signal's reason. */
export function check(domain: string, options?: Options, controls?: CheckControls): Promise<Report>;

/** A look-up that would tell more. */
export type Wanted = ({ name: string; type: string } | { url: string }) & { technologies: TechnologyId[] };

/** What evidence says, and what would tell more. */
export interface Assessment {
  report: Report;
  wanted: Wanted[];
}

/** Judges a domain by evidence alone: an `mxray-evidence/1` object, or the text of such a file. Nothing is looked up. */
export function assess(domain: string, options: AssessOptions | undefined | null, evidence: object | string): Promise<Assessment>;

/** What an element can be given; each is an attribute or property of it. */
export interface MountOptions {
  domain?: string;
  view?: View;
  editable?: boolean;
  resolver?: string | readonly string[];
  selectors?: string | readonly string[];
  bimiSelector?: string;
  anchors?: string | readonly string[];
  relay?: string;
  theme?: Theme;
  /** `en`, `de` or `es`, with a region or without; else that of the place, else English. */
  lang?: string;
  href?: string;
  src?: string;
  report?: Report | null;
  onprogress?: (progress: Progress) => void;
  onreport?: (report: Report) => void;
  onerror?: (fault: Fault) => void;
}

/** An element that was mounted. */
export interface Mounted {
  readonly element: MxRayElement;
  update(options: MountOptions): void;
  unmount(): void;
}

/** Puts an `<mx-ray>` into `root`. */
export function mount(root: ParentNode, options?: MountOptions): Mounted;

/** For pages that bundle the files or allow no worker; to be called before the first check. */
export function configure(settings: { worker?: boolean; workerUrl?: string | URL; wasmUrl?: string | URL }): void;

export type View = "badge" | "summary" | "full";
export type Theme = "light" | "dark" | "auto";
export type State = "idle" | "running" | "done" | "failed";

/** The detail of `mxray:error`. */
export interface Fault {
  code: ErrorCode;
  message: string;
  domain: string;
}

/** The events of {@link MxRayElement}; they bubble and leave shadows. */
export interface MxRayEventMap {
  "mxray:progress": CustomEvent<Progress>;
  "mxray:report": CustomEvent<Report>;
  "mxray:error": CustomEvent<Fault>;
}

/** `<mx-ray>`. Its text properties are its attributes; an empty string is a missing one. */
export class MxRayElement extends HTMLElement {
  domain: string;
  view: View | "";
  editable: boolean;
  resolver: string;
  selectors: string;
  bimiSelector: string;
  anchors: string;
  relay: string;
  theme: Theme | "";
  href: string;
  src: string;
  /** The last report, or null. Setting one shows it; nothing is looked up. */
  get report(): Report | null;
  set report(report: Report | null);
  readonly state: State;
  /** Checks now, seen or not. */
  check(domain?: string): Promise<Report>;
  /** Stops a check that goes on. */
  stop(): void;
  addEventListener<K extends keyof MxRayEventMap>(type: K, listener: (this: MxRayElement, event: MxRayEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener<K extends keyof HTMLElementEventMap>(type: K, listener: (this: HTMLElement, event: HTMLElementEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "mx-ray": MxRayElement;
  }
  interface DocumentEventMap extends MxRayEventMap {}
}

/** `mxray-report/1`. */
export interface Report {
  format: "mxray-report/1";
  /** The domain as A-labels. */
  domain: string;
  organizational_domain: string | null;
  /** The time that was judged at, RFC 3339. */
  taken_at: string;
  profile: "mail" | "send-only" | "receive-only" | "parked";
  score: Score;
  mail_servers: Technology;
  /** Each mail host between MTA-STS and DANE, best first. */
  mail_hosts: MailHost[];
  /** Always all eight, in the order of {@link TechnologyId} without `mx`. */
  technologies: Technology[];
  checklist: ChecklistItem[];
  findings: Finding[];
  /** What to do, in order. */
  plan: Step[];
  /** Set where SPF, DKIM or DMARC is missing or broken. */
  basics_first: string | null;
  /** What could not be seen, and how to find out. */
  unknown: Unknown[];
  /** What TLS reports come to that were given with the check. */
  tls_reports: TlsReports | null;
  /** From nothing to an enforced MTA-STS policy; null where the domain receives no mail. */
  mta_sts_road: Road | null;
}

export type TechnologyId = "mx" | "spf" | "dkim" | "dmarc" | "mta-sts" | "tls-rpt" | "bimi" | "dane" | "dnssec";
export type Level = "essential" | "important" | "advanced";
export type Grade = "A+" | "A" | "B" | "C" | "D" | "E" | "F";
export type Status = "pass" | "warn" | "fail" | "absent" | "unknown" | "not-applicable";
export type Outcome = "pass" | "info" | "warn" | "fail" | "unknown";

export interface Score {
  points: number | null;
  grade: Grade | null;
  /** Why there is no score, where there is none. */
  reason: string | null;
  levels: { level: Level; earned: number; judged: number; of: number }[];
  lines: { id: string; level: Level; label: string; how: string; points: number; earned: number | null; applies: boolean }[];
}

export interface Technology {
  id: TechnologyId;
  status: Status;
  priority: "essential" | "high" | "medium" | "lower";
  difficulty: "very-easy" | "easy" | "medium" | "hard";
  prerequisites: { id: string; label: string; met: boolean | null }[];
  next_step: string | null;
  published: { name: string; type: string; value: string; ttl: number | null; from: string | null }[];
  /** The technology's own facts. */
  detail: Record<string, unknown> | null;
}

export interface ChecklistItem {
  level: Level;
  id: TechnologyId;
  label: string;
  done: boolean | null;
  applies: boolean;
}

export interface Finding {
  id: string;
  technology: TechnologyId;
  outcome: Outcome;
  title: string;
  detail: string;
  why: string;
  /** The octets `start` to `end` of a record's text in UTF-8. */
  at: { name: string; record: string; start: number; end: number } | null;
  fix: string | null;
  publish: Publish[];
  references: string[];
}

export interface Publish {
  name: string;
  /** A record type, or `file`. */
  type: string;
  value: string;
}

export interface Step {
  technology: TechnologyId;
  step: string;
  why: string;
  publish: Publish[];
}

export interface Unknown {
  technology: TechnologyId;
  what: string;
  why: string;
  how: string;
}

/** What a sender does. `docs/report.schema.json` tells each word. */
export type Delivery = "tlsa" | "web-pki" | "encrypted" | "tested" | "opportunistic" | "refused" | "held" | "unknown";

export interface MailHost {
  preference: number;
  host: string;
  policy: {
    state: "covered" | "not-covered" | "no-policy" | "unknown";
    line: string | null;
    mode: "enforce" | "testing" | "none" | null;
    grade: "read" | "relayed" | "supplied" | "reachable" | "unknown";
  };
  tlsa: { state: "secure" | "insecure" | "unusable" | "none" | "bogus" | "unknown"; records: number; why: string | null };
  /** What senders do that know DANE and MTA-STS, one of them, or neither. */
  delivery: { both: Delivery[]; dane: Delivery; mta_sts: Delivery; neither: Delivery };
  /** All of this for people. */
  words: { policy: string; tlsa: string; senders: { who: string; what: string }[] };
  reports: { failed_sessions: number; kinds: { name: string; sessions: number }[] } | null;
}

export interface TlsReports {
  reports: number;
  duplicates: number;
  successful_sessions: number;
  failed_sessions: number;
  from: string | null;
  until: string | null;
  ties: { kind: string; host: string; result_type: string; sessions: number; title: string }[];
  unreadable: { file: string; line: number | null; column: number | null; why: string }[];
}

export interface Road {
  /** Where the domain stands, in a sentence. */
  stands: string;
  steps: RoadStep[];
  removal: RoadStep[];
  never: string[];
  servers: { id: "nginx" | "apache" | "caddy" | "github-pages" | "cloudflare"; label: string; note: string; snippet: string }[];
}

export interface RoadStep {
  id: "reports" | "file" | "record" | "watch" | "cover" | "enforce" | "raise" | "none" | "remove";
  state: "done" | "now" | "later" | "unknown";
  on: string | null;
  title: string;
  why: string;
  publish: Publish[];
}
