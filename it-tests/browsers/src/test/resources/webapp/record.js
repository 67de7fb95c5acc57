// What happens to the page and its socket, for the tests to read: window.events has lines that begin with the time.

const query = new URLSearchParams(location.search);

export const chat = new URL(`chat?name=${query.get("name")}`, location);
chat.protocol = "ws:";

// What else is in the address: options of the script, all of them numbers.
query.delete("name");
export const options = Object.fromEntries([...query].map(([name, value]) => [name, Number(value)]));

window.events = [];

export const note = (...words) => window.events.push([Date.now(), ...words].join(" "));

export function record(ws, types = ["open", "error", "alive", "suspect", "dead", "reconnecting"]) {
  window.ws = ws;
  ws.addEventListener("message", event => note("message", event.data));
  ws.addEventListener("close", event => note("close", event.code, event.reason));
  types.forEach(type => ws.addEventListener(type, () => note(type)));
  document.addEventListener("visibilitychange", () => note(document.visibilityState));
}
