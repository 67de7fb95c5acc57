[description]
Says why WebSocket handshakes fail and which proxy did it, repairs those that are safe to repair,
and serves a heartbeat that notices dead connections.

[tags]
server
handler
websocket

[depend]
server
websocket-core-server

# Connectors have to be there before, and what inserts a handler later would stand in front.
[after]
alpn
compression
cross-origin
debuglog
delay-until-content
dos
eager-content
graceful
gzip
http
http2
http2c
http3
https
proxy-protocol
proxy-protocol-ssl
qos
rewrite
secure-redirect
size-limit
ssl
state-tracking
statistics
thread-limit
unixdomain-http
well-known

[lib]
lib/firmshake/*.jar

[xml]
etc/firmshake.xml

[ini-template]
### Firmshake: WebSocket handshakes explained and repaired, and a heartbeat

## Whether Firmshake does anything at all: true or false.
# firmshake.enabled=true

## What is done with a handshake that is invalid and not repaired: report (Jetty answers) or reject (Firmshake does).
# firmshake.onInvalid=report

## How far a repair of a damaged handshake may go: off or safe.
# firmshake.repair=safe

## URL patterns that are WebSocket only, relative to the server, so that plain HTTP there is explained too.
# firmshake.webSocketPaths=

## Origins that may open WebSockets, for example https://app.example.com or same-origin; empty: the application decides.
# firmshake.allowedOrigins=

## The heartbeat's endpoint, relative to the server; empty: off.
# firmshake.heartbeatPath=/firmshake/heartbeat

## Origins that may use it, as above; empty: any.
# firmshake.heartbeatOrigins=same-origin

## How many sessions it takes at once.
# firmshake.heartbeatMaxSessions=auto

## Where the browser's script is served, relative to the server; empty: nowhere.
# firmshake.scriptPath=/firmshake/firmshake.js

## Whose sessions the server pings: heartbeat (the endpoint's own), all (the applications' too) or off.
# firmshake.pingSessions=heartbeat

## Seconds from one Ping to the next; 0: none is sent.
# firmshake.pingIntervalSeconds=25

## Seconds that a sign of life may take after a Ping.
# firmshake.pongTimeoutSeconds=20

## What a refusal's body says: none, code (reason and sentence) or full (hop, evidence and fix, which name your proxies).
# firmshake.explainToClient=code

## Log lines a minute in all at INFO and above; of each kind the first is written whole, the rest counted. 0: no limit.
# firmshake.logLimitPerMinute=60

## Path segments that look like a secret or an identity: masked (their length) or full.
# firmshake.logPaths=masked

## Addresses: full, masked (last octet, last 80 bits) or off.
# firmshake.logPeer=full
