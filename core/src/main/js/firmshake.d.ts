// Types of firmshake.js. Times are in milliseconds.

/** Settings of a heartbeat. */
export interface HeartbeatOptions {
  /**
   * A ping is sent when 90 to 100 % of this has passed since the last frame came in. 25000, or what the dedicated
   * endpoint's first line says.
   */
  interval?: number;
  /** A ping that nothing answers for so long means that the connection is dead. 10000, or what that line says. */
  timeout?: number;
  /** The same for pings that are sent when the page wakes up, or when a timer was late. 5000. */
  probeTimeout?: number;
  /**
   * What `ping TOKEN` and `pong TOKEN` begin with: ":" (the default) on a connection that the application uses too, ""
   * on the dedicated endpoint.
   */
  prefix?: string;
  /** The text of a ping, for servers that speak something else. Each ping has a token of its own. */
  ping?: string | ((token: string) => string);
  /**
   * Tells whether a frame's data answers the ping with this token. It is asked about every frame that comes in while a
   * ping is unanswered, so about the application's text and binary frames as well.
   */
  isPong?: (data: any, token: string) => boolean;
}

/** Settings of a `HeartbeatSocket`. */
export interface HeartbeatSocketOptions extends HeartbeatOptions {
  /** An attempt to connect that takes longer is given up. 5000. */
  connectTimeout?: number;
  /** The first delay before a new attempt is chosen between 0 and this. The bound doubles each time. 1000. */
  minDelay?: number;
  /** The highest that the bound gets. 10000. */
  maxDelay?: number;
  /**
   * Keeps what is sent while there is no connection, 100 messages of 64 KB together at most, and sends it after the
   * `open` event. Beyond that, `send` throws a QuotaExceededError. Without it (the default) it throws an
   * InvalidStateError.
   */
  buffer?: boolean;
  /**
   * Whether to connect again after this `close` event. Without it: after the page's own `reconnect()`, and after any
   * code but 1000, 1002, 1003, 1007, 1008, 1010, 4401 and 4403. Not asked after the page's own `close()`. If it throws,
   * there is no other connection.
   */
  shouldReconnect?: (event: CloseEvent) => boolean;
}

/** A sign of life: the answer to a ping, or any frame after `suspect`. */
export interface AliveEvent extends Event {
  /** The last measured round-trip time. */
  readonly rtt: number | undefined;
}

/** There will be a new attempt to connect. */
export interface ReconnectingEvent extends Event {
  /** Its number, 1 for the first since a connection lasted 10 s. */
  readonly attempt: number;
  /** The time until then. */
  readonly delay: number;
}

export interface HeartbeatEventMap {
  alive: AliveEvent;
  /** Half of the time for an answer has passed without one. */
  suspect: Event;
  /** The connection is dead and about to be given up; `preventDefault()` leaves that to the page. */
  dead: Event;
}

export interface HeartbeatSocketEventMap extends WebSocketEventMap, HeartbeatEventMap {
  reconnecting: ReconnectingEvent;
}

/** What a heartbeat needs of a socket. */
export interface WebSocketLike {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: string, listener: (event: any) => void, options?: { capture?: boolean }): void;
  removeEventListener(type: string, listener: (event: any) => void, options?: { capture?: boolean }): void;
  /** Tells the page's `close` listeners at once. Without it they hear of the end when the socket tells them. */
  dispatchEvent?(event: Event): boolean;
  /** Reconnecting libraries have it: called instead of `close` when the connection is dead. */
  reconnect?(code?: number, reason?: string): void;
}

/** A running heartbeat. */
export interface Heartbeat extends EventTarget {
  /** The last measured round-trip time. */
  readonly rtt?: number;
  /** Ends it. The socket stays as it is. */
  stop(): void;
  addEventListener<K extends keyof HeartbeatEventMap>(
    type: K,
    listener: (this: Heartbeat, event: HeartbeatEventMap[K]) => any,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/**
 * Pings a socket while it is open. A dead one is given up: by its `reconnect(4000, "heartbeat")` where it has that,
 * else by `close(4000, "heartbeat")`, with a `close` event at once and no event of that connection afterwards. Listeners
 * that the page adds before it calls this may see more: pongs, and the browser's own `close` event.
 */
export declare function heartbeat(socket: WebSocketLike, options?: HeartbeatOptions): Heartbeat;

/**
 * A WebSocket that connects again when its connection ends or is dead. It has all of a WebSocket's events and
 * properties. An attempt that fails ends with `close` like a connection does; `readyState` is CONNECTING from there
 * until the next `open`, and CLOSED when there will be none.
 */
export interface HeartbeatSocket extends WebSocket {
  /** The last measured round-trip time. */
  readonly rtt?: number;
  onalive: ((this: HeartbeatSocket, event: AliveEvent) => any) | null;
  onsuspect: ((this: HeartbeatSocket, event: Event) => any) | null;
  ondead: ((this: HeartbeatSocket, event: Event) => any) | null;
  onreconnecting: ((this: HeartbeatSocket, event: ReconnectingEvent) => any) | null;
  /**
   * Gives up the connection, or the attempt, and connects again after a delay, as after any other end. Nothing happens
   * between two connections, and after the last one. The code is 1000 or 3000 to 4999, 4000 if none is given.
   */
  reconnect(code?: number, reason?: string): void;
  addEventListener<K extends keyof HeartbeatSocketEventMap>(
    type: K,
    listener: (this: HeartbeatSocket, event: HeartbeatSocketEventMap[K]) => any,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HeartbeatSocketEventMap>(
    type: K,
    listener: (this: HeartbeatSocket, event: HeartbeatSocketEventMap[K]) => any,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

export declare const HeartbeatSocket: {
  prototype: HeartbeatSocket;
  new (url: string | URL, protocols?: string | string[], options?: HeartbeatSocketOptions): HeartbeatSocket;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
};
