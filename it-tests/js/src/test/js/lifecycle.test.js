// heartbeat() in a page that is hidden, frozen, put to sleep, taken off the network, and comes back.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, record } from "./support/browser.js";
import { heartbeat } from "./support/script.js";

function beating(t, options) {
  const browser = open(t);
  const socket = new WebSocket("ws://server/chat");
  const beat = heartbeat(socket, options);
  socket.accept();
  browser.prove();
  return { browser, clock: browser.clock, socket, lines: record(beat, "alive", "suspect", "dead") };
}

describe("a page that wakes up", () => {
  for (const type of ["visibilitychange", "pageshow", "resume", "online"]) {
    test(`asks at ${type}, and a connection that is dead is known to be after 5 s`, t => {
      const { browser, clock, socket, lines } = beating(t);
      clock.advance(1000);
      browser.fire(type);
      assert.deepEqual(socket.sent, [":ping fs-i0000000"]);
      clock.advance(2499);
      assert.deepEqual(lines, []);
      clock.advance(1);
      assert.deepEqual(lines, ["suspect"]);
      clock.advance(2499);
      assert.deepEqual(lines, ["suspect"]);
      clock.advance(1);
      assert.deepEqual(lines, ["suspect", "dead"]);
    });
  }

  test("asks once although it is told four times", t => {
    const { browser, clock, socket, lines } = beating(t);
    clock.advance(1000);
    for (const type of ["resume", "visibilitychange", "pageshow", "online"]) browser.fire(type);
    assert.equal(socket.sent.length, 1);
    clock.advance(4999);
    browser.fire("online");
    assert.equal(socket.sent.length, 1);
    clock.advance(1);
    assert.deepEqual(lines, ["suspect", "dead"]);
  });

  test("asks again after an answer", t => {
    const { browser, clock, socket, lines } = beating(t);
    browser.fire("online");
    clock.advance(20);
    socket.pong();
    browser.fire("online");
    clock.advance(30);
    socket.pong();
    assert.equal(socket.sent.length, 2);
    assert.deepEqual(lines, ["alive 20", "alive 30"]);
  });

  test("asks although a ping is unanswered, and never kills at that moment", t => {
    const { browser, clock, socket, lines } = beating(t);
    clock.advance(33749);
    browser.fire("resume");
    assert.equal(socket.sent.length, 2);
    clock.advance(4999);
    assert.deepEqual(lines, ["suspect"]);
    clock.advance(1);
    assert.deepEqual(lines, ["suspect", "dead"]);
  });

  test("does not ask when it is being hidden", t => {
    const { browser, clock, socket } = beating(t);
    clock.advance(1000);
    browser.hide();
    assert.deepEqual(socket.sent, []);
  });

  test("asks at resume although it is hidden still", t => {
    const { browser, socket } = beating(t);
    browser.hide();
    browser.fire("resume");
    assert.equal(socket.sent.length, 1);
  });

  test("does not ask while the connection opens or closes", t => {
    const browser = open(t);
    const socket = new WebSocket("ws://server/chat");
    socket.send = () => assert.fail("sent");
    heartbeat(socket);
    browser.fire("online");
    socket.accept();
    socket.close();
    browser.fire("online");
    browser.clock.advance(30000);
  });

  test("works where there is no window, as in a worker that lacks one or in Node", t => {
    const browser = open(t);
    delete globalThis.addEventListener;
    delete globalThis.removeEventListener;
    delete globalThis.document;
    const socket = new WebSocket("ws://server/chat");
    const lines = record(heartbeat(socket), "dead");
    socket.accept();
    browser.clock.advance(33750);
    assert.deepEqual(lines, ["dead"]);
  });
});

describe("offline", () => {
  test("changes nothing: browsers say it of networks that work, and do not say it of cut ones", t => {
    const { browser, clock, socket, lines } = beating(t);
    clock.advance(1000);
    browser.fire("offline");
    assert.deepEqual(socket.sent, []);
    clock.advance(22749);
    assert.deepEqual(socket.sent, []);
    clock.advance(1);
    assert.deepEqual([socket.sent.length, lines], [1, []]);
  });

  test("and online again: the connection is asked, and kept when it answers", t => {
    const { browser, clock, socket, lines } = beating(t);
    browser.fire("offline");
    clock.advance(20000);
    browser.fire("online");
    clock.advance(3000);
    socket.pong();
    assert.deepEqual([lines, socket.closeCalls], [["suspect", "alive 3000"], []]);
  });
});

describe("a hidden page", () => {
  test("notices death as soon as a visible one, but for the seconds that timers are aligned to", t => {
    const { browser, clock, lines } = beating(t);
    browser.hide();
    clock.advance(24000);
    clock.advance(9999);
    assert.deepEqual(lines, ["suspect"]);
    clock.advance(1);
    assert.deepEqual(lines, ["suspect", "dead"]);
  });

  test("lives for hours on timers that frames arm, which are not throttled to minutes", t => {
    const { browser, clock, socket, lines } = beating(t);
    browser.hide();
    socket.answersAfter = 100;
    clock.advance(4 * 3600000);
    // 23.75 s after each answer comes the timer of the next full second.
    assert.equal(socket.sent.length, 4 * 3600 / 24);
    assert.deepEqual(new Set(lines), new Set(["alive 100"]));
  });

  test("asks again after a timer that was late, and kills only when its timers are on time", t => {
    const { clock, socket, lines } = beating(t);
    clock.advance(23750);
    assert.equal(socket.sent.length, 1);
    for (let pings = 2; pings < 6; pings++) {
      // Each timer comes a minute late.
      clock.freeze(60000);
      clock.advance(0);
      assert.equal(socket.sent.length, pings);
    }
    assert.deepEqual(lines, []);
    clock.advance(4999);
    assert.deepEqual(lines, ["suspect"]);
    clock.advance(1);
    assert.deepEqual(lines, ["suspect", "dead"]);
  });

  test("tells suspect once however often it asks", t => {
    const { clock, lines } = beating(t);
    clock.advance(23750 + 5000);
    for (let i = 0; i < 3; i++) {
      clock.freeze(60000);
      clock.advance(0);
      clock.advance(2500);
    }
    assert.deepEqual(lines, ["suspect"]);
  });

  for (const [late, dead] of [
    [2000, true],
    [2001, false],
  ]) {
    test(`takes a timer that is ${late} ms late for ${dead ? "on time" : "throttled"}`, t => {
      const { clock, lines } = beating(t);
      clock.advance(33749);
      clock.freeze(1 + late);
      clock.advance(0);
      assert.equal(lines.includes("dead"), dead);
    });
  }

  test("whose ping was late gives the answer 5 s", t => {
    const { clock, socket, lines } = beating(t);
    clock.freeze(60000);
    clock.advance(0);
    assert.equal(socket.sent.length, 1);
    clock.advance(4999);
    assert.deepEqual(lines, ["suspect"]);
    clock.advance(1);
    assert.deepEqual(lines, ["suspect", "dead"]);
  });
});

describe("a page that was frozen", () => {
  // What Chromium does at the end: the resume event, then the messages that queued up, then the overdue timers.
  test("takes the late pong that follows its resume event", t => {
    const { browser, clock, socket, lines } = beating(t);
    clock.advance(23750);
    clock.freeze(60000);
    browser.random = () => 0.25;
    browser.fire("resume");
    assert.deepEqual(socket.sent, [":ping fs-i0000000", ":ping fs-90000000"]);
    socket.receive(":pong fs-i0000000");
    clock.advance(0);
    assert.deepEqual([lines, socket.closeCalls], [["alive 0"], []]);
    clock.advance(12);
    socket.receive(":pong fs-90000000");
    clock.advance(10000);
    assert.deepEqual([lines, socket.closeCalls], [["alive 0", "alive 12"], []]);
  });

  test("asks when nothing but its overdue timer comes", t => {
    const { clock, socket, lines } = beating(t);
    clock.advance(23750);
    clock.freeze(600000);
    clock.advance(0);
    assert.deepEqual([socket.sent.length, lines], [2, []]);
    clock.advance(40);
    socket.pong();
    assert.deepEqual(lines.slice(-1), ["alive 40"]);
  });

  test("knows within 5 s when its connection died meanwhile", t => {
    const { browser, clock, socket, lines } = beating(t);
    clock.freeze(600000);
    browser.fire("resume");
    clock.advance(0);
    clock.advance(5000);
    assert.deepEqual(lines, ["suspect", "dead"]);
    assert.equal(socket.sent.length, 1);
  });

  test("takes the close event that follows its resume event", t => {
    const { browser, clock, socket, lines } = beating(t);
    clock.freeze(60000);
    browser.fire("resume");
    socket.end(1006);
    clock.advance(60000);
    assert.deepEqual([lines, socket.closeCalls], [[], []]);
  });
});

test("a machine that slept asks, although its timers seem to be on time", t => {
  const { clock, socket, lines } = beating(t);
  clock.advance(33749);
  clock.sleep(3600000);
  clock.advance(1);
  assert.deepEqual([socket.sent.length, lines], [2, ["suspect"]]);
  clock.advance(15);
  socket.pong();
  assert.deepEqual(lines, ["suspect", "alive 0", "alive 15"]);
});

test("a wall clock that is set back disturbs nothing", t => {
  const { clock, lines } = beating(t);
  clock.sleep(-3600000);
  clock.advance(33749);
  assert.deepEqual(lines, ["suspect"]);
  clock.advance(1);
  assert.deepEqual(lines, ["suspect", "dead"]);
});
