/* The sliders of every explorable of a page, and when which figure is drawn. */
(() => {
  "use strict";

  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  class Explorable extends window.UNROLLED.Drawing {
    async start() {
      await this.unpacked;
      this.inputs.forEach((input, axis) => {
        input.addEventListener("input", () => this.move(axis));
        const button = input.parentElement.querySelector(".play");
        if (button) this.playable(button, axis);
      });
      const controls = this.root.querySelector(".controls");
      if (controls) controls.hidden = false;
      await this.draw();
      const resized = () => this.fits || requestAnimationFrame(() => this.soon());
      new ResizeObserver(resized).observe(this.root);
      this.root.dataset.ready = "yes";
    }

    move(axis) {
      const input = this.inputs[axis];
      const text = this.spec.sliders[axis][Number(input.value)];
      input.setAttribute("aria-valuetext", text);
      input.parentElement.querySelector("output").textContent = text;
      this.soon();
      clearTimeout(this.speech);
      if (!this.timer) this.speech = setTimeout(() => this.speak(), 400);
    }

    speak() {
      const settings = this.inputs.map((input) => {
        const label = input.parentElement.querySelector("label").textContent;
        return `${label} ${input.getAttribute("aria-valuetext")}`;
      });
      const words = [...this.root.querySelectorAll("[data-text]")].map((p) => p.textContent);
      this.status.textContent = `${settings.join(", ")}. ${words.join(" ")}`;
    }

    step(axis, wrap) {
      const input = this.inputs[axis];
      const last = Number(input.max);
      if (Number(input.value) >= last && !wrap) return false;
      input.value = Number(input.value) >= last ? 0 : Number(input.value) + 1;
      this.move(axis);
      return Number(input.value) < last;
    }

    /* With reduced motion nothing runs by itself: the button takes one step at a time. */
    playable(button, axis) {
      const label = () => {
        button.textContent = this.timer ? "Pause" : still.matches ? "Step" : "Play";
      };
      const stop = () => {
        clearInterval(this.timer);
        this.timer = null;
        label();
        this.speak();
      };
      button.addEventListener("click", () => {
        if (this.timer) return stop();
        if (still.matches) return void this.step(axis, true);
        this.timer = setInterval(() => this.step(axis, false) || stop(), this.spec.play[axis]);
        this.step(axis, true);
        label();
      });
      this.inputs[axis].addEventListener("pointerdown", () => this.timer && stop());
      this.inputs[axis].addEventListener("keydown", () => this.timer && stop());
      still.addEventListener("change", () => (this.timer ? stop() : label()));
      label();
    }
  }

  const drawings = [...document.querySelectorAll(".unrolled-figure")].map((r) => new Explorable(r));
  const start = (drawing) => (drawing.started ??= drawing.start());
  const nearby = new IntersectionObserver(
    (entries) =>
      entries.forEach((entry) => {
        if (!entry.isIntersecting) return;
        nearby.unobserve(entry.target);
        start(drawings.find((drawing) => drawing.root === entry.target));
      }),
    { rootMargin: "400px" }
  );
  drawings.forEach((drawing) => nearby.observe(drawing.root));

  const recolored = () => drawings.filter((d) => d.started).forEach((d) => d.started.then(() => d.draw()));
  new MutationObserver(recolored).observe(document.documentElement, {
    attributeFilter: ["data-theme"],
  });

  /* Paper shows every figure, and is not as wide as the screen. */
  const drawAll = () => drawings.forEach((d) => start(d).then(() => d.draw()));
  window.addEventListener("beforeprint", drawAll);
  window.matchMedia("print").addEventListener("change", drawAll);
  window.UNROLLED.drawings = drawings;
})();
