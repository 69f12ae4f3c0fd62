/* What a worker of the playground runs. A page that loads it keeps it as text: see bundle.py. */
import { Session } from "./playground/session.js";

if (globalThis.WorkerGlobalScope && globalThis instanceof WorkerGlobalScope) {
  let session = null;
  globalThis.onmessage = ({ data }) => {
    if (data.type === "catalogue") session = new Session(data.catalogue, (message) => postMessage(message));
    else session.receive(data);
  };
  postMessage({ type: "ready" });
}
