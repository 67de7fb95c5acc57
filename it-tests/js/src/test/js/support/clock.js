// Time that moves only when a test says so. Timers run at their due time, unless the page is hidden or frozen.
export class Clock {
  constructor() {
    this.now = 1000000;
    // What the wall clock is ahead of the monotonic one; a machine that slept has more.
    this.skew = 0;
    this.hidden = false;
    this.timers = new Map();
    this.lastId = 0;
    // How many timers, each armed by the one before, led to what runs now.
    this.chain = 0;
  }

  set(action, delay = 0) {
    const id = ++this.lastId;
    // HTML 8.6: the delay is a 32-bit number, and what does not fit comes out as none or less.
    const wait = delay > 0x7fffffff ? 0 : Math.max(0, delay);
    this.timers.set(id, { due: this.now + wait, action, chain: this.chain + 1 });
    return id;
  }

  clear(id) {
    this.timers.delete(id);
  }

  // What comes from the network, and not from a timer of the page, is never throttled.
  later(delay, action) {
    this.timers.set(++this.lastId, { due: this.now + delay, action, chain: 0 });
  }

  // Runs what falls due within so many milliseconds.
  advance(milliseconds) {
    const end = this.now + milliseconds;
    for (let next = this.next(end); next; next = this.next(end)) this.run(next);
    this.now = end;
  }

  run({ id, at, action, chain }) {
    this.now = Math.max(this.now, at);
    this.timers.delete(id);
    this.chain = chain;
    try {
      action();
    } finally {
      this.chain = 0;
    }
  }

  // Lets time pass in which no timer runs: a frozen page.
  freeze(milliseconds) {
    this.now += milliseconds;
  }

  // Lets time pass on the wall only: a machine that sleeps, whose monotonic clock stands still.
  sleep(milliseconds) {
    this.skew += milliseconds;
  }

  next(end) {
    return [...this.timers]
      .map(([id, timer]) => ({ id, ...timer, at: this.runs(timer) }))
      .filter(timer => timer.at <= end)
      .sort((a, b) => a.at - b.at || a.id - b.id)[0];
  }

  // Chromium: timers of a hidden page wait for the next full second, from the fifth of a chain on for the next minute.
  runs({ due, chain }) {
    if (!this.hidden || chain === 0) return due;
    const grid = chain >= 5 ? 60000 : 1000;
    return Math.ceil(due / grid) * grid;
  }
}
