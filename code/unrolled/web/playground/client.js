// The way from a page to a session: a worker from its own script, else a worker from the text of
// that script, which a page opened as a file may have, else slices on the page's own thread.

import { Session } from "./session.js";

const page = globalThis.document?.currentScript?.src;

// Where the worker's script lies: where the page says, else beside its own script.
function scriptOfWorker() {
  const beside = new URL("playground_worker.js", page ?? location.href);
  return globalThis.UNROLLED_PLAYGROUND_WORKER ?? beside.href;
}

// Each way takes what receives messages and what is told that the way is closed, and returns, or
// promises, { send, close }.
const WAYS = {
  worker: async (receive, fail) => fromAddress(scriptOfWorker(), receive, fail),
  blob: async (receive, fail) => {
    if (!globalThis.UNROLLED_WORKER) await loaded(scriptOfWorker());
    const text = new Blob([`(${globalThis.UNROLLED_WORKER})()`], { type: "text/javascript" });
    return fromAddress(URL.createObjectURL(text), receive, fail);
  },
  slices: async (receive, fail) => {
    let session = null;
    setTimeout(() => receive({ type: "ready" }));
    return {
      send(message) {
        try {
          if (message.type === "catalogue") {
            session = new Session(message.catalogue, (answer) => setTimeout(() => receive(answer)));
          } else session.receive(message);
        } catch (error) {
          fail(error.message);
        }
      },
      close: () => session?.receive({ type: "pause" }),
    };
  },
};

function fromAddress(address, receive, fail) {
  const worker = new Worker(address);
  worker.onmessage = ({ data }) => receive(data);
  worker.onerror = (event) => {
    event.preventDefault?.();
    fail(event.message);
  };
  return { send: (message) => worker.postMessage(message), close: () => worker.terminate() };
}

// Runs a classic script, which a page opened as a file may load though it may not read it.
function loaded(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
}

// A session that is reached by the first way that opens. onmessage gets what the session says of
// the present setup (see session.js), and "failed" if it breaks later.
export function connect(catalogue, onmessage) {
  const left = Object.keys(WAYS);
  let way = null;
  let channel = null;
  let open = false; // it has answered
  let closed = false;
  let setups = 0;
  let unanswered = []; // to be sent again on the next way

  function take(own, message) {
    if (closed || own !== way) return;
    if (message.type === "ready") {
      open = true;
      unanswered = [];
    } else if (message.setup === setups) onmessage(message);
  }

  function fail(own, reason) {
    if (closed || own !== way) return;
    if (open) onmessage({ type: "failed", setup: setups, update: null, sentence: `Training broke off: ${reason}.` });
    else next();
  }

  async function next() {
    channel?.close();
    channel = null;
    const own = (way = left.shift());
    try {
      const found = await WAYS[own]((message) => take(own, message), (reason) => fail(own, reason));
      if (closed || own !== way) return found.close();
      channel = found;
      channel.send({ type: "catalogue", catalogue });
      for (const message of unanswered) channel.send(message);
    } catch (error) {
      fail(own, error.message);
    }
  }

  function send(message) {
    if (message.type === "setup") unanswered = [];
    if (!open) unanswered.push(message);
    channel?.send(message);
  }

  next();
  return {
    // -> the number of this setup, which all that comes of it carries.
    setup(setting) {
      setups += 1;
      send({ type: "setup", setup: setups, setting });
      return setups;
    },
    run: (speed = "faster") => send({ type: "run", speed }),
    pause: () => send({ type: "pause" }),
    step: (n = 1) => send({ type: "step", n }),
    frame: () => send({ type: "frame" }),
    longer: () => send({ type: "longer" }),
    alone: () => send({ type: "alone" }),
    end() {
      closed = true;
      channel?.close();
    },
    get way() {
      return open ? way : null;
    },
  };
}
