/* Settings: flat objects, which unrolled.playground limits, and an address carries. */

const LONGEST = 4000; // characters of an address that are looked at

/* Whether a control belongs to the task and the cell of a setting. */
export function applies(control, setting) {
  return Object.entries(control?.for ?? {}).every(([key, values]) => values.includes(setting[key]));
}

/* The defaults of a task, with changes. */
export function settingOf(catalogue, changes) {
  return { ...catalogue.tasks[changes.task].defaults, ...changes };
}

/* "#task=echo&k2=8": the task, and what differs from its defaults. */
export function hashOf(catalogue, setting) {
  const { defaults } = catalogue.tasks[setting.task];
  const changed = catalogue.keys.filter((key) => key !== "task" && key in setting && setting[key] !== defaults[key]);
  return `#${["task", ...changed].map((key) => `${key}=${encoded(setting[key])}`).join("&")}`;
}

/* As Python writes it. */
function encoded(value) {
  const more = (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(value).replace(/[!'()*]/g, more).replaceAll("%20", "+");
}

/* {setting, complaints} of an address, or null if it names no task. Nothing in it makes this throw. */
export function parse(catalogue, hash) {
  const given = new Map(hash.slice(0, LONGEST).replace(/^#/, "").split("&").filter(Boolean).map(pair));
  if (!given.has("task")) return null;
  const task = given.get("task");
  if (!Object.hasOwn(catalogue.tasks, task)) {
    return { setting: null, complaints: [`There is no task “${shortened(task)}”.`] };
  }
  const setting = settingOf(catalogue, { task });
  const complaints = [];
  for (const [key, text] of given) {
    if (key === "task") continue;
    const control = controlOf(catalogue, key, task);
    const value = control && Object.hasOwn(setting, key) ? valueOf(control, text) : undefined;
    if (value === undefined) complaints.push(complaint(control, key, text, setting));
    else setting[key] = value;
  }
  if (tooFar(setting)) {
    complaints.push(`k1 cannot be more than k2, or losses would be left out; both were set to the whole sequence.`);
    Object.assign(setting, { k1: 0, k2: 0 });
  }
  return { setting, complaints };
}

/* Whether blocks of k1 losses would reach back less far than they are long. */
export const tooFar = ({ k1, k2 }) => k2 > 0 && k2 < k1;

/* A control with the limits that its task sets, or null. */
export function controlOf(catalogue, key, task) {
  if (!Object.hasOwn(catalogue.controls, key)) return null;
  const control = catalogue.controls[key];
  const limits = catalogue.tasks[task].limits[key];
  if (!limits) return control;
  return control.kind === "choice" ? { ...control, options: limits } : { ...control, min: limits[0], max: limits[1] };
}

/* The value that a text stands for, or undefined if the control does not take it. */
export function valueOf(control, text) {
  if (control.kind === "text") return readable(control, text) ? text : undefined;
  if (control.kind === "choice") return control.options.find((option) => String(option) === text);
  const form = control.whole ? /^-?[0-9]{1,12}$/ : /^-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?$/;
  const value = form.test(text) ? Number(text) : NaN;
  return value >= control.min && value <= control.max ? value + 0 : undefined;
}

/* Two different characters at least, and none of them half a surrogate pair. */
export function readable({ min, max }, text) {
  const signs = [...text];
  return signs.length >= min && signs.length <= max && new Set(signs).size > 1 && text.isWellFormed();
}

function complaint(control, key, text, setting) {
  if (!control) return `There is no setting “${shortened(key)}”.`;
  const label = sentence(control.label);
  if (!Object.hasOwn(setting, key)) return `${label} does not count here.`;
  if (control.kind === "text") return unreadable(control, setting.text);
  return `${label} cannot be “${shortened(text)}”; it stays ${shortened(String(setting[key]))}.`;
}

/* Why a text is not taken. */
export function unreadable({ label, min, max }, text) {
  return `${sentence(label)} needs ${min} to ${max} characters, at least two of them different; it stays “${shortened(text)}”.`;
}

function pair(part) {
  const at = part.indexOf("=");
  const [key, value] = at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
  return [key, decoded(value.replaceAll("+", " "))];
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign
  }
}

export const sentence = (words) => words[0].toUpperCase() + words.slice(1);
const shortened = (text) => (text.length > 20 ? `${text.slice(0, 20)}…` : text);

/* [index of the story, "before" or "after"] that a setting is, whatever its seed, or null. */
export function storyOf(catalogue, setting) {
  for (const [i, story] of catalogue.stories.entries()) {
    const [before, after] = sides(catalogue, story);
    if (same(catalogue, setting, before)) return [i, "before"];
    if (after && same(catalogue, setting, after)) return [i, "after"];
  }
  return null;
}

/* The two settings of a story: as it begins, and after its button. */
export function sides(catalogue, story) {
  const before = settingOf(catalogue, story.setting);
  return [before, story.button ? { ...before, ...story.button.setting } : null];
}

function same(catalogue, one, other) {
  return catalogue.keys.every((key) => key === "seed" || key === "text" || one[key] === other[key]);
}
