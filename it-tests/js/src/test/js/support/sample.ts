// Never run: the compiler has to accept this, and to refuse what it is told to expect as an error.
import { heartbeat, HeartbeatSocket } from "./firmshake.js";
import type { AliveEvent, Heartbeat, HeartbeatOptions, ReconnectingEvent } from "./firmshake.js";

const options: HeartbeatOptions = { interval: 25000, timeout: 10000, probeTimeout: 5000, prefix: ":" };
const beat: Heartbeat = heartbeat(new WebSocket("wss://server/chat"), options);
beat.addEventListener("alive", event => console.log(event.rtt?.toFixed()));
beat.addEventListener("dead", event => event.preventDefault());
const { stop } = beat;
stop();

heartbeat(new WebSocket("wss://server/chat"), {
  ping: token => `{"ping":"${token}"}`,
  isPong: (data, token) => data === `{"pong":"${token}"}`,
});
heartbeat(new WebSocket("wss://server/chat"), { ping: "2", isPong: data => data === "3" });

const ws = new HeartbeatSocket("wss://server/chat", ["chat"], {
  prefix: "",
  connectTimeout: 5000,
  minDelay: 1000,
  maxDelay: 10000,
  buffer: true,
  shouldReconnect: event => event.code !== 1008,
});
const isOne: WebSocket = ws;
heartbeat(ws);
isOne.binaryType = "arraybuffer";
ws.onopen = () => ws.send("hello");
ws.onmessage = event => console.log(event.data);
ws.onalive = (event: AliveEvent) => console.log(event.rtt);
ws.onreconnecting = (event: ReconnectingEvent) => console.log(event.attempt, event.delay);
ws.addEventListener("close", event => console.log(event.code));
ws.addEventListener("reconnecting", event => console.log(event.delay));
ws.reconnect(4000, "reason");
const open: boolean = ws.readyState === HeartbeatSocket.OPEN;
console.log(open, ws.rtt);

class Chat extends HeartbeatSocket {
  override send(data: string) {
    super.send(data);
  }
}
new Chat("wss://server/chat").close(1000);

// @ts-expect-error: not a number
heartbeat(ws, { interval: "25" });
// @ts-expect-error: no such setting
heartbeat(ws, { intervall: 25 });
// @ts-expect-error: no socket
heartbeat({});
// @ts-expect-error: measured, not set
ws.rtt = 5;
// @ts-expect-error: an event of other sockets
ws.onreconnecting = (event: MessageEvent) => console.log(event.data);
