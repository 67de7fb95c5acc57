/* Firmshake heartbeat client, Apache-2.0 */

// A page can neither send a WebSocket Ping nor see a Pong, and a browser tells it of a silent connection after minutes.
// So the page pings in text frames, and concludes from the answers whether the connection lives. See docs/heartbeat.md.
//
// Rules of this file: times are in milliseconds. A comment stands on lines of its own, because the packaging removes
// just such lines, and the indentation; no text of several lines may therefore begin one with two slashes. The packaged
// file has at most 3 KB gzipped. What is exported is described in firmshake.d.ts.

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

const SOCKET_EVENTS = ["open", "message", "error", "close"];
const BEAT_EVENTS = ["alive", "suspect", "dead", "reconnecting"];
const WAKE_EVENTS = ["visibilitychange", "pageshow", "resume", "online"];
const PAGE_EVENTS = ["pagehide", "pageshow"];

// RFC 6455 7.4.1: codes that say "we are done" or "you will not like the next attempt either"; 4401 and 4403 stand for
// HTTP's 401 and 403.
const FINAL_CODES = [1000, 1002, 1003, 1007, 1008, 1010, 4401, 4403];

// No answer came to a ping.
const DEAD = 4000;

// Timers of hidden pages are aligned to seconds. One that is later than this was throttled to minutes, or its page was
// frozen, or the machine slept: the answer may be here already, waiting behind the timer.
const LATE = 2000;

// How long a connection has to last for the next one to be tried without growing delays.
const STABLE = 10000;

// setTimeout takes a longer time, and Infinity, for none.
const LONGEST = 2 ** 31 - 1;

const MAX_MESSAGES = 100;
const MAX_BYTES = 65536;

// So that listeners on the window hear what is sent to the document. Not plain true, which Node's removeEventListener
// takes for false.
const CAPTURE = { capture: true };

const listen = (target, types, listener) =>
  types.forEach(type => target.addEventListener?.(type, listener, CAPTURE));
const unlisten = (target, types, listener) =>
  types.forEach(type => target.removeEventListener?.(type, listener, CAPTURE));

const later = (delay, action) => setTimeout(action, Math.min(delay, LONGEST));

// Events of sockets that are none of a browser's may lack this.
const hide = event => event.stopImmediatePropagation?.();

const emit = (target, type, details) =>
  target.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), details));

export function heartbeat(socket, options) {
  const beat = new EventTarget();
  beat.stop = watch(socket, options, beat);
  return beat;
}

// Pings the socket while it is open, tells the target, and returns what ends that.
function watch(socket, options = {}, target, send = text => socket.send(text)) {
  const {
    probeTimeout = 5000,
    prefix = ":",
    ping = token => `${prefix}ping ${token}`,
    isPong = (data, token) => data === `${prefix}pong ${token}`,
  } = options;
  const advised = { interval: 25000, timeout: 10000 };
  // The tokens of unanswered pings, oldest first, and when the newest was sent.
  let tokens = [];
  let sentAt;
  let timer;
  let probing;
  let suspected;
  let stopped;
  // The close event that told the page of a death. What the socket itself says after that is not for the page any more.
  let finalClose;

  const setting = name => options[name] ?? advised[name];

  function after(delay, action) {
    const due = Date.now() + delay;
    clearTimeout(timer);
    timer = later(delay, () => {
      if (socket.readyState !== OPEN) return;
      if (Date.now() - due > LATE) probe();
      else action();
    });
  }

  // Armed by frames that arrive: Chromium throttles only timers that were armed by timers.
  function rest() {
    probing = suspected = false;
    after(setting("interval") * (0.9 + Math.random() / 10), () => ask(setting("timeout")));
  }

  function probe() {
    probing = true;
    ask(probeTimeout);
  }

  function ask(timeout) {
    const token = Math.random().toString(36);
    tokens = [...tokens.slice(-3), token];
    sentAt = performance.now();
    after(timeout / 2, () => {
      after(timeout / 2, die);
      if (suspected) return;
      suspected = true;
      emit(target, "suspect");
    });
    // Last, because this may throw, or call stop(), or be answered before it returns.
    send(typeof ping === "string" ? ping : ping(token));
  }

  // Any frame shows life; it is counted before isPong, which is the page's code, has a chance to throw.
  function receive(event) {
    const hello = !prefix && /^hello( |$)/.test(event.data);
    if (hello) heed(event.data);
    const recovered = suspected;
    rest();
    // Answers come in the order of their pings.
    const index = tokens.findIndex(token => isPong(event.data, token));
    const answered = index >= 0;
    if (hello || answered) hide(event);
    if (answered && index === tokens.length - 1) target.rtt = performance.now() - sentAt;
    tokens.splice(0, index + 1);
    if (answered || recovered) emit(target, "alive", { rtt: target.rtt });
  }

  // The first line of the dedicated endpoint says what the server advises; what the page asked for itself stands.
  function heed(hello) {
    for (const name in advised) {
      const found = hello.match(` ${name}=([1-9]\\d{0,3})( |$)`);
      if (found) advised[name] = found[1] * 1000;
    }
  }

  function die() {
    // Where the page does nothing about it, the next wake-up asks again.
    probing = false;
    if (!emit(target, "dead") || stopped) return;
    if (socket.reconnect) {
      socket.reconnect(DEAD, "heartbeat");
      return;
    }
    socket.close(DEAD, "heartbeat");
    if (!socket.dispatchEvent) return;
    // The browser's own close event would come after 20 to 60 s.
    finalClose = new CloseEvent("close", { code: DEAD, reason: "heartbeat" });
    socket.dispatchEvent(finalClose);
  }

  // Only asks. The answer to an earlier ping may be about to be delivered, right after this event.
  function wake(event) {
    if (probing || socket.readyState !== OPEN) return;
    if (event.type !== "visibilitychange" || !document.hidden) probe();
  }

  function start() {
    tokens = [];
    listen(globalThis, WAKE_EVENTS, wake);
    rest();
  }

  function pause() {
    clearTimeout(timer);
    unlisten(globalThis, WAKE_EVENTS, wake);
  }

  const handlers = { open: start, message: receive, close: pause };

  function handle(event) {
    if (event.type === "open") finalClose = undefined;
    if (finalClose && event !== finalClose) hide(event);
    else if (!stopped) handlers[event.type]?.(event);
  }

  listen(socket, SOCKET_EVENTS, handle);
  // Chromium calls a socket's listeners in the order in which they came. So that onmessage sees no pong although it was
  // there before us, it has to come again.
  for (const name of SOCKET_EVENTS.map(type => `on${type}`)) {
    const handler = socket[name];
    if (handler) {
      socket[name] = null;
      socket[name] = handler;
    }
  }
  if (socket.readyState === OPEN) start();
  return () => {
    stopped = true;
    pause();
    if (!finalClose) unlisten(socket, SOCKET_EVENTS, handle);
  };
}

// Passes on what its present WebSocket does, and replaces that when it ends.
export class HeartbeatSocket extends EventTarget {
  constructor(url, protocols, options = {}) {
    super();
    // WebSocket is handed an argument in any case, and would connect to "undefined".
    if (!arguments.length) throw new TypeError("a URL is needed");
    this._protocols = protocols;
    this._options = options;
    this._attempt = 0;
    this._queue = [];
    this._relay = event => this._receive(event);
    this._turn = event => this._turnPage(event);
    this._connect(url);
    // Before any listener of the page, so that it sees no pong; and past the send of a class that extends this one.
    watch(this, options, this, text => this._socket.send(text));
    for (const type of [...SOCKET_EVENTS, ...BEAT_EVENTS]) {
      this[`on${type}`] = null;
      this.addEventListener(type, event => {
        const handler = this[`on${type}`];
        if (typeof handler === "function") handler.call(this, event);
      });
    }
    listen(globalThis, PAGE_EVENTS, this._turn);
  }

  get url() {
    return this._socket.url;
  }

  get protocol() {
    return this._socket.protocol;
  }

  get extensions() {
    return this._socket.extensions;
  }

  // Between two connections it is connecting, although no WebSocket is.
  get readyState() {
    return this._state ?? this._socket.readyState;
  }

  get bufferedAmount() {
    return this._socket.bufferedAmount + new Blob(this._queue).size;
  }

  get binaryType() {
    return this._socket.binaryType;
  }

  set binaryType(type) {
    this._socket.binaryType = type;
  }

  send(data) {
    if (this.readyState !== CONNECTING) {
      this._socket.send(data);
      return;
    }
    if (!this._options.buffer) throw new DOMException("the connection is not open", "InvalidStateError");
    // As WebSocket's send does: a copy of bytes, because the page may go on to fill its array, and text of all else.
    const kept = data?.byteLength >= 0 || data?.arrayBuffer ? new Blob([data]) : `${data}`;
    if (this._queue.length >= MAX_MESSAGES || new Blob([...this._queue, kept]).size > MAX_BYTES) {
      throw new DOMException("the buffer is full", "QuotaExceededError");
    }
    this._queue.push(kept);
  }

  close(code, reason) {
    // Even where this one is closed already, it checks code and reason.
    this._socket.close(code, reason);
    this._ended = true;
    if (this._state === CONNECTING) {
      this._state = CLOSING;
      clearTimeout(this._timer);
      this._timer = setTimeout(() => this._closed(new CloseEvent("close", { code: 1006 })));
    }
  }

  reconnect(code = DEAD, reason = "") {
    // Between connections there is nothing to give up.
    if (this._state !== undefined) return;
    this._socket.close(code, reason);
    unlisten(this._socket, SOCKET_EVENTS, this._relay);
    this._closed(new CloseEvent("close", { code, reason }), true);
  }

  _connect(url) {
    const socket = new WebSocket(url, this._protocols);
    if (this._socket) socket.binaryType = this.binaryType;
    this._socket = socket;
    this._state = undefined;
    listen(socket, SOCKET_EVENTS, this._relay);
    // Chromium dials one WebSocket a host at a time, and gives up after 133 s.
    clearTimeout(this._timer);
    this._timer = later(this._options.connectTimeout ?? 5000, () => {
      emit(this, "error");
      this.reconnect(DEAD, "connect timeout");
    });
  }

  _receive(event) {
    if (event.type === "close") {
      this._closed(event);
      return;
    }
    if (event.type === "open") {
      clearTimeout(this._timer);
      this._openedAt = Date.now();
    }
    this.dispatchEvent(new event.constructor(event.type, event));
    // After the page's open listeners, which may have to log in first.
    while (this._queue.length && this.readyState === OPEN) this._socket.send(this._queue.shift());
  }

  _closed(event, asked) {
    const { shouldReconnect = ({ code }) => asked || !FINAL_CODES.includes(code) } = this._options;
    clearTimeout(this._timer);
    if (Date.now() - this._openedAt >= STABLE) this._attempt = 0;
    this._openedAt = undefined;
    // Whatever shouldReconnect, which is the page's code, does: one close event follows.
    this._state = CLOSED;
    try {
      if ((this._ended || this._hidden || shouldReconnect(event)) && !this._ended) this._state = CONNECTING;
    } finally {
      if (this._state === CLOSED) {
        this._queue = [];
        unlisten(globalThis, PAGE_EVENTS, this._turn);
      }
      this.dispatchEvent(new event.constructor("close", event));
      // The page may have closed it meanwhile.
      if (this._state === CONNECTING && !this._hidden) this._retry();
    }
  }

  // Full jitter: clients that lost one server together do not come back together.
  _retry() {
    const { minDelay = 1000, maxDelay = 10000 } = this._options;
    const attempt = ++this._attempt;
    const delay = Math.random() * Math.min(maxDelay, minDelay * 2 ** (attempt - 1));
    this._timer = later(delay, () => this._connect(this.url));
    emit(this, "reconnecting", { attempt, delay });
  }

  // A page with an open connection does not enter the back-forward cache, or does and is frozen there, while the browser
  // goes on answering Pings for a reader who has left.
  _turnPage({ type }) {
    this._hidden = type === "pagehide";
    if (this._hidden) {
      if (this._state === CONNECTING) clearTimeout(this._timer);
      this.reconnect(1000, "pagehide");
    } else if (this._state === CONNECTING) {
      this._connect(this.url);
    }
  }
}

Object.entries({ CONNECTING, OPEN, CLOSING, CLOSED }).forEach(([name, value]) => {
  for (const owner of [HeartbeatSocket, HeartbeatSocket.prototype]) {
    Object.defineProperty(owner, name, { value, enumerable: true });
  }
});
