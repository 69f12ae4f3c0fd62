/* A canvas as sharp as the screen, that says in words what it shows. */
import { element } from "../dom.js";
import { shade } from "./colors.js";

export class Canvas {
  constructor(name, label) {
    this.root = element("canvas", { class: name, role: "img", "aria-label": label });
    this.pen = this.root.getContext("2d");
  }

  /* Called when the page's layout may have changed, and never while drawing. */
  measure() {
    this.width = this.root.parentElement.clientWidth;
  }

  /* Empty, `height` pixels high, as wide as its parent was when measured. */
  clear(height) {
    const { root, pen, width } = this;
    const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
    const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (root.width !== columns || root.height !== rows) {
      [root.width, root.height] = [columns, rows];
      root.style.height = `${height}px`;
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
  }

  /* Text of a color, placed by `align` and the middle of its line. */
  write(text, x, y, { color, size = 12, align = "left", weight = 400, font, halo }) {
    const { pen } = this;
    pen.font = `${weight} ${size}px ${font}`;
    pen.textAlign = align;
    pen.textBaseline = "middle";
    if (halo) {
      Object.assign(pen, { strokeStyle: halo, lineWidth: 4, lineJoin: "round" });
      pen.strokeText(text, x, y);
    }
    pen.fillStyle = color;
    pen.fillText(text, x, y);
  }

  line(points, { color, width = 1.5, dash = [], alpha = 1 }) {
    const { pen } = this;
    pen.beginPath();
    points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    Object.assign(pen, { strokeStyle: color, lineWidth: width, globalAlpha: alpha, lineJoin: "round" });
    pen.setLineDash(dash);
    pen.stroke();
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  /* A heat map of values on [−1, 1]: at(row, column), one pixel each, stretched without a blur. */
  heat(at, rows, columns, box, shades) {
    const image = (this.image ??= document.createElement("canvas"));
    if (image.width !== columns || image.height !== rows) {
      [image.width, image.height] = [columns, rows];
      this.pixels = image.getContext("2d").createImageData(columns, rows);
      this.words = new Uint32Array(this.pixels.data.buffer);
    }
    let i = 0;
    for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) this.words[i++] = shade(shades, at(row, column));
    image.getContext("2d").putImageData(this.pixels, 0, 0);
    this.pen.imageSmoothingEnabled = false;
    this.pen.drawImage(image, box.x, box.y, box.width, box.height);
  }
}
