// Joins the sheets of the components that the console uses into one file beside our own sheet.
import { readFileSync, writeFileSync } from "node:fs";

const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url)));
const target = (name) => new URL(`../../hub/console/static/${name}`, import.meta.url);
const installed = (name, file) => new URL(`node_modules/${name}/${file}`, import.meta.url);

const sheets = Object.keys(dependencies).filter((name) => name.startsWith("@utrecht/"));
const joined = sheets.map((name) => readFileSync(installed(name, "dist/index.min.css"), "utf8")).join("\n");
writeFileSync(target("nl-design-system.css"), joined);
