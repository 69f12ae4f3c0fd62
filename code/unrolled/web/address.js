/* The state of an explorable in the page's address: #TruncationLab:k2=20,T=60 */

export function written(name, values) {
  const parts = Object.entries(values).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  return `#${name}:${parts.join(",")}`;
}

/* {name, values} of an address; values are texts, and the last of two counts. */
export function read(hash) {
  const [, name, rest] = /^#(\w+):(.*)$/s.exec(hash) ?? [];
  if (!name) return null;
  const pairs = rest.slice(0, 2000).split(",").filter(Boolean).map((part) => {
    const [key, ...value] = part.split("=");
    return [key, decoded(value.join("="))];
  });
  return { name, values: Object.fromEntries(pairs) };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign
  }
}
