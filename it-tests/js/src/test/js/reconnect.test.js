// When and how a HeartbeatSocket connects again.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, record, seeded } from "./support/browser.js";
import { HeartbeatSocket } from "./support/script.js";

const EVENTS = ["open", "message", "error", "close", "dead", "reconnecting"];

function connecting(t, options) {
  const browser = open(t);
  const ws = new HeartbeatSocket("ws://server/chat", ["chat"], options);
  return { browser, clock: browser.clock, ws, lines: record(ws, ...EVENTS) };
}

describe("the server closes with", () => {
  for (const code of [1000, 1002, 1003, 1007, 1008, 1010, 4401, 4403]) {
    test(`${code}: that is the end`, t => {
      const { browser, clock, ws, lines } = connecting(t);
      browser.socket.accept();
      browser.socket.end(code, "reason");
      assert.deepEqual(lines, ["open", `close ${code} reason`]);
      assert.equal(ws.readyState, 3);
      clock.advance(600000);
      assert.equal(browser.sockets.length, 1);
      assert.equal(browser.window.listeners() + clock.timers.size, 0);
    });
  }

  for (const code of [1001, 1005, 1006, 1009, 1011, 1012, 1013, 1014, 1015, 3000, 3999, 4000, 4400, 4402, 4404, 4999]) {
    test(`${code}: a new connection`, t => {
      const { browser, clock, ws, lines } = connecting(t);
      browser.socket.accept();
      browser.socket.end(code);
      const delay = [1001, 1012].includes(code) ? 2500 : 500;
      assert.deepEqual(lines, ["open", `close ${code}`, `reconnecting 1 ${delay}`]);
      assert.equal(ws.readyState, 0);
      clock.advance(delay - 1);
      assert.equal(browser.sockets.length, 1);
      clock.advance(1);
      assert.equal(browser.sockets.length, 2);
      assert.deepEqual([browser.socket.url, browser.socket.protocols], ["ws://server/chat", ["chat"]]);
      browser.socket.accept();
      assert.deepEqual(lines.slice(3), ["open"]);
      assert.equal(ws.readyState, 1);
    });
  }

  test("a code that shouldReconnect decides about, in its place", t => {
    const asked = [];
    const shouldReconnect = event => {
      asked.push([event.type, event.code, event.reason]);
      return event.code === 1008;
    };
    const { browser, clock, ws } = connecting(t, { shouldReconnect });
    browser.socket.accept();
    browser.socket.end(1008, "again");
    clock.advance(500);
    assert.equal(browser.sockets.length, 2);
    browser.socket.fail();
    assert.equal(ws.readyState, 3);
    assert.deepEqual(asked, [
      ["close", 1008, "again"],
      ["close", 1006, ""],
    ]);
  });
});

describe("the delay", () => {
  test("has bounds that double from 1 s to 30 s while attempts fail", t => {
    const { browser, clock, lines } = connecting(t);
    browser.random = () => 1 - 2 ** -53;
    for (const bound of [1000, 2000, 4000, 8000, 16000, 30000, 30000]) {
      browser.socket.fail();
      const [type, , delay] = lines[lines.length - 1].split(" ");
      assert.deepEqual([type, Math.round(delay)], ["reconnecting", bound]);
      const connections = browser.sockets.length;
      clock.advance(bound - 1);
      assert.equal(browser.sockets.length, connections);
      clock.advance(1);
      assert.equal(browser.sockets.length, connections + 1);
    }
  });

  test("can be none", t => {
    const { browser, clock, lines } = connecting(t);
    browser.random = () => 0;
    browser.socket.fail();
    assert.deepEqual(lines, ["error", "close 1006", "reconnecting 1 0"]);
    clock.advance(0);
    assert.equal(browser.sockets.length, 2);
  });

  test("follows the settings", t => {
    const { browser, clock, lines } = connecting(t, { minDelay: 100, maxDelay: 250 });
    for (let i = 0; i < 4; i++) {
      browser.socket.fail();
      clock.advance(250);
    }
    assert.deepEqual(lines.filter(line => line.startsWith("reconnecting")), [
      "reconnecting 1 50",
      "reconnecting 2 100",
      "reconnecting 3 125",
      "reconnecting 4 125",
    ]);
  });

  // Each tenth of the range gets a tenth of the clients.
  for (const [attempt, bound] of [
    [1, 1000],
    [3, 4000],
    [6, 30000],
  ]) {
    test(`of attempt ${attempt} is spread evenly over ${bound} ms`, t => {
      const browser = open(t);
      browser.random = seeded(attempt);
      const tenths = new Array(10).fill(0);
      const clients = 2000;
      for (let client = 0; client < clients; client++) {
        const ws = new HeartbeatSocket("ws://server/chat");
        const delays = [];
        ws.onreconnecting = ({ delay }) => delays.push(delay);
        while (delays.length < attempt) {
          browser.socket.fail();
          if (delays.length < attempt) browser.clock.advance(delays.at(-1));
        }
        ws.close();
        tenths[Math.floor((delays[attempt - 1] / bound) * 10)]++;
        browser.clock.advance(0);
      }
      assert.equal(tenths.reduce((sum, count) => sum + count), clients);
      // Chi-square, 9 degrees of freedom: evenly spread numbers exceed 27.9 once in a thousand times.
      const expected = clients / 10;
      const chiSquare = tenths.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      assert.ok(chiSquare < 27.9, `${tenths}: ${chiSquare}`);
    });
  }

  for (const [lasted, attempt] of [
    [9999, 3],
    [10000, 1],
  ]) {
    test(`after a connection that lasted ${lasted} ms is that of attempt ${attempt}`, t => {
      const { browser, clock, lines } = connecting(t);
      browser.socket.fail();
      clock.advance(500);
      browser.socket.fail();
      clock.advance(1000);
      browser.socket.accept();
      clock.advance(lasted);
      browser.socket.end(1012);
      assert.match(lines[lines.length - 1], new RegExp(`^reconnecting ${attempt} `));
    });
  }

  test("counts a connection's time once", t => {
    const { browser, clock, lines } = connecting(t);
    browser.socket.accept();
    clock.advance(10000);
    for (const [attempt, delay] of [
      [1, 500],
      [2, 1000],
      [3, 2000],
    ]) {
      browser.socket.fail();
      assert.equal(lines[lines.length - 1], `reconnecting ${attempt} ${delay}`);
      clock.advance(delay);
    }
  });

  test("after a death starts over: noticing it took more than 10 s", t => {
    const { browser, clock, lines } = connecting(t);
    browser.socket.fail();
    clock.advance(500);
    browser.socket.accept();
    browser.prove();
    clock.advance(33750);
    assert.deepEqual(lines.slice(-3), ["dead", "close 4000 heartbeat", "reconnecting 1 500"]);
  });
});

describe("an attempt to connect", () => {
  test("is given up after 5 s, without waiting for its end", t => {
    const { browser, clock, ws, lines } = connecting(t);
    const [first] = browser.sockets;
    clock.advance(4999);
    assert.deepEqual(lines, []);
    clock.advance(1);
    assert.deepEqual(lines, ["error", "close 4000 connect timeout", "reconnecting 1 500"]);
    assert.deepEqual(first.closeCalls, [[4000, "connect timeout"]]);
    assert.equal(ws.readyState, 0);
    clock.advance(500);
    assert.equal(browser.sockets.length, 2);
    // Firefox may complete an attempt that was given up.
    first.accept();
    first.receive("late");
    assert.equal(lines.length, 3);
    browser.socket.accept();
    clock.advance(5000);
    assert.deepEqual(lines.slice(3), ["open"]);
  });

  test("is given up each time", t => {
    const { browser, clock } = connecting(t);
    clock.advance(5000 + 500 + 5000 + 1000);
    assert.equal(browser.sockets.length, 3);
  });

  test("has the time that is asked for", t => {
    const { clock, lines } = connecting(t, { connectTimeout: 700 });
    clock.advance(699);
    assert.deepEqual(lines, []);
    clock.advance(1);
    assert.equal(lines[1], "close 4000 connect timeout");
  });

  test("that fails is told as a WebSocket tells it", t => {
    const { browser, lines } = connecting(t);
    browser.socket.fail();
    assert.deepEqual(lines, ["error", "close 1006", "reconnecting 1 500"]);
  });
});

describe("the page closes", () => {
  test("an open connection: no other follows, whatever its code", t => {
    const { browser, clock, ws, lines } = connecting(t);
    browser.socket.accept();
    ws.close();
    browser.socket.end(1006);
    clock.advance(600000);
    assert.deepEqual([lines, ws.readyState, browser.sockets.length], [["open", "close 1006"], 3, 1]);
    assert.equal(browser.window.listeners() + clock.timers.size, 0);
  });

  test("during the attempt to connect", t => {
    const { browser, clock, ws, lines } = connecting(t);
    ws.close();
    assert.deepEqual([lines, ws.readyState], [[], 2]);
    clock.advance(0);
    assert.deepEqual([lines, ws.readyState], [["error", "close 1006"], 3]);
    clock.advance(600000);
    assert.equal(browser.sockets.length, 1);
  });

  test("during a later attempt to connect", t => {
    const { browser, clock, ws, lines } = connecting(t);
    browser.socket.fail();
    clock.advance(500);
    ws.close();
    clock.advance(600000);
    assert.deepEqual(lines, ["error", "close 1006", "reconnecting 1 500", "error", "close 1006"]);
    assert.deepEqual([ws.readyState, browser.sockets.length], [3, 2]);
  });

  test("between two connections: its close event follows", t => {
    const { browser, clock, ws, lines } = connecting(t);
    browser.socket.fail();
    ws.close(1000, "enough");
    assert.deepEqual([lines.length, ws.readyState], [3, 2]);
    ws.close();
    clock.advance(600000);
    assert.deepEqual(lines.slice(3), ["close 1006"]);
    assert.deepEqual([ws.readyState, browser.sockets.length], [3, 1]);
    assert.equal(browser.window.listeners() + clock.timers.size, 0);
  });

  for (const type of ["close", "reconnecting"]) {
    test(`in its ${type} listener`, t => {
      const { browser, clock, ws } = connecting(t);
      browser.socket.accept();
      ws.addEventListener(type, () => ws.close());
      browser.socket.end(1012);
      clock.advance(600000);
      assert.deepEqual([ws.readyState, browser.sockets.length], [3, 1]);
    });
  }

  test("and shouldReconnect is not asked", t => {
    const { browser, ws } = connecting(t, { shouldReconnect: () => assert.fail("asked") });
    browser.socket.accept();
    ws.close();
    browser.socket.end(1000);
    assert.equal(ws.readyState, 3);
  });

  test("and a closed socket stays closed", t => {
    const { browser, clock, ws, lines } = connecting(t);
    browser.socket.accept();
    ws.close();
    browser.socket.end(1000);
    ws.reconnect();
    ws.close();
    browser.fire("pagehide");
    browser.fire("pageshow");
    browser.fire("online");
    clock.advance(600000);
    assert.deepEqual([lines, browser.sockets.length], [["open", "close 1000"], 1]);
  });
});

// The page that was written for WebSocket, where both end nothing that has not ended.
describe("close()", () => {
  test("in a close handler ends it: no second close event, and no attempt", t => {
    const { browser, clock, ws, lines } = connecting(t);
    browser.socket.accept();
    let state;
    ws.onclose = () => {
      ws.close();
      state = ws.readyState;
    };
    browser.socket.end(1006);
    clock.advance(600000);
    assert.deepEqual([lines, state, ws.readyState], [["open", "close 1006"], 3, 3]);
    assert.equal(browser.sockets.length, 1);
    assert.equal(browser.window.listeners() + clock.timers.size, 0);
  });

  for (const [when, fail, told] of [
    ["of an attempt that failed", browser => browser.socket.fail(), "close 1006"],
    ["of an attempt that took too long", browser => browser.clock.advance(5000), "close 4000 connect timeout"],
    ["of a connection that broke, in Firefox", breakOpen, "close 1006"],
  ]) {
    test(`in the error handler ${when} does nothing: the next one follows`, t => {
      const { browser, clock, ws, lines } = connecting(t);
      const states = [];
      ws.onerror = () => {
        states.push(ws.readyState);
        ws.close();
        states.push(ws.readyState);
      };
      fail(browser);
      assert.deepEqual([states, ws.readyState], [[3, 3], 0]);
      assert.deepEqual(lines.slice(-3), ["error", told, "reconnecting 1 500"]);
      clock.advance(500);
      assert.equal(browser.sockets.length, 2);
      browser.socket.accept();
      assert.equal(ws.readyState, 1);
      ws.close();
      browser.socket.end(1000);
      assert.equal(ws.readyState, 3);
    });
  }

  test("in an error handler checks its arguments all the same", t => {
    const { browser, ws } = connecting(t);
    ws.onerror = () => assert.throws(() => ws.close(1006), { name: "InvalidAccessError" });
    browser.socket.fail();
    assert.equal(ws.readyState, 0);
  });

  test("in the close handler that follows a reconnect() in an error handler ends it", t => {
    const { browser, clock, ws } = connecting(t);
    ws.onclose = () => ws.close();
    ws.onerror = () => ws.reconnect();
    clock.advance(600000);
    assert.deepEqual([ws.readyState, browser.sockets.length], [3, 1]);
  });

  function breakOpen(browser) {
    browser.socket.accept();
    browser.socket.fail();
  }
});

describe("after a server's 1001 or 1012", () => {
  for (const code of [1001, 1012]) {
    test(`${code} the first attempts of all pages are spread evenly over 5 s`, t => {
      const browser = open(t);
      browser.random = seeded(code);
      const tenths = new Array(10).fill(0);
      for (let client = 0; client < 2000; client++) {
        const ws = new HeartbeatSocket("ws://server/chat");
        ws.onreconnecting = ({ delay }) => tenths[Math.floor(delay / 500)]++;
        browser.socket.accept();
        browser.socket.end(code);
        ws.close();
        browser.clock.advance(0);
      }
      assert.equal(tenths.reduce((sum, count) => sum + count), 2000);
      const chiSquare = tenths.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
      assert.ok(chiSquare < 27.9, `${tenths}: ${chiSquare}`);
    });
  }

  test("later attempts have the usual delays, and maxDelay holds for the first", t => {
    const { browser, clock, lines } = connecting(t);
    browser.socket.accept();
    browser.socket.end(1012);
    clock.advance(2500);
    browser.socket.fail();
    assert.deepEqual(lines.filter(line => line.startsWith("rec")), ["reconnecting 1 2500", "reconnecting 2 1000"]);
  });

  test("maxDelay holds", t => {
    const { browser, lines } = connecting(t, { maxDelay: 1000 });
    browser.socket.accept();
    browser.socket.end(1012);
    assert.equal(lines.at(-1), "reconnecting 1 500");
  });
});

// A page that was written for WebSocket: it makes another one in its close handler.
describe("a page with reconnect code of its own", () => {
  // Each test has its own URL: sockets of other tests live on.
  let urls = 0;
  const fresh = () => `ws://server/own/${++urls}`;

  function connectingAnew(t) {
    const browser = open(t);
    const url = fresh();
    const ws = new HeartbeatSocket(url);
    return { browser, clock: browser.clock, url, ws, lines: record(ws, ...EVENTS) };
  }

  for (const delay of [undefined, 0, 1000, 5000, 25000]) {
    test(`that runs ${delay === undefined ? "in the close handler" : `${delay} ms later`} has one connection after any number of drops`, t => {
      const browser = open(t);
      const { clock } = browser;
      const url = fresh();
      let opened = 0;
      function connect() {
        const ws = new HeartbeatSocket(url);
        ws.onopen = () => opened++;
        ws.onerror = () => ws.close();
        ws.onclose = () => (delay === undefined ? connect() : setTimeout(connect, delay));
      }
      const openSockets = () => browser.sockets.filter(({ readyState }) => readyState === 1);
      connect();
      const counts = [];
      for (let drop = 0; drop < 5; drop++) {
        for (let step = 0; step < 60; step++) {
          browser.sockets.filter(({ readyState }) => readyState === 0).forEach(socket => socket.accept());
          openSockets().forEach(socket => socket.pong());
          clock.advance(1000);
        }
        counts.push(openSockets().length);
        openSockets().forEach(socket => socket.end(1006));
      }
      assert.deepEqual(counts, [1, 1, 1, 1, 1]);
      assert.ok(opened >= 5);
      assert.ok(browser.warnings.every(text => text.startsWith(`firmshake: ${url} was opened again`)));
      assert.ok(browser.warnings.length >= 4);
    });
  }

  test("has one connection after a long outage", t => {
    const browser = open(t);
    const { clock } = browser;
    const url = fresh();
    function connect() {
      const ws = new HeartbeatSocket(url);
      ws.onclose = () => setTimeout(connect, 3000);
    }
    connect();
    browser.socket.accept();
    browser.socket.end(1006);
    for (let second = 0; second < 120; second++) {
      browser.sockets.filter(({ readyState }) => readyState === 0).forEach(socket => socket.fail());
      clock.advance(1000);
    }
    for (let second = 0; second < 60; second++) {
      browser.sockets.filter(({ readyState }) => readyState === 0).forEach(socket => socket.accept());
      browser.sockets.filter(({ readyState }) => readyState === 1).forEach(socket => socket.pong());
      clock.advance(1000);
    }
    assert.equal(browser.sockets.filter(({ readyState }) => readyState === 1).length, 1);
  });

  test("is told nothing more by the older one, which keeps nothing", t => {
    const { browser, clock, url, ws, lines } = connectingAnew(t);
    browser.socket.accept();
    browser.socket.end(1006);
    clock.advance(500);
    browser.socket.accept();
    assert.deepEqual(lines.splice(0), ["open", "close 1006", "reconnecting 1 500", "open"]);
    const newer = new HeartbeatSocket(url);
    assert.deepEqual([ws.readyState, browser.sockets[1].closeCalls], [3, [[undefined, undefined]]]);
    newer.close();
    clock.advance(600000);
    assert.deepEqual(lines, []);
    assert.equal(browser.window.listeners() + clock.timers.size, 0);
  });

  for (const [what, other] of [
    ["for another URL", url => new HeartbeatSocket(`${url}?room=2`)],
    ["that is a plain WebSocket", url => new WebSocket(url)],
  ]) {
    test(`keeps the older one when the new one is one ${what}`, t => {
      const { browser, clock, url, ws } = connectingAnew(t);
      browser.socket.accept();
      ws.addEventListener("close", () => other(url), { once: true });
      browser.socket.end(1006);
      assert.equal(ws.readyState, 0);
      clock.advance(500);
      assert.equal(browser.sockets.length, 3);
    });
  }

  test("keeps the older one that never lost its connection, or lost it more than 30 s ago", t => {
    const { browser, clock, url, ws } = connectingAnew(t);
    browser.socket.accept();
    new HeartbeatSocket(url).close();
    clock.advance(0);
    assert.equal(ws.readyState, 1);
    browser.sockets[0].end(1006);
    clock.advance(500);
    browser.socket.accept();
    browser.socket.answersAfter = 10;
    clock.advance(29500);
    new HeartbeatSocket(url);
    assert.equal(ws.readyState, 1);
  });

  test("keeps all where it has several of a URL, and its code does not run in a close handler", t => {
    const { browser, clock, url, ws } = connectingAnew(t);
    const second = new HeartbeatSocket(url);
    browser.sockets.forEach(socket => socket.accept());
    browser.sockets.forEach(socket => socket.end(1006));
    new HeartbeatSocket(url);
    clock.advance(500);
    assert.deepEqual([ws.readyState, second.readyState, browser.sockets.length], [0, 0, 5]);
  });
});

describe("reconnect()", () => {
  test("gives up a connection and starts the next as after any end", t => {
    const { browser, clock, ws, lines } = connecting(t);
    browser.socket.accept();
    ws.reconnect();
    assert.deepEqual(browser.socket.closeCalls, [[4000, ""]]);
    assert.deepEqual(lines, ["open", "close 4000", "reconnecting 1 500"]);
    clock.advance(500);
    assert.equal(browser.sockets.length, 2);
  });

  test("between two connections does nothing: one is coming", t => {
    const { browser, clock, ws, lines } = connecting(t);
    ws.addEventListener("close", () => ws.reconnect());
    browser.socket.fail();
    ws.reconnect();
    clock.advance(500);
    assert.deepEqual(lines, ["error", "close 1006", "reconnecting 1 500"]);
    assert.equal(browser.sockets.length, 2);
  });

  test("with a code that WebSocket refuses changes nothing", t => {
    const { browser, ws, lines } = connecting(t);
    browser.socket.accept();
    assert.throws(() => ws.reconnect(1006), { name: "InvalidAccessError" });
    browser.socket.receive("news");
    assert.deepEqual([lines, ws.readyState], [["open", "message news"], 1]);
  });
});

describe("the back-forward cache", () => {
  test("takes a page without connection, and gets it back with one", t => {
    const { browser, clock, ws, lines } = connecting(t);
    browser.socket.accept();
    clock.advance(5000);
    browser.fire("pagehide");
    assert.deepEqual(browser.socket.closeCalls, [[1000, "pagehide"]]);
    assert.deepEqual([lines.splice(0), ws.readyState], [["open", "close 1000 pagehide"], 0]);
    clock.advance(60000);
    assert.equal(clock.timers.size, 0);
    assert.equal(browser.sockets.length, 1);
    browser.fire("pageshow");
    assert.equal(browser.sockets.length, 2);
    browser.socket.accept();
    assert.deepEqual([lines, ws.readyState], [["open"], 1]);
    clock.advance(0);
    assert.equal(browser.socket.sent.length, 1);
  });

  test("takes a page that was connecting", t => {
    const { browser, clock, lines } = connecting(t);
    browser.fire("pagehide");
    clock.advance(60000);
    assert.deepEqual([lines, browser.sockets.length], [["close 1000 pagehide"], 1]);
    browser.fire("pageshow");
    assert.equal(browser.sockets.length, 2);
  });

  test("takes a page that waited for its next attempt, and then that is made at once", t => {
    const { browser, clock, lines } = connecting(t);
    browser.socket.fail();
    browser.fire("pagehide");
    clock.advance(60000);
    assert.deepEqual([lines.length, browser.sockets.length], [3, 1]);
    browser.fire("pageshow");
    clock.advance(4999);
    assert.equal(browser.sockets.length, 2);
  });

  test("never asks shouldReconnect", t => {
    const { browser } = connecting(t, { shouldReconnect: () => assert.fail("asked") });
    browser.socket.accept();
    browser.fire("pagehide");
    browser.fire("pageshow");
    assert.equal(browser.sockets.length, 2);
  });

  test("does not bring back what the page closed", t => {
    const { browser, clock, ws, lines } = connecting(t);
    browser.socket.accept();
    ws.close();
    browser.fire("pagehide");
    assert.deepEqual([lines, ws.readyState], [["open", "close 1000 pagehide"], 3]);
    browser.fire("pageshow");
    clock.advance(60000);
    assert.equal(browser.sockets.length, 1);
  });

  test("does not bring back what the page closes as it is hidden", t => {
    const { browser, clock, ws } = connecting(t);
    browser.socket.accept();
    ws.onclose = () => ws.close();
    browser.fire("pagehide");
    browser.fire("pageshow");
    clock.advance(60000);
    assert.deepEqual([ws.readyState, browser.sockets.length], [3, 1]);
  });

  test("is no matter on the first pageshow", t => {
    const { browser, clock } = connecting(t);
    browser.fire("pageshow", { persisted: false });
    browser.socket.accept();
    browser.prove();
    browser.fire("pageshow", { persisted: false });
    clock.advance(10);
    assert.deepEqual([browser.sockets.length, browser.socket.sent], [1, []]);
  });

  test("is no matter on the first pageshow where the first attempt failed before", t => {
    const { browser, clock } = connecting(t);
    browser.socket.fail();
    browser.fire("pageshow", { persisted: false });
    assert.equal(browser.sockets.length, 1);
    clock.advance(500);
    assert.equal(browser.sockets.length, 2);
  });

  test("and a page that comes back twice", t => {
    const { browser, lines } = connecting(t);
    for (let i = 1; i <= 2; i++) {
      browser.socket.accept();
      browser.fire("pagehide");
      browser.fire("pageshow");
      assert.equal(browser.sockets.length, i + 1);
    }
    assert.deepEqual(lines, ["open", "close 1000 pagehide", "open", "close 1000 pagehide"]);
  });
});

describe("the buffer", () => {
  test("keeps what is sent while there is no connection, and sends it once, in order", t => {
    const { browser, clock, ws } = connecting(t, { buffer: true });
    ws.send("a");
    browser.socket.fail();
    ws.send("b");
    assert.equal(ws.bufferedAmount, 2);
    clock.advance(500);
    ws.send("c");
    browser.socket.accept();
    ws.send("d");
    assert.deepEqual(browser.sockets.map(socket => socket.sent), [[], ["a", "b", "c", "d"]]);
    assert.equal(ws.bufferedAmount, 0);
    browser.socket.end(1012);
    clock.advance(1000);
    browser.socket.accept();
    assert.deepEqual(browser.socket.sent, []);
  });

  test("lets the page log in first", t => {
    const { browser, ws } = connecting(t, { buffer: true });
    ws.send("a");
    ws.onopen = () => ws.send("login");
    browser.socket.accept();
    assert.deepEqual(browser.socket.sent, ["login", "a"]);
  });

  test("holds 100 messages", t => {
    const { browser, ws } = connecting(t, { buffer: true });
    for (let i = 0; i < 100; i++) ws.send(`${i}`);
    assert.throws(() => ws.send("one more"), { name: "QuotaExceededError" });
    browser.socket.accept();
    assert.deepEqual(browser.socket.sent, Array.from({ length: 100 }, (_, i) => `${i}`));
  });

  test("holds 64 KB of UTF-8", t => {
    const { browser, ws } = connecting(t, { buffer: true });
    ws.send("\u00fc".repeat(32767));
    ws.send("x");
    ws.send(new Uint8Array(1));
    assert.equal(ws.bufferedAmount, 65536);
    assert.throws(() => ws.send("y"), { name: "QuotaExceededError" });
    browser.socket.accept();
    assert.equal(browser.socket.sent.length, 3);
    assert.equal(ws.bufferedAmount, 0);
  });

  test("keeps bytes as they were when they were sent", async t => {
    const { browser, ws } = connecting(t, { buffer: true });
    const bytes = new Uint8Array([1, 2, 3]);
    ws.send(bytes);
    ws.send(bytes.buffer);
    ws.send(new Blob(["x"]));
    bytes.fill(9);
    browser.socket.accept();
    const contents = browser.socket.sent.map(async blob => [...new Uint8Array(await blob.arrayBuffer())]);
    const sent = await Promise.all(contents);
    assert.deepEqual(sent, [[1, 2, 3], [1, 2, 3], [120]]);
  });

  test("gets no pings", t => {
    const { browser, clock } = connecting(t, { buffer: true });
    browser.socket.accept();
    browser.prove();
    clock.advance(33750);
    browser.fire("online");
    clock.advance(500);
    browser.socket.accept();
    assert.deepEqual(browser.sockets.map(socket => socket.sent), [[":ping fs-i0000000"], []]);
  });

  test("does not repeat what a dead connection took", t => {
    const { browser, clock, ws } = connecting(t, { buffer: true });
    browser.socket.accept();
    browser.prove();
    ws.send("order 1");
    clock.advance(33750);
    ws.send("order 2");
    clock.advance(500);
    browser.socket.accept();
    assert.deepEqual(browser.sockets.map(socket => socket.sent), [["order 1", ":ping fs-i0000000"], ["order 2"]]);
  });

  test("waits for the next connection when the page gives this one up in its open listener", t => {
    const { browser, clock, ws } = connecting(t, { buffer: true });
    ws.send("a");
    ws.addEventListener("open", () => ws.reconnect(), { once: true });
    browser.socket.accept();
    clock.advance(500);
    browser.socket.accept();
    assert.deepEqual(browser.sockets.map(socket => socket.sent), [[], ["a"]]);
  });

  test("is emptied by the end", t => {
    const { browser, clock, ws } = connecting(t, { buffer: true });
    ws.send("a");
    ws.close();
    clock.advance(0);
    assert.equal(ws.bufferedAmount, 0);
    ws.send("b");
    assert.equal(ws.bufferedAmount, 0);
    assert.deepEqual(browser.socket.sent, []);
  });
});
