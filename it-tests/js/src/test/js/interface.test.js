// HeartbeatSocket as WebIDL and HTML define WebSocket. The same in a real browser: it-tests/browsers, LikeWebSocketIT.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open } from "./support/browser.js";
import { HeartbeatSocket } from "./support/script.js";

const HANDLERS = ["open", "message", "error", "close", "alive", "suspect", "dead", "reconnecting"].map(
  type => `on${type}`,
);

function made(t, ...args) {
  const browser = open(t);
  return { browser, ws: new HeartbeatSocket("ws://server/chat", ...args) };
}

describe("the class", () => {
  test("has its name, WebSocket's length, and needs new", () => {
    assert.equal(HeartbeatSocket.name, "HeartbeatSocket");
    assert.equal(HeartbeatSocket.length, 1);
    assert.throws(() => HeartbeatSocket("ws://server/chat"), TypeError);
  });

  test("has constants that are neither writable nor configurable", t => {
    const { ws } = made(t);
    for (const [name, value] of Object.entries({ CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 })) {
      for (const owner of [HeartbeatSocket, HeartbeatSocket.prototype]) {
        const expected = { value, writable: false, enumerable: true, configurable: false };
        assert.deepEqual(Object.getOwnPropertyDescriptor(owner, name), expected);
      }
      assert.equal(ws[name], value);
    }
  });

  test("has members that are enumerable, on its prototype only", t => {
    const { ws } = made(t);
    const { constructor, ...members } = Object.getOwnPropertyDescriptors(HeartbeatSocket.prototype);
    assert.equal(constructor.enumerable, false);
    assert.deepEqual(
      Object.keys(members).filter(name => !members[name].enumerable),
      [],
    );
    assert.deepEqual(Reflect.ownKeys(ws).filter(key => typeof key === "string"), []);
    assert.deepEqual(Object.keys(ws), []);
  });

  test("has accessors without a setter for what is only read, and methods of WebSocket's length", () => {
    const members = Object.getOwnPropertyDescriptors(HeartbeatSocket.prototype);
    for (const name of ["url", "protocol", "extensions", "readyState", "bufferedAmount", "rtt"]) {
      assert.equal(typeof members[name].get, "function", name);
      assert.equal(members[name].set, undefined, name);
    }
    assert.equal(typeof members.binaryType.set, "function");
    assert.deepEqual([members.send.value.length, members.close.value.length], [1, 0]);
  });

  test("is a WebSocket to toString", t => {
    const { ws } = made(t);
    assert.equal(String(ws), "[object WebSocket]");
  });

  test("has members that throw a TypeError for other objects", () => {
    const members = Object.getOwnPropertyDescriptors(HeartbeatSocket.prototype);
    for (const [name, { get, value }] of Object.entries(members)) {
      if (get) assert.throws(() => get.call({}), TypeError, name);
      else if (typeof value === "function" && name !== "constructor") {
        assert.throws(() => value.call({}, "x"), TypeError, name);
      }
    }
  });
});

describe("the constructor", () => {
  for (const options of [undefined, null, {}]) {
    test(`takes ${JSON.stringify(options)} for no options, and dials once`, t => {
      const { browser, ws } = made(t, [], options);
      assert.equal(browser.sockets.length, 1);
      browser.socket.accept();
      assert.equal(ws.readyState, 1);
    });
  }

  test("reads the protocols once, for all connections", t => {
    const names = ["chat", "v2.chat"];
    const { browser } = made(t, names);
    names.length = 0;
    browser.socket.fail();
    browser.clock.advance(500);
    assert.deepEqual(browser.sockets.map(({ protocols }) => protocols), [
      ["chat", "v2.chat"],
      ["chat", "v2.chat"],
    ]);
  });

  test("takes any iterable for protocols, and other values for a text", t => {
    const browser = open(t);
    for (const [protocols, passed] of [
      [new Set(["a", "b"]).values(), ["a", "b"]],
      ["chat", "chat"],
      [null, null],
    ]) {
      new HeartbeatSocket("ws://server/chat", protocols);
      assert.deepEqual(browser.socket.protocols, passed);
    }
  });
});

describe("send", () => {
  for (const state of ["connecting", "open", "closed"]) {
    test(`without argument throws a TypeError while it is ${state}`, t => {
      const { browser, ws } = made(t, [], { buffer: true });
      if (state !== "connecting") browser.socket.accept();
      if (state === "closed") browser.socket.end(1000);
      assert.throws(() => ws.send(), TypeError);
      assert.deepEqual([browser.socket.sent, ws.bufferedAmount], [[], 0]);
    });
  }
});

describe("a handler", () => {
  for (const name of HANDLERS) {
    test(`${name} is an accessor of the prototype; anything but an object or function makes it null`, t => {
      const { ws } = made(t);
      const { get, set } = Object.getOwnPropertyDescriptor(HeartbeatSocket.prototype, name);
      assert.deepEqual([get.name, set.name], [`get ${name}`, `set ${name}`]);
      assert.equal(ws[name], null);
      const handler = () => {};
      for (const value of [undefined, null, 0, 1, "text", true, Symbol("x"), 1n]) {
        ws[name] = handler;
        assert.equal(ws[name], handler);
        ws[name] = value;
        assert.equal(ws[name], null);
      }
      const object = { handleEvent: () => assert.fail("an object is no handler") };
      ws[name] = object;
      assert.equal(ws[name], object);
      ws.dispatchEvent(new Event(name.slice(2)));
    });
  }

  test("has its place among the listeners from when it was first set, until it is removed", t => {
    const { browser, ws } = made(t);
    browser.socket.accept();
    const calls = [];
    const told = () => {
      browser.socket.receive("news");
      return calls.splice(0);
    };
    ws.addEventListener("message", () => calls.push("first"));
    ws.onmessage = () => calls.push("handler");
    ws.addEventListener("message", () => calls.push("second"));
    assert.deepEqual(told(), ["first", "handler", "second"]);
    ws.onmessage = () => calls.push("replaced");
    assert.deepEqual(told(), ["first", "replaced", "second"]);
    ws.onmessage = null;
    assert.deepEqual(told(), ["first", "second"]);
    ws.onmessage = () => calls.push("again");
    assert.deepEqual(told(), ["first", "second", "again"]);
  });

  test("that returns false cancels, where the event can be cancelled", t => {
    const { ws } = made(t);
    ws.ondead = () => false;
    ws.onmessage = () => undefined;
    assert.equal(ws.dispatchEvent(new Event("dead", { cancelable: true })), false);
    assert.equal(ws.dispatchEvent(new Event("message", { cancelable: true })), true);
  });

  test("of one socket is not another's", t => {
    const { ws } = made(t);
    const other = new HeartbeatSocket("ws://server/chat?2");
    ws.onopen = () => {};
    assert.equal(other.onopen, null);
  });
});

test("events that the page dispatches start and stop no heartbeat", t => {
  const { browser, ws } = made(t);
  ws.dispatchEvent(new Event("open"));
  browser.clock.advance(0);
  browser.socket.accept();
  ws.dispatchEvent(new Event("close"));
  browser.clock.advance(0);
  assert.equal(browser.socket.sent.length, 1);
});
