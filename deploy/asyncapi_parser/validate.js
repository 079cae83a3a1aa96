// Prints each fault of an AsyncAPI document on its own line. Exit code: 0 none, 1 some, 2 not checked.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const WARNING = 1; // severities of the parser: 0 error, 1 warning, 2 information, 3 hint

try {
  const found = await new Parser().validate(readFileSync(process.argv[2], "utf8"));
  const faults = found.filter((one) => one.severity <= WARNING);
  for (const one of faults) console.log(`${one.code} /${one.path.join("/")}: ${one.message}`);
  process.exitCode = faults.length ? 1 : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
