// HeartbeatSocket beside the WebSocket that it stands for.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, record } from "./support/browser.js";
import { HeartbeatSocket } from "./support/script.js";

const EVENTS = ["open", "message", "error", "close", "alive", "suspect", "dead", "reconnecting"];

function opened(t, options) {
  const browser = open(t);
  const ws = new HeartbeatSocket("ws://server/chat", [], options);
  browser.socket.accept();
  browser.prove();
  const lines = record(ws, ...EVENTS);
  return { browser, clock: browser.clock, ws, lines, socket: browser.socket };
}

describe("a HeartbeatSocket has of a WebSocket", () => {
  test("the constants, on class and object, read-only", t => {
    open(t);
    const ws = new HeartbeatSocket("ws://server/chat");
    ["CONNECTING", "OPEN", "CLOSING", "CLOSED"].forEach((name, value) => {
      assert.equal(HeartbeatSocket[name], value);
      assert.equal(ws[name], value);
      assert.throws(() => (ws[name] = 9), TypeError);
    });
  });

  test("the constructor: URL and protocols go to the browser's", t => {
    const browser = open(t);
    for (const protocols of [undefined, "chat", ["chat", "v2.chat"]]) {
      new HeartbeatSocket("ws://server/chat", protocols);
      assert.equal(browser.socket.url, "ws://server/chat");
      assert.deepEqual(browser.socket.protocols, protocols ?? []);
    }
  });

  test("the constructor's URL, which has to be there", t => {
    const browser = open(t);
    assert.throws(() => new HeartbeatSocket(), TypeError);
    assert.deepEqual(browser.sockets, []);
  });

  test("the constructor's error, and nothing stays behind", t => {
    const browser = open(t);
    assert.throws(() => new HeartbeatSocket("ftp://server/chat"), { name: "SyntaxError" });
    assert.equal(browser.window.listeners() + browser.clock.timers.size, 0);
  });

  test("url, protocol, extensions and bufferedAmount", t => {
    const browser = open(t);
    const ws = new HeartbeatSocket(new URL("wss://server/chat?room=1"), ["chat"]);
    assert.deepEqual([ws.url, ws.protocol, ws.extensions], ["wss://server/chat?room=1", "", ""]);
    browser.socket.accept({ protocol: "chat", extensions: "permessage-deflate" });
    browser.socket.bufferedAmount = 17;
    assert.deepEqual([ws.protocol, ws.extensions, ws.bufferedAmount], ["chat", "permessage-deflate", 17]);
  });

  test("readyState", t => {
    const { socket, ws } = opened(t);
    assert.equal(ws.readyState, 1);
    ws.close();
    assert.equal(ws.readyState, 2);
    socket.end(1000);
    assert.equal(ws.readyState, 3);
  });

  test("binaryType, which the next connection has too", t => {
    const { browser, clock, socket, ws } = opened(t);
    assert.equal(ws.binaryType, "blob");
    ws.binaryType = "arraybuffer";
    assert.equal(socket.binaryType, "arraybuffer");
    socket.end(1011);
    clock.advance(1000);
    assert.equal(browser.sockets.length, 2);
    assert.equal(browser.socket.binaryType, "arraybuffer");
    assert.equal(ws.binaryType, "arraybuffer");
  });

  test("the events, with what they carry", t => {
    const browser = open(t);
    const ws = new HeartbeatSocket("ws://server/chat");
    const events = [];
    for (const type of ["open", "message", "close"]) ws.addEventListener(type, event => events.push(event));
    browser.socket.accept();
    const bytes = new Uint8Array([1, 2]).buffer;
    browser.socket.receive("text");
    browser.socket.receive(bytes);
    browser.socket.end(1012, "restart");
    const [opening, text, binary, closing] = events;
    assert.ok(events.every(event => event.target === ws));
    assert.equal(opening.type, "open");
    assert.ok(text instanceof MessageEvent && closing instanceof CloseEvent);
    assert.deepEqual([text.data, text.origin], ["text", "ws://server"]);
    assert.equal(binary.data, bytes);
    assert.deepEqual([closing.code, closing.reason, closing.wasClean], [1012, "restart", true]);
  });

  test("handlers, called with the socket as this, replaced and removed", t => {
    const { socket, ws } = opened(t);
    const calls = [];
    for (const type of EVENTS) assert.equal(ws[`on${type}`], null);
    ws.onmessage = function (event) {
      calls.push(["first", this === ws, event.data]);
    };
    socket.receive("a");
    ws.onmessage = event => calls.push(["second", event.data]);
    socket.receive("b");
    ws.onmessage = null;
    socket.receive("c");
    ws.onmessage = {};
    socket.receive("d");
    assert.deepEqual(calls, [
      ["first", true, "a"],
      ["second", "b"],
    ]);
  });

  test("handlers for its own events", t => {
    const { clock, socket, ws } = opened(t);
    const calls = [];
    for (const type of EVENTS) ws[`on${type}`] = event => calls.push(event.type);
    clock.advance(23750);
    socket.pong();
    clock.advance(33750);
    assert.deepEqual(calls, ["alive", "suspect", "dead", "close", "reconnecting"]);
  });

  test("send, of text and of bytes as they are", t => {
    const { socket, ws } = opened(t);
    const all = ["text", new ArrayBuffer(1), new Uint8Array(2), new Blob(["x"])];
    all.forEach(data => ws.send(data));
    socket.sent.forEach((data, i) => assert.equal(data, all[i]));
    assert.equal(socket.sent.length, 4);
  });

  test("send's InvalidStateError while it connects, the first time and later", t => {
    const browser = open(t);
    const ws = new HeartbeatSocket("ws://server/chat");
    assert.throws(() => ws.send("a"), { name: "InvalidStateError" });
    browser.socket.accept();
    browser.socket.end(1011);
    assert.equal(ws.readyState, 0);
    assert.throws(() => ws.send("b"), { name: "InvalidStateError" });
    browser.clock.advance(1000);
    assert.equal(browser.sockets.length, 2);
    assert.throws(() => ws.send("c"), { name: "InvalidStateError" });
    browser.socket.accept();
    ws.send("d");
    assert.deepEqual(browser.sockets.map(socket => socket.sent), [[], ["d"]]);
  });

  test("send's silence once it is closing or closed", t => {
    const { socket, ws } = opened(t);
    ws.close();
    ws.send("a");
    socket.end(1000);
    ws.send("b");
    assert.deepEqual(socket.sent, []);
  });

  test("close's errors, and then it stays open", t => {
    const { socket, ws, lines } = opened(t);
    assert.throws(() => ws.close(1001), { name: "InvalidAccessError" });
    assert.equal(ws.readyState, 1);
    socket.end(1011);
    assert.deepEqual(lines.slice(-1), ["reconnecting 1 500"]);
    assert.throws(() => ws.close(1001), { name: "InvalidAccessError" });
    assert.equal(ws.readyState, 0);
  });

  test("close's code and reason", t => {
    const { socket, ws, lines } = opened(t);
    ws.close(3001, "bye");
    assert.deepEqual(socket.closeCalls, [[3001, "bye"]]);
    assert.deepEqual(lines, []);
    socket.end(3001, "bye");
    assert.deepEqual(lines, ["close 3001 bye"]);
  });

  test("classes that extend it", t => {
    const browser = open(t);
    class Chat extends HeartbeatSocket {
      send(data) {
        super.send(JSON.stringify(data));
      }
    }
    const chat = new Chat("ws://server/chat");
    browser.socket.accept();
    chat.send({ say: "hello" });
    assert.deepEqual(browser.socket.sent, ['{"say":"hello"}']);
    assert.equal(Chat.OPEN, 1);
  });
});

describe("a HeartbeatSocket's heartbeat", () => {
  test("is sent and answered out of the page's sight", t => {
    const { clock, socket, ws, lines } = opened(t);
    const seen = [];
    ws.onmessage = ({ data }) => seen.push(data);
    clock.advance(23750);
    assert.deepEqual(socket.sent, [":ping fs-i0000000"]);
    clock.advance(60);
    socket.pong();
    socket.receive("news");
    assert.deepEqual([seen, ws.rtt], [["news"], 60]);
    assert.deepEqual(lines, ["alive 60", "message news"]);
  });

  test("hides the dedicated endpoint's first line, and heeds it", t => {
    const { clock, socket, lines } = opened(t, { prefix: "" });
    socket.receive("hello v=1 interval=2 timeout=1");
    clock.advance(1900);
    assert.deepEqual(socket.sent, ["ping fs-i0000000"]);
    clock.advance(1000);
    assert.deepEqual(lines, ["suspect", "dead", "close 4000 heartbeat", "reconnecting 1 500"]);
  });

  test("replaces a dead connection without waiting for its end, and hears no more of that", t => {
    const { browser, clock, socket, ws, lines } = opened(t);
    clock.advance(33750);
    assert.deepEqual(lines.splice(0), ["suspect", "dead", "close 4000 heartbeat", "reconnecting 1 500"]);
    assert.deepEqual(socket.closeCalls, [[4000, "heartbeat"]]);
    assert.equal(ws.readyState, 0);
    clock.advance(500);
    assert.equal(browser.sockets.length, 2);
    browser.socket.accept();
    assert.deepEqual(lines.splice(0), ["open"]);
    // What the old one still has to say.
    socket.receive("late");
    socket.dispatchEvent(new Event("error"));
    socket.end(1006);
    assert.deepEqual(lines, []);
    ws.send("to the new one");
    assert.deepEqual([socket.sent, browser.socket.sent], [[":ping fs-i0000000"], ["to the new one"]]);
    assert.equal(socket.listeners(), 0);
  });

  test("goes on with the next connection, and only there", t => {
    const { browser, clock, socket } = opened(t);
    clock.advance(10000);
    socket.end(1011);
    clock.advance(500);
    browser.socket.accept();
    clock.advance(0);
    assert.deepEqual(browser.sockets.map(each => each.sent.length), [0, 1]);
  });

  test("asks when the page wakes up", t => {
    const { browser, clock, socket, lines } = opened(t);
    browser.fire("online");
    assert.equal(socket.sent.length, 1);
    clock.advance(5000);
    assert.deepEqual(lines, ["suspect", "dead", "close 4000 heartbeat", "reconnecting 1 500"]);
  });

  test("leaves a dead connection to the page that prevents the default", t => {
    const { browser, clock, ws, lines } = opened(t);
    ws.ondead = event => event.preventDefault();
    clock.advance(40000);
    assert.deepEqual([lines, ws.readyState], [["suspect", "dead"], 1]);
    ws.reconnect(4001, "the page says so");
    assert.deepEqual(lines.slice(2), ["close 4001 the page says so", "reconnecting 1 500"]);
    assert.deepEqual(browser.sockets[0].closeCalls, [[4001, "the page says so"]]);
  });

  test("lets the page give up what is suspect, and starts anew", t => {
    const { browser, clock, ws, lines } = opened(t);
    ws.addEventListener("suspect", () => ws.reconnect(), { once: true });
    clock.advance(28750);
    assert.deepEqual(lines.splice(0), ["suspect", "close 4000", "reconnecting 1 500"]);
    clock.advance(500);
    browser.socket.accept();
    browser.prove();
    clock.advance(23750 + 9999);
    assert.deepEqual(lines, ["open", "alive 0", "suspect"]);
  });

  test("of several sockets is each one's own", t => {
    const browser = open(t);
    const all = [1, 2, 3].map(i => new HeartbeatSocket(`ws://server/chat?${i}`));
    const sockets = [...browser.sockets];
    sockets.forEach(socket => socket.accept());
    browser.clock.advance(0);
    sockets.forEach(socket => socket.pong());
    const lines = all.map(ws => record(ws, ...EVENTS));
    sockets[1].answersAfter = 80;
    browser.clock.advance(20000);
    all[2].close();
    sockets[2].end(1000);
    browser.clock.advance(13750 + 500);
    assert.deepEqual(lines, [
      ["suspect", "dead", "close 4000 heartbeat", "reconnecting 1 500"],
      ["alive 80"],
      ["close 1000"],
    ]);
    assert.deepEqual(browser.sockets.slice(3).map(socket => socket.url), ["ws://server/chat?1"]);
  });
});
