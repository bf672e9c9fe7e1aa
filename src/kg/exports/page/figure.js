// The picture as a file: what is seen, with its title, its legend, and where it comes from.

const MARGIN = 16;
const NOTE = 11; // pixels of the small print
const BEYOND = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu; // https://www.w3.org/TR/xml/#charsets

const escaped = (text) =>
  String(text).replace(BEYOND, "\uFFFD").replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

const textAt = (x, y, size, text, more = "") => `<text x="${short(x)}" y="${short(y)}" font-size="${size}"${more}>${escaped(text)}</text>`;

// What is seen as SVG, with real text.
function figure() {
  const [width, height] = [frame.clientWidth, frame.clientHeight];
  const legend = legendOf(width - 2 * MARGIN);
  const notes = credits().flatMap((text) => broken(text, NOTE, false, width - 2 * MARGIN, 4));
  const head = 44;
  const foot = legend.height + notes.length * NOTE * 1.45 + 2 * MARGIN;
  const all = head + height + foot;
  const title = chosen ? `${either(data, shown.lang)}${WORDS[shown.lang].colon}${labelOf(chosen, shown.lang)}` : either(data, shown.lang);
  const below = head + height + MARGIN;
  return {
    width,
    height: Math.ceil(all),
    svg: [
      `<svg xmlns="${SVG_NAMESPACE}" width="${width}" height="${Math.ceil(all)}" viewBox="0 0 ${width} ${Math.ceil(all)}" xml:lang="${WORDS[shown.lang].code}" font-family='${FONTS}' fill="${INK}">`,
      `<title>${escaped(title)}</title>`,
      `<rect width="100%" height="100%" fill="${PAPER}"/>`,
      textAt(MARGIN, 29, 18, clippedTo(title, 18, true, width - 2 * MARGIN), ' font-weight="600"'),
      `<clipPath id="view"><rect y="${head}" width="${width}" height="${height}"/></clipPath>`,
      `<g clip-path="url(#view)"><g transform="translate(0 ${head})">`,
      ...drawnLines(width, height), ...drawnMarks(width, height), ...labelTexts(),
      "</g></g>",
      `<g transform="translate(${MARGIN} ${short(below)})" font-size="12">${legend.svg}</g>`,
      ...notes.map((text, at) => textAt(MARGIN, below + legend.height + MARGIN / 2 + (at + 1) * NOTE * 1.45, NOTE, text, ' fill="#55626a"')),
      "</svg>\n",
    ].join("\n"),
  };
}

function credits() {
  const words = WORDS[shown.lang];
  const told = (name) => {
    const value = valueOf(data.facts, name, shown.lang);
    return value ? `${either(FACTS[name], shown.lang)}${words.colon}${value}` : "";
  };
  return [["source", "licence", "release"], ["citation"]].map((names) => names.map(told).filter(Boolean).join(" · ")).filter(Boolean);
}

function legendOf(width) {
  let [x, y] = [0, 0];
  const parts = data.kinds.filter(({ kind }) => kinds.get(kind).nodes.some((node) => isSeen(node))).map(({ kind, color, shape }) => {
    const name = kindName(kind);
    const need = 22 + widthOf(name, 12, false) + 18;
    if (x && x + need > width) {
      [x, y] = [0, y + 20];
    }
    const part = `<path d="${outline(shape, x + 7, y, 13)}" fill="${color}" stroke="${darker(color)}"/>${textAt(x + 20, y + 4.3, 12, name)}`;
    x += need;
    return part;
  });
  return { svg: parts.join(""), height: parts.length ? y + 20 : 0 };
}

const seenAt = ({ x, y }) => {
  const [zoom, pan] = [cy.zoom(), cy.pan()];
  return { x: x * zoom + pan.x, y: y * zoom + pan.y };
};

function drawnLines(width, height) {
  const zoom = cy.zoom();
  const isInside = (one, other) =>
    Math.max(one.x, other.x) > 0 && Math.min(one.x, other.x) < width && Math.max(one.y, other.y) > 0 && Math.min(one.y, other.y) < height;
  return lines.map((line, at) => {
    const [stroke, from, to] = [strokes[at], seenAt(line.one), seenAt(line.other)];
    if (!stroke.visible() || !isInside(from, to)) {
      return "";
    }
    const thick = stroke.data("width") * zoom;
    const color = stroke.hasClass("near") ? "#3d4a52" : "#6b7880";
    const faint = stroke.hasClass("near") ? 0.85 : stroke.hasClass("far") ? 0.04 : stroke.data("faint");
    const look = `stroke="${color}" stroke-opacity="${short(faint)}" stroke-width="${short(thick)}"`;
    const tips = [stroke.hasClass("to") && tip(from, to, line.other, thick), stroke.hasClass("from") && tip(to, from, line.one, thick)];
    return `<path d="M${short(from.x)} ${short(from.y)}L${short(to.x)} ${short(to.y)}" ${look}/>` +
      tips.filter(Boolean).map((d) => `<path d="${d}" fill="${color}" fill-opacity="${short(faint)}"/>`).join("");
  }).filter(Boolean);
}

// The head of an arrow before the mark at its end.
function tip(from, to, node, thick) {
  const [across, down] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(across, down) || 1;
  const [ux, uy] = [across / length, down / length];
  const out = (sizeOf(node) * cy.zoom()) / 2;
  const long = 2 + thick * 2.5;
  const [x, y] = [to.x - ux * out, to.y - uy * out];
  const [backX, backY, half] = [x - ux * long, y - uy * long, long / 2.4];
  return `M${short(x)} ${short(y)}L${short(backX - uy * half)} ${short(backY + ux * half)}L${short(backX + uy * half)} ${short(backY - ux * half)}Z`;
}

function drawnMarks(width, height) {
  const zoom = cy.zoom();
  const late = (node) => Number(near.has(node)) + 2 * Number(node === chosen);
  return nodes.filter((node) => !marks[node.at].hasClass("gone")).sort((one, other) => late(one) - late(other)).map((node) => {
    const { x, y } = seenAt(node);
    const size = sizeOf(node) * zoom;
    if (x < -size || y < -size || x > width + size || y > height + size) {
      return "";
    }
    const isFar = chosen && node !== chosen && !near.has(node);
    const edge = node === chosen ? [INK, edgeOf(node)] : [darker(node.color), pixel * 0.8];
    const look = `fill="${node.color}" stroke="${edge[0]}" stroke-width="${short(edge[1] * zoom)}"${isFar ? ' opacity="0.12"' : ""}`;
    return `<path d="${outline(node.shape, x, y, size)}" ${look}><title>${escaped(labelOf(node, shown.lang))}</title></path>`;
  }).filter(Boolean);
}

function labelTexts() {
  const pan = cy.pan();
  const look = ` text-anchor="middle" stroke="${PAPER}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`;
  return unclipped(labelling()).map(({ texts, size, isBold, x, y, width: across }) => {
    const more = `${look}${isBold ? ' font-weight="600"' : ""}`;
    const said = texts.map((text, at) => textAt(x + across / 2 + pan.x, y + pan.y + size * (0.98 + at * 1.2), size, text, more));
    return `<g class="label">${said.join("")}</g>`;
  });
}

// --- files ------------------------------------------------------------------------------------

function save(blob, suffix) {
  const link = document.createElement("a");
  const part = chosen ? `-${chosen.id.replace(/[^A-Za-z0-9.-]+/g, "-")}` : "";
  link.href = URL.createObjectURL(blob);
  link.download = `${data.name}${part}-${shown.lang}.${suffix}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function saveSvg() {
  save(new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${figure().svg}`], { type: "image/svg+xml" }), "svg");
}

// Twice as fine as on the screen. The picture passes as a data: address, which taints no canvas.
async function savePng() {
  const { width, height, svg } = figure();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * 2, height: height * 2 });
  canvas.getContext("2d").drawImage(image, 0, 0, width * 2, height * 2);
  canvas.toBlob((blob) => save(blob, "png"), "image/png");
}
