/* What a notebook loads for each explorable: little, since all scripts come once, with the library.
   If they do not come, the figure says so and tries again when it is asked. */

/* A model that is still on its way: ipywidgets 7 answers with nothing then, 8 with an error. */
async function arrived(manager, id) {
  for (let tries = 0; tries < 300; tries++) {
    const model = await Promise.resolve(manager.get_model(id)).catch(() => null);
    if (model) return model;
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error("the notebook did not send them within half a minute");
}

async function load(library) {
  const { buffer, byteOffset, byteLength } = library.get("scripts");
  const packed = new Blob([new Uint8Array(buffer, byteOffset, byteLength)]);
  const stream = packed.stream().pipeThrough(new DecompressionStream("gzip"));
  const text = await new Response(stream).text();
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return import(address).finally(() => URL.revokeObjectURL(address));
}

async function render({ model, el }) {
  const library = model.get("library");
  try {
    const manager = model.widget_manager;
    const loaded = (globalThis.UNROLLED_LIVE ??= {}); // by kernel: another may bring other scripts
    loaded[library] ??= arrived(manager, library).then(load);
    const [{ render }, state] = await Promise.all([loaded[library], arrived(manager, model.get("state"))]);
    return render(state, el);
  } catch (error) {
    delete globalThis.UNROLLED_LIVE[library];
    const again = document.createElement("button");
    again.textContent = "Try again";
    again.addEventListener("click", () => render({ model, el }));
    const trouble = document.createElement("p");
    trouble.className = "trouble";
    trouble.append(`The scripts of this figure did not arrive: ${error.message}. `, again);
    el.replaceChildren(trouble);
  }
}

export default { render };
