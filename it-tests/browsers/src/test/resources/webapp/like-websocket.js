// A page may expect this of a WebSocket, after the WebSockets and WebIDL standards. Each case gets a kit: the class under
// test (W), helpers, and it throws where the class does otherwise. LikeWebSocketIT runs all of them with the browser's own
// WebSocket and with HeartbeatSocket. Servers: RawServer.java.

export const cases = new Map();

const PATIENCE = 9000;
const NAMES = ["CONNECTING", "OPEN", "CLOSING", "CLOSED"];
const TYPES = ["open", "message", "error", "close"];
const READ_ONLY = ["url", "readyState", "bufferedAmount", "extensions", "protocol"];

let urls = 0;

function add(name, run) {
  if (cases.has(name)) throw new Error(`two cases are called ${name}`);
  cases.set(name, run);
}

const show = value => (typeof value === "string" ? JSON.stringify(value) : String(value));

function same(actual, expected, what = "value") {
  const equal =
    Array.isArray(expected) && Array.isArray(actual)
      ? actual.length === expected.length && expected.every((each, i) => Object.is(each, actual[i]))
      : Object.is(actual, expected);
  if (!equal) throw new Error(`${what} is ${show(actual)}, expected ${show(expected)}`);
}

function throws(expected, action, what = "") {
  try {
    action();
  } catch (error) {
    const name = typeof expected === "string" ? expected : expected.name;
    if (typeof expected === "string" && !(error instanceof DOMException)) throw new Error(`${what} threw ${error}`);
    same(error.name, name, `${what} the error`);
    return;
  }
  throw new Error(`${what} threw nothing`);
}

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

const next = (target, type) =>
  new Promise(resolve => target.addEventListener(type, resolve, { once: true }));

const text = length => "x".repeat(length);

async function bytes(data) {
  return [...new Uint8Array(data instanceof Blob ? await data.arrayBuffer() : data)];
}

class Kit {
  constructor(W) {
    this.W = W;
    this.made = [];
  }

  url(path) {
    return `ws://${location.host}/${path}${path.includes("?") ? "&" : "?"}n=${++urls}`;
  }

  make(...args) {
    const ws = new this.W(...args);
    this.made.push(ws);
    return ws;
  }

  connect(path = "echo", ...args) {
    return this.make(this.url(path), ...args);
  }

  async opened(path, ...args) {
    const ws = this.connect(path, ...args);
    await next(ws, "open");
    return ws;
  }

  // Writes down events of the four types.
  told(ws) {
    const lines = [];
    for (const type of TYPES) {
      ws.addEventListener(type, ({ data, code }) => lines.push([type, data, code].filter(x => x !== undefined).join(" ")));
    }
    return lines;
  }

  end() {
    for (const ws of this.made) {
      try {
        ws.close();
      } catch {
        // The case has failed, with another message.
      }
    }
  }
}

export async function run(W) {
  const results = [];
  for (const [name, test] of cases) {
    const kit = new Kit(W);
    let fault = "";
    let timer;
    try {
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error("took too long")), PATIENCE);
      });
      await Promise.race([test(kit), late]);
    } catch (error) {
      fault = error.message || String(error);
    }
    clearTimeout(timer);
    kit.end();
    results.push([name, fault]);
  }
  return results;
}

// The interface

add("the class is called WebSocket", async ({ W }) => same(W.name, "WebSocket"));
add("an object is an instance of window.WebSocket", async kit => same(kit.connect() instanceof WebSocket, true));
add("the class has the length 1", async ({ W }) => same(W.length, 1));
add("the class needs new", async ({ W }) => throws(TypeError, () => W(`ws://${location.host}/echo`)));
add("the class needs an argument", async ({ W }) => throws(TypeError, () => new W()));
add("the class extends EventTarget", async ({ W }) => same(Object.getPrototypeOf(W), EventTarget));
add("the prototype extends EventTarget's", async ({ W }) =>
  same(Object.getPrototypeOf(W.prototype), EventTarget.prototype));
add("the prototype cannot be replaced", async ({ W }) => {
  const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(W, "prototype");
  same([writable, enumerable, configurable], [false, false, false]);
});
add("constructor is not enumerable", async ({ W }) => {
  const { value, enumerable } = Object.getOwnPropertyDescriptor(W.prototype, "constructor");
  same([value, enumerable], [W, false]);
});
add("toStringTag", async ({ W }) => {
  const tag = Object.getOwnPropertyDescriptor(W.prototype, Symbol.toStringTag);
  same([tag.value, tag.writable, tag.enumerable, tag.configurable], ["WebSocket", false, false, true]);
});
add("an object's text", async kit => same(String(kit.connect()), "[object WebSocket]"));
add("an object is an instance of the class and of EventTarget", async kit => {
  const ws = kit.connect();
  same([ws instanceof kit.W, ws instanceof EventTarget], [true, true]);
});
add("an object has no properties of its own", async kit => {
  const ws = await kit.opened();
  ws.onopen = ws.onmessage = () => {};
  ws.send("x");
  await next(ws, "message");
  same(Reflect.ownKeys(ws).length, 0, "own keys");
});
NAMES.forEach((name, value) => {
  add(`constant ${name} of class and prototype`, async ({ W }) => {
    for (const owner of [W, W.prototype]) {
      const found = Object.getOwnPropertyDescriptor(owner, name);
      same([found.value, found.writable, found.enumerable, found.configurable], [value, false, true, false]);
    }
  });
  add(`constant ${name} cannot be written or deleted`, async kit => {
    const ws = kit.connect();
    throws(TypeError, () => (ws[name] = 9));
    throws(TypeError, () => delete kit.W[name]);
    same(ws[name], value);
  });
});
for (const name of [...READ_ONLY, "binaryType", ...TYPES.map(type => `on${type}`)]) {
  add(`attribute ${name} is an accessor of the prototype`, async ({ W }) => {
    const { get, set, enumerable, configurable } = Object.getOwnPropertyDescriptor(W.prototype, name);
    same([get.name, get.length, enumerable, configurable], [`get ${name}`, 0, true, true]);
    same(set?.name, READ_ONLY.includes(name) ? undefined : `set ${name}`);
    if (set) same(set.length, 1);
  });
  add(`attribute ${name} throws a TypeError on another object`, async ({ W }) => {
    const { get } = Object.getOwnPropertyDescriptor(W.prototype, name);
    throws(TypeError, () => get.call({}));
    throws(TypeError, () => W.prototype[name]);
  });
}
for (const name of READ_ONLY) {
  add(`attribute ${name} cannot be written`, async kit => throws(TypeError, () => (kit.connect()[name] = "x")));
}
for (const [name, length] of Object.entries({ send: 1, close: 0 })) {
  add(`method ${name}`, async ({ W }) => {
    const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(W.prototype, name);
    same([value.name, value.length, writable, enumerable, configurable], [name, length, true, true, true]);
    throws(TypeError, () => value.call({}, "x"));
  });
}
add("for-in finds the members", async kit => {
  const found = [];
  for (const name in kit.connect()) found.push(name);
  for (const name of [...NAMES, ...READ_ONLY, "binaryType", "send", "close", "onopen", "addEventListener"]) {
    same(found.includes(name), true, name);
  }
});
add("a class that extends it", async kit => {
  class Chat extends kit.W {
    send(data) {
      super.send(`(${data})`);
    }
  }
  const ws = new Chat(kit.url("echo"));
  kit.made.push(ws);
  await next(ws, "open");
  ws.send("x");
  same((await next(ws, "message")).data, "(x)");
  same(ws instanceof Chat, true);
});

// The URL

for (const url of ["ws://", "ws:///", "wss://:80/", "ftp://host/", "mailto:x@host", "about:blank", "data:,x",
  "ws://a b/", "ws://host:99999/", "ws://[::1", "blob:http://host/x"]) {
  add(`URL ${url} is a SyntaxError`, async ({ W }) => throws("SyntaxError", () => new W(url)));
}
add("a URL with a fragment is a SyntaxError", async kit => {
  for (const fragment of ["#", "#x"]) throws("SyntaxError", () => kit.make(`ws://${location.host}/echo${fragment}`));
});
for (const [what, url, expected] of [
  ["http becomes ws", `http://${location.host}/echo`, `ws://${location.host}/echo`],
  ["https becomes wss", `https://${location.host}/echo`, `wss://${location.host}/echo`],
  ["a path is relative to the page", "echo", new URL("echo", location).href.replace("http", "ws")],
  ["an absolute path", "/echo", `ws://${location.host}/echo`],
  ["a host without scheme", `//${location.host}/echo`, `ws://${location.host}/echo`],
  ["a query alone", "?x", new URL("?x", location).href.replace("http", "ws")],
  ["an upper-case scheme", `WS://${location.host}/echo`, `ws://${location.host}/echo`],
  ["a host alone", `ws://${location.host}`, `ws://${location.host}/`],
  ["a default port", "ws://127.0.0.1:80/echo", "ws://127.0.0.1/echo"],
  ["a space", `ws://${location.host}/echo?a b`, `ws://${location.host}/echo?a%20b`],
  ["spaces around it", ` ws://${location.host}/echo\n`, `ws://${location.host}/echo`],
  ["a letter that is not ASCII", `ws://${location.host}/echo?\u00fc`, `ws://${location.host}/echo?%C3%BC`],
  ["dots in the path", `ws://${location.host}/a/../echo`, `ws://${location.host}/echo`],
]) {
  add(`url: ${what}`, async kit => same(kit.make(url).url, expected));
}
add("url: an object's text, asked for once", async kit => {
  let asked = 0;
  const url = kit.url("echo");
  same(kit.make({ toString: () => (asked++, url) }).url, url);
  same(asked, 1);
});
add("url: a URL object", async kit => {
  const url = new URL(kit.url("echo"));
  same(kit.make(url).url, url.href);
});
add("url stays after the end", async kit => {
  const ws = await kit.opened();
  const { url } = ws;
  ws.close();
  await next(ws, "close");
  same(ws.url, url);
});
add("a URL whose text throws", async kit => {
  const fault = new RangeError("mine");
  throws(RangeError, () => kit.make({ toString: () => { throw fault; } }));
});

// Subprotocols

for (const name of ["", " ", "a b", "a,b", "a/b", "\u0000", "\u007f", "\u00e9", "(", "\"", "a;b", "@"]) {
  add(`subprotocol ${JSON.stringify(name)} is a SyntaxError`, async kit => {
    throws("SyntaxError", () => kit.connect("echo", name));
    throws("SyntaxError", () => kit.connect("echo", ["chat", name]));
  });
}
add("a subprotocol twice is a SyntaxError", async kit =>
  throws("SyntaxError", () => kit.connect("echo", ["chat", "x", "chat"])));
add("subprotocols that differ in case", async kit => kit.connect("echo", ["chat", "Chat"]));
for (const [what, protocols, expected] of [
  ["a text", "chat", "chat"],
  ["an array", ["chat", "v2.chat"], "chat"],
  ["a Set", new Set(["v2.chat", "chat"]), "v2.chat"],
  ["null", null, "null"],
  ["an empty array", [], ""],
  ["undefined", undefined, ""],
  ["an object", { toString: () => "chat" }, "chat"],
  ["numbers", [1, 2], "1"],
]) {
  add(`subprotocols as ${what}`, async kit => {
    const ws = kit.connect("first", protocols);
    same(ws.protocol, "", "before open");
    await next(ws, "open");
    same(ws.protocol, expected);
  });
}
add("subprotocols of a generator", async kit => {
  const ws = kit.connect("first", (function* () {
    yield "v3";
    yield "v2";
  })());
  await next(ws, "open");
  same(ws.protocol, "v3");
});
add("protocol stays after the end", async kit => {
  const ws = await kit.opened("first", "chat");
  ws.close();
  await next(ws, "close");
  same(ws.protocol, "chat");
});
add("an answer with a subprotocol that was not offered fails", async kit => {
  const lines = kit.told(kit.connect("stranger", "chat"));
  await pause(300);
  same(lines.slice(0, 2), ["error", "close 1006"]);
});
add("extensions is empty before open, a text after", async kit => {
  const ws = kit.connect();
  same(ws.extensions, "");
  await next(ws, "open");
  same(ws.extensions, "");
});

// readyState

add("readyState of a life that the page ends", async kit => {
  const ws = kit.connect();
  const states = [ws.readyState];
  await new Promise(resolve => {
    ws.onopen = () => {
      states.push(ws.readyState);
      ws.close();
      states.push(ws.readyState);
    };
    ws.onclose = () => resolve(states.push(ws.readyState));
  });
  same(states, [0, 1, 2, 3]);
});
add("readyState in onclose when the server closes with 1000", async kit => {
  const ws = await kit.opened("close?code=1000");
  await next(ws, "close");
  same(ws.readyState, 3);
});
add("readyState in onclose when the connection breaks", async kit => {
  const ws = await kit.opened("drop");
  await next(ws, "close");
  same(ws.readyState, 3);
});
add("readyState in onerror when the handshake fails", async kit => {
  const ws = kit.connect("status?code=404");
  const state = await new Promise(resolve => (ws.onerror = () => resolve(ws.readyState)));
  same(state, 3);
});
add("readyState in onclose when the handshake fails", async kit => {
  const ws = kit.connect("status?code=404");
  const state = await new Promise(resolve => (ws.onclose = () => resolve(ws.readyState)));
  same(state, 3);
});

// send

add("send before open is an InvalidStateError", async kit => throws("InvalidStateError", () => kit.connect().send("x")));
add("send without argument is a TypeError, in every state", async kit => {
  const ws = kit.connect();
  throws(TypeError, () => ws.send());
  await next(ws, "open");
  throws(TypeError, () => ws.send());
  ws.close();
  throws(TypeError, () => ws.send());
  await next(ws, "close");
  throws(TypeError, () => ws.send());
});
for (const [what, value, expected] of [
  ["an empty text", "", ""],
  ["a letter", "a", "a"],
  ["125 bytes", text(125), text(125)],
  ["126 bytes", text(126), text(126)],
  ["65535 bytes", text(65535), text(65535)],
  ["65536 bytes", text(65536), text(65536)],
  ["letters of 2, 3 and 4 bytes", "\u00e9\u20ac\ud83d\ude00", "\u00e9\u20ac\ud83d\ude00"],
  ["half a surrogate pair", "a\ud800b", "a\ufffdb"],
  ["null", null, "null"],
  ["undefined", undefined, "undefined"],
  ["a number", 1.5, "1.5"],
  ["true", true, "true"],
  ["an array", [1, 2], "1,2"],
  ["an object", { toString: () => "mine" }, "mine"],
  ["what looks like a heartbeat", ":pong abc", ":pong abc"],
]) {
  add(`send ${what}`, async kit => {
    const ws = await kit.opened();
    const message = next(ws, "message");
    same(ws.send(value), undefined);
    same((await message).data, expected);
  });
}
add("send a symbol is a TypeError", async kit => {
  const ws = await kit.opened();
  throws(TypeError, () => ws.send(Symbol("x")));
});
add("send an object whose text throws", async kit => {
  const ws = await kit.opened();
  throws(RangeError, () => ws.send({ toString: () => { throw new RangeError("mine"); } }));
});
for (const binaryType of ["blob", "arraybuffer"]) {
  for (const [what, value, expected] of [
    ["an ArrayBuffer", Uint8Array.of(1, 2).buffer, [1, 2]],
    ["an empty ArrayBuffer", new ArrayBuffer(0), []],
    ["a part of an array", Uint8Array.of(1, 2, 3, 4).subarray(1, 3), [2, 3]],
    ["a DataView", new DataView(Uint8Array.of(1, 2, 3).buffer, 2), [3]],
    ["16-bit numbers", Uint16Array.of(0x0101), [1, 1]],
    ["a Blob", new Blob([Uint8Array.of(7, 8)]), [7, 8]],
    ["an empty Blob", new Blob(), []],
  ]) {
    add(`send ${what}, receive as ${binaryType}`, async kit => {
      const ws = await kit.opened();
      ws.binaryType = binaryType;
      const message = next(ws, "message");
      ws.send(value);
      const { data } = await message;
      same(data instanceof (binaryType === "blob" ? Blob : ArrayBuffer), true, "the type");
      same(await bytes(data), expected);
    });
  }
}
add("send keeps the order", async kit => {
  const ws = await kit.opened();
  const seen = [];
  ws.onmessage = ({ data }) => seen.push(typeof data === "string" ? data : "bytes");
  ["1", new Blob(["2"]), "3", new ArrayBuffer(4), "5"].forEach(data => ws.send(data));
  await pause(200);
  same(seen, ["1", "bytes", "3", "bytes", "5"]);
});
add("send copies bytes", async kit => {
  const ws = await kit.opened();
  ws.binaryType = "arraybuffer";
  const array = Uint8Array.of(1, 2);
  ws.send(array);
  array.fill(9);
  same(await bytes((await next(ws, "message")).data), [1, 2]);
});
add("the server receives what the page sends, and no more", async kit => {
  const ws = await kit.opened("count");
  await pause(100);
  ws.send("how many?");
  same((await next(ws, "message")).data, "1");
});

// bufferedAmount

add("bufferedAmount is 0 at first", async kit => {
  const ws = kit.connect();
  same(ws.bufferedAmount, 0);
  await next(ws, "open");
  same(ws.bufferedAmount, 0);
});
add("bufferedAmount counts bytes, and falls when they are sent", async kit => {
  const ws = await kit.opened();
  ws.send("\u00e9");
  ws.send(new ArrayBuffer(5));
  same(ws.bufferedAmount, 7);
  await next(ws, "message");
  await next(ws, "message");
  same(ws.bufferedAmount, 0);
});
add("bufferedAmount grows with what is sent after close()", async kit => {
  const ws = await kit.opened();
  ws.close();
  ws.send("abc");
  same(ws.bufferedAmount, 3);
  await next(ws, "close");
  ws.send("d");
  same(ws.bufferedAmount, 4);
});

// binaryType

add("binaryType is blob at first, and keeps good values only", async kit => {
  const ws = kit.connect();
  same(ws.binaryType, "blob");
  ws.binaryType = "arraybuffer";
  for (const bad of ["Blob", "", null, undefined, "arrayBuffer", 1]) {
    ws.binaryType = bad;
    same(ws.binaryType, "arraybuffer", show(bad));
  }
  ws.binaryType = "blob";
  same(ws.binaryType, "blob");
});
add("binaryType can be set after the end", async kit => {
  const ws = await kit.opened();
  ws.close();
  await next(ws, "close");
  ws.binaryType = "arraybuffer";
  same(ws.binaryType, "arraybuffer");
});

// close

for (const code of [0, 1, 500, 999, 1001, 1002, 1005, 1006, 1015, 2999, 5000, 65535, 66536, -1, null, NaN, "", "x", {}]) {
  add(`close(${show(code)}) is an InvalidAccessError, in every state`, async kit => {
    const ws = kit.connect();
    const attempt = () => throws("InvalidAccessError", () => ws.close(code));
    attempt();
    await next(ws, "open");
    attempt();
    same(ws.readyState, 1);
    ws.close();
    attempt();
    await next(ws, "close");
    attempt();
  });
}
add("a reason of 124 bytes is a SyntaxError", async kit => {
  const ws = await kit.opened();
  throws("SyntaxError", () => ws.close(1000, text(124)));
  throws("SyntaxError", () => ws.close(1000, "\u20ac".repeat(42)));
  same(ws.readyState, 1);
});
add("a reason that is a symbol is a TypeError", async kit => {
  const ws = await kit.opened();
  throws(TypeError, () => ws.close(1000, Symbol("x")));
});
for (const [args, code, reason] of [
  [[], 1005, ""],
  [[undefined], 1005, ""],
  [[1000], 1000, ""],
  [[1000, ""], 1000, ""],
  [[1000, "bye"], 1000, "bye"],
  [[1000, undefined], 1000, ""],
  [[1000, null], 1000, "null"],
  [[1000.4], 1000, ""],
  [["3000"], 3000, ""],
  [[3000, text(123)], 3000, text(123)],
  [[4999, "\u20ac"], 4999, "\u20ac"],
  [[4000, "a\ud800"], 4000, "a\ufffd"],
]) {
  add(`close(${args.map(show).join(", ")})`, async kit => {
    const ws = await kit.opened();
    const end = next(ws, "close");
    same(ws.close(...args), undefined);
    const event = await end;
    same([event.code, event.reason, event.wasClean], [code, reason, true]);
  });
}
add("close() twice tells one close event", async kit => {
  const ws = await kit.opened();
  const lines = kit.told(ws);
  ws.close(3001);
  ws.close(3002);
  await next(ws, "close");
  ws.close(3003);
  await pause(300);
  same(lines, ["close 3001"]);
});
add("close() while connecting tells error and close 1006", async kit => {
  const ws = kit.connect("slow");
  const lines = kit.told(ws);
  ws.close();
  same([ws.readyState, lines.length], [2, 0]);
  const event = await next(ws, "close");
  same(event.wasClean, false);
  await pause(300);
  same(lines, ["error", "close 1006"]);
  same(ws.readyState, 3);
});
for (const path of ["close?code=1000", "close?code=1011", "drop", "status?code=404", "garbage"]) {
  add(`close() in onclose (${path}) tells no second close event`, async kit => {
    const ws = kit.connect(path);
    const lines = kit.told(ws);
    const states = [];
    ws.onclose = () => {
      ws.close();
      states.push(ws.readyState);
    };
    await next(ws, "close");
    await pause(1300);
    same(lines.filter(line => line.startsWith("close")).length, 1);
    same([...states, ws.readyState], [3, 3]);
  });
  add(`close() in onerror (${path}) tells no further event`, async kit => {
    const ws = kit.connect(path);
    const lines = kit.told(ws);
    ws.onerror = () => ws.close();
    ws.onclose = () => {
      lines.push("last");
      ws.close();
    };
    await next(ws, "close");
    await pause(300);
    same(lines.indexOf("last") >= lines.length - 2, true, lines);
  });
}
for (const [code, reason] of [[1000, "done"], [1001, ""], [1011, "fault"], [3001, "\u20ac"], [4999, ""], [undefined, ""]]) {
  add(`the server closes with ${code}`, async kit => {
    const ws = kit.connect(`close?${code ? `code=${code}&` : ""}reason=${encodeURIComponent(reason)}`);
    const lines = kit.told(ws);
    const event = await next(ws, "close");
    same([event.code, event.reason, event.wasClean], [code ?? 1005, reason, true]);
    same(lines, ["open", `close ${code ?? 1005}`]);
  });
}
for (const path of ["drop", "garbage", "masked", "latin1", "badclose"]) {
  add(`the server breaks the connection (${path}): close 1006`, async kit => {
    const ws = kit.connect(path);
    const event = await next(ws, "close");
    same([event.code, event.reason, event.wasClean], [1006, "", false]);
  });
}
for (const path of ["status?code=200", "status?code=404", "status?code=500", "accept", "noupgrade", "hangup"]) {
  add(`the handshake fails (${path}): error and close 1006, once`, async kit => {
    const ws = kit.connect(path);
    const lines = kit.told(ws);
    const event = await next(ws, "close");
    same([event.code, event.reason, event.wasClean], [1006, "", false]);
    same(lines, ["error", "close 1006"]);
  });
}
add("after a clean end nothing is told", async kit => {
  const ws = await kit.opened("close?code=1000");
  await next(ws, "close");
  const lines = kit.told(ws);
  await pause(1500);
  same(lines.length, 0);
});
add("after a broken connection nothing is told", async kit => {
  const ws = await kit.opened("drop");
  await next(ws, "close");
  const lines = kit.told(ws);
  await pause(1500);
  same(lines.length, 0);
});
add("a handshake that takes 6 s opens", async kit => {
  const ws = kit.connect("slow");
  await next(ws, "open");
});

// Frames that the page does not see as such

add("fragments are one message", async kit => {
  const ws = kit.connect("fragments");
  same((await next(ws, "message")).data, "one message");
});
add("a Ping of the server is answered, and not told", async kit => {
  const ws = kit.connect("ping");
  same((await next(ws, "message")).data, "pong received");
});
add("the handshake is a browser's", async kit => {
  const ws = kit.connect("head", ["chat", "v2"]);
  const head = (await next(ws, "message")).data.toLowerCase();
  for (const line of [`origin: ${location.origin}`, "sec-websocket-version: 13", "sec-websocket-protocol: chat, v2"]) {
    same(head.includes(line), true, line);
  }
});

// Events

for (const [type, path, constructor] of [
  ["open", "echo", Event],
  ["message", "fragments", MessageEvent],
  ["error", "status?code=404", Event],
  ["close", "close?code=1000", CloseEvent],
]) {
  add(`event ${type}: what it is`, async kit => {
    const ws = kit.connect(path);
    const event = await new Promise(resolve =>
      ws.addEventListener(type, event => resolve({ event, at: event.currentTarget, phase: event.eventPhase })));
    same(Object.getPrototypeOf(event.event), constructor.prototype);
    same([event.event.type, event.event.target, event.at, event.phase], [type, ws, ws, Event.AT_TARGET]);
    same(event.event.srcElement, ws);
  });
  add(`event ${type}: neither bubbles nor can be cancelled`, async kit => {
    const event = await next(kit.connect(path), type);
    event.preventDefault();
    same([event.bubbles, event.cancelable, event.composed, event.defaultPrevented], [false, false, false, false]);
  });
  add(`event ${type}: is trusted`, async kit => same((await next(kit.connect(path), type)).isTrusted, true));
  add(`event ${type}: is told to handler and listeners in the order in which they came, once`, async kit => {
    const ws = kit.connect(path);
    const calls = [];
    ws.addEventListener(type, () => calls.push("first"));
    ws[`on${type}`] = () => calls.push("removed");
    ws[`on${type}`] = null;
    ws.addEventListener(type, () => calls.push("second"));
    ws[`on${type}`] = () => calls.push("replaced");
    ws[`on${type}`] = function (event) {
      calls.push(this === ws && event.type === type && arguments.length === 1 ? "handler" : "wrong");
    };
    ws.addEventListener(type, () => calls.push("third"));
    await next(ws, type);
    same(calls, ["first", "second", "handler", "third"]);
  });
  add(`on${type} keeps functions and objects, and is null for all else`, async kit => {
    const ws = kit.connect();
    const name = `on${type}`;
    same(ws[name], null);
    const handler = () => {};
    for (const other of [undefined, null, 0, 1, "x", true, Symbol("x"), 1n]) {
      ws[name] = handler;
      same(ws[name], handler);
      ws[name] = other;
      same(ws[name], null);
    }
    let called = false;
    const object = { handleEvent: () => (called = true) };
    ws[name] = object;
    same(ws[name], object);
    ws.dispatchEvent(new Event(type));
    same(called, false);
  });
  add(`on${type} that returns false cancels an event of the page's that can be cancelled`, async kit => {
    const ws = kit.connect();
    ws[`on${type}`] = () => false;
    same(ws.dispatchEvent(new Event(type, { cancelable: true })), false);
    ws[`on${type}`] = () => true;
    same(ws.dispatchEvent(new Event(type, { cancelable: true })), true);
  });
  add(`on${type} that throws keeps nothing from the others`, async kit => {
    const ws = kit.connect(path);
    const reported = new Promise(resolve =>
      addEventListener("error", event => {
        event.preventDefault();
        resolve(event.message);
      }, { once: true }));
    ws[`on${type}`] = () => {
      throw new Error("mine");
    };
    await next(ws, type);
    same((await reported).includes("mine"), true);
  });
}
add("message: origin, source, ports and lastEventId", async kit => {
  const event = await next(kit.connect("fragments"), "message");
  same([event.origin, event.source, event.lastEventId], [`ws://${location.host}`, null, ""]);
  same([event.ports.length, Object.isFrozen(event.ports)], [0, true]);
});
add("the order of a life: open, messages, close", async kit => {
  const ws = kit.connect();
  const lines = kit.told(ws);
  await next(ws, "open");
  ws.send("a");
  ws.send("b");
  await pause(200);
  ws.close(1000);
  await next(ws, "close");
  same(lines, ["open", "message a", "message b", "close 1000"]);
});
add("listeners: once, signal, objects, the same twice, removed", async kit => {
  const ws = await kit.opened();
  const calls = [];
  const abort = new AbortController();
  const object = { handleEvent: () => calls.push("object") };
  const removed = () => calls.push("removed");
  ws.addEventListener("message", () => calls.push("once"), { once: true });
  ws.addEventListener("message", () => calls.push("signal"), { signal: abort.signal });
  ws.addEventListener("message", object);
  ws.addEventListener("message", object);
  ws.addEventListener("message", removed);
  ws.removeEventListener("message", removed);
  ws.send("a");
  await next(ws, "message");
  abort.abort();
  ws.send("b");
  await next(ws, "message");
  same(calls, ["once", "signal", "object", "object"]);
});
add("stopImmediatePropagation", async kit => {
  const ws = await kit.opened();
  let called = false;
  ws.addEventListener("message", event => event.stopImmediatePropagation());
  ws.onmessage = () => (called = true);
  ws.send("a");
  await pause(200);
  same(called, false);
});
add("events of the page's own change no state", async kit => {
  const ws = await kit.opened();
  const lines = kit.told(ws);
  ws.dispatchEvent(new CloseEvent("close", { code: 3000 }));
  ws.dispatchEvent(new Event("error"));
  same(ws.readyState, 1);
  ws.send("x");
  await next(ws, "message");
  same(lines, ["close 3000", "error", "message x"]);
});
