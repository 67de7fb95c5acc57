import assert from "node:assert/strict";
import { Clock } from "./clock.js";

// Counts the capturing listeners, which are the script's, and notes what a listener throws, where a browser would report
// it. It calls all in the order in which they came, as Chromium does on targets that are no nodes; elsewhere the
// capturing ones come first.
class WatchedEventTarget extends EventTarget {
  constructor() {
    super();
    this.watched = new Map();
    this.capturing = new Set();
  }

  addEventListener(type, listener, options) {
    if (!this.watched.has(listener)) this.watched.set(listener, event => this.call(listener, event));
    super.addEventListener(type, this.watched.get(listener), options);
    if (options?.capture) this.capturing.add(`${type} ${this.number(listener)}`);
  }

  removeEventListener(type, listener, options) {
    super.removeEventListener(type, this.watched.get(listener), options);
    if (options?.capture) this.capturing.delete(`${type} ${this.number(listener)}`);
  }

  number(listener) {
    return [...this.watched.keys()].indexOf(listener);
  }

  call(listener, event) {
    try {
      listener.call(this, event);
    } catch (error) {
      browser.errors.push(error.message);
    }
  }

  listeners() {
    return this.capturing.size;
  }
}

class MessageEvent extends Event {
  constructor(type, { data, origin = "", lastEventId = "" } = {}) {
    super(type);
    Object.assign(this, { data, origin, lastEventId });
  }
}

class CloseEvent extends Event {
  constructor(type, { code = 0, reason = "", wasClean = false } = {}) {
    super(type);
    Object.assign(this, { code, reason, wasClean });
  }
}

// A WebSocket whose other side is the test: accept(), receive(), end() and fail() are the network's part.
class FakeWebSocket extends WatchedEventTarget {
  constructor(url, protocols) {
    super();
    if (!/^wss?:/.test(url)) throw new DOMException(`${url} is no WebSocket URL`, "SyntaxError");
    this.url = String(url);
    this.protocols = protocols;
    this.protocol = "";
    this.extensions = "";
    this.binaryType = "blob";
    this.bufferedAmount = 0;
    this.readyState = 0;
    this.sent = [];
    this.closeCalls = [];
    browser.sockets.push(this);
  }

  send(data) {
    if (this.readyState === 0) throw new DOMException("still connecting", "InvalidStateError");
    if (this.readyState !== 1) return;
    this.sent.push(data);
    if (this.answersAfter) browser.clock.later(this.answersAfter, () => this.pong());
  }

  close(code, reason) {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException(`${code} is not allowed`, "InvalidAccessError");
    }
    this.closeCalls.push([code, reason]);
    if (this.readyState > 1) return;
    // A browser fails a connection that is not open at once, and waits 60 s for the answer to a Close frame.
    const open = this.readyState === 1;
    this.readyState = 2;
    browser.clock.later(open ? 60000 : 0, () => (open ? this.end(1006) : this.fail()));
  }

  accept({ protocol = "", extensions = "" } = {}) {
    Object.assign(this, { readyState: 1, protocol, extensions });
    this.dispatchEvent(new Event("open"));
  }

  receive(data) {
    this.dispatchEvent(new MessageEvent("message", { data, origin: "ws://server" }));
  }

  // Answers the pings that were sent and not answered yet.
  pong() {
    const pings = this.sent.filter(text => String(text).includes("ping ")).slice(this.answered ?? 0);
    this.answered = (this.answered ?? 0) + pings.length;
    pings.forEach(text => this.receive(text.replace("ping", "pong")));
  }

  end(code, reason = "", wasClean = code !== 1006) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new CloseEvent("close", { code, reason, wasClean }));
  }

  fail() {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event("error"));
    this.dispatchEvent(new CloseEvent("close", { code: 1006 }));
  }
}
["CONNECTING", "OPEN", "CLOSING", "CLOSED"].forEach((name, value) => {
  FakeWebSocket[name] = FakeWebSocket.prototype[name] = value;
});
// HTML 8.1.8.1: a handler's place among the listeners is that of the moment when it was set and none had been.
["open", "message", "error", "close"].forEach(type => {
  const call = Symbol(type);
  const handler = Symbol(type);
  Object.defineProperty(FakeWebSocket.prototype, `on${type}`, {
    get() {
      return this[handler] ?? null;
    },
    set(value) {
      this[call] ??= event => this[handler].call(this, event);
      if (!value) this.removeEventListener(type, this[call]);
      else if (!this[handler]) this.addEventListener(type, this[call]);
      this[handler] = value;
    },
  });
});

class Browser {
  constructor() {
    this.clock = new Clock();
    this.window = new WatchedEventTarget();
    this.document = { hidden: false };
    this.sockets = [];
    // What listeners threw. A test that expects some takes them out.
    this.errors = [];
    // The console's warnings.
    this.warnings = [];
    // Math.random gives a fixed number, which makes times exact.
    this.random = () => 0.5;
  }

  get socket() {
    return this.sockets[this.sockets.length - 1];
  }

  // An event of the window, or of the document on its way down through the window. A page is shown from the back-forward
  // cache unless the test says otherwise.
  fire(type, { persisted = true } = {}) {
    const event = new Event(type);
    this.window.dispatchEvent(/^page/.test(type) ? Object.assign(event, { persisted }) : event);
  }

  // The first ping, right after open, is answered; what follows is told as if the connection began here.
  prove() {
    const { socket } = this;
    this.clock.advance(0);
    if (socket.sent.some(text => text.includes("ping "))) socket.pong();
    else socket.receive("greeting");
    socket.sent.length = 0;
    socket.answered = 0;
  }

  hide() {
    this.document.hidden = this.clock.hidden = true;
    this.fire("visibilitychange");
  }

  show() {
    this.document.hidden = this.clock.hidden = false;
    this.fire("visibilitychange");
  }
}

let browser;
const real = { Math: { random: Math.random }, Date: { now: Date.now } };
const { warn } = console;
const performanceNow = Object.getOwnPropertyDescriptor(performance, "now");
const globals = ["WebSocket", "MessageEvent", "CloseEvent", "document", "addEventListener", "removeEventListener"];
const timers = ["setTimeout", "clearTimeout"];
const before = Object.fromEntries(
  [...globals, ...timers].map(name => [name, Object.getOwnPropertyDescriptor(globalThis, name)]),
);
const setImmediate = globalThis.setImmediate;

function define(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

// Puts a new browser in the place of Node's globals until the test ends.
export function open(t) {
  browser = new Browser();
  const { clock, window } = browser;
  define("WebSocket", FakeWebSocket);
  define("MessageEvent", MessageEvent);
  define("CloseEvent", CloseEvent);
  define("document", browser.document);
  define("addEventListener", window.addEventListener.bind(window));
  define("removeEventListener", window.removeEventListener.bind(window));
  console.warn = (...words) => browser.warnings.push(words.join(" "));
  define("setTimeout", (action, delay) => clock.set(action, delay));
  define("clearTimeout", id => clock.clear(id));
  Math.random = () => browser.random();
  Date.now = () => clock.now + clock.skew;
  Object.defineProperty(performance, "now", { value: () => clock.now, configurable: true, writable: true });
  t.after(close);
  return browser;
}

function close() {
  for (const [name, descriptor] of Object.entries(before)) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
    else delete globalThis[name];
  }
  console.warn = warn;
  Math.random = real.Math.random;
  Date.now = real.Date.now;
  if (performanceNow) Object.defineProperty(performance, "now", performanceNow);
  else delete performance.now;
  assert.deepEqual(browser.errors, []);
}

// Lets promises run on.
export async function settle() {
  for (let i = 0; i < 5; i++) await new Promise(resolve => setImmediate(resolve));
}

// Writes down what a target tells, as lines.
export function record(target, ...types) {
  const lines = [];
  const describe = {
    message: event => ` ${event.data}`,
    close: event => ` ${event.code}${event.reason && ` ${event.reason}`}`,
    alive: event => (event.rtt === undefined ? "" : ` ${event.rtt}`),
    reconnecting: event => ` ${event.attempt} ${event.delay}`,
  };
  for (const type of types) {
    target.addEventListener(type, event => lines.push(type + (describe[type]?.(event) ?? "")));
  }
  return lines;
}

// Numbers between 0 and 1, the same in each run (Park and Miller).
export function seeded(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
