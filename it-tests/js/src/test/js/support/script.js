import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const source =
  process.env.FIRMSHAKE_SOURCE ?? fileURLToPath(new URL("../../../../../../core/src/main/js", import.meta.url));

// The directory of firmshake.js and firmshake.d.ts: the source, or what the jar holds.
export const directory = process.env.FIRMSHAKE_WEB ?? source;

// Under another name: Node takes a file named .js for an ES module only beside a package.json that says so.
const temporary = mkdtempSync(join(tmpdir(), "firmshake-"));
const copy = join(temporary, "firmshake.mjs");
copyFileSync(join(directory, "firmshake.js"), copy);
export const script = await import(pathToFileURL(copy));
export const { heartbeat, HeartbeatSocket } = script;
rmSync(temporary, { recursive: true });
