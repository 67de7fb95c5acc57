// heartbeat(socket, options) on a WebSocket of the page's own, in a page that is visible all the time.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, record, seeded } from "./support/browser.js";
import { heartbeat } from "./support/script.js";

const BEATS = ["alive", "suspect", "dead"];

// A page with an open socket and a heartbeat on it.
function beating(t, options) {
  const browser = open(t);
  const socket = new WebSocket("ws://server/chat");
  const beat = heartbeat(socket, options);
  socket.accept();
  browser.prove();
  return { browser, clock: browser.clock, socket, beat, lines: record(beat, ...BEATS) };
}

describe("ping", () => {
  for (const [random, milliseconds] of [
    [0, 22500],
    [0.5, 23750],
    [1 - 2 ** -53, 25000],
  ]) {
    test(`is sent ${milliseconds} ms after the last frame when chance says ${random}`, t => {
      const browser = open(t);
      browser.random = () => random;
      const socket = new WebSocket("ws://server/chat");
      heartbeat(socket);
      socket.accept();
      browser.prove();
      browser.clock.advance(20000);
      socket.receive("news");
      browser.clock.advance(milliseconds - 1);
      assert.deepEqual(socket.sent, []);
      browser.clock.advance(1);
      assert.equal(socket.sent.length, 1);
    });
  }

  test("has the prefix and a token of 1 to 64 visible characters, another one each time", t => {
    const { browser, clock, socket } = beating(t);
    for (const number of [0, 2 ** -53, 0.123456789, 1 - 2 ** -53]) {
      browser.random = () => number;
      clock.advance(30000);
      socket.pong();
    }
    assert.equal(socket.sent.length, 4);
    assert.equal(new Set(socket.sent).size, 4);
    socket.sent.forEach(text => assert.match(text, /^:ping [!-~]{1,64}$/));
  });

  test("is not sent before the connection is open", t => {
    const browser = open(t);
    const socket = new WebSocket("ws://server/chat");
    const lines = record(heartbeat(socket), ...BEATS);
    browser.clock.advance(120000);
    assert.deepEqual([socket.sent, lines], [[], []]);
  });

  test("is sent on a connection that was open already", t => {
    const browser = open(t);
    const socket = new WebSocket("ws://server/chat");
    socket.accept();
    heartbeat(socket);
    browser.clock.advance(23750);
    assert.deepEqual(socket.sent, [":ping fs-i0000000"]);
  });

  test("is not sent on a connection that is closing", t => {
    const { clock, socket, lines } = beating(t);
    socket.close();
    clock.advance(59000);
    assert.deepEqual([socket.sent, lines], [[], []]);
  });

  test("is not sent once the connection is closed", t => {
    const { browser, clock, socket, lines } = beating(t);
    socket.end(1001);
    clock.advance(120000);
    browser.fire("online");
    assert.deepEqual([socket.sent, lines], [[], []]);
  });

  test("follows the settings", t => {
    const { browser, clock, socket, lines } = beating(t, { interval: 1000, timeout: 400, probeTimeout: 100 });
    clock.advance(950);
    assert.deepEqual(socket.sent, [":ping fs-i0000000"]);
    clock.advance(199);
    assert.deepEqual(lines, []);
    clock.advance(1);
    assert.deepEqual(lines, ["suspect"]);
    socket.pong();
    assert.deepEqual(lines, ["suspect", "alive 200"]);
    browser.fire("online");
    clock.advance(99);
    assert.deepEqual(lines.slice(2), ["suspect"]);
    clock.advance(1);
    assert.deepEqual(lines.slice(2), ["suspect", "dead"]);
  });

  test("takes settings that are undefined as not given", t => {
    const undefinedOptions = { interval: undefined, timeout: undefined, probeTimeout: undefined, prefix: undefined };
    const { clock, socket, lines } = beating(t, undefinedOptions);
    clock.advance(23750);
    assert.deepEqual(socket.sent, [":ping fs-i0000000"]);
    clock.advance(10000);
    assert.deepEqual(lines, ["suspect", "dead"]);
  });
});

describe("answer", () => {
  test("is told with the round-trip time", t => {
    const { clock, socket, beat, lines } = beating(t);
    clock.advance(23750 + 42);
    socket.pong();
    assert.equal(beat.rtt, 42);
    assert.deepEqual(lines, ["alive 42"]);
  });

  test("starts the interval again", t => {
    const { clock, socket } = beating(t);
    clock.advance(23750 + 4000);
    socket.pong();
    clock.advance(23749);
    assert.equal(socket.sent.length, 1);
    clock.advance(1);
    assert.equal(socket.sent.length, 2);
  });

  test("may be any frame, and then nothing is told and nothing measured", t => {
    const { clock, socket, beat, lines } = beating(t);
    clock.advance(23750 + 4999);
    socket.receive("news");
    clock.advance(23749);
    assert.equal(socket.sent.length, 1);
    assert.deepEqual([lines, beat.rtt], [[], 0]);
  });

  test("may be a binary frame", t => {
    const { clock, socket, lines } = beating(t);
    clock.advance(23750 + 9999);
    socket.receive(new ArrayBuffer(3));
    clock.advance(23749);
    assert.deepEqual(lines, ["suspect", "alive 0"]);
  });

  test("after data has come is still measured", t => {
    const { clock, socket, lines } = beating(t);
    clock.advance(23750 + 100);
    socket.receive("news");
    clock.advance(200);
    socket.pong();
    assert.deepEqual(lines, ["alive 300"]);
  });

  test("to a ping before the last is life, but says nothing about the last one's time", t => {
    const { browser, clock, socket, beat, lines } = beating(t);
    clock.advance(23750);
    browser.random = () => 0.25;
    clock.advance(1000);
    browser.fire("online");
    assert.deepEqual(socket.sent, [":ping fs-i0000000", ":ping fs-90000000"]);
    clock.advance(30);
    socket.receive(":pong fs-i0000000");
    assert.deepEqual([lines, beat.rtt], [["alive 0"], 0]);
    clock.advance(5);
    socket.receive(":pong fs-90000000");
    assert.deepEqual([lines, beat.rtt], [["alive 0", "alive 35"], 35]);
  });

  test("that comes twice is told once", t => {
    const { clock, socket, lines } = beating(t);
    clock.advance(23750);
    socket.pong();
    clock.advance(10);
    socket.receive(":pong fs-i0000000");
    assert.deepEqual(lines, ["alive 0"]);
  });
});

describe("the page", () => {
  // What its onmessage, which was there before the heartbeat, and a listener that came later see.
  function pageSees(t, options) {
    const browser = open(t);
    const socket = new WebSocket("ws://server/chat");
    const seen = [];
    socket.onmessage = ({ data }) => seen.push(["onmessage", data]);
    heartbeat(socket, options);
    socket.addEventListener("message", ({ data }) => seen.push(["listener", data]));
    socket.accept();
    browser.prove();
    return { clock: browser.clock, socket, seen };
  }

  test("sees its own messages and no pong", t => {
    const { clock, socket, seen } = pageSees(t);
    socket.receive("a");
    clock.advance(23750);
    socket.pong();
    socket.receive("b");
    assert.deepEqual(seen, [
      ["onmessage", "a"],
      ["listener", "a"],
      ["onmessage", "b"],
      ["listener", "b"],
    ]);
  });

  test("keeps its handlers, called once an event", t => {
    const browser = open(t);
    const socket = new WebSocket("ws://server/chat");
    const calls = [];
    const handler = ({ type }) => calls.push(type);
    for (const type of ["open", "message", "error", "close"]) socket[`on${type}`] = handler;
    heartbeat(socket);
    socket.accept();
    socket.receive("news");
    socket.fail();
    assert.deepEqual(calls, ["open", "message", "error", "close"]);
    assert.equal(socket.onopen, handler);
    assert.equal(browser.clock.timers.size, 0);
  });

  for (const text of [":pong", ":pong fs-i0000000 x", ":pong stranger", "pong fs-i0000000", ":ping fs-i0000000", " :pong fs-i0000000", ":pong fs-i0000000\n"]) {
    test(`sees ${JSON.stringify(text)}, which answers no ping of ours`, t => {
      const { clock, socket, seen } = pageSees(t);
      clock.advance(23750);
      socket.receive(text);
      assert.deepEqual(seen, [
        ["onmessage", text],
        ["listener", text],
      ]);
    });
  }

  test("sees a binary frame with the bytes of a pong", t => {
    const { clock, socket, seen } = pageSees(t);
    clock.advance(23750);
    const bytes = new TextEncoder().encode(":pong fs-i0000000").buffer;
    socket.receive(bytes);
    assert.deepEqual(seen[0], ["onmessage", bytes]);
  });

  test("sees a line like the dedicated endpoint's first one", t => {
    const { socket, seen } = pageSees(t);
    socket.receive("hello v=1 interval=25 timeout=10");
    assert.equal(seen.length, 2);
  });

  test("is left alone after stop()", t => {
    const { browser, clock, socket, beat, lines } = beating(t);
    clock.advance(23750);
    const { stop } = beat;
    stop();
    const messages = record(socket, "message");
    socket.receive(":pong fs-i0000000");
    browser.fire("online");
    clock.advance(120000);
    assert.deepEqual(messages, ["message :pong fs-i0000000"]);
    assert.equal(socket.sent.length, 1);
    assert.deepEqual([lines, socket.closeCalls], [[], []]);
    assert.equal(browser.window.listeners() + socket.listeners(), 0);
    assert.equal(clock.timers.size, 0);
  });

  test("may stop it in a suspect listener", t => {
    const { clock, socket, beat, lines } = beating(t);
    beat.addEventListener("suspect", () => beat.stop());
    clock.advance(120000);
    assert.deepEqual([lines, socket.closeCalls, clock.timers.size], [["suspect"], [], 0]);
  });

  test("keeps nothing of a socket that has closed", t => {
    const { browser, clock, socket } = beating(t);
    assert.equal(browser.window.listeners(), 4);
    socket.end(1000);
    assert.equal(browser.window.listeners(), 0);
    assert.equal(clock.timers.size, 0);
  });
});

describe("silence", () => {
  test("is suspect after half of the time, and dead after it: 35 s after the last frame at most", t => {
    const browser = open(t);
    browser.random = () => 1 - 2 ** -53;
    const socket = new WebSocket("ws://server/chat");
    const beat = heartbeat(socket);
    socket.accept();
    browser.prove();
    const lines = record(beat, ...BEATS);
    browser.clock.advance(29999);
    assert.deepEqual(lines, []);
    browser.clock.advance(1);
    assert.deepEqual(lines, ["suspect"]);
    browser.clock.advance(4999);
    assert.deepEqual(lines, ["suspect"]);
    browser.clock.advance(1);
    assert.deepEqual(lines, ["suspect", "dead"]);
  });

  test("closes with 4000 and tells the page at once, and only once", t => {
    const { browser, clock, socket } = beating(t);
    const events = record(socket, "message", "error", "close");
    const handled = [];
    // The same for a handler, which is what most pages have.
    socket.onclose = ({ code, reason, wasClean }) => handled.push([code, reason, wasClean]);
    clock.advance(33750);
    assert.deepEqual(socket.closeCalls, [[4000, "heartbeat"]]);
    assert.deepEqual(events, ["close 4000 heartbeat"]);
    assert.deepEqual(handled, [[4000, "heartbeat", false]]);
    // The browser's own events, a minute later.
    socket.receive("late");
    socket.dispatchEvent(new Event("error"));
    clock.advance(60000);
    assert.equal(socket.readyState, 3);
    assert.deepEqual([events, handled.length], [["close 4000 heartbeat"], 1]);
    assert.equal(browser.window.listeners() + clock.timers.size, 0);
  });

  test("is told once although the page stops the heartbeat in its close handler, set before", t => {
    const { clock } = open(t);
    const socket = new WebSocket("ws://server/chat");
    let closes = 0;
    socket.onclose = () => {
      closes++;
      beat.stop();
    };
    const beat = heartbeat(socket);
    socket.accept();
    clock.advance(33750 + 60000);
    assert.equal(socket.readyState, 3);
    assert.equal(closes, 1);
  });

  test("is told once although the page stops the heartbeat long after", t => {
    const { clock, socket, beat } = beating(t);
    const events = record(socket, "close");
    clock.advance(33750 + 1000);
    beat.stop();
    clock.advance(59000);
    assert.equal(socket.readyState, 3);
    assert.deepEqual(events, ["close 4000 heartbeat"]);
  });

  test("is the page's business where it prevents the default, and the heartbeat goes on with the next frame", t => {
    const { clock, socket, beat, lines } = beating(t);
    beat.addEventListener("dead", event => event.preventDefault());
    const events = record(socket, "close");
    clock.advance(200000);
    assert.deepEqual([socket.closeCalls, events, lines], [[], [], ["suspect", "dead"]]);
    socket.receive("late");
    assert.deepEqual(lines, ["suspect", "dead", "alive 0"]);
    clock.advance(33750);
    assert.deepEqual(lines, ["suspect", "dead", "alive 0", "suspect", "dead"]);
  });

  test("ends with any frame in time, and is told again the next time", t => {
    const { clock, socket, lines } = beating(t);
    for (let i = 0; i < 2; i++) {
      clock.advance(23750 + 5000);
      assert.deepEqual(lines.splice(0), ["suspect"]);
      clock.advance(4999);
      socket.receive("news");
      assert.deepEqual(lines.splice(0), ["alive 0"]);
    }
  });

  test("ends nothing when the server's close comes first", t => {
    const { clock, socket, lines } = beating(t);
    const events = record(socket, "close");
    clock.advance(23750 + 6000);
    socket.end(1011, "ping timeout");
    clock.advance(60000);
    assert.deepEqual([events, socket.closeCalls], [["close 1011 ping timeout"], []]);
    assert.deepEqual(lines, ["suspect"]);
  });

  test("after the page's own close() is no death", t => {
    const { clock, socket, lines } = beating(t);
    clock.advance(23750);
    socket.close(1000, "done");
    clock.advance(30000);
    assert.deepEqual([lines, socket.closeCalls], [[], [[1000, "done"]]]);
  });

  test("calls reconnect() instead of close() where the socket has it", t => {
    const { clock, socket, lines } = beating(t);
    const calls = [];
    socket.reconnect = (...args) => calls.push(args);
    const events = record(socket, "close");
    clock.advance(33750);
    assert.deepEqual(calls, [[4000, "heartbeat"]]);
    assert.deepEqual([socket.closeCalls, events, lines], [[], [], ["suspect", "dead"]]);
    socket.accept();
    clock.advance(23750);
    assert.equal(socket.sent.length, 2);
  });

  test("stays stopped on a socket that opens again by itself", t => {
    const { clock, socket, beat } = beating(t);
    const events = record(socket, "open", "close");
    clock.advance(33750);
    beat.stop();
    socket.accept();
    clock.advance(60000);
    assert.deepEqual([events, socket.sent.length], [["close 4000 heartbeat", "open", "close 1006"], 1]);
  });

  test("on a socket that opens again by itself mutes it only until then", t => {
    const { clock, socket } = beating(t);
    const events = record(socket, "open", "message", "close");
    clock.advance(33750);
    clock.advance(60000);
    socket.accept();
    socket.receive("news");
    socket.end(1012);
    assert.deepEqual(events, ["close 4000 heartbeat", "open", "message news", "close 1012"]);
  });

  test("needs no more of a socket than five members", t => {
    const browser = open(t);
    const calls = [];
    const listeners = {};
    const socket = {
      readyState: 1,
      send: text => calls.push(["send", text]),
      close: (code, reason) => calls.push(["close", code, reason]),
      addEventListener: (type, listener) => (listeners[type] = listener),
      removeEventListener: type => delete listeners[type],
    };
    const lines = record(heartbeat(socket), ...BEATS);
    browser.clock.advance(0);
    assert.deepEqual(calls, [["send", ":ping fs-i0000000"]]);
    listeners.message({ type: "message", data: ":pong fs-i0000000" });
    assert.deepEqual(lines.splice(0), ["alive 0"]);
    browser.clock.advance(33750);
    assert.deepEqual(calls.slice(1), [
      ["send", ":ping fs-i0000000"],
      ["close", 4000, "heartbeat"],
    ]);
    assert.deepEqual(lines, ["suspect", "dead"]);
  });
});

describe("other words", () => {
  test("a prefix of the page's", t => {
    const { clock, socket, lines } = beating(t, { prefix: "#hb/" });
    const seen = record(socket, "message");
    clock.advance(23750);
    assert.deepEqual(socket.sent, ["#hb/ping fs-i0000000"]);
    socket.receive("#hb/pong fs-i0000000");
    assert.deepEqual([lines, seen], [["alive 0"], []]);
  });

  test("a fixed text and a test of the answer", t => {
    const { clock } = open(t);
    const socket = new WebSocket("ws://server/chat");
    const lines = record(heartbeat(socket, { ping: "2", isPong: data => data === "3" }), ...BEATS);
    socket.accept();
    const seen = record(socket, "message");
    clock.advance(0);
    assert.deepEqual(socket.sent, ["2"]);
    clock.advance(7);
    socket.receive("3");
    assert.deepEqual([lines, seen], [["alive 7"], []]);
  });

  test("an answer without token is taken for the oldest ping's", t => {
    const browser = open(t);
    const { clock } = browser;
    const socket = new WebSocket("ws://server/chat");
    const lines = record(heartbeat(socket, { ping: "2", isPong: data => data === "3" }), ...BEATS);
    socket.accept();
    const seen = record(socket, "message");
    clock.advance(1000);
    browser.fire("online");
    clock.advance(20);
    socket.receive("3");
    clock.advance(20);
    socket.receive("3");
    socket.receive("3");
    assert.deepEqual([lines, seen], [["alive", "alive 40"], ["message 3"]]);
  });

  test("text made of the token", t => {
    const { clock } = open(t);
    const socket = new WebSocket("ws://server/chat");
    const options = {
      ping: token => JSON.stringify({ event: "ping", data: token }),
      isPong: (data, token) => data === `{"event":"pong","data":"${token}"}`,
    };
    const lines = record(heartbeat(socket, options), ...BEATS);
    socket.accept();
    clock.advance(0);
    assert.deepEqual(socket.sent, ['{"event":"ping","data":"fs-i0000000"}']);
    socket.receive('{"event":"pong","data":"fs-i0000000"}');
    assert.deepEqual(lines, ["alive 0"]);
  });

  test("a test of the answer that throws hides no sign of life", t => {
    const { browser, clock, socket, lines } = beating(t, {
      isPong: () => {
        throw new Error("not JSON");
      },
    });
    clock.advance(23750);
    browser.errors.length = 0;
    socket.receive("not JSON");
    assert.deepEqual(browser.errors.splice(0), ["not JSON"]);
    clock.advance(23749);
    assert.deepEqual(lines, []);
  });

  test("a server that answers no ping, but sends, is alive, and few tokens are kept", t => {
    const asked = [];
    const { browser, clock, socket, lines } = beating(t, {
      isPong: (data, token) => {
        asked.push(token);
        return false;
      },
    });
    browser.random = seeded(1);
    for (let i = 0; i < 10; i++) {
      clock.advance(26000);
      asked.length = 0;
      socket.receive("news");
    }
    assert.equal(socket.sent.length, 10);
    assert.deepEqual(asked, socket.sent.slice(-4).map(text => text.slice(6)));
    assert.deepEqual(lines, []);
  });
});

describe("the dedicated endpoint", () => {
  test("is pinged without a prefix", t => {
    const { clock, socket, lines } = beating(t, { prefix: "" });
    clock.advance(23750);
    assert.deepEqual(socket.sent, ["ping fs-i0000000"]);
    socket.receive("pong fs-i0000000");
    assert.deepEqual(lines, ["alive 0"]);
  });

  for (const [hello, interval, timeout] of [
    ["hello v=1 interval=40 timeout=20", 40000, 20000],
    ["hello timeout=4 interval=8", 8000, 4000],
    ["hello v=1 interval=40 timeout=20 region=eu retry=5", 40000, 20000],
    ["hello v=1 timeout=20", 25000, 20000],
    ["hello", 25000, 10000],
    ["hello v=1 interval=0 timeout=-1", 25000, 10000],
    ["hello v=1 interval=1.5 timeout=1e3", 25000, 10000],
    ["hello v=1 interval=99999 timeout=10s", 25000, 10000],
    ["hello v=1 xinterval=3 interval", 25000, 10000],
  ]) {
    test(`says ${hello}`, t => {
      const { clock, socket, lines } = beating(t, { prefix: "" });
      const seen = record(socket, "message");
      socket.receive(hello);
      clock.advance(interval * 0.95 - 1);
      assert.deepEqual(socket.sent, []);
      clock.advance(1);
      assert.deepEqual(socket.sent, ["ping fs-i0000000"]);
      clock.advance(timeout - 1);
      assert.deepEqual(lines, ["suspect"]);
      clock.advance(1);
      assert.deepEqual([lines, seen], [["suspect", "dead"], []]);
    });
  }

  test("advises, the page decides", t => {
    const { clock, socket, lines } = beating(t, { prefix: "", interval: 1000 });
    socket.receive("hello v=1 interval=40 timeout=20");
    clock.advance(950);
    assert.deepEqual(socket.sent, ["ping fs-i0000000"]);
    clock.advance(19999);
    assert.deepEqual(lines, ["suspect"]);
    clock.advance(1);
    assert.deepEqual(lines, ["suspect", "dead"]);
  });

  for (const text of ["helloworld", "HELLO v=1", " hello v=1", "ping fs-i0000000"]) {
    test(`passes ${JSON.stringify(text)} on, which is no such line`, t => {
      const { socket } = beating(t, { prefix: "" });
      const seen = record(socket, "message");
      socket.receive(text);
      assert.deepEqual(seen, [`message ${text}`]);
    });
  }
});

test("several sockets beat for themselves", t => {
  const browser = open(t);
  const { clock } = browser;
  const sockets = [1, 2, 3].map(i => new WebSocket(`ws://server/chat?${i}`));
  const beats = sockets.map(socket => heartbeat(socket));
  const lines = sockets.map((socket, i) => {
    socket.accept();
    clock.advance(0);
    socket.pong();
    socket.sent.length = socket.answered = 0;
    const told = record(beats[i], ...BEATS);
    clock.advance(1000);
    return told;
  });
  clock.advance(22750 - 1000);
  sockets[0].pong();
  clock.advance(1000);
  sockets[1].receive("news");
  clock.advance(1000 + 10000);
  assert.deepEqual(sockets.map(socket => socket.sent.length), [1, 1, 1]);
  assert.deepEqual(lines, [["alive 1000"], [], ["suspect", "dead"]]);
  assert.deepEqual(sockets.map(socket => socket.readyState), [1, 1, 2]);
});

test("two heartbeats on one socket keep each other's pongs apart", t => {
  const browser = open(t);
  browser.random = seeded(7);
  const socket = new WebSocket("ws://server/chat");
  const lines = [{ interval: 10000 }, { interval: 10000 }].map(options => record(heartbeat(socket, options), ...BEATS));
  socket.accept();
  const seen = record(socket, "message");
  browser.clock.advance(0);
  socket.pong();
  assert.equal(socket.sent.length, 2);
  assert.deepEqual(lines.map(told => told.length), [1, 1]);
  assert.deepEqual(seen, []);
});
