// Where the browsers are: `node .ci/find.mjs chromium` prints a path or fails.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const browsers = {
  chromium: {
    variable: "MXRAY_CHROMIUM",
    commands: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    apps: [
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
  },
  firefox: {
    variable: "MXRAY_FIREFOX",
    commands: ["firefox-esr", "firefox"],
    apps: ["/Applications/Firefox.app/Contents/MacOS/firefox"],
  },
};

function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a browser, or undefined. */
export function find(name) {
  const { variable, commands, apps } = browsers[name];
  if (process.env[variable]) return process.env[variable];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...paths, ...apps].find(runs);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = find(process.argv[2]);
  if (!path) process.exit(1);
  console.log(path);
}
