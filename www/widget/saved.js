// Whether a value is a report that can be shown: saved ones come from anywhere.

const lists = ["technologies", "checklist", "findings", "plan", "unknown"];

/** Whether it says that it is a report, and has the parts of one. */
export const isReport = (value) =>
  value?.format === "mxray-report/1" && typeof value.domain === "string" && Array.isArray(value.score?.levels) &&
  Array.isArray(value.mail_servers?.published) && lists.every((name) => Array.isArray(value[name]));
