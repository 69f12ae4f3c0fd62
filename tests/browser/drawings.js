/* How the words of a drawing lie: on each other, on lines, or beyond its edge. Places are pixels of
   the screen; what counts is the ink of each letter, not the box of its font. */
window.drawings = (() => {
  const SHAPES = "path, line, polyline, polygon, rect, circle, ellipse";
  const GAP = 1.5; // between the ink of a letter and other ink, in units of the drawing
  const canvas = document.createElement("canvas").getContext("2d");
  const inks = new Map();

  /* What a letter's ink takes around its start: [left, up, right, down]. */
  const ink = (letter, { fontStyle, fontWeight, fontSize, fontFamily }) => {
    const font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
    const key = `${font} ${letter}`;
    if (!inks.has(key)) {
      canvas.font = font;
      const size = canvas.measureText(letter);
      inks.set(key, [size.actualBoundingBoxLeft, size.actualBoundingBoxAscent, size.actualBoundingBoxRight, size.actualBoundingBoxDescent]);
    }
    return inks.get(key);
  };

  const bounds = (points) => {
    const [xs, ys] = [points.map((p) => p.x), points.map((p) => p.y)];
    return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
  };

  /* The letters that an SVG text draws, white space collapsed: [letter, style]. */
  const letters = (text) => {
    const found = [];
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const style = getComputedStyle(walker.currentNode.parentElement);
      for (const unit of walker.currentNode.data.replace(/\s+/g, " ").split("")) {
        if (unit !== " " || (found.length && found.at(-1)[0] !== " ")) found.push([unit, style]);
      }
    }
    return found.length && found.at(-1)[0] === " " ? found.slice(0, -1) : found;
  };

  /* Where the ink of an SVG text is: a box for each letter. */
  const boxes = (text) => {
    const found = letters(text);
    if (found.length !== text.getNumberOfChars()) throw Error(`cannot tell the letters of “${text.textContent}”`);
    const matrix = text.getScreenCTM();
    return found.flatMap(([letter, style], i) => {
      const [left, up, right, down] = ink(letter, style);
      if (left + right <= 0) return [];
      const start = text.getStartPositionOfChar(i);
      const corners = [[-left, -up], [right, -up], [right, down], [-left, down]];
      return [bounds(corners.map(([dx, dy]) => new DOMPoint(start.x + dx, start.y + dy).matrixTransform(matrix)))];
    });
  };

  /* Points along the outline of a shape, about two pixels apart. */
  const outline = (shape, matrix, scale) => {
    const length = shape.getTotalLength();
    const count = Math.max(2, Math.ceil((length * scale) / 2));
    return Array.from({ length: count + 1 }, (_, i) => shape.getPointAtLength((i / count) * length).matrixTransform(matrix));
  };

  const size = (matrix) => Math.sqrt(Math.abs(matrix.a * matrix.d - matrix.b * matrix.c));

  /* The heads of a line: of marker-start and marker-end, as the points of their outlines. */
  const heads = (shape, matrix, style) => {
    const length = shape.getTotalLength();
    return [["markerStart", 0], ["markerEnd", length]].flatMap(([end, at]) => {
      const marker = document.getElementById(style[end].match(/#([^")]+)/)?.[1]);
      if (!marker) return [];
      const [tip, inside] = [at, at ? length - 0.5 : 0.5].map((place) => shape.getPointAtLength(place));
      const angle = (Math.atan2(tip.y - inside.y, tip.x - inside.x) * 180) / Math.PI;
      const wide = marker.markerUnits.baseVal === SVGMarkerElement.SVG_MARKERUNITS_STROKEWIDTH ? parseFloat(style.strokeWidth) : 1;
      const { width } = marker.viewBox.baseVal;
      const zoom = (wide * marker.markerWidth.baseVal.value) / width;
      const place = matrix.translate(tip.x, tip.y).rotate(angle).scale(zoom).translate(-marker.refX.baseVal.value, -marker.refY.baseVal.value);
      return [...marker.querySelectorAll(SHAPES)].flatMap((part) => outline(part, place, size(place)));
    });
  };

  /* The points of a line that has a width: across it at each point, with the direction to the next. */
  const thick = (points, width) =>
    points.flatMap((point, i) => {
      const [a, b] = [points[Math.max(i - 1, 0)], points[Math.min(i + 1, points.length - 1)]];
      const long = Math.hypot(b.x - a.x, b.y - a.y) || 1;
      const [across, down] = [(a.y - b.y) / long, (b.x - a.x) / long];
      const count = Math.ceil(width);
      return Array.from({ length: count + 1 }, (_, j) => {
        const off = width * (j / count - 0.5);
        return { x: point.x + off * across, y: point.y + off * down };
      });
    });

  /* All that is drawn as a line: its shape and the points where its ink is. */
  const lines = (svg) =>
    [...svg.querySelectorAll(SHAPES)].flatMap((shape) => {
      if (shape.closest("defs, marker, clipPath, mask") || !shape.getClientRects().length) return [];
      const style = getComputedStyle(shape);
      const width = parseFloat(style.strokeWidth);
      if (style.stroke === "none" || !width || !Number(style.strokeOpacity) || !Number(style.opacity)) return [];
      const matrix = shape.getScreenCTM();
      const points = thick(outline(shape, matrix, size(matrix)), size(matrix) * width);
      return [{ shape, points: [...points, ...heads(shape, matrix, style)] }];
    });

  const meet = (a, b, gap) => a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom + gap && b.top < a.bottom + gap;
  const near = (box, point, gap) => {
    const across = Math.max(box.left - point.x, point.x - box.right, 0);
    return Math.hypot(across, Math.max(box.top - point.y, point.y - box.bottom, 0)) < gap;
  };
  const within = (box, edge, gap) =>
    box.left >= edge.left + gap && box.top >= edge.top + gap && box.right <= edge.right - gap && box.bottom <= edge.bottom - gap;
  const around = (boxes) => bounds(boxes.flatMap((b) => [{ x: b.left, y: b.top }, { x: b.right, y: b.bottom }]));
  const name = (shape) => `${shape.localName} ${["d", "x", "y", "x1", "y1", "cx", "cy"].flatMap((at) => shape.getAttribute(at) ?? []).join(" ")}`;

  /* The SVG texts that are seen in an element: what they say and where. */
  const words = (root) =>
    [...root.querySelectorAll("text")].flatMap((text) => {
      const { visibility, opacity } = getComputedStyle(text);
      if (!text.getClientRects().length || visibility !== "visible" || opacity === "0") return [];
      const found = boxes(text);
      return found.length ? [{ text, said: `“${text.textContent.trim()}”`, boxes: found, whole: around(found) }] : [];
    });

  const later = (node, than) => than.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING;

  /* Whether a text hides what was drawn before it around its letters. */
  const clears = (text, shape) => {
    const { paintOrder, stroke, strokeWidth } = getComputedStyle(text);
    return later(text, shape) && paintOrder.startsWith("stroke") && stroke !== "none" && parseFloat(strokeWidth) >= 2 * GAP;
  };

  /* Whether a point of something lies behind what is drawn later and filled. */
  const behind = (point, drawn, filled) =>
    filled.some((other) => later(other, drawn) && other.isPointInFill(new DOMPoint(point.x, point.y).matrixTransform(other.getScreenCTM().inverse())));

  /* Words that lie on other words. */
  const heaped = (all, gap) =>
    all.flatMap((word, i) =>
      all.slice(i + 1).flatMap((other) => {
        const touch = meet(word.whole, other.whole, gap) && word.boxes.some((a) => other.boxes.some((b) => meet(a, b, gap)));
        return touch ? [`${word.said} lies on ${other.said}`] : [];
      })
    );

  /* The part of the screen that a clip path leaves of a text; null if nothing is clipped. */
  const unclipped = (text) => {
    const clipped = text.closest("[clip-path]");
    const rect = clipped && document.getElementById(clipped.getAttribute("clip-path").match(/#([^")']+)/)?.[1])?.querySelector("rect");
    if (!rect) return null;
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => rect[name].baseVal.value);
    const corners = [[x, y], [x + width, y + height]];
    return bounds(corners.map(([a, b]) => new DOMPoint(a, b).matrixTransform(clipped.getScreenCTM())));
  };

  /* What is wrong with the words of a chart, whose lines and marks may pass them. */
  const inChart = (root) => {
    const all = words(root);
    const cut = all.filter((word) => !within(word.whole, unclipped(word.text) ?? word.whole, 0)).map((word) => `${word.said} is cut off`);
    return [...cut, ...heaped(all, 0)];
  };

  /* What is wrong with the words of a drawing. */
  const inDrawing = (svg) => {
    const gap = GAP * size(svg.getScreenCTM());
    const all = words(svg);
    const edge = svg.getBoundingClientRect();
    const cut = all.filter((word) => !within(word.whole, edge, gap / 2)).map((word) => `${word.said} is cut off`);
    const filled = [...svg.querySelectorAll(SHAPES)].filter((shape) => {
      const { fill, fillOpacity, opacity } = getComputedStyle(shape);
      return fill !== "none" && fillOpacity === "1" && opacity === "1" && !shape.closest("defs");
    });
    const covered = all.flatMap((word) => {
      const middles = word.boxes.map((box) => ({ x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 }));
      return middles.some((middle) => behind(middle, word.text, filled)) ? [`${word.said} is covered`] : [];
    });
    const crossed = lines(svg).flatMap(({ shape, points }) =>
      all.flatMap((word) => {
        if (clears(word.text, shape)) return [];
        const close = points.filter((point) => near(word.whole, point, gap) && word.boxes.some((box) => near(box, point, gap)));
        return close.some((point) => !behind(point, shape, filled)) ? [`${word.said} lies on ${name(shape)}`] : [];
      })
    );
    return [...cut, ...covered, ...heaped(all, gap), ...crossed];
  };

  return { inChart, inDrawing };
})();
