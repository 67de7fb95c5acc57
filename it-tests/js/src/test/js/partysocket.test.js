// heartbeat() on a reconnecting library: partysocket, as it is published.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocket as PartySocket } from "partysocket";
import { open, record, settle } from "./support/browser.js";
import { heartbeat } from "./support/script.js";

async function connected(t, options) {
  const browser = open(t);
  const party = new PartySocket("ws://server/chat", [], { minReconnectionDelay: 100, ...options });
  const beat = heartbeat(party);
  const lines = record(beat, "alive", "suspect", "dead");
  const events = record(party, "open", "message", "close");
  browser.clock.advance(0);
  await settle();
  browser.socket.accept();
  browser.prove();
  lines.length = 0;
  return { browser, clock: browser.clock, party, beat, lines, events };
}

describe("partysocket", () => {
  test("is pinged once it is open, and its listeners see no pong", async t => {
    const { browser, clock, lines, events } = await connected(t);
    clock.advance(23750);
    assert.deepEqual(browser.socket.sent, [":ping fs-i0000000"]);
    clock.advance(33);
    browser.socket.pong();
    browser.socket.receive("news");
    assert.deepEqual(lines, ["alive 33"]);
    assert.deepEqual(events, ["open", "message news"]);
  });

  test("calls its onmessage by itself, so that sees the pongs", async t => {
    const { browser, clock, party } = await connected(t);
    const seen = [];
    party.onmessage = ({ data }) => seen.push(data);
    clock.advance(23750);
    browser.socket.pong();
    assert.deepEqual(seen, [":pong fs-i0000000"]);
  });

  test("connects again as soon as its connection is dead, and is pinged there", async t => {
    const { browser, clock, party, lines, events } = await connected(t);
    clock.advance(33750);
    assert.deepEqual(lines, ["suspect", "dead"]);
    assert.deepEqual(events, ["open", "close 4000 heartbeat"]);
    assert.deepEqual(browser.sockets[0].closeCalls, [[4000, "heartbeat"]]);
    clock.advance(0);
    await settle();
    assert.equal(browser.sockets.length, 2);
    browser.socket.accept();
    assert.deepEqual([party.readyState, events.length], [1, 3]);
    // The end of the first connection, a minute later, is nothing that anyone hears of.
    browser.sockets[1].answersAfter = 50;
    clock.advance(60000);
    assert.equal(browser.sockets[0].readyState, 3);
    assert.deepEqual(events, ["open", "close 4000 heartbeat", "open"]);
    assert.deepEqual(lines, ["suspect", "dead", "alive 50", "alive 50", "alive 50"]);
  });

  test("sends no message twice", async t => {
    const { browser, clock, party } = await connected(t);
    party.send("order 1");
    clock.advance(33750);
    party.send("order 2");
    clock.advance(0);
    await settle();
    browser.socket.accept();
    assert.deepEqual(browser.sockets.map(socket => socket.sent), [["order 1", ":ping fs-i0000000"], ["order 2"]]);
  });

  test("keeps no ping for later while it is not open", async t => {
    const { browser, clock } = await connected(t);
    browser.socket.end(1012);
    browser.fire("online");
    clock.advance(100);
    await settle();
    clock.advance(3000);
    browser.socket.accept();
    assert.deepEqual(browser.sockets.map(socket => socket.sent), [[], []]);
  });

  test("that the page closes is left alone", async t => {
    const { browser, clock, party, lines, events } = await connected(t);
    party.close();
    clock.advance(120000);
    await settle();
    assert.deepEqual([lines, events], [[], ["open", "close 1000 unknown reason"]]);
    assert.equal(browser.sockets.length, 1);
    assert.equal(browser.window.listeners(), 0);
  });
});
