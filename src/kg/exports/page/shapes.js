// Outlines of nodes, for the legend and for SVG: the same shapes as Cytoscape.js draws.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

const regular = (corners, turn = 0) =>
  Array.from({ length: corners }, (_, at) => {
    const angle = ((at + turn) / corners) * 2 * Math.PI - Math.PI / 2;
    return [Math.cos(angle), Math.sin(angle)];
  });

const star = (points) =>
  regular(points * 2).map(([x, y], at) => (at % 2 ? [x * 0.5, y * 0.5] : [x, y]));

// Corners within a square from -1 to 1.
const CORNERS = {
  diamond: [[0, -1], [1, 0], [0, 1], [-1, 0]],
  hexagon: [[-1, 0], [-0.5, -1], [0.5, -1], [1, 0], [0.5, 1], [-0.5, 1]],
  octagon: [[-0.4, -1], [0.4, -1], [1, -0.4], [1, 0.4], [0.4, 1], [-0.4, 1], [-1, 0.4], [-1, -0.4]],
  pentagon: regular(5),
  heptagon: regular(7),
  rectangle: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  rhomboid: [[-1, -1], [0.33, -1], [1, 1], [-0.33, 1]],
  star: star(5),
  tag: [[-1, -1], [0.25, -1], [1, 0], [0.25, 1], [-1, 1]],
  triangle: [[0, -1], [1, 1], [-1, 1]],
  vee: [[-1, -1], [0, -0.33], [1, -1], [0, 1]],
};

const short = (number) => String(Math.round(number * 100) / 100);

// The path of a shape around a place; a shape that is not known here is drawn as an ellipse.
function outline(shape, x, y, size) {
  const half = size / 2;
  if (shape === "round-rectangle") {
    return roundedPath(x, y, half, half * 0.4);
  }
  const corners = CORNERS[shape.replace(/^(round|cut|bottom-round)-/, "")];
  if (!corners) {
    return circlePath(x, y, half);
  }
  const places = corners.map(([right, down]) => `${short(x + right * half)} ${short(y + down * half)}`);
  return `M${places.join("L")}Z`;
}

function circlePath(x, y, radius) {
  const arc = `a${short(radius)} ${short(radius)} 0 1 0`;
  return `M${short(x - radius)} ${short(y)}${arc} ${short(radius * 2)} 0${arc} ${short(-radius * 2)} 0Z`;
}

function roundedPath(x, y, half, round) {
  const side = short((half - round) * 2);
  const [r, back] = [short(round), short((round - half) * 2)];
  const turn = (right, down) => `a${r} ${r} 0 0 1 ${right ? r : `-${r}`} ${down ? r : `-${r}`}`;
  return (
    `M${short(x - half + round)} ${short(y - half)}h${side}${turn(true, true)}v${side}` +
    `${turn(false, true)}h${back}${turn(false, false)}v${back}${turn(true, false)}Z`
  );
}

// A colour mixed with black, for outlines that stand out from white.
function darker(color, part = 0.45) {
  const mixed = [1, 3, 5].map((at) => Math.round(parseInt(color.slice(at, at + 2), 16) * (1 - part)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

// The sign of a kind beside its name.
function sign(shape, color) {
  const picture = document.createElementNS(SVG_NAMESPACE, "svg");
  picture.setAttribute("viewBox", "0 0 16 16");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("class", "sign");
  const path = document.createElementNS(SVG_NAMESPACE, "path");
  path.setAttribute("d", outline(shape, 8, 8, 13));
  path.setAttribute("fill", color);
  path.setAttribute("stroke", darker(color));
  picture.append(path);
  return picture;
}
