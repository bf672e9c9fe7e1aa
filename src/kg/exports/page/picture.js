// The picture: Cytoscape.js draws marks and lines, a canvas above it the labels.

const GAP = 44; // pixels between the picture and its frame
const stage = document.getElementById("stage");
const frame = document.getElementById("network");
const sheet = document.getElementById("labels");
const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const span = (pairs) => [Math.min(...pairs.map(([low]) => low)), Math.max(...pairs.map(([, high]) => high))];

// The view in which some nodes fill the frame, without going closer than a zoom.
function viewOf(some, closest) {
  const [width, height] = [frame.clientWidth || 800, frame.clientHeight || 600];
  const half = (node) => node.size / 2;
  const [left, right] = span(some.map((node) => [node.x - half(node), node.x + half(node)]));
  const [top, bottom] = span(some.map((node) => [node.y - half(node), node.y + half(node)]));
  const [beside, above] = [Math.min(GAP * 1.8, width / 10), Math.min(GAP, height / 10)];
  const fits = Math.min((width - 2 * beside) / (right - left || 1), (height - 2 * above) / (bottom - top || 1));
  const zoom = Math.min(fits, closest);
  return { zoom, pan: { x: width / 2 - ((left + right) / 2) * zoom, y: height / 2 - ((top + bottom) / 2) * zoom } };
}

// What a pixel is worth when everything is seen: lines and small marks are drawn by it.
const pixel = nodes.length ? 1 / viewOf(nodes, 1.5).zoom : 1;

// The smallest mark still has a shape when everything is seen, unless there is no room for that.
const room = Math.sqrt(((frame.clientWidth || 800) * (frame.clientHeight || 600)) / (nodes.length || 1));
const least = pixel * Math.max(3.5, Math.min(6, room * 0.35));
const sizeOf = (node) => Math.max(node.size, least);
const edgeOf = (node) => Math.min(pixel * 2.5, sizeOf(node) / 7);

// Many lines are drawn fainter, lest the middle becomes one dark spot.
const faintness = Math.max(0.14, Math.min(0.6, 7 / Math.sqrt(lines.length + 1)));

function strengthOf(line) {
  const weight = line.edges.reduce((sum, edge) => sum + weightOf(edge), 0);
  return hasWeights ? Math.min(1, weight / heaviest) : 0.1;
}

function elements() {
  const marks = nodes.map((node) => ({
    group: "nodes",
    data: { id: `n${node.at}`, at: node.at, size: sizeOf(node), color: node.color, edge: darker(node.color), thick: edgeOf(node), shape: node.shape },
    position: { x: node.x, y: node.y },
  }));
  const strokes = lines.map((line, at) => {
    const strength = strengthOf(line);
    return {
      group: "edges",
      data: {
        id: `l${at}`, at, source: `n${line.one.at}`, target: `n${line.other.at}`,
        width: pixel * (0.5 + 2.5 * strength), faint: faintness * (hasWeights ? 0.5 + strength : 1), rank: strength,
      },
      classes: data.directed ? arrowsOf(line) : "",
    };
  });
  return [...marks, ...strokes];
}

function arrowsOf(line) {
  const to = line.edges.some((edge) => edge.source === line.one);
  const from = line.edges.some((edge) => edge.source === line.other);
  return [to && "to", from && "from"].filter(Boolean).join(" ");
}

const STYLE = [
  {
    selector: "node",
    style: {
      width: "data(size)", height: "data(size)", shape: "data(shape)", "background-color": "data(color)",
      "border-color": "data(edge)", "border-width": pixel * 0.8, "overlay-opacity": 0,
    },
  },
  {
    selector: "edge",
    style: {
      width: "data(width)", "line-color": "#6b7880", opacity: "data(faint)", events: "no",
      "curve-style": data.directed ? "straight" : "haystack", "arrow-scale": pixel * 0.5,
      "source-arrow-color": "#6b7880", "target-arrow-color": "#6b7880", "z-index": "data(rank)",
    },
  },
  { selector: "edge.to", style: { "target-arrow-shape": "triangle" } },
  { selector: "edge.from", style: { "source-arrow-shape": "triangle" } },
  { selector: "node.far", style: { opacity: 0.12 } },
  { selector: "edge.far", style: { opacity: 0.04 } },
  { selector: "edge.near", style: { opacity: 0.85, "line-color": "#3d4a52", "source-arrow-color": "#3d4a52", "target-arrow-color": "#3d4a52", "z-index": 9 } },
  { selector: "node.near", style: { "z-index": 10 } },
  { selector: "node.hovered", style: { "border-width": "data(thick)", "border-color": INK, "z-index": 11 } },
  { selector: "node.chosen", style: { "border-width": "data(thick)", "border-color": INK, "z-index": 12 } },
  { selector: ".gone", style: { display: "none" } },
];

const cy = cytoscape({
  container: frame,
  elements: elements(),
  style: STYLE,
  layout: { name: "preset", fit: false },
  autoungrabify: true,
  autounselectify: true,
  boxSelectionEnabled: false,
  hideEdgesOnViewport: lines.length > 3000,
  minZoom: 0.02,
  maxZoom: 12,
});

const marks = nodes.map((node) => cy.getElementById(`n${node.at}`));
const strokes = lines.map((_, at) => cy.getElementById(`l${at}`));
let chosen = null;
let hovered = null;
let near = new Set();
let ranked = nodes;
let labels = [];
let labelled = "";

// --- what is seen -----------------------------------------------------------------------------

const isSeen = (node) => node === chosen || !shown.hide.has(node.kind);

const isLinked = ({ values }) =>
  !shown.without.has(values.label) &&
  (!shown.least || weightOf({ values }) >= shown.least) &&
  [...shown.only].every((name) => values[name] === true);

function see() {
  const lit = nodes.filter(isSeen);
  cy.batch(() => {
    nodes.forEach((node, at) => marks[at].toggleClass("gone", !isSeen(node)));
    lines.forEach((line, at) => strokes[at].toggleClass("gone", !line.edges.some(isLinked)));
    chosen = byId.get(shown.node) ?? null;
    if (chosen) {
      marks[chosen.at].removeClass("gone");
    }
    near = new Set((chosen?.links ?? []).filter(({ edge }) => isLinked(edge)).map(({ node }) => node).filter(isSeen));
    near.delete(chosen);
    nodes.forEach((node, at) => {
      marks[at].toggleClass("chosen", node === chosen);
      marks[at].toggleClass("near", near.has(node));
      marks[at].toggleClass("far", chosen !== null && node !== chosen && !near.has(node));
    });
    lines.forEach((line, at) => {
      const isNear = line.one === chosen || line.other === chosen;
      strokes[at].toggleClass("near", isNear);
      strokes[at].toggleClass("far", chosen !== null && !isNear);
    });
  });
  document.getElementById("nothing").hidden = lit.length > 0 || chosen !== null;
  rank();
}

const roleOf = (node) => (node === chosen ? "chosen" : near.has(node) ? "near" : "");

function rank() {
  const order = { chosen: 0, near: 1, "": 2 };
  ranked = nodes
    .filter((node) => isSeen(node) && (chosen === null || roleOf(node) !== ""))
    .sort((one, other) =>
      order[roleOf(one)] - order[roleOf(other)] || other.degree - one.degree || other.size - one.size || one.at - other.at);
  labelled = "";
  cy.forceRender();
}

function labelling() {
  const zoom = cy.zoom();
  const key = `${zoom} ${shown.lang}`;
  if (key !== labelled) {
    labels = placed(ranked, zoom, shown.lang, roleOf);
    labelled = key;
  }
  return labels;
}

// Labels that the frame does not cut; those of what is chosen are shown anyway.
function unclipped(found) {
  const { x, y } = cy.pan();
  const [width, height] = [frame.clientWidth, frame.clientHeight];
  const isInside = ({ box }) => box.x + x >= 0 && box.x + box.width + x <= width && box.y + y >= 0 && box.y + box.height + y <= height;
  return found.filter((label) => label.role !== "" || isInside(label));
}

// While a mark is pointed at, its label stands above those that would be in its way.
function withHovered(found) {
  if (!hovered || hovered === chosen || !isSeen(hovered)) {
    return found;
  }
  const [own] = placed([hovered], cy.zoom(), shown.lang, () => "hovered");
  return [...found.filter(({ node, box }) => node !== hovered && !overlap(box, own.box)), own];
}

function drawLabels() {
  const { clientWidth: width, clientHeight: height } = frame;
  const ratio = window.devicePixelRatio || 1;
  if (sheet.width !== Math.round(width * ratio) || sheet.height !== Math.round(height * ratio)) {
    sheet.width = Math.round(width * ratio);
    sheet.height = Math.round(height * ratio);
  }
  const context = sheet.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  paint(context, withHovered(unclipped(labelling())), cy.pan());
}

cy.on("render", drawLabels);

// --- moving -----------------------------------------------------------------------------------

function move(to) {
  cy.stop();
  if (isStill()) {
    cy.viewport(to);
  } else {
    cy.animate({ ...to, duration: 300, easing: "ease-in-out-cubic" });
  }
}

const staying = () => ({ zoom: cy.zoom(), pan: cy.pan() });

function whole() {
  const some = nodes.filter(isSeen);
  return some.length ? viewOf(some, 1.5) : staying();
}

// Everything, or what is chosen and its neighbours.
const wanted = () => (chosen ? viewOf([chosen, ...near], 2.2 / pixel) : whole());

function zoomBy(factor) {
  const [x, y] = [frame.clientWidth / 2, frame.clientHeight / 2];
  const zoom = Math.max(cy.minZoom(), Math.min(cy.maxZoom(), cy.zoom() * factor));
  const pan = cy.pan();
  const scale = zoom / cy.zoom();
  move({ zoom, pan: { x: x - (x - pan.x) * scale, y: y - (y - pan.y) * scale } });
}

const KEYS = {
  ArrowLeft: () => cy.panBy({ x: 60, y: 0 }),
  ArrowRight: () => cy.panBy({ x: -60, y: 0 }),
  ArrowUp: () => cy.panBy({ x: 0, y: 60 }),
  ArrowDown: () => cy.panBy({ x: 0, y: -60 }),
  "+": () => zoomBy(1.4),
  "=": () => zoomBy(1.4),
  "-": () => zoomBy(1 / 1.4),
  0: () => move(whole()),
};

frame.addEventListener("keydown", (event) => {
  const act = event.ctrlKey || event.metaKey || event.altKey ? null : KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

// --- pointing ---------------------------------------------------------------------------------

// A label is as good as its mark.
function labelAt({ x, y }) {
  const pan = cy.pan();
  const found = labels.find(({ box }) =>
    x >= box.x + pan.x && x <= box.x + box.width + pan.x && y >= box.y + pan.y && y <= box.y + box.height + pan.y);
  return found?.node ?? null;
}

const nodeAt = (event) => (event.target === cy ? labelAt(event.renderedPosition) : nodes[event.target.data("at")]);

cy.on("tap", (event) => {
  const node = nodeAt(event);
  if (node !== chosen) {
    go({ node: node?.id ?? null }, true);
  }
});

cy.on("mousemove", (event) => hover(nodeAt(event)));
frame.addEventListener("mouseleave", () => hover(null));

function hover(node) {
  if (node === hovered) {
    return;
  }
  if (hovered) {
    marks[hovered.at].removeClass("hovered");
  }
  hovered = node;
  frame.classList.toggle("pointing", node !== null);
  if (node) {
    marks[node.at].addClass("hovered");
  }
  cy.forceRender();
}

let fitted = { width: 0, height: 0 };
new ResizeObserver(() => {
  const size = { width: frame.clientWidth, height: frame.clientHeight };
  if (Math.abs(size.width - fitted.width) > 1 || Math.abs(size.height - fitted.height) > 1) {
    cy.resize();
    fitted = size;
    cy.viewport(wanted());
  }
}).observe(frame);
