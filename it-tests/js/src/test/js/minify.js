// Makes core/src/main/js/firmshake.min.js of firmshake.js. After a change of the script:
//
//   cd it-tests/js/src/test/js && npm ci && node minify.js
//
// The result is checked in, so that a build needs no Node; minify.test.js compares the two.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

const LICENSE = "/* Firmshake heartbeat client, Apache-2.0 */";

export async function minified(source) {
  const { code } = await minify(source, {
    module: true,
    ecma: 2020,
    compress: { passes: 3 },
    format: { preamble: LICENSE, max_line_len: 120 },
  });
  return `${code}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = name => new URL(`../../../../../core/src/main/js/${name}`, import.meta.url);
  writeFileSync(file("firmshake.min.js"), await minified(readFileSync(file("firmshake.js"), "utf8")));
}
