// The jar serves the source, minified.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { minified } from "./minify.js";
import { source } from "./support/script.js";

const read = name => readFileSync(join(source, name), "utf8");

test("firmshake.min.js is what minify.js makes of firmshake.js", async () => {
  assert.equal(read("firmshake.min.js"), await minified(read("firmshake.js")), "run node minify.js");
});
