// What pages, and sockets that are none of a browser's, do wrong or otherwise.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, record, settle } from "./support/browser.js";
import { heartbeat, HeartbeatSocket } from "./support/script.js";

const BEATS = ["alive", "suspect", "dead"];
const EVENTS = ["open", "message", "error", "close", ...BEATS, "reconnecting"];

function beating(t, options) {
  const browser = open(t);
  const socket = new WebSocket("ws://server/chat");
  const beat = heartbeat(socket, options);
  socket.accept();
  browser.prove();
  return { browser, clock: browser.clock, socket, beat, lines: record(beat, ...BEATS) };
}

function connecting(t, options) {
  const browser = open(t);
  const ws = new HeartbeatSocket("ws://server/chat", ["chat"], options);
  return { browser, clock: browser.clock, ws, lines: record(ws, ...EVENTS) };
}

describe("stop()", () => {
  test("in a dead listener leaves the socket as it is", t => {
    const { browser, clock, socket, beat } = beating(t);
    const events = record(socket, "message", "close");
    beat.addEventListener("dead", () => beat.stop());
    clock.advance(120000);
    assert.deepEqual([socket.closeCalls, events], [[], []]);
    socket.receive("news");
    socket.end(1001);
    assert.deepEqual(events, ["message news", "close 1001"]);
    assert.equal(browser.window.listeners() + socket.listeners() + clock.timers.size, 0);
  });

  test("while the ping's text is made leaves no timer behind", t => {
    const { clock } = open(t);
    const socket = new WebSocket("ws://server/chat");
    const beat = heartbeat(socket, {
      ping: token => {
        beat.stop();
        return token;
      },
    });
    const lines = record(beat, ...BEATS);
    socket.accept();
    clock.advance(0);
    assert.equal(clock.timers.size, 0);
    clock.advance(120000);
    assert.deepEqual([lines, socket.closeCalls], [[], []]);
  });

  test("twice, and before the connection opens", t => {
    const { clock, window } = open(t);
    const socket = new WebSocket("ws://server/chat");
    const { stop } = heartbeat(socket);
    stop();
    stop();
    socket.accept();
    clock.advance(120000);
    assert.deepEqual([socket.sent, socket.listeners() + window.listeners()], [[], 0]);
  });
});

describe("heartbeat()", () => {
  test("in the page's open handler begins there, and the handler is called once", t => {
    const { clock } = open(t);
    const socket = new WebSocket("ws://server/chat");
    let opened = 0;
    socket.onopen = () => {
      opened++;
      heartbeat(socket);
    };
    socket.accept();
    clock.advance(23750);
    assert.deepEqual([opened, socket.sent], [1, [":ping fs-i0000000"]]);
  });

  for (const readyState of [2, 3]) {
    test(`on a socket whose readyState is ${readyState} does nothing, and keeps nothing of the page`, t => {
      const browser = open(t);
      const socket = new WebSocket("ws://server/chat");
      socket.accept();
      socket.close(1000);
      if (readyState === 3) socket.end(1000);
      browser.clock.timers.clear();
      const lines = record(heartbeat(socket), ...BEATS);
      for (const type of ["visibilitychange", "pageshow", "resume", "online"]) browser.fire(type);
      browser.clock.advance(120000);
      assert.deepEqual([socket.readyState, socket.sent, lines], [readyState, [], []]);
      assert.equal(browser.window.listeners() + browser.clock.timers.size, 0);
    });
  }

  test("takes a ping that cannot be made, or sent, for one that is not answered", t => {
    const { browser, clock, socket, lines } = beating(t);
    socket.send = () => {
      throw new Error("gone");
    };
    assert.throws(() => clock.advance(23750), { message: "gone" });
    clock.advance(10000);
    assert.deepEqual(lines, ["suspect", "dead"]);
    assert.deepEqual(socket.closeCalls, [[4000, "heartbeat"]]);
    assert.equal(browser.window.listeners(), 0);
  });

  test("goes on when a socket answers before its send returns", t => {
    const { clock, socket, lines } = beating(t);
    socket.send = text => {
      socket.sent.push(text);
      socket.receive(text.replace("ping", "pong"));
    };
    clock.advance(23750 * 3);
    assert.equal(socket.sent.length, 3);
    assert.deepEqual(lines, ["alive 0", "alive 0", "alive 0"]);
  });

  test("asks again at the next wake-up what the page has not given up", t => {
    const { browser, clock, socket, beat, lines } = beating(t);
    beat.addEventListener("dead", event => event.preventDefault());
    for (const time of [5000, 60000]) {
      browser.fire("online");
      clock.advance(time);
      browser.fire("online");
      assert.equal(lines.splice(0).at(-1), "dead");
      socket.receive("news");
      assert.deepEqual(lines.splice(0), ["alive 0"]);
    }
    assert.equal(socket.sent.length, 4);
  });

  // As those of npm's ws are: no dispatchEvent, and events that are none of the DOM's.
  test("tells an emitter's listeners the close event that it has of its own, and keeps nothing of the page", t => {
    const browser = open(t);
    const listeners = {};
    const socket = {
      readyState: 1,
      sent: [],
      send: text => socket.sent.push(text),
      close: () => (socket.readyState = 2),
      addEventListener: (type, listener) => (listeners[type] = listener),
      removeEventListener: type => delete listeners[type],
    };
    const lines = record(heartbeat(socket), ...BEATS);
    browser.clock.advance(0);
    listeners.message({ type: "message", data: ":pong fs-i0000000" });
    assert.deepEqual(lines.splice(0), ["alive 0"]);
    delete globalThis.CloseEvent;
    browser.clock.advance(33750);
    assert.deepEqual([lines, socket.readyState], [["suspect", "dead"], 2]);
    let stopped = 0;
    listeners.close({ type: "close", code: 1006, stopImmediatePropagation: () => stopped++ });
    assert.equal(stopped, 0);
    assert.equal(browser.window.listeners() + browser.clock.timers.size, 0);
  });

  for (const clockTurn of [-3600000, 3600000]) {
    test(`kills nothing that answers when the wall clock is turned by ${clockTurn} ms`, t => {
      const { clock, socket, lines } = beating(t);
      socket.answersAfter = 100;
      for (let i = 0; i < 20; i++) {
        clock.advance(7001);
        clock.sleep(clockTurn);
      }
      assert.ok(socket.sent.length >= 5);
      assert.deepEqual(new Set(lines), new Set(["alive 100"]));
    });
  }
});

describe("a HeartbeatSocket", () => {
  test("pings past the send of a class that extends it", t => {
    const browser = open(t);
    class Chat extends HeartbeatSocket {
      send(data) {
        super.send(JSON.stringify(data));
      }
    }
    const chat = new Chat("ws://server/chat");
    browser.socket.accept();
    chat.send("hello");
    browser.clock.advance(0);
    assert.deepEqual(browser.socket.sent, ['"hello"', ":ping fs-i0000000"]);
  });

  // As with WebSocket: a field hides the accessor of the prototype.
  test("takes no handlers that are fields of a class that extends it", t => {
    const browser = open(t);
    class Chat extends HeartbeatSocket {
      onmessage = () => assert.fail("called");
    }
    new Chat("ws://server/chat");
    browser.socket.accept();
    browser.socket.receive("news");
  });

  test("keeps as text what a WebSocket would send as text", async t => {
    const { browser, ws } = connecting(t, { buffer: true });
    const bytes = new Uint8Array([0, 1, 2, 3]);
    for (const data of [5, null, true, { toString: () => "object" }, new Map(), "x"]) ws.send(data);
    for (const data of [new DataView(bytes.buffer, 1, 2), bytes.subarray(3), new ArrayBuffer(0)]) ws.send(data);
    browser.socket.accept();
    const [texts, blobs] = [browser.socket.sent.slice(0, 6), browser.socket.sent.slice(6)];
    assert.deepEqual(texts, ["5", "null", "true", "object", "[object Map]", "x"]);
    const contents = await Promise.all(blobs.map(async blob => [...new Uint8Array(await blob.arrayBuffer())]));
    assert.deepEqual(contents, [[1, 2], [3], []]);
  });

  test("takes Infinity for a long time", t => {
    const { browser, clock, lines } = connecting(t, {
      connectTimeout: Infinity,
      interval: Infinity,
      maxDelay: Infinity,
    });
    clock.advance(600000);
    assert.deepEqual(lines, []);
    browser.socket.accept();
    browser.prove();
    clock.advance(600000);
    assert.deepEqual([lines, browser.socket.sent], [["open", "alive 0"], []]);
    browser.random = () => 1 - 2 ** -53;
    browser.socket.end(1011);
    for (let i = 0; i < 22; i++) {
      clock.advance(2 ** i * 1000);
      assert.equal(browser.sockets.length, i + 2);
      browser.socket.fail();
    }
    // 49 days are more than setTimeout has.
    clock.advance(2 ** 31 - 2);
    assert.equal(browser.sockets.length, 23);
  });

  for (const code of [1000, 4401, 4403]) {
    test(`connects again after the page's own reconnect(${code}), although a server's ${code} would be the end`, t => {
      const { browser, clock, ws, lines } = connecting(t);
      browser.socket.accept();
      ws.reconnect(code, "refresh");
      clock.advance(500);
      assert.deepEqual(lines, ["open", `close ${code} refresh`, "reconnecting 1 500"]);
      assert.equal(browser.sockets.length, 2);
    });
  }

  test("whose shouldReconnect throws is closed, and says so", t => {
    const { browser, clock, ws, lines } = connecting(t, {
      shouldReconnect: () => {
        throw new Error("the page's");
      },
    });
    browser.socket.accept();
    browser.socket.end(1001);
    assert.deepEqual(browser.errors.splice(0), ["the page's"]);
    assert.deepEqual([lines, ws.readyState], [["open", "close 1001"], 3]);
    assert.equal(browser.window.listeners() + clock.timers.size, 0);
  });

  test("that the page closes in shouldReconnect stays closed", t => {
    const { browser, clock, ws, lines } = connecting(t, {
      shouldReconnect: () => {
        ws.close();
        return true;
      },
    });
    browser.socket.accept();
    browser.socket.end(1001);
    clock.advance(600000);
    assert.deepEqual([lines, ws.readyState, browser.sockets.length], [["open", "close 1001"], 3, 1]);
    assert.equal(browser.window.listeners() + clock.timers.size, 0);
  });

  test("that the page reconnects in shouldReconnect connects once", t => {
    const { browser, clock, ws, lines } = connecting(t, {
      shouldReconnect: ({ code }) => {
        if (code === 1001) ws.reconnect();
        return true;
      },
    });
    browser.socket.accept();
    browser.socket.end(1001);
    clock.advance(4000);
    assert.deepEqual(lines, ["open", "close 1001", "reconnecting 1 2500"]);
    assert.equal(browser.sockets.length, 2);
  });

  test("whose page reconnects in its dead listener connects once", t => {
    const { browser, clock, ws, lines } = connecting(t);
    ws.addEventListener("dead", () => ws.reconnect(4001));
    browser.socket.accept();
    browser.prove();
    clock.advance(33750 + 500);
    assert.deepEqual(lines.slice(2), ["suspect", "dead", "close 4001", "reconnecting 1 500"]);
    assert.equal(browser.sockets.length, 2);
  });

  test("whose page closes it in its dead listener is closed at once, for good", t => {
    const { browser, clock, ws, lines } = connecting(t);
    ws.ondead = () => ws.close(1000, "enough");
    browser.socket.accept();
    browser.prove();
    clock.advance(33750);
    assert.deepEqual([lines.at(-1), ws.readyState], ["close 4000 heartbeat", 3]);
    clock.advance(600000);
    assert.equal(browser.sockets.length, 1);
  });

  test("whose page closes it while a probe is out waits for the end as a WebSocket does", t => {
    const { browser, clock, ws, lines } = connecting(t);
    browser.socket.accept();
    browser.fire("online");
    ws.close(1000, "done");
    clock.advance(59999);
    assert.deepEqual([lines, ws.readyState], [["open"], 2]);
    clock.advance(1);
    assert.deepEqual([lines, ws.readyState], [["open", "close 1006"], 3]);
  });

  test("goes on whatever the page's listeners throw", async t => {
    const { browser, clock, ws, lines } = connecting(t, { buffer: true });
    const thrown = [];
    process.setUncaughtExceptionCaptureCallback(error => thrown.push(error.message));
    t.after(() => process.setUncaughtExceptionCaptureCallback(null));
    for (const type of EVENTS) {
      const fault = event => {
        throw new Error(event.type);
      };
      ws.addEventListener(type, fault);
      ws[`on${type}`] = fault;
    }
    ws.send("kept");
    browser.socket.accept();
    browser.socket.receive("news");
    clock.advance(0);
    browser.socket.pong();
    clock.advance(33750 + 500);
    browser.socket.fail();
    clock.advance(1000);
    browser.socket.accept();
    await settle();
    const told = ["open", "message", "alive", "suspect", "dead", "close", "reconnecting", "error", "close", "reconnecting"];
    assert.deepEqual(lines.map(line => line.split(" ")[0]), [...told, "open"]);
    assert.deepEqual(thrown.sort(), [...told, "open"].flatMap(type => [type, type]).sort());
    assert.deepEqual(browser.sockets[0].sent, ["kept", ":ping fs-i0000000", ":ping fs-i0000000"]);
    assert.equal(browser.sockets.length, 3);
  });

  test("tells listeners as any EventTarget does: once, until aborted, and objects", t => {
    const { browser, ws } = connecting(t);
    const seen = [];
    const abort = new AbortController();
    const object = { handleEvent: event => seen.push(["object", event.data]) };
    ws.addEventListener("message", event => seen.push(["once", event.data]), { once: true });
    ws.addEventListener("message", event => seen.push(["signal", event.data]), { signal: abort.signal });
    ws.addEventListener("message", object);
    ws.addEventListener("message", object);
    browser.socket.accept();
    browser.socket.receive("a");
    abort.abort();
    browser.socket.receive("b");
    ws.removeEventListener("message", object);
    browser.socket.receive("c");
    assert.deepEqual(seen, [
      ["once", "a"],
      ["signal", "a"],
      ["object", "a"],
      ["object", "b"],
    ]);
  });

  test("that the page closed between two connections says so although the page is hidden meanwhile", t => {
    const { browser, clock, ws, lines } = connecting(t);
    browser.socket.fail();
    ws.close();
    browser.fire("pagehide");
    browser.fire("pageshow");
    clock.advance(0);
    assert.deepEqual([lines, ws.readyState], [["error", "close 1006", "reconnecting 1 500", "close 1006"], 3]);
    assert.equal(browser.sockets.length, 1);
  });

  test("connects once however often the page is hidden and shown", t => {
    const { browser, clock, lines } = connecting(t);
    browser.socket.accept();
    for (const type of ["pagehide", "pagehide", "pageshow", "pageshow"]) browser.fire(type);
    clock.advance(4999);
    assert.equal(browser.sockets.length, 2);
    assert.deepEqual(lines, ["open", "close 1000 pagehide"]);
  });

  test("leaves nothing behind after a life with everything", t => {
    const { browser, clock, ws } = connecting(t, { buffer: true });
    for (let i = 0; i < 50; i++) {
      ws.send("x");
      browser.socket.accept();
      browser.prove();
      clock.advance(33750);
      clock.advance(500);
    }
    ws.close();
    clock.advance(60000);
    assert.deepEqual([ws.readyState, ws.bufferedAmount, browser.errors], [3, 0, []]);
    const listeners = browser.sockets.slice(0, -1).reduce((sum, socket) => sum + socket.listeners(), 0);
    assert.equal(listeners + browser.window.listeners() + clock.timers.size, 0);
  });
});
