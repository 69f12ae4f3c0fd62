/* The playground of a page: a story, a question, Train, and the picture of what the network does. */
import { number } from "../dom.js";
import { say } from "../sentences.js";
import { Board } from "./board.js";
import { connect } from "./client.js";
import { colorsOf } from "./colors.js";
import { Run } from "./run.js";
import { hashOf, parse, settingOf, sides, storyOf, tooFar } from "./settings.js";
import { letters } from "./tasks.js";
import { Trainer } from "./trainer.js";
import { watch } from "./watch.js";
import { numbers, ownText, skillText } from "./words.js";

const HINT = 400; // updates after which the change is offered
const ENOUGH = 5000; // updates at a stretch after which it stops, whether it has learned or not
const CALM = 1000; // milliseconds between pictures where motion is reduced
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

export class Playground {
  /* `page` has remember(hash) and address(hash), or is null where there is no address. */
  constructor(root, catalogue, page, hash) {
    Object.assign(this, { root, catalogue, page, speed: "faster", running: false });
    this.connection = connect(catalogue, (message) => this.hear(message));
    this.stories = catalogue.stories.filter((story) => !story.reserve);
    this.board = new Board(this);
    this.recolor();
    this.restore(hash);
    this.unwatched = watch(this.board.picture, {
      resized: () => {
        this.board.measure();
        this.draw();
      },
      unseen: (why) => this.running && this.pause(why),
      recolored: () => this.recolor(),
    });
    root.dataset.ready = "yes";
  }

  /* Begin where an address says, or else where the page does. An address of something else on the
     page, which comes later, changes nothing. -> whether it was an address of a setting */
  restore(hash) {
    const found = parse(this.catalogue, hash) ?? (this.setting ? null : parse(this.catalogue, this.root.dataset.hash ?? ""));
    if (!found && this.setting) return false;
    const setting = found?.setting ?? sides(this.catalogue, this.stories[0])[0];
    this.begin(setting, { kept: false, written: false, asks: true });
    this.board.complain(found?.complaints.join(" ") ?? "");
    return true;
  }

  /* A setting from update 0, untrained. `kept`: the losses so far stay, in gray. `asks`: whether the
     question is asked anew; if not said, it is where the story, its half or the text is another. */
  begin(setting, { kept = true, written = true, asks } = {}) {
    this.halt();
    const same = this.setting?.task === setting.task;
    this.before = kept && same ? (this.run?.length ? this.run : this.before) : null;
    const [index, side] = storyOf(this.catalogue, setting) ?? [-1, null];
    const story = this.catalogue.stories[index] ?? null;
    const other = !story || story !== this.story || side !== this.side || setting.text !== this.setting.text;
    Object.assign(this, { setting, story, side, run: new Run(this.catalogue.constants.printed), prepared: false, told: false, ending: null, spoken: false, failed: null });
    if (asks ?? other) this.board.question.begin(story, side, this.telling);
    this.take(new Trainer(setting, this.catalogue).frame());
    this.board.complain("");
    this.board.say("");
    this.board.show();
    this.draw();
    if (written) this.page?.remember(hashOf(this.catalogue, setting));
  }

  choose(i) {
    this.begin(sides(this.catalogue, this.stories[i])[0], { kept: false, asks: true });
  }

  /* What the question tells of a story at its ends: of the reader's own text nothing was measured. */
  get telling() {
    const { setting, story } = this;
    const { defaults, alone } = this.catalogue.tasks[setting.task];
    const measured = setting.text === defaults.text;
    const own = (side) => ownText(Math.max(...story.recorded[side].updates));
    const told = measured || !story ? story?.told : { before: own("before"), after: own("after") };
    return { told, measured, test: alone ? "Let it go on" : "Test it" };
  }

  next() {
    this.choose((this.stories.indexOf(this.story) + 1) % this.stories.length);
    this.board.focus();
  }

  /* The one thing that the story's button changes, there and back. */
  change() {
    const [, after] = sides(this.catalogue, this.story);
    this.begin({ ...after, seed: this.setting.seed, ...this.own() }, { asks: false });
    this.board.question.changed();
    this.train();
  }

  back() {
    const [before] = sides(this.catalogue, this.story);
    this.begin({ ...before, seed: this.setting.seed, ...this.own() }, { asks: false });
    this.board.question.undone();
    this.board.say("Back to the setting before, untrained.");
  }

  own() {
    return this.setting.task === "text" ? { text: this.setting.text } : {};
  }

  /* What the reader sets: another task or cell brings its own defaults with it. */
  set(changes) {
    const { task } = this.setting;
    const whole = changes.task && changes.task !== task ? settingOf(this.catalogue, changes) : { ...this.setting, ...changes };
    if (tooFar(whole)) whole["k1" in changes ? "k2" : "k1"] = "k1" in changes ? whole.k1 : whole.k2;
    this.begin(whole);
    this.board.say("Changed: it starts again from update 0.");
  }

  reset() {
    this.begin(this.setting, { kept: false, asks: true });
    this.board.say("Back at update 0, with the same seed.");
  }

  newSeed() {
    this.begin({ ...this.setting, seed: (this.setting.seed + 1) % 2 ** 32 });
    this.board.say(`Seed ${this.setting.seed}: other weights, other sequences.`);
  }

  train() {
    if (this.running) return this.pause();
    if (this.failed) this.begin(this.setting);
    this.prepare();
    Object.assign(this, { running: true, started: this.frame.update });
    this.connection.run(this.speed);
    this.connection.frame();
    this.board.untested();
    this.ending = null;
    this.board.say(this.frame.update ? "It trains on." : "It trains, here in your browser.");
    this.board.press();
  }

  /* The other side learns of a setting when it is first trained. */
  prepare() {
    if (!this.prepared) this.connection.setup(this.setting);
    this.prepared = true;
  }

  step() {
    if (this.running) this.pause();
    this.prepare();
    this.connection.step(calm.matches ? 25 : 1);
    this.connection.frame();
    this.spoken = true;
  }

  pace(speed) {
    this.speed = speed;
    if (this.running) this.connection.run(speed);
  }

  /* Stop, and say where it stands. */
  pause(why = "Paused", until = 0) {
    this.halt();
    if (this.run.solved !== null) this.tell();
    if (this.story && this.side === "before") this.board.question.waiting();
    Object.assign(this, { ending: why, until }); // is said with the last frame, which is on its way
    this.board.press();
  }

  halt() {
    if (!this.running) return;
    this.running = false;
    this.connection.pause();
    this.connection.frame(); // what was trained since the last picture
  }

  /* It was solved a while ago. What the story ends with is tried at once. */
  stopped({ update }) {
    this.pause(`Solved after ${this.frame.solved ?? update} updates; stopped`, update);
    if (this.story?.longer) this.connection[this.lastAct]();
  }

  get lastAct() {
    return this.catalogue.tasks[this.setting.task].alone ? "alone" : "longer";
  }

  /* Where the reader asked for it, what was found comes into view. */
  tested(message) {
    this.ending = null; // it was said before that it is solved
    if (this.run.solved !== null) this.tell();
    this.board.tested(message.type, message, this.asked);
    this.asked = false;
  }

  /* On longer sequences, or on its own. */
  test(kind = this.lastAct) {
    this.prepare();
    this.asked = true;
    this.connection[kind]();
    this.board.say(kind === "longer" ? "It listens to longer sequences." : "It hears itself.");
  }

  hear(message) {
    if (!this.prepared) return; // the reader has moved on
    if (message.type === "frame") this.arrived(message);
    if (message.type === "stopped") this.stopped(message);
    if (message.type === "failed") this.fail(message);
    if (message.type === "longer" || message.type === "alone") this.tested(message);
  }

  arrived(frame) {
    const { size } = this.run.printed;
    this.run.add(frame.updates, frame.losses);
    if (this.run.printed.size > size) this.board.python.show();
    this.take(frame);
    if (this.waiting) return;
    this.waiting = calm.matches && this.running ? setTimeout(() => this.picture(), CALM) : requestAnimationFrame(() => this.picture());
  }

  /* Draw, ask for the next frame, and see whether it is time to stop. */
  picture() {
    this.waiting = null;
    if (this.running) this.connection.frame();
    if (this.frame !== this.drawn) this.draw();
    this.judge();
    const { update, loss, skill } = this.frame;
    if (this.ending && update < this.until) return;
    if (this.ending) this.board.say(`${this.ending} at update ${update}, skill ${skillText(skill)}.`);
    else if (this.spoken) this.board.say(`Update ${update}, loss ${loss?.toPrecision(3)}.`);
    this.ending = this.spoken = null;
  }

  judge() {
    const { frame, run } = this;
    if (frame.solved !== null && run.solved === null) {
      run.solved = frame.solved;
      this.board.say(`Solved after ${frame.solved} updates.`);
      if (!this.running || !this.story?.tested) this.tell(); // or else with the test that shows it
    }
    if (!this.running) return;
    if (run.solved === null && frame.update >= HINT && this.fails) this.board.question.waiting();
    if (run.solved === null && frame.update >= this.catalogue.constants.patience && !run.late) this.late();
    const since = frame.update - this.started;
    if (since >= ENOUGH) this.pause(run.solved === null ? "Not learned yet; stopped" : "Stopped");
  }

  /* It has had its time: say so, once, and what came of the story if it had to come so. */
  late() {
    this.run.late = true;
    if (this.fails) this.tell();
    const change = this.fails ? `, or press “${this.story.button.label}”` : "";
    this.board.say(`Not solved after ${number(this.catalogue.constants.patience, ",d")} updates. Pause it${change}.`);
  }

  /* Whether it is the half of a story that was never solved. */
  get fails() {
    return Boolean(this.story?.recorded[this.side].updates.includes(null));
  }

  /* What came of a story, once. */
  tell() {
    if (this.told || !this.story) return;
    this.told = true;
    if (this.side === "before") this.board.question.before();
    else this.board.question.ended();
  }

  fail({ sentence }) {
    Object.assign(this, { running: false, failed: sentence });
    this.connection.frame();
    this.board.say(sentence);
    this.board.press();
    this.tell();
  }

  take(frame) {
    const { setting, catalogue } = this;
    const { D, K, hears, says, rival, solved, loss, answer } = catalogue.tasks[setting.task];
    const signs = setting.task === "text" ? letters(setting.text) : [];
    const T = frame.reach.full.length;
    const kept = frame.skill ?? (frame.update ? this.frame?.skill : null);
    this.frame = Object.assign(frame, { T, H: setting.H, cell: setting.cell, place: answer, D: D ?? signs.length, K: K ?? signs.length, skill: kept ?? null });
    this.task = { hears, says, letters: signs, rival, enough: solved, classes: loss === "softmax", unit: setting.task === "count" ? catalogue.constants.tens : 1 };
  }

  /* The sentence of the task, with the numbers of the setting. */
  get sentence() {
    return say(this.catalogue.tasks[this.setting.task].sentence, { ...this.setting, steps: this.frame.T }, {});
  }

  get hash() {
    return hashOf(this.catalogue, this.setting);
  }

  draw() {
    this.drawn = this.frame;
    this.board.draw(this.colors);
    this.board.tellNumbers(numbers(this.frame, this.task));
  }

  recolor() {
    this.colors = colorsOf(this.root);
    if (this.frame) this.draw();
  }

  end() {
    this.unwatched();
    this.connection.end();
  }
}
