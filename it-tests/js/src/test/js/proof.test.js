// Until one ping was answered at a URL, an unanswered one proves nothing.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, record } from "./support/browser.js";
import { heartbeat, HeartbeatSocket } from "./support/script.js";

const BEATS = ["alive", "suspect", "dead", "close"];

// Each test has its own URL: what is known of one lasts as long as the page.
let urls = 0;
const fresh = () => `wss://server/${++urls}`;

function connecting(t, url = fresh()) {
  const browser = open(t);
  const ws = new HeartbeatSocket(url);
  browser.socket.accept();
  return { browser, clock: browser.clock, ws, url, lines: record(ws, ...BEATS) };
}

describe("the first ping", () => {
  test("goes out right after open, after what the page's open listeners send", t => {
    const browser = open(t);
    const ws = new HeartbeatSocket(fresh());
    ws.onopen = () => ws.send("login");
    browser.socket.accept();
    browser.clock.advance(0);
    assert.deepEqual(browser.socket.sent, ["login", ":ping fs-i0000000"]);
  });

  test("is not kept back by a frame that comes with the opening", t => {
    const { browser, clock } = connecting(t);
    browser.socket.receive("welcome");
    clock.advance(0);
    assert.equal(browser.socket.sent.length, 1);
  });

  test("is sent on every connection", t => {
    const { browser, clock } = connecting(t);
    browser.prove();
    browser.socket.end(1011);
    clock.advance(500);
    browser.socket.accept();
    clock.advance(0);
    assert.equal(browser.socket.sent.length, 1);
  });

  test("has a token that is fs- and 8 to 40 digits and lower-case letters, whatever chance says", t => {
    const { browser, clock } = connecting(t);
    for (const number of [0, 2 ** -53, 0.5, 1 / 36, 0.123456789, 1 - 2 ** -53, Math.PI / 1e9]) {
      browser.random = () => number;
      clock.advance(25000);
      browser.socket.pong();
    }
    assert.ok(browser.socket.sent.length >= 7);
    browser.socket.sent.forEach(text => assert.match(text, /^:ping fs-[0-9a-z]{8,40}$/));
  });
});

describe("a server that answers no ping", () => {
  test("loses no connection, and the console says so once", t => {
    const { browser, clock, lines, url } = connecting(t);
    clock.advance(600000);
    browser.fire("online");
    clock.advance(600000);
    assert.deepEqual(lines, []);
    assert.deepEqual(browser.socket.closeCalls, []);
    assert.equal(browser.warnings.length, 1);
    assert.match(browser.warnings[0], new RegExp(`^firmshake: ${url} answered no ping`));
  });

  test("is told once for all connections to the URL, whose query is not printed", t => {
    const browser = open(t);
    const url = fresh();
    for (const token of ["one", "two"]) {
      const socket = new WebSocket(`${url}?token=${token}`);
      heartbeat(socket);
      socket.accept();
      browser.clock.advance(60000);
    }
    assert.equal(browser.warnings.length, 1);
    assert.doesNotMatch(browser.warnings[0], /token|one/);
  });

  test("is pinged once, and again only after it has sent something or the page is shown", t => {
    const { browser, clock } = connecting(t);
    clock.advance(600000);
    assert.equal(browser.socket.sent.length, 1);
    browser.socket.receive("news");
    clock.advance(25000);
    assert.equal(browser.socket.sent.length, 2);
    clock.advance(600000);
    browser.fire("online");
    assert.equal(browser.socket.sent.length, 3);
  });

  test("and does at last is watched from then on", t => {
    const { browser, clock, lines } = connecting(t);
    clock.advance(60000);
    browser.socket.pong();
    assert.deepEqual(lines, ["alive 60000"]);
    clock.advance(33750);
    assert.deepEqual(lines, ["alive 60000", "suspect", "dead", "close 4000 heartbeat"]);
  });
});

describe("one answer proves it", () => {
  test("for later connections of the same socket", t => {
    const { browser, clock, lines } = connecting(t);
    browser.prove();
    browser.socket.end(1011);
    clock.advance(500);
    browser.socket.accept();
    lines.length = 0;
    clock.advance(10000);
    assert.deepEqual(lines, ["suspect", "dead", "close 4000 heartbeat"]);
    assert.deepEqual(browser.warnings, []);
  });

  test("for other sockets with the URL, whatever their query", t => {
    const { browser, clock, ws, url } = connecting(t);
    browser.prove();
    ws.close();
    const socket = new WebSocket(`${url}?token=2`);
    const lines = record(heartbeat(socket), ...BEATS);
    socket.accept();
    clock.advance(10000);
    assert.deepEqual(lines, ["suspect", "dead"]);
  });

  test("not for other URLs", t => {
    const { browser, clock } = connecting(t);
    browser.prove();
    const socket = new WebSocket(fresh());
    const lines = record(heartbeat(socket), ...BEATS);
    socket.accept();
    clock.advance(20000);
    assert.deepEqual(lines, []);
  });

  test("any other frame does not", t => {
    const { browser, clock, lines } = connecting(t);
    for (let i = 0; i < 5; i++) {
      browser.socket.receive("news");
      clock.advance(60000);
    }
    assert.deepEqual(lines, []);
  });
});
