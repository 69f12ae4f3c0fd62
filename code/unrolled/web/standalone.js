/* In a file that stands alone the scripts come compressed, once, with its first figure. */
globalThis.UNROLLED_SCRIPTS ??= (async () => {
  const bytes = Uint8Array.from(atob("PACKED"), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const text = await new Response(stream).text();
  if (document.readyState === "loading") await new Promise((done) => document.addEventListener("DOMContentLoaded", done));
  new Function("define", "module", "exports", "require", text)();
})();
