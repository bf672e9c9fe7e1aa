// Which labels are shown, and where: the busiest nodes first, and none over another.

const INK = "#1b2328";
const PAPER = "#ffffff";
const CELL = 64; // pixels of the grid in which labels look for others near them
const AIR = 5; // pixels that stay free around a label
const NEAR_TOP = 40; // nodes whose marks no label may cover
const BUSY = 0.55; // share of the most links from which on a label may cover marks of lesser nodes

const pen = document.createElement("canvas").getContext("2d");
const widths = new Map();

const fontOf = (size, isBold) => `${isBold ? "600 " : ""}${size}px ${FONTS}`;

function widthOf(text, size, isBold) {
  const key = `${isBold ? 1 : 0} ${text}`;
  if (!widths.has(key)) {
    pen.font = fontOf(100, isBold);
    widths.set(key, pen.measureText(text).width / 100);
  }
  return widths.get(key) * size;
}

// A text in lines of a width: broken at blanks, and between Chinese signs.
function broken(text, size, isBold, width, most) {
  const parts = text.replace(/\s+/g, " ").match(/[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+ ?| /gu) ?? [text];
  const found = [""];
  for (const part of parts) {
    const line = found.at(-1) + part;
    if (found.at(-1) && widthOf(line.trimEnd(), size, isBold) > width && !/^[，。、；：？！”’」》）】,.;:?!)]/.test(part)) {
      found.push(part);
    } else {
      found[found.length - 1] = line;
    }
  }
  const kept = found.slice(0, most).map((line) => clippedTo(line.trim(), size, isBold, width * 1.3));
  if (found.length > most) {
    kept[most - 1] = `${kept[most - 1].replace(/[…，、,\s]+$/, "")}…`;
  }
  return kept;
}

function clippedTo(line, size, isBold, width) {
  if (widthOf(line, size, isBold) <= width) {
    return line;
  }
  const signs = [...line];
  while (signs.length > 1 && widthOf(`${signs.join("")}…`, size, isBold) > width) {
    signs.pop();
  }
  return `${signs.join("")}…`;
}

const shareOf = (node) => Math.min(1, Math.sqrt(node.degree / busiest));
const isBusy = (node) => shareOf(node) > BUSY;

// The label of a node as it would stand: lines, and how large they are.
function worded(node, language, role) {
  const share = shareOf(node);
  const isChosen = role === "chosen" || role === "hovered";
  const size = Math.round(role === "chosen" ? 16 : role === "hovered" ? 14 : 11.5 + 3.5 * share);
  const isBold = role === "chosen" || (role === "" && share > 0.75);
  const width = size * (isChosen ? 16 : 10.5);
  const texts = broken(labelOf(node, language), size, isBold, width, isChosen ? 4 : 2);
  const across = Math.max(...texts.map((text) => widthOf(text, size, isBold)));
  return { texts, size, isBold, width: across, height: texts.length * size * 1.2 };
}

// Places below, above, beside and aslant of a node, in pixels from the picture's origin: the
// middle of a label lies where a ray from the node leaves a box as large as both.
const RAYS = [[0, 1], [0, -1], [1, 0], [-1, 0], [1, 0.7], [-1, 0.7], [1, -0.7], [-1, -0.7]];

function candidates(node, zoom, { width, height }) {
  const [x, y] = [node.x * zoom, node.y * zoom];
  const out = (sizeOf(node) * zoom) / 2 + 2;
  return RAYS.map(([right, down]) => ({
    x: x - width / 2 + right * (width / 2 + (down ? out * 0.6 : out + 1)),
    y: y - height / 2 + down * (height / 2 + out),
  }));
}

// Boxes by the cells of a grid that they touch.
class Boxes {
  constructor() {
    this.cells = new Map();
  }

  *around({ x, y, width, height }) {
    for (let column = Math.floor(x / CELL); column <= Math.floor((x + width) / CELL); column += 1) {
      for (let row = Math.floor(y / CELL); row <= Math.floor((y + height) / CELL); row += 1) {
        yield `${column} ${row}`;
      }
    }
  }

  add(box) {
    for (const key of this.around(box)) {
      this.cells.set(key, [...(this.cells.get(key) ?? []), box]);
    }
  }

  isFree(box) {
    for (const key of this.around(box)) {
      for (const other of this.cells.get(key) ?? []) {
        const isBelow = other.isMark && isBusy(box.owner) && !isBusy(other.owner);
        if (other.owner !== box.owner && !isBelow && overlap(box, other)) {
          return false;
        }
      }
    }
    return true;
  }
}

const overlap = (one, other) =>
  one.x < other.x + other.width && other.x < one.x + one.width &&
  one.y < other.y + other.height && other.y < one.y + one.height;

function boxOfMark(node, zoom) {
  const side = sizeOf(node) * zoom * 0.8;
  return { owner: node, isMark: true, x: node.x * zoom - side / 2, y: node.y * zoom - side / 2, width: side, height: side };
}

// The labels that find room at a zoom; of each its node, its lines, and its place from the origin.
function placed(ranked, zoom, language, roleOf) {
  const taken = new Boxes();
  ranked.filter((node, at) => at < NEAR_TOP || roleOf(node)).forEach((node) => taken.add(boxOfMark(node, zoom)));
  const found = [];
  for (const node of ranked) {
    const role = roleOf(node);
    const words = worded(node, language, role);
    const places = candidates(node, zoom, words).map((place) => ({
      owner: node, x: place.x - AIR, y: place.y - AIR / 2, width: words.width + 2 * AIR, height: words.height + AIR,
    }));
    const box = places.find((place) => taken.isFree(place)) ?? (role === "chosen" || role === "hovered" ? places[0] : null);
    if (box) {
      taken.add(box);
      found.push({ node, role, ...words, box, x: box.x + AIR, y: box.y + AIR / 2 });
    }
  }
  return found;
}

function paint(context, labels, pan) {
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.lineJoin = "round";
  for (const { texts, size, isBold, width, x, y } of labels) {
    context.font = fontOf(size, isBold);
    texts.forEach((text, at) => {
      const [right, down] = [x + width / 2 + pan.x, y + pan.y + size * (0.98 + at * 1.2)];
      context.lineWidth = 4;
      context.strokeStyle = PAPER;
      context.strokeText(text, right, down);
      context.fillStyle = INK;
      context.fillText(text, right, down);
    });
  }
}
