// firmshake.d.ts, as the TypeScript compiler understands it, beside firmshake.js.
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { open } from "./support/browser.js";
import { directory, script } from "./support/script.js";

const { heartbeat, HeartbeatSocket } = script;

// The sample, which uses everything, compiled beside the types.
const temporary = mkdtempSync(join(tmpdir(), "firmshake-"));
copyFileSync(join(directory, "firmshake.d.ts"), join(temporary, "firmshake.d.ts"));
copyFileSync(fileURLToPath(new URL("support/sample.ts", import.meta.url)), join(temporary, "sample.ts"));
const program = ts.createProgram([join(temporary, "sample.ts")], {
  noEmit: true,
  strict: true,
  target: ts.ScriptTarget.ES2020,
  lib: ["lib.es2020.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.ES2020,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
});
const faults = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
  const where = file ? `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}` : "";
  return `${where} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
});
const checker = program.getTypeChecker();
const types = checker.getSymbolAtLocation(program.getSourceFile(join(temporary, "firmshake.d.ts")));
const exported = checker.getExportsOfModule(types);
rmSync(temporary, { recursive: true });

// What an exported interface has: itself, or with what it extends.
const find = name => exported.find(symbol => symbol.name === name);
const own = name => [...find(name).members.keys()].sort();
const all = name => namesOf(checker.getDeclaredTypeOfSymbol(find(name)));
const namesOf = type => checker.getPropertiesOfType(type).map(property => property.name).sort();

// What an object and its classes have, up to the one that the platform has.
function membersOf(object) {
  const names = new Set();
  for (let owner = object; owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
    Object.getOwnPropertyNames(owner).forEach(name => names.add(name));
  }
  return [...names].filter(name => name !== "constructor" && !name.startsWith("_")).sort();
}

// Options that note which of them are asked for.
function noting(names, values = {}) {
  return new Proxy(values, {
    get: (target, name) => {
      names.add(name);
      return target[name];
    },
  });
}

// A life in which each option matters.
function live(browser, ws) {
  browser.socket.accept();
  browser.prove();
  browser.fire("online");
  browser.clock.advance(5000);
  assert.equal(ws.readyState, 0);
  assert.throws(() => ws.send("x"));
}

test("the types fit a page that uses everything", () => {
  assert.deepEqual(faults, []);
});

describe("the types promise what there is, and nothing else:", () => {
  test("the exports", () => {
    const values = exported.filter(symbol => symbol.flags & ts.SymbolFlags.Value);
    assert.deepEqual(values.map(symbol => symbol.name).sort(), Object.keys(script).sort());
  });

  test("the members of a HeartbeatSocket", t => {
    open(t);
    const ws = new HeartbeatSocket("ws://server/chat");
    assert.deepEqual(all("HeartbeatSocket"), membersOf(ws));
  });

  test("the constants of its class", () => {
    const [declaration] = find("HeartbeatSocket").declarations.filter(ts.isVariableDeclaration);
    assert.deepEqual(
      namesOf(checker.getTypeAtLocation(declaration)),
      ["prototype", ...Object.keys(HeartbeatSocket)].sort(),
    );
  });

  test("the members of a heartbeat", t => {
    open(t);
    assert.deepEqual(all("Heartbeat"), [...membersOf(heartbeat(new WebSocket("ws://server/chat"))), "rtt"].sort());
  });

  test("the members that a heartbeat needs of a socket", t => {
    const browser = open(t);
    const used = new Set();
    const socket = new WebSocket("ws://server/chat");
    const noted = new Proxy(socket, {
      get: (target, name) => {
        used.add(name);
        const value = target[name];
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const beat = heartbeat(noted);
    socket.accept();
    browser.prove();
    browser.clock.advance(33750);
    beat.stop();
    // A beat that is stopped while its socket lives takes its listeners away.
    heartbeat(noted).stop();
    const handlers = ["onopen", "onmessage", "onerror", "onclose"];
    assert.deepEqual([...used].filter(name => !handlers.includes(name)).sort(), own("WebSocketLike"));
  });

  test("the options", t => {
    const browser = open(t);
    const asked = new Set();
    live(browser, new HeartbeatSocket("ws://server/chat", [], noting(asked)));
    assert.deepEqual([...asked].sort(), all("HeartbeatSocketOptions"));
  });

  test("the options of a heartbeat alone", t => {
    const browser = open(t);
    const asked = new Set();
    const socket = new WebSocket("ws://server/chat");
    heartbeat(socket, noting(asked));
    socket.accept();
    browser.prove();
    browser.clock.advance(33750);
    assert.deepEqual([...asked].sort(), all("HeartbeatOptions"));
  });

  test("the events, each with its handler and with what it carries", t => {
    const browser = open(t);
    const ws = new HeartbeatSocket("ws://server/chat");
    const events = new Map();
    const names = all("HeartbeatSocketEventMap");
    for (const name of names) ws[`on${name}`] = event => events.set(name, event);
    live(browser, ws);
    browser.clock.advance(500);
    browser.socket.accept();
    browser.socket.receive("news");
    browser.socket.fail();
    assert.deepEqual([...events.keys()].sort(), names);
    assert.deepEqual(Object.keys(events.get("alive")).filter(name => name !== "isTrusted"), own("AliveEvent"));
    const carried = Object.keys(events.get("reconnecting")).filter(name => name !== "isTrusted");
    assert.deepEqual(carried.sort(), own("ReconnectingEvent"));
  });
});
