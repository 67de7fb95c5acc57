// firmshake.d.ts, as the TypeScript compiler understands it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { open } from "./support/browser.js";
import { directory, heartbeat, HeartbeatSocket } from "./support/script.js";

test("the types fit a page that uses everything", t => {
  const temporary = mkdtempSync(join(tmpdir(), "firmshake-"));
  t.after(() => rmSync(temporary, { recursive: true }));
  copyFileSync(join(directory, "firmshake.d.ts"), join(temporary, "firmshake.d.ts"));
  copyFileSync(fileURLToPath(new URL("support/sample.ts", import.meta.url)), join(temporary, "sample.ts"));
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const options = ["--noEmit", "--strict", "--target", "es2020", "--lib", "es2020,dom", "--module", "es2020"];
  const compiled = spawnSync(
    process.execPath,
    [tsc, ...options, "--moduleResolution", "bundler", "--typeRoots", ".", "sample.ts"],
    { cwd: temporary, encoding: "utf8" },
  );
  assert.equal(compiled.stdout + compiled.stderr, "");
  assert.equal(compiled.status, 0);
});

test("a socket has each member that the types promise, and no other without an underscore", t => {
  open(t);
  const ws = new HeartbeatSocket("ws://server/chat");
  const members = Object.getOwnPropertyNames(HeartbeatSocket.prototype)
    .concat(Object.getOwnPropertyNames(ws))
    .filter(name => name !== "constructor" && !name.startsWith("_"));
  assert.deepEqual(
    members.sort(),
    [
      ...["CLOSED", "CLOSING", "CONNECTING", "OPEN", "binaryType", "bufferedAmount", "close", "extensions"],
      ...["onalive", "onclose", "ondead", "onerror", "onmessage", "onopen", "onreconnecting", "onsuspect"],
      ...["protocol", "readyState", "reconnect", "send", "url"],
    ].sort(),
  );
  const beat = heartbeat(ws);
  assert.deepEqual(Object.keys(beat), ["stop"]);
});
