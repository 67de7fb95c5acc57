/* Firmshake heartbeat client, Apache-2.0 */

// A page can neither send a WebSocket Ping nor see a Pong, and a browser reports a silent connection only after minutes.
// So the page pings in text frames, and concludes from the answers whether the connection lives. See docs/heartbeat.md.
//
// Times are in milliseconds. firmshake.d.ts describes the exports. The jar serves firmshake.min.js, which
// it-tests/js/src/test/js/minify.js makes of this file; it has at most 3 kB gzipped.

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

const SOCKET_EVENTS = ["open", "message", "error", "close"];
const BEAT_EVENTS = ["alive", "suspect", "dead", "reconnecting"];
const WAKE_EVENTS = ["visibilitychange", "pageshow", "resume", "online"];
const PAGE_EVENTS = ["pagehide", "pageshow"];

// RFC 6455 7.4.1: no further attempt after these. 4401 and 4403 stand for HTTP's 401 and 403.
const FINAL_CODES = [1000, 1002, 1003, 1007, 1008, 1010, 4401, 4403];

// The server goes away, or restarts: all its clients lose it together. The first attempt comes within this time.
const RESTART_CODES = [1001, 1012];
const RESTART = 5000;

// A ping was not answered.
const DEAD = 4000;

// Browsers align timers of hidden pages to seconds. A timer that is later was throttled to minutes, or the page was
// frozen, or the machine slept: the answer may have arrived, and wait behind the timer.
const LATE = 2000;

// After a connection that lasted this long the delays start over.
const STABLE = 10000;

// For this long after a close event, a second HeartbeatSocket for the same URL replaces the first.
const REPLACE = 30000;

// setTimeout treats a longer time, and Infinity, as 0.
const LONGEST = 2 ** 31 - 1;

const MAX_MESSAGES = 100;
const MAX_BYTES = 65536;

// Listeners on the window then also get events of the document. Not `true`: Node's removeEventListener ignores it.
const CAPTURE = { capture: true };

// By URL without query: true once a ping was answered there, false once the page was warned that none is.
const answers = new Map();

// The event handlers (onopen and so on) of each HeartbeatSocket, by type.
const handlers = new WeakMap();

// The HeartbeatSockets that are not closed.
const live = new Set();

// The HeartbeatSocket whose close event is being dispatched.
let telling;

// A page may put HeartbeatSocket in the place of WebSocket.
const native = globalThis.WebSocket;

const listen = (target, types, listener) =>
  types.forEach(type => target.addEventListener?.(type, listener, CAPTURE));
const unlisten = (target, types, listener) =>
  types.forEach(type => target.removeEventListener?.(type, listener, CAPTURE));

// The URL without its query, which often has a secret, or a token for each connection.
const place = ({ url }) => `${url}`.split("?")[0];

const later = (delay, action) => setTimeout(action, Math.min(delay, LONGEST));

// Events of sockets that are not a browser's may lack this method.
const hide = event => event.stopImmediatePropagation?.();

const warn = (socket, text) => console.warn(`firmshake: ${place(socket)} ${text}; see docs/heartbeat.md`);

const emit = (target, type, details) =>
  target.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), details));

export function heartbeat(socket, options) {
  const beat = new EventTarget();
  beat.addEventListener("alive", ({ rtt }) => (beat.rtt = rtt));
  beat.stop = watch(socket, options, beat);
  return beat;
}

// Pings the socket while it is open, and dispatches to the target. Returns the function that stops this.
function watch(socket, options, target) {
  const settings = options ?? {};
  const {
    probeTimeout = 5000,
    prefix = ":",
    ping = token => `${prefix}ping ${token}`,
    isPong = (data, token) => data === `${prefix}pong ${token}`,
  } = settings;
  const advised = { interval: 25000, timeout: 10000 };
  // The tokens of unanswered pings, oldest first, and when the newest was sent.
  let tokens;
  let sentAt;
  let rtt;
  let timer;
  let probing;
  let suspected;
  let stopped;
  // The close event that told the page of a death. Later events of the same connection are hidden from the page.
  let finalClose;

  const setting = name => settings[name] ?? advised[name];

  function after(delay, action) {
    const due = Date.now() + delay;
    clearTimeout(timer);
    timer = later(delay, () => {
      if (socket.readyState !== OPEN) return;
      if (Date.now() - due > LATE) probe();
      else action();
    });
  }

  // Armed by frames that arrive: Chromium throttles only timers that were armed by timers. The first ping comes right
  // after the page's open listeners.
  function rest() {
    probing = suspected = false;
    after(sentAt ? setting("interval") * (0.9 + Math.random() / 10) : 0, () => ask(setting("timeout")));
  }

  function probe() {
    probing = true;
    ask(probeTimeout);
  }

  function ask(timeout) {
    const token = `fs-${Math.random().toString(36).slice(2, 42).padEnd(8, "0")}`;
    tokens = [...tokens.slice(-3), token];
    sentAt = performance.now();
    after(timeout / 2, () => {
      after(timeout / 2, die);
      if (suspected || !answers.get(place(socket))) return;
      suspected = true;
      emit(target, "suspect");
    });
    // Last, because this may throw, or call stop(), or be answered before it returns.
    socket.send(typeof ping === "string" ? ping : ping(token));
  }

  // Any frame shows life; it is counted before isPong, which is the page's code, has a chance to throw.
  function receive(event) {
    const hello = !prefix && /^hello( |$)/.test(event.data);
    if (hello) adopt(event.data);
    const recovered = suspected;
    rest();
    // Answers come in the order of their pings.
    const index = tokens.findIndex(token => isPong(event.data, token));
    const answered = index >= 0;
    if (hello || answered) hide(event);
    if (answered) answers.set(place(socket), true);
    if (answered && index === tokens.length - 1) rtt = performance.now() - sentAt;
    tokens.splice(0, index + 1);
    if (answered || recovered) emit(target, "alive", { rtt });
  }

  // The first line of the dedicated endpoint advises an interval and a timeout; the page's own settings win.
  function adopt(hello) {
    for (const name in advised) {
      const found = hello.match(` ${name}=([1-9]\\d{0,3})( |$)`);
      if (found) advised[name] = found[1] * 1000;
    }
  }

  function die() {
    // If the page keeps the connection, the next wake-up asks again.
    probing = false;
    // Where no ping was ever answered, silence proves nothing. The next frame or wake-up asks again.
    if (!answers.get(place(socket))) {
      if (!answers.has(place(socket))) warn(socket, "answered no ping yet, so it is not watched");
      answers.set(place(socket), false);
      return;
    }
    if (!emit(target, "dead") || stopped) return;
    const owner = [target, socket].find(({ reconnect }) => reconnect);
    if (owner) {
      owner.reconnect(DEAD, "heartbeat");
      return;
    }
    socket.close(DEAD, "heartbeat");
    if (!socket.dispatchEvent) return;
    // The browser's own close event would come after 20 to 60 s.
    finalClose = new CloseEvent("close", { code: DEAD, reason: "heartbeat" });
    socket.dispatchEvent(finalClose);
  }

  // Only asks: the answer to an earlier ping may be delivered right after this event. The page's first pageshow, which
  // is not persisted, is no return from the back-forward cache.
  function wake({ type, persisted }) {
    if (probing || socket.readyState !== OPEN || persisted === false) return;
    if (type !== "visibilitychange" || !document.hidden) probe();
  }

  function start() {
    tokens = [];
    sentAt = undefined;
    listen(globalThis, WAKE_EVENTS, wake);
    rest();
  }

  function pause() {
    clearTimeout(timer);
    unlisten(globalThis, WAKE_EVENTS, wake);
  }

  const actions = { open: start, message: receive, close: pause };

  function handle(event) {
    if (event.type === "open") finalClose = undefined;
    if (finalClose && event !== finalClose) hide(event);
    else if (!stopped) actions[event.type]?.(event);
  }

  listen(socket, SOCKET_EVENTS, handle);
  // Chromium calls a socket's listeners in the order in which they were added. A handler such as onmessage that was set
  // before is set again, so that it sees no pong.
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

// To the page a WebSocket (the tests hold it to what web-platform-tests ask of one). Passes on what its present WebSocket
// does, and replaces that when it ends.
export class HeartbeatSocket extends EventTarget {
  #state = CONNECTING;
  #attempt = 0;
  #queue = [];
  #options;
  #protocols;
  #socket;
  #stop;
  #timer;
  #rtt;
  #openedAt;
  #toldAt;
  #ended;
  #failing;
  #hidden;

  // Like WebSocket's, whose length is 1.
  constructor(url, protocols = [], options) {
    super();
    // WebSocket is handed an argument in any case, and would connect to "undefined".
    need(arguments);
    handlers.set(this, {});
    this.#options = options ?? {};
    // A copy for later connections: the page may change its array, and an iterator yields its values only once.
    this.#protocols = typeof protocols === "object" && protocols?.[Symbol.iterator] ? [...protocols] : protocols;
    this.addEventListener("alive", ({ rtt }) => (this.#rtt = rtt));
    this.#connect(url);
    listen(globalThis, PAGE_EVENTS, this.#turn);
    this.#replace();
  }

  get url() {
    return this.#socket.url;
  }

  get protocol() {
    return this.#socket.protocol;
  }

  get extensions() {
    return this.#socket.extensions;
  }

  // Between two connections it is connecting, although no WebSocket is. In an error handler it is closed, as a WebSocket.
  get readyState() {
    return this.#failing ? CLOSED : (this.#state ?? this.#socket.readyState);
  }

  get bufferedAmount() {
    return this.#socket.bufferedAmount + new Blob(this.#queue).size;
  }

  get binaryType() {
    return this.#socket.binaryType;
  }

  set binaryType(type) {
    this.#socket.binaryType = type;
  }

  get rtt() {
    return this.#rtt;
  }

  send(data) {
    need(arguments);
    if (this.readyState !== CONNECTING) {
      this.#socket.send(data);
      return;
    }
    if (!this.#options.buffer) throw new DOMException("the connection is not open", "InvalidStateError");
    // As WebSocket's send does: a copy of bytes, because the page may go on to fill its array, and text of all else.
    const kept = data?.byteLength >= 0 || data?.arrayBuffer ? new Blob([data]) : `${data}`;
    if (this.#queue.length >= MAX_MESSAGES || new Blob([...this.#queue, kept]).size > MAX_BYTES) {
      throw new DOMException("the buffer is full", "QuotaExceededError");
    }
    this.#queue.push(kept);
  }

  close(...args) {
    // Even where this one is closed already, it checks code and reason.
    this.#socket.close(...args);
    // In an error handler WebSocket's close() does nothing, because the connection has ended. Pages call it there.
    if (this.#failing) return;
    this.#ended = true;
    if (this.#state !== CONNECTING) return;
    clearTimeout(this.#timer);
    // The page has its close event, or still gets one.
    if (telling === this) this.#end();
    else {
      this.#state = CLOSING;
      this.#timer = setTimeout(() => this.#closed(new CloseEvent("close", { code: 1006 })));
    }
  }

  reconnect(code = DEAD, reason = "") {
    // Between connections there is nothing to give up.
    if (this.#state !== undefined) return;
    this.#socket.close(code, reason);
    this.#closed(new CloseEvent("close", { code, reason }), true);
  }

  #connect(url) {
    const socket = new (WebSocket === HeartbeatSocket ? native : WebSocket)(url, this.#protocols);
    if (this.#socket) socket.binaryType = this.binaryType;
    this.#socket = socket;
    this.#state = undefined;
    this.#stop = watch(socket, this.#options, this);
    listen(socket, SOCKET_EVENTS, this.#receive);
    // Chromium dials one WebSocket a host at a time, and gives up after 133 s.
    clearTimeout(this.#timer);
    this.#timer = later(this.#options.connectTimeout ?? 5000, () => {
      this.#fail(new Event("error"));
      this.reconnect(DEAD, "connect timeout");
    });
  }

  #receive = event => {
    const { type } = event;
    if (type === "close") {
      this.#closed(event);
      return;
    }
    if (type === "open") {
      clearTimeout(this.#timer);
      this.#openedAt = Date.now();
    }
    const copy = new event.constructor(type, event);
    if (type === "error") this.#fail(copy);
    else this.dispatchEvent(copy);
    // After the page's open listeners, which may have to log in first.
    while (this.#queue.length && this.readyState === OPEN) this.#socket.send(this.#queue.shift());
  };

  #fail(event) {
    this.#failing = true;
    this.dispatchEvent(event);
    this.#failing = false;
  }

  #closed(event, asked) {
    const { shouldReconnect = ({ code }) => asked || !FINAL_CODES.includes(code) } = this.#options;
    this.#release();
    this.#failing = false;
    if (Date.now() - this.#openedAt >= STABLE) this.#attempt = 0;
    this.#openedAt = undefined;
    // Whatever shouldReconnect, which is the page's code, does: one close event follows.
    this.#state = CLOSED;
    try {
      if ((this.#ended || this.#hidden || shouldReconnect(event)) && !this.#ended) this.#state = CONNECTING;
    } finally {
      if (this.#state === CLOSED) this.#end();
      const outer = telling;
      telling = this;
      this.#toldAt = Date.now();
      this.dispatchEvent(new event.constructor("close", event));
      telling = outer;
      // The page may have closed or replaced it meanwhile.
      if (this.#state === CONNECTING && !this.#hidden) this.#retry(event.code);
    }
  }

  // Hears no more of the present WebSocket.
  #release() {
    clearTimeout(this.#timer);
    unlisten(this.#socket, SOCKET_EVENTS, this.#receive);
    this.#stop();
  }

  #end() {
    this.#state = CLOSED;
    this.#queue = [];
    live.delete(this);
    unlisten(globalThis, PAGE_EVENTS, this.#turn);
  }

  // Full jitter: clients that lost one server together do not come back together.
  #retry(code) {
    const { minDelay = 1000, maxDelay = 30000 } = this.#options;
    const attempt = ++this.#attempt;
    const spread = attempt === 1 && RESTART_CODES.includes(code) ? RESTART : 0;
    const delay = Math.random() * Math.min(maxDelay, Math.max(spread, minDelay * 2 ** (attempt - 1)));
    this.#timer = later(delay, () => this.#connect(this.url));
    emit(this, "reconnecting", { attempt, delay });
  }

  // A page with an open connection does not enter the back-forward cache, or does and is frozen there, while the browser
  // goes on answering Pings for a reader who has left.
  #turn = ({ type, persisted }) => {
    if (type === "pagehide") {
      this.#hidden = true;
      if (this.#state === CONNECTING) clearTimeout(this.#timer);
      this.reconnect(1000, "pagehide");
    } else if (persisted) {
      this.#hidden = false;
      if (this.#state === CONNECTING) this.#connect(this.url);
    }
  };

  // A page that has reconnect code of its own makes a new one when it is told a close event: in that event, or a little
  // later. The older one then ends, and tells no more. Later it does so only where it is the URL's only one: a page that
  // has several wants several.
  #replace() {
    const same = [...live].filter(({ url }) => url === this.url);
    live.add(this);
    const old = same.includes(telling) ? telling : same.length === 1 && Date.now() - same[0].#toldAt < REPLACE && same[0];
    if (!old) return;
    // The page may be about to make another one.
    this.#toldAt = old.#toldAt;
    old.#release();
    old.#end();
    old.#socket.close();
    warn(this, "was opened again while it reconnects by itself, so the older HeartbeatSocket ended");
  }
}

function need(args) {
  if (!args.length) throw new TypeError("an argument is missing");
}

// As HTML defines event handlers: each has the place among the listeners where it was set first.
const handler = type => ({
  get [`on${type}`]() {
    return handlers.get(this)[type]?.value ?? null;
  },
  set [`on${type}`](value) {
    const all = handlers.get(this);
    const listener = all[type];
    if (Object(value) !== value) {
      this.removeEventListener(type, listener);
      all[type] = undefined;
    } else if (listener) listener.value = value;
    else {
      all[type] = {
        value,
        handleEvent: event => {
          const { value } = all[type];
          if (typeof value === "function" && value.call(this, event) === false) event.preventDefault();
        },
      };
      this.addEventListener(type, all[type]);
    }
  },
});

// WebIDL asks for members that can be enumerated, for constants, and for a name for Object's toString.
const { prototype } = HeartbeatSocket;
const define = Object.defineProperty;
// All but the first, which is the constructor.
for (const name of Object.getOwnPropertyNames(prototype).slice(1)) define(prototype, name, { enumerable: true });
for (const type of [...SOCKET_EVENTS, ...BEAT_EVENTS]) {
  Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(handler(type)));
}
define(prototype, Symbol.toStringTag, { value: "WebSocket", configurable: true });
Object.entries({ CONNECTING, OPEN, CLOSING, CLOSED }).forEach(([name, value]) => {
  for (const owner of [HeartbeatSocket, prototype]) define(owner, name, { value, enumerable: true });
});
