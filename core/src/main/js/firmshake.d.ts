// Types of firmshake.js. Times are in milliseconds.

/** Settings of a heartbeat. */
export interface HeartbeatOptions {
  /**
   * The first ping is sent right after `open`, each later one when 90 to 100 % of this time has passed since the last
   * frame came in. Default: 25000, or what the dedicated endpoint's first line advises.
   */
  interval?: number;
  /**
   * No frame for this long after a ping: the connection is dead, provided that a ping was answered at this URL before.
   * Default: 10000, or what the dedicated endpoint's first line advises.
   */
  timeout?: number;
  /**
   * The same for a ping that is sent when the page is shown, resumed or online again, or when a timer was late.
   * Default: 5000.
   */
  probeTimeout?: number;
  /**
   * The prefix of `ping TOKEN` and `pong TOKEN`. Default: ":", for a connection that the application uses too. The
   * dedicated endpoint needs "".
   */
  prefix?: string;
  /**
   * The text of a ping, for servers that answer another. Each ping has its own token: "fs-" and 8 to 40 digits and
   * lower-case letters.
   */
  ping?: string | ((token: string) => string);
  /**
   * Tells whether a frame's data answers the ping with this token. It is asked about every frame that comes in while a
   * ping is unanswered, so about the application's text and binary frames as well.
   */
  isPong?: (data: any, token: string) => boolean;
}

/** Settings of a `HeartbeatSocket`. */
export interface HeartbeatSocketOptions extends HeartbeatOptions {
  /** An attempt to connect that takes longer is given up. Default: 5000. */
  connectTimeout?: number;
  /**
   * The first delay before a new attempt is random between 0 and this, or 5000 after the close codes 1001 and 1012. The
   * bound doubles with each failed attempt. Default: 1000.
   */
  minDelay?: number;
  /** The highest bound of a delay. Default: 30000. */
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

/** The next attempt to connect is planned. */
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
  /** Proof that pings are answered holds for all connections to the same URL (its query does not count). */
  readonly url?: string;
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
 * Pings a socket while it is open, and gives a dead one up. It calls `reconnect(4000, "heartbeat")` if the socket has such
 * a method. Else it calls `close(4000, "heartbeat")`, with a `close` event at once and no later event of that connection.
 * Listeners that the page adds before it calls this may see more: pongs, and the browser's own `close` event.
 */
export declare function heartbeat(socket: WebSocketLike, options?: HeartbeatOptions): Heartbeat;

/**
 * A WebSocket that connects again when its connection ends or is dead. It has all of a WebSocket's events and
 * properties. An attempt that fails ends with `error` and `close`, as a WebSocket's does. `readyState` is CONNECTING
 * from a `close` event until the next `open`, and CLOSED when no other connection follows.
 *
 * `close()` in a `close` handler, or later, ends it for good. In an `error` handler `close()` does nothing, as with a
 * WebSocket: the connection has ended already, and the next one follows.
 *
 * It reconnects by itself, so a page needs no code for that. If a page makes another HeartbeatSocket for the same URL
 * in a `close` handler, or within 30 s of it, the older one ends without further events.
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
